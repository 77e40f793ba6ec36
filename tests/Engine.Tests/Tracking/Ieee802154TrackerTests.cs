using System.Buffers;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Ieee802154;

namespace KismetOrleans.Engine.Tests.Tracking;

/// <summary>802.15.4 frames make devices of who sends them and whom they are for.</summary>
public sealed class Ieee802154TrackerTests
{
    // PAN 1A62: 0000 from 6F5C, two bytes of payload.
    private const string Data = "6188 35 621A 0000 5C6F 4802";
    private static readonly MacAddress s_sender = Ieee802154Frame.OfShort(0x1A62, 0x6F5C);
    private static readonly MacAddress s_receiver = Ieee802154Frame.OfShort(0x1A62, 0x0000);
    private static readonly MacAddress s_extended = MacAddress.OfExtended(0x0011_2203_0405_0607);
    private readonly Rig _rig = new();

    [Fact]
    public void Sender_and_receiver_are_devices_of_their_network()
    {
        // TAP: −58 dBm, channel 15.
        _rig.HearPacket(Hex("0000 1400 0100 0400 000068C2 0300 0300 0F0000 00" + Data), LinkType.Ieee802154Tap);
        Device sender = Find(s_sender);
        Assert.Equal(("02:00:1A:62:6F:5C", "802.15.4", "15", "Unknown"), (sender.Id.Address.ToString(), sender.Type, sender.Channel, sender.Manufacturer));
        Assert.Equal((1UL, 1UL, 0UL, 1UL, 0UL, 2UL), (sender.Packets, sender.TxPackets, sender.RxPackets, sender.DataPackets, sender.LlcPackets, sender.DataSize));
        Assert.Equal((2_425_000u, -58), (sender.FrequencyKhz, (int)sender.Signal!.Last));
        Assert.Equal(((ushort?)0x1A62, (ushort?)0x6F5C, false), (sender.Ieee802154!.Pan, sender.Ieee802154.ShortAddress, sender.Ieee802154.IsCoordinator));
        Device receiver = Find(s_receiver);
        Assert.Equal((1UL, 0UL, 1UL), (receiver.Packets, receiver.TxPackets, receiver.RxPackets));
        Assert.Null(receiver.Signal);
        Assert.Equal(2, _rig.Devices.CountsByPhy[Phy.Ieee802154.Id]);
        Assert.Equal(1, _rig.Dissector.PacketsByPhy[Phy.Ieee802154.Id]);
    }

    [Fact]
    public void Link_quality_is_kept_of_who_sends()
    {
        // TAP: quality 200, then 0, then none.
        _rig.HearPacket(Hex("0000 0C00 0A00 0100 C8000000" + Data), LinkType.Ieee802154Tap);
        _rig.HearPacket(Hex("0000 0C00 0A00 0100 00000000" + Data.Replace("6188 35", "6188 36", StringComparison.Ordinal)), LinkType.Ieee802154Tap, at: 1);
        _rig.HearPacket(Hex("0000 0400" + Data.Replace("6188 35", "6188 37", StringComparison.Ordinal)), LinkType.Ieee802154Tap, at: 2);
        Assert.Equal(((byte?)0, (byte)0, (byte)200), (Find(s_sender).Ieee802154!.LastLqi, Find(s_sender).Ieee802154!.MinLqi, Find(s_sender).Ieee802154!.MaxLqi));
        Assert.Null(Find(s_receiver).Ieee802154!.LastLqi);
    }

    [Fact]
    public void An_extended_address_keeps_its_eight_bytes_and_its_maker()
    {
        // A beacon of PAN 1234.
        _rig.HearPacket(Hex("00C0 2A 3412 0706050403221100 FFCF0000"), LinkType.Ieee802154NoFcs);
        Device device = Find(s_extended);
        Assert.Equal(("00:11:22:03:04:05:06:07", FakeManufacturers.Acme), (device.Id.Address.ToString(), device.Manufacturer));
        Assert.Equal((1UL, 0UL), (device.LlcPackets, device.DataPackets));
        Assert.Equal(((ushort?)0x1234, null, true), (device.Ieee802154!.Pan, device.Ieee802154.ShortAddress, device.Ieee802154.IsCoordinator));
        Assert.Equal(Phy.Ieee802154, device.Id.Phy);
        string key = DeviceKey.Format(device.Id);
        Assert.Equal("0706050403221100", key[(key.IndexOf('_') + 1)..].PadLeft(16, '0'));
        Assert.True(DeviceKey.TryParse(key, out DeviceId id, out bool known));
        Assert.Equal((device.Id, true), (id, known));
        Assert.True(MacAddress.TryParseAny("00-11-22-03-04-05-06-07", out MacAddress parsed));
        // What means Wi-Fi takes six bytes alone.
        Assert.False(MacAddress.TryParse("00-11-22-03-04-05-06-07", out _));
        Assert.Equal(s_extended, parsed);
    }

    [Fact]
    public void A_restart_keeps_it()
    {
        _rig.HearPacket(Hex("00C0 2A 3412 0706050403221100 FFCF0000"), LinkType.Ieee802154NoFcs);
        ArrayBufferWriter<byte> row = new();
        DeviceCodec.Write(Find(s_extended), row);
        Device read = DeviceCodec.Read(row.WrittenSpan);
        Assert.Equal((Find(s_extended).Id, (ushort?)0x1234, true), (read.Id, read.Ieee802154!.Pan, read.Ieee802154.IsCoordinator));
    }

    [Fact]
    public void A_key_of_a_short_address_reads_back()
    {
        DeviceId id = new(Phy.Ieee802154, s_sender);
        Assert.True(DeviceKey.TryParse(DeviceKey.Format(id), out DeviceId read, out bool known));
        Assert.Equal((id, true), (read, known));
    }

    [Fact]
    public void One_short_address_in_two_networks_is_two_devices()
    {
        _rig.HearPacket(Hex("0080 01 1111 0000 FF4F"), LinkType.Ieee802154NoFcs).HearPacket(Hex("0080 01 2222 0000 FF4F"), LinkType.Ieee802154NoFcs);
        Assert.Equal((1UL, 1UL), (Find(Ieee802154Frame.OfShort(0x1111, 0)).Packets, Find(Ieee802154Frame.OfShort(0x2222, 0)).Packets));
    }

    [Fact]
    public void An_encrypted_frame_says_so()
    {
        _rig.HearPacket(Hex("6998 35 621A 0000 5C6F 0D 00000000 01 AABBCC"), LinkType.Ieee802154NoFcs);
        Assert.NotEqual(0, Find(s_sender).BasicCryptSet);
        Assert.Equal(3UL, Find(s_sender).DataSize);
    }

    [Fact]
    public void A_wrong_check_sequence_is_an_error_and_no_device()
    {
        byte[] frame = Hex(Data);
        ushort fcs = Ieee802154Fcs.Compute(frame);
        _rig.HearPacket([.. frame, (byte)fcs, (byte)(fcs >> 8)], LinkType.Ieee802154WithFcs);
        Assert.Equal((2, 0L), (_rig.Devices.All.Length, _rig.Dissector.ErrorPackets));
        Rig other = new();
        other.HearPacket([.. frame, (byte)~fcs, (byte)(fcs >> 8)], LinkType.Ieee802154WithFcs);
        Assert.Equal((0, 1L, 1L), (other.Devices.All.Length, other.Dissector.ErrorPackets, other.Dissector.Anomalies[Anomalies.FcsBad]));
    }

    [Fact]
    public void A_frame_that_the_capture_cut_has_its_addresses_still()
    {
        byte[] frame = Hex(Data);
        _rig.HearPacket(frame[..9], LinkType.Ieee802154WithFcs, cutOff: 4);
        Assert.Equal(1UL, Find(s_sender).Packets);
    }

    [Fact]
    public void An_association_tells_the_short_address()
    {
        // Association responses to 00:11:22:03:04:05:06:07 from an extended address: refused, then 0004.
        const string Head = "63CC 07 3412 0706050403221100 0100000000221100 02";
        _rig.HearPacket(Hex(Head + "0500 01"), LinkType.Ieee802154NoFcs);
        Assert.Null(Find(s_extended).Ieee802154!.ShortAddress);
        _rig.HearPacket(Hex(Head + "0400 00"), LinkType.Ieee802154NoFcs);
        Assert.Equal((ushort?)4, Find(s_extended).Ieee802154!.ShortAddress);
        Assert.Null(Find(MacAddress.OfExtended(0x0011_2200_0000_0001)).Ieee802154!.ShortAddress);
    }

    [Fact]
    public void Acknowledgments_are_counted_and_are_nobodys()
    {
        _rig.HearPacket(Hex("0200 35"), LinkType.Ieee802154NoFcs);
        Assert.Equal((0, 1L), (_rig.Devices.All.Length, _rig.Dissector.PacketsByPhy[Phy.Ieee802154.Id]));
    }

    private Device Find(MacAddress address) => _rig.Devices.Find(new(Phy.Ieee802154, address))!;

    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", ""));
}
