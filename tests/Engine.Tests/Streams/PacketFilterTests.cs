using KismetOrleans.Engine.Streams;
using KismetOrleans.Records.Devices;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Bluetooth;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Streams;

/// <summary>Each filter takes what it names and nothing else.</summary>
public sealed class PacketFilterTests
{
    private const string Damaged = "damaged";

    // A small network at work, each frame under a name. The link header of the last one cannot be read.
    private static readonly (string Name, byte[] Packet, LinkType Type)[] s_air =
    [
        ("beacon", Heard(Beacon(Ap, "Campus"), -40), LinkType.Radiotap),
        ("other beacon", Heard(Beacon(OtherAp, "Other"), -40), LinkType.Radiotap),
        ("probe", ProbeRequest(Client, "Campus"), LinkType.Ieee80211),
        ("answer", ProbeResponse(Ap, Client, "Campus"), LinkType.Ieee80211),
        ("to wire", ToDs(Client, Ap, Wired, new byte[9]), LinkType.Ieee80211),
        ("from wire", FromDs(Ap, Wired, OtherClient, new byte[9]), LinkType.Ieee80211),
        ("ack", ControlFrames.Ack(Client), LinkType.Ieee80211),
        (Damaged, [0, 0, 200, 0, 0, 0, 0, 0], LinkType.Radiotap),
    ];

    private static readonly string[] s_everything = [.. s_air.Select(static heard => heard.Name)];

    [Fact]
    public async Task All_takes_damaged_packets_too() => Assert.Equal(s_everything, await TakenAsync(PacketFilter.All));

    [Fact]
    public async Task A_source_is_taken_whole_and_no_other()
    {
        Assert.Equal(s_everything, await TakenAsync(PacketFilter.OfSource(7), source: 7));
        Assert.Empty(await TakenAsync(PacketFilter.OfSource(7), source: 8));
    }

    [Fact]
    public async Task A_device_is_taken_in_every_role() => Assert.Equal(
        ["probe", "answer", "to wire", "ack"], await TakenAsync(PacketFilter.OfDevice(new(Phy.Dot11, Client))));

    [Fact]
    public async Task A_sender_is_taken_where_it_sends()
    {
        Assert.Equal(["probe", "to wire"], await TakenAsync(PacketFilter.FromDevice(new(Phy.Dot11, Client))));
        // It passes on what the wired host sends, but that is not its own.
        Assert.Equal(["beacon", "answer"], await TakenAsync(PacketFilter.FromDevice(new(Phy.Dot11, Ap))));
        Assert.Equal(["from wire"], await TakenAsync(PacketFilter.FromDevice(new(Phy.Dot11, Wired))));
    }

    [Fact]
    public async Task A_network_is_what_has_its_bssid() =>
        Assert.Equal(["beacon", "answer", "to wire", "from wire"], await TakenAsync(PacketFilter.OfBssid(Ap)));

    [Fact]
    public async Task Devices_of_other_phys_have_other_packets()
    {
        Assert.Empty(await TakenAsync(PacketFilter.OfDevice(new(Phy.Btle, Client))));
        Assert.Empty(await TakenAsync(PacketFilter.OfDevice(new DeviceId((200UL << 48) | Client.Value))));
        Assert.Empty(await TakenAsync(PacketFilter.Nothing));
    }

    [Fact]
    public async Task An_address_of_zeros_is_no_devices_and_no_networks()
    {
        // The acknowledgement has neither source nor BSSID.
        Assert.Empty(await TakenAsync(PacketFilter.OfDevice(new(Phy.Dot11, MacAddress.Zero))));
        Assert.Empty(await TakenAsync(PacketFilter.FromDevice(new(Phy.Dot11, MacAddress.Zero))));
        Assert.Empty(await TakenAsync(PacketFilter.OfBssid(MacAddress.Zero)));
    }

    [Fact]
    public async Task Bluetooth_devices_are_taken_as_advertisers()
    {
        // Access address of advertising channels, ADV_NONCONN_IND of 06:05:04:03:02:01, no data; CRC over header and payload.
        byte[] packet = Advertisement();
        Tapping tapping = new();
        PacketTap device = tapping.Taps.Add(PacketFilter.OfDevice(new(Phy.Btle, new(0x0605_0403_0201))));
        PacketTap sender = tapping.Taps.Add(PacketFilter.FromDevice(new(Phy.Btle, new(0x0605_0403_0201))));
        PacketTap wifi = tapping.Taps.Add(PacketFilter.OfDevice(new(Phy.Dot11, new(0x0605_0403_0201))));
        PacketTap network = tapping.Taps.Add(PacketFilter.OfBssid(new(0x0605_0403_0201)));
        tapping.Dissect(new Packets().Add(packet, LinkType.BtleLinkLayer));
        Assert.Equal([Convert.ToHexString(packet)], (await Tapping.DrainAsync(device)).Select(static p => p.Hex));
        Assert.Single(await Tapping.DrainAsync(sender));
        Assert.Empty(await Tapping.DrainAsync(wifi));
        Assert.Empty(await Tapping.DrainAsync(network));
    }

    private static async Task<IEnumerable<string>> TakenAsync(PacketFilter filter, ushort source = 1)
    {
        Tapping tapping = new();
        PacketTap tap = tapping.Taps.Add(filter);
        Packets packets = new();
        foreach ((_, byte[] packet, LinkType type) in s_air)
        {
            packets.Add(packet, type);
        }
        tapping.Dissect(packets, source);
        HashSet<string> taken = [.. (await Tapping.DrainAsync(tap)).Select(static p => p.Hex)];
        return s_air.Where(heard => taken.Contains(Convert.ToHexString(heard.Packet))).Select(static heard => heard.Name);
    }

    private static byte[] Advertisement()
    {
        byte[] body = Convert.FromHexString("0206" + "010203040506");
        uint crc = BtleCrc.ComputeAdvertising(body);
        return [.. Convert.FromHexString("D6BE898E"), .. body, (byte)crc, (byte)(crc >> 8), (byte)(crc >> 16)];
    }
}
