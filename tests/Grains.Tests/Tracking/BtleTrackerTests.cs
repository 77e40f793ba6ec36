using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Bluetooth;

namespace KismetOrleans.Grains.Tests.Tracking;

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
