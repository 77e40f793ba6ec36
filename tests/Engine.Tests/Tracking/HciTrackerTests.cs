using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Tests.Tracking;

/// <summary>What a controller tells its host makes devices of phy Bluetooth.</summary>
public sealed class HciTrackerTests
{
    private const string One = "554433221100", Two = "0100000000C0";
    private static readonly MacAddress s_one = new(0x0011_2233_4455);
    private static readonly MacAddress s_two = new(0xC000_0000_0001);
    private readonly Rig _rig = new();

    [Fact]
    public void An_inquiry_makes_a_classic_device()
    {
        // Received; inquiry result with RSSI: smartphone, −60 dBm.
        _rig.HearPacket(Hex("00000001 04 22 0F 01" + One + "01 00 0C025A 1234 C4"), LinkType.BluetoothHciH4WithPhdr);
        Device device = Find(s_one);
        Assert.Equal(("BR/EDR", "FHSS", FakeManufacturers.Acme), (device.Type, device.Channel, device.Manufacturer));
        Assert.Equal(((byte)1, "Phone", "Smartphone"), (device.Bluetooth!.Kind, device.Bluetooth.MajorClass, device.Bluetooth.MinorClass));
        Assert.Equal((1UL, 1UL, 1UL), (device.Packets, device.TxPackets, device.LlcPackets));
        Assert.Equal((2_400_000u, -60), (device.FrequencyKhz, (int)device.Signal!.Last));
        Assert.Equal((1, 1L), (_rig.Devices.CountsByPhy[Phy.Bluetooth.Id], _rig.Dissector.PacketsByPhy[Phy.Bluetooth.Id]));
        Assert.Null(device.Btle);
    }

    [Fact]
    public void A_remote_name_names_it()
    {
        _rig.HearPacket(Hex("04 07 0B 00" + One + "50686F6E" + "00"), LinkType.BluetoothHciH4);
        Assert.Equal("Phon", Find(s_one).Name);
        Assert.Null(Find(s_one).Signal);
    }

    [Fact]
    public void LE_reports_are_a_device_each()
    {
        // Flags; scan response: name "abc", services 180F and 180A, TX power 4, company 004C with two bytes.
        _rig.HearPacket(
            Hex("04 3E 2D 02 02" + "00 00" + One + "03 020106 BF" + "04 01" + Two + "14 0409616263 05030F180A18 020A04 05FF4C000102 C0"),
            LinkType.BluetoothHciH4);
        Assert.Equal((2, "BTLE"), (_rig.Devices.CountsByPhy[Phy.Bluetooth.Id], Find(s_one).Type));
        Device device = Find(s_two);
        Assert.Equal(("abc", "BTLE", "Apple", -64), (device.Name, device.Type, device.Manufacturer, (int)device.Signal!.Last));
        Assert.Equal(["0000180F-0000-1000-8000-00805F9B34FB", "0000180A-0000-1000-8000-00805F9B34FB"], device.Bluetooth!.ServiceUuids);
        Assert.Equal(((byte)2, (short)4, "0102"), (device.Bluetooth.Kind, device.Bluetooth.TxPower, Convert.ToHexString(device.Bluetooth.ManufacturerData!["004C"])));
        Assert.StartsWith("0409616263", Convert.ToHexString(device.Bluetooth.ScanData), StringComparison.Ordinal);
        Assert.Equal(0, _rig.Dissector.Anomalies[Anomalies.BluetoothMalformed]);
    }

    [Fact]
    public void What_has_no_devices_is_counted_alone()
    {
        _rig.HearPacket(Hex("01 030C 00"), LinkType.BluetoothHciH4).HearPacket(Hex("04 22 01 01"), LinkType.BluetoothHciH4);
        Assert.Equal((0, 2L, 1L), (_rig.Devices.All.Length, _rig.Dissector.PacketsByPhy[Phy.Bluetooth.Id], _rig.Dissector.Anomalies[Anomalies.BluetoothMalformed]));
    }

    [Fact]
    public void Data_that_run_past_their_end_are_told_and_what_came_before_is_kept()
    {
        _rig.HearPacket(Hex("04 3E 14 02 01 00 01" + Two + "08 0409616263 1909FF C0"), LinkType.BluetoothHciH4);
        Assert.Equal(("abc", 1L), (Find(s_two).Name, _rig.Devices.Anomalies[Anomalies.BluetoothMalformed]));
    }

    private Device Find(MacAddress address) => _rig.Devices.Find(new(Phy.Bluetooth, address))!;

    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", ""));
}
