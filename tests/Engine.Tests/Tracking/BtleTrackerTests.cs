using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Bluetooth;

namespace KismetOrleans.Engine.Tests.Tracking;

/// <summary>Advertising makes devices of who sends it and whom it is for.</summary>
public sealed class BtleTrackerTests
{
    // The advertising access address.
    private const string Access = "D6BE898E";
    private static readonly MacAddress s_one = new(0xC000_0000_0001);
    private static readonly MacAddress s_two = new(0xC000_0000_0002);
    private readonly Rig _rig = new();

    [Fact]
    public void An_advertiser_is_a_device_with_name_and_flags()
    {
        // ADV_IND from a random address: flags 0x06 (general discoverable, no BR/EDR), complete name "abc".
        _rig.HearPacket(Phdr(Access + "40 0E" + "0100000000C0" + "020106 0409616263", channel: 0, signal: -71), LinkType.BtleLinkLayerWithPhdr);
        Device device = Find(s_one);
        Assert.Equal(("BTLE Device", "abc", "Randomized", "37"), (device.Type, device.Name, device.Manufacturer, device.Channel));
        Assert.Equal((false, true, true, false, false),
            (device.Btle!.LimitedDiscoverable, device.Btle.GeneralDiscoverable, device.Btle.BrEdrUnsupported, device.Btle.SimultaneousController, device.Btle.SimultaneousHost));
        Assert.Equal((1UL, 1UL, 0UL, 1UL), (device.Packets, device.TxPackets, device.RxPackets, device.LlcPackets));
        Assert.Equal((2_402_000u, -71), (device.FrequencyKhz, (int)device.Signal!.Last));
        Assert.Null(device.Dot11);
        Assert.Equal(1, _rig.Devices.CountsByPhy[Phy.Btle.Id]);
        Assert.Equal(1, _rig.Dissector.PacketsByPhy[Phy.Btle.Id]);
    }

    [Theory]
    [InlineData("26", 2_426_000u, "38")]
    [InlineData("00", 0u, "")]
    public void An_advertisement_on_a_channel_that_has_none_was_heard_on_one_that_is_not_told(string channel, uint khz, string name)
    {
        // Nordic's header, version 2: CRC good, −70 dBm.
        byte[] header = Convert.FromHexString("011F000201000601".Replace("0601", "060A01", StringComparison.Ordinal) + channel + "46000000000000");
        _rig.HearPacket([.. header, .. Plain(Access + "40 09" + "0100000000C0" + "020106")], LinkType.NordicBle);
        Assert.Equal((khz, name, -70), (Find(s_one).FrequencyKhz, Find(s_one).Channel, (int)Find(s_one).Signal!.Last));
    }

    [Fact]
    public void A_structure_past_the_end_leaves_what_came_before_it_where_the_CRC_is_right()
    {
        byte[] pdu = Convert.FromHexString("400F" + "0100000000C0" + "0409616263" + "1F0970617274"[..8]);
        uint crc = BtleCrc.ComputeAdvertising(pdu);
        byte[] packet = [.. Convert.FromHexString(Access), .. pdu, (byte)crc, (byte)(crc >> 8), (byte)(crc >> 16)];
        _rig.HearPacket(packet, LinkType.BtleLinkLayer);
        Assert.Equal("abc", Find(s_one).Name);
        Assert.Equal(1, _rig.Dissector.Anomalies[Anomalies.BluetoothMalformed]);
        // Without a CRC it may be anything.
        _rig.HearPacket([.. packet[..6], 0x02, .. packet[7..^3]], LinkType.BtleLinkLayer);
        Assert.Single(_rig.Devices.All.ToArray());
    }

    [Fact]
    public void A_public_address_has_the_registrys_manufacturer()
    {
        _rig.HearPacket(Plain(Access + "00 09" + "554433221100" + "020106"), LinkType.BtleLinkLayer);
        Assert.Equal(FakeManufacturers.Acme, Find(new(0x0011_2233_4455)).Manufacturer);
    }

    [Fact]
    public void A_connection_request_is_two_devices()
    {
        _rig.HearPacket(Plain(Access + "85 22 0100000000C0 0200000000C0 00112233445566778899AABBCCDDEEFF001122334455"), LinkType.BtleLinkLayer);
        Device initiator = Find(s_one);
        Device advertiser = Find(s_two);
        Assert.Equal((1UL, 1UL, 0UL), (initiator.Packets, initiator.TxPackets, initiator.RxPackets));
        Assert.Equal((1UL, 0UL, 1UL), (advertiser.Packets, advertiser.TxPackets, advertiser.RxPackets));
        // RxAdd is set, TxAdd is not.
        Assert.Equal(("Unknown", "Randomized"), (initiator.Manufacturer, advertiser.Manufacturer));
        Assert.Null(advertiser.Signal);
    }

    [Fact]
    public void The_same_advertisement_counts_again_after_the_window_only()
    {
        byte[] packet = Plain(Access + "40 09" + "0100000000C0" + "020106");
        _rig.HearPacket(packet, LinkType.BtleLinkLayer).HearPacket(packet, LinkType.BtleLinkLayer, 1).HearPacket(packet, LinkType.BtleLinkLayer, 3);
        Assert.Equal(2UL, Find(s_one).Packets);
        Assert.Equal(3u, Assert.Single(Find(s_one).SeenBy).Packets);
        Assert.Equal(Packets.Start + 3, Find(s_one).LastTime);
    }

    [Fact]
    public void Data_channels_have_no_addresses()
    {
        _rig.HearPacket(Plain("78563412" + "02 07 03000400 0A0B0C"), LinkType.BtleLinkLayer);
        Assert.Equal(0, _rig.Devices.All.Length);
        Assert.Equal(0, _rig.Dissector.PacketsByPhy[Phy.Btle.Id]);
    }

    [Fact]
    public void A_wrong_CRC_is_an_error_and_no_device()
    {
        byte[] packet = Plain(Access + "40 09" + "0100000000C0" + "020106");
        packet[^1] ^= 1;
        _rig.HearPacket(packet, LinkType.BtleLinkLayer);
        Assert.Equal(0, _rig.Devices.All.Length);
        Assert.Equal((1L, 1L), (_rig.Dissector.ErrorPackets, _rig.Dissector.Anomalies[Anomalies.BluetoothCrcBad]));
    }

    [Fact]
    public void A_wrong_CRC_that_the_radio_reports_is_counted_as_one_fault()
    {
        byte[] packet = Phdr(Access + "40 09" + "0100000000C0" + "020106", channel: 0, signal: -71);
        // Flags: CRC checked, not valid.
        packet[9] = 0x04;
        _rig.HearPacket(packet, LinkType.BtleLinkLayerWithPhdr);
        Assert.Equal(0, _rig.Devices.All.Length);
        Assert.Equal((1L, 1L, 0L), (_rig.Dissector.ErrorPackets, _rig.Dissector.Anomalies[Anomalies.BluetoothCrcBad], _rig.Dissector.Anomalies[Anomalies.FcsBad]));
    }

    [Fact]
    public void An_advertiser_tells_services_power_and_maker()
    {
        // ADV_IND: 16-bit services 180F and FEAA, service data of FEAA, TX power −12, company 0059 with one byte.
        _rig.HearPacket(Plain(Access + "40 1A" + "0100000000C0" + "05030F18AAFE 0516AAFE1020 020AF4 04FF590007"), LinkType.BtleLinkLayer);
        Device device = Find(s_one);
        Assert.Equal(["0000180F-0000-1000-8000-00805F9B34FB", "0000FEAA-0000-1000-8000-00805F9B34FB"], device.Bluetooth!.ServiceUuids);
        Assert.Equal("1020", Convert.ToHexString(device.Bluetooth.ServiceData["0000FEAA-0000-1000-8000-00805F9B34FB"]));
        Assert.Equal(((byte)2, (short)-12, "07"), (device.Bluetooth.Kind, device.Bluetooth.TxPower, Convert.ToHexString(device.Bluetooth.ManufacturerData!["0059"])));
        Assert.Equal("Nordic Semiconductor", device.Manufacturer);
        Assert.Equal(0, _rig.Dissector.Anomalies[Anomalies.BluetoothMalformed]);
    }

    [Fact]
    public void A_scan_response_completes_the_name()
    {
        _rig.HearPacket(Plain(Access + "40 0B" + "0100000000C0" + "0408616263"), LinkType.BtleLinkLayer);
        Assert.Equal("abc", Find(s_one).Name);
        _rig.HearPacket(Plain(Access + "44 0E" + "0100000000C0" + "0709616263646566"), LinkType.BtleLinkLayer, 1);
        Assert.Equal("abcdef", Find(s_one).Name);
        Assert.Equal("0709616263646566", Convert.ToHexString(Find(s_one).Bluetooth!.ScanData));
        _rig.HearPacket(Plain(Access + "40 0B" + "0100000000C0" + "0408616263"), LinkType.BtleLinkLayer, 9);
        Assert.Equal("abcdef", Find(s_one).Name);
    }

    [Fact]
    public void An_extended_advertisement_is_read_like_a_plain_one()
    {
        // AUX_ADV_IND: header of 14 bytes with AdvA, ADI, AuxPtr and TxPower (5), so the data may end anywhere: name "abc", then an element that goes on.
        _rig.HearPacket(Plain(Access + "47 16" + "0D 59 0100000000C0 0102 030405 05" + "0409616263 1F16AA"), LinkType.BtleLinkLayer);
        Device device = Find(s_one);
        Assert.Equal(("abc", (short)5, "Randomized"), (device.Name, device.Bluetooth!.TxPower, device.Manufacturer));
        Assert.Equal(0, _rig.Dissector.Anomalies[Anomalies.BluetoothMalformed]);
    }

    [Fact]
    public void Open_Drone_ID_comes_in_legacy_advertising()
    {
        // Service data of FFFA, application 0D, counter 7, basic ID: serial number "SER", a multirotor.
        _rig.HearPacket(
            Plain(Access + "42 25" + "0100000000C0" + "1E16FAFF0D07" + "02 12 5345520000000000000000000000000000000000 000000"), LinkType.BtleLinkLayer);
        Assert.Equal(("OpenDroneID", "SER"), (Find(s_one).Uav!.MatchType, Find(s_one).Uav!.SerialNumber));
        Assert.Equal(0, _rig.Devices.Anomalies[Anomalies.DroneIdMalformed]);
    }

    private Device Find(MacAddress address) => _rig.Devices.Find(new(Phy.Btle, address))!;

    private static byte[] Plain(string hex)
    {
        byte[] packet = Convert.FromHexString(hex.Replace(" ", ""));
        uint crc = BtleCrc.ComputeAdvertising(packet.AsSpan(4));
        return [.. packet, (byte)crc, (byte)(crc >> 8), (byte)(crc >> 16)];
    }

    // LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR: RF channel, signal, noise, offenses, reference address, flags (dewhitened, signal valid).
    private static byte[] Phdr(string hex, byte channel, sbyte signal) => [channel, (byte)signal, 0x80, 0, 0xD6, 0xBE, 0x89, 0x8E, 0x03, 0x00, .. Plain(hex)];
}
