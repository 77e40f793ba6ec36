using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Packets;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Tests.Streams;

/// <summary>One packet that two sensors hear has one number; two packets have two.</summary>
public sealed class PacketNumbersTests
{
    private const long Second = 1_000_000_000;
    private readonly PacketNumbers _numbers = new();
    private readonly byte[] _frame = Frames.ToDs(Frames.Client, Frames.Ap, Frames.Wired, [1, 2, 3, 4, 5, 6, 7, 8]);

    [Fact]
    public async Task A_frame_that_another_source_heard_is_the_same() => Assert.Equal(
        (1UL, 1UL, 1UL, 2UL),
        (await NextAsync(1, _frame), await NextAsync(2, _frame, 2 * Second), await NextAsync(3, _frame, -2 * Second), await NextAsync(3, [.. _frame, 1])));

    [Fact]
    public async Task The_radio_header_makes_no_difference() =>
        Assert.Equal((1UL, 1UL), (await NextAsync(1, _frame), await NextAsync(2, [0, 0, 8, 0, 0, 0, 0, 0, .. _frame], type: LinkType.Radiotap)));

    [Fact]
    public async Task What_one_source_hears_twice_are_two_and_so_they_are_for_the_other()
    {
        // Acknowledgements look all the same.
        Assert.Equal((1UL, 1UL), (await NextAsync(1, _frame), await NextAsync(2, _frame)));
        Assert.Equal((2UL, 2UL), (await NextAsync(1, _frame, 1), await NextAsync(2, _frame, 2)));
    }

    [Fact]
    public async Task After_the_window_it_is_another() =>
        Assert.Equal((1UL, 2UL), (await NextAsync(1, _frame), await NextAsync(2, _frame, 2 * Second + 1)));

    [Fact]
    public async Task A_packet_without_a_frame_has_its_own_number()
    {
        byte[] damaged = [0, 0, 200, 0, 0, 0, 0, 0];
        Assert.Equal((1UL, 2UL), (await NextAsync(1, damaged, type: LinkType.Radiotap), await NextAsync(2, damaged, type: LinkType.Radiotap)));
    }

    private async Task<ulong> NextAsync(ushort source, byte[] packet, long later = 0, LinkType type = LinkType.Ieee80211)
    {
        PacketTaps taps = new(new());
        PacketTap tap = taps.Add(PacketFilter.All);
        PacketBatch batch = new(packet.Length, 1) { Count = 1 };
        packet.CopyTo(batch.Bytes, 0);
        batch.Packets[0] = new() { TimeNs = Packets.TimeOf(0) + later, LinkType = type, Length = packet.Length, OriginalLength = packet.Length };
        ObservationBatch observations = new();
        observations.Reset(source, 1);
        new FrameDissector { Taps = new(taps, source) }.Dissect(batch, [observations]);
        using TappedPackets block = (await tap.ReadAsync(default))!;
        int position = 0;
        Assert.True(block.TryRead(ref position, out TappedPacket tapped));
        return _numbers.Next(tapped);
    }
}
