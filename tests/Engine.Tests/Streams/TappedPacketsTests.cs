using KismetOrleans.Engine.Streams;
using KismetOrleans.Engine.Tests.Datasources;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Files;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Streams;

/// <summary>What a block says of a packet is what the capture said, also after its bytes crossed a border.</summary>
public sealed class TappedPacketsTests
{
    private const int WithFcs = 0x10;
    private static readonly byte[] s_beacon = Beacon(Ap, "Campus");

    [Fact]
    public async Task A_packet_has_time_source_type_lengths_and_its_frame()
    {
        byte[] packet = Heard(s_beacon, -40);
        using TappedPackets block = await TapAsync(new Packets().Add(packet, LinkType.Radiotap, at: 1.5, cutOff: 7), source: 300);
        // As another process has it.
        TappedPackets copy = new([.. block.Bytes.AsSpan(0, block.Length)], block.Length, block.Count);
        int position = 0;
        Assert.True(copy.TryRead(ref position, out TappedPacket found));
        Assert.Equal((Packets.TimeOf(1.5), 300, LinkType.Radiotap), (found.TimeNs, (int)found.Source, found.LinkType));
        Assert.Equal((packet.Length + 7, false, false, (byte)0), (found.OriginalLength, found.IsLoss, found.CrcError, found.Fix));
        Assert.Equal(packet, found.Bytes.ToArray());
        Assert.Equal(s_beacon, found.Frame.ToArray());
        Assert.Equal(PacketDirection.Inbound, found.Direction);
        Assert.False(copy.TryRead(ref position, out _));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_check_sequence_is_no_part_of_the_frame(bool good)
    {
        byte[] packet = [0, 0, 9, 0, 2, 0, 0, 0, WithFcs, .. new FrameBuilder().Raw(s_beacon).ToArrayWithFcs(good)];
        using TappedPackets block = await TapAsync(new Packets().Add(packet, LinkType.Radiotap));
        TappedPacket found = First(block);
        Assert.Equal(s_beacon, found.Frame.ToArray());
        Assert.Equal(!good, found.CrcError);
    }

    [Fact]
    public async Task A_packet_that_goes_on_with_an_advertisement_has_its_advertiser()
    {
        byte[] data = Convert.FromHexString("0A09" + "63616D707573203432");
        byte[] second = BtleChainsTests.Packet(data[5..], channel: 21);
        using TappedPackets block = await TapAsync(new Packets()
            .Add(BtleChainsTests.Packet(data[..5], channel: 20, address: true, next: 21), LinkType.NordicBle).Add(second, LinkType.NordicBle, at: 0.003));
        TappedPackets copy = new([.. block.Bytes.AsSpan(0, block.Length)], block.Length, block.Count);
        int position = 0;
        Assert.True(copy.TryRead(ref position, out TappedPacket found) && found.Advertiser.IsZero);
        Assert.True(copy.TryRead(ref position, out found));
        Assert.Equal((BtleChainsTests.s_sender, Convert.ToHexString(second)), (found.Advertiser, Convert.ToHexString(found.Bytes)));
        Assert.EndsWith(Convert.ToHexString(found.Frame), Convert.ToHexString(second), StringComparison.Ordinal);
        Assert.False(found.Frame.IsEmpty || copy.TryRead(ref position, out _));
    }

    [Fact]
    public async Task What_the_interface_sent_itself_is_outbound()
    {
        // Radiotap with TX flags (bit 15), two bytes.
        byte[] packet = [0, 0, 10, 0, 0, 0x80, 0, 0, 0, 0, .. s_beacon];
        using TappedPackets block = await TapAsync(new Packets().Add(packet, LinkType.Radiotap));
        Assert.Equal(PacketDirection.Outbound, First(block).Direction);
    }

    [Fact]
    public async Task Without_a_radio_header_the_direction_is_not_known()
    {
        using TappedPackets block = await TapAsync(new Packets().Add(s_beacon));
        Assert.Equal(PacketDirection.Unknown, First(block).Direction);
        Assert.Equal(s_beacon, First(block).Frame.ToArray());
    }

    [Fact]
    public async Task A_packet_whose_header_cannot_be_read_has_no_frame()
    {
        byte[] packet = [0, 0, 200, 0, 0, 0, 0, 0, 1, 2, 3];
        using TappedPackets block = await TapAsync(new Packets().Add(packet, LinkType.Radiotap));
        Assert.Equal(packet, First(block).Bytes.ToArray());
        Assert.True(First(block).Frame.IsEmpty);
        Assert.Equal(PacketDirection.Unknown, First(block).Direction);
    }

    [Theory]
    [InlineData(null, 2)]
    [InlineData(12.5, 3)]
    public async Task A_position_goes_along(double? altitude, byte fix)
    {
        using TappedPackets block = await TapAsync(new Packets().Add(At(s_beacon, 51.5, -0.125, altitude), LinkType.Ppi));
        TappedPacket found = First(block);
        Assert.Equal((fix, 51.5, -0.125, (float)(altitude ?? 0)), (found.Fix, found.Latitude, found.Longitude, found.Altitude));
        Assert.Equal(s_beacon, found.Frame.ToArray());
    }

    [Fact]
    public async Task A_damaged_block_is_refused_and_never_read_past_its_end()
    {
        Packets packets = new();
        for (int i = 0; i < 4; i++)
        {
            packets.Add(i % 2 == 0 ? At(s_beacon, i, i, i) : Heard(s_beacon, -40), i % 2 == 0 ? LinkType.Ppi : LinkType.Radiotap);
        }
        using TappedPackets block = await TapAsync(packets);
        byte[] whole = [.. block.Bytes.AsSpan(0, block.Length)];
        int ends = 0;
        for (int length = 0; length < whole.Length; length++)
        {
            // An array of its own, so that the end of the block is the end of the memory.
            ends += Walk(whole[..length]) ? 1 : 0;
        }
        // Whole where an entry ends, and only there: before the mark of the batch, after it, and after each packet but the last.
        Assert.Equal(5, ends);
        Random random = new(7);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] spoiled = [.. whole];
            for (int k = random.Next(1, 4); k > 0; k--)
            {
                spoiled[random.Next(spoiled.Length)] = (byte)random.Next(256);
            }
            _ = Walk(spoiled);
        }
    }

    [Fact]
    public void A_length_that_the_array_does_not_have_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TappedPackets(new byte[3], 4, 0));

    private static bool Walk(byte[] bytes)
    {
        TappedPackets block = new(bytes, bytes.Length, 0);
        int position = 0;
        long sum = 0;
        try
        {
            while (block.TryRead(ref position, out TappedPacket packet))
            {
                sum += packet.Bytes.Length + packet.Frame.Length + (packet.Fix > 0 && !packet.IsLoss ? (long)packet.Altitude % 2 : 0);
            }
        }
        catch (InvalidDataException)
        {
            return false;
        }
        Assert.True(sum >= long.MinValue);
        return true;
    }

    private static TappedPacket First(TappedPackets block)
    {
        int position = 0;
        Assert.True(block.TryRead(ref position, out TappedPacket packet));
        return packet;
    }

    private static async Task<TappedPackets> TapAsync(Packets packets, ushort source = 1)
    {
        Tapping tapping = new();
        PacketTap tap = tapping.Taps.Add(PacketFilter.All);
        tapping.Dissect(packets, source);
        return (await tap.ReadAsync(default))!;
    }
}
