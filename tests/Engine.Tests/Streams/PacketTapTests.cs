using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Wire;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Streams;

/// <summary>A tap gives what came, in order, as far as its queue goes, and counts the rest.</summary>
public sealed class PacketTapTests
{
    [Fact]
    public async Task Packets_come_in_order_from_the_opening_on()
    {
        Tapping tapping = new();
        tapping.Dissect(Numbered(0, 3));
        PacketTap tap = tapping.Taps.Add(PacketFilter.All);
        tapping.Dissect(Numbered(3, 500));
        tapping.Dissect(Numbered(503, 2));
        Assert.Equal(Enumerable.Range(3, 502), (await Tapping.DrainAsync(tap)).Select(NumberOf));
        Assert.Equal(0, tap.Dropped);
    }

    [Fact]
    public async Task What_waits_for_all_readers_together_is_bounded_and_given_back()
    {
        MemoryBudget memory = new(Tapping.SmallQueue);
        Tapping tapping = new(memory: memory);
        PacketTap first = tapping.Taps.Add(PacketFilter.All);
        PacketTap second = tapping.Taps.Add(PacketFilter.All);
        PacketTap log = tapping.Taps.Add(PacketFilter.All, holds: true);
        int packets = 0;
        for (; first.Dropped == 0 && packets < 100_000; packets += 100)
        {
            tapping.Dissect(Numbered(packets, 100));
        }
        Assert.InRange(memory.Taken, Tapping.SmallQueue / 2, Tapping.SmallQueue);
        // Each has about half of it, and what the server writes down is not the readers'.
        Assert.InRange(second.Dropped, 1, packets / 2);
        Assert.Equal(0, log.Dropped);
        _ = await Tapping.DrainAsync(first);
        tapping.Taps.Remove(second);
        Assert.Equal(0, memory.Taken);
    }

    [Fact]
    public async Task Small_batches_share_a_block()
    {
        Tapping tapping = new();
        PacketTap tap = tapping.Taps.Add(PacketFilter.All);
        for (int i = 0; i < 100; i++)
        {
            tapping.Dissect(Numbered(i, 1), source: (ushort)(i % 3));
        }
        using TappedPackets block = (await tap.ReadAsync(default))!;
        Assert.Equal(Enumerable.Range(0, 100), Tapping.Read(block).Select(NumberOf));
    }

    [Fact]
    public async Task A_reader_is_woken_by_the_first_packet()
    {
        Tapping tapping = new();
        PacketTap tap = tapping.Taps.Add(PacketFilter.All);
        Task<TappedPackets?> read = tap.ReadAsync(default).AsTask();
        Assert.False(read.IsCompleted);
        tapping.Dissect(Numbered(5, 1));
        using TappedPackets? block = await read;
        Assert.Equal([5], Tapping.Read(block!).Select(NumberOf));
    }

    [Fact]
    public async Task A_waiting_reader_can_give_up_and_come_back()
    {
        Tapping tapping = new();
        PacketTap tap = tapping.Taps.Add(PacketFilter.All);
        using CancellationTokenSource giveUp = new();
        Task<TappedPackets?> read = tap.ReadAsync(giveUp.Token).AsTask();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        tapping.Dissect(Numbered(1, 2));
        Assert.Equal([1, 2], (await Tapping.DrainAsync(tap)).Select(NumberOf));
    }

    [Fact]
    public async Task What_is_lost_and_what_is_read_make_what_was_sent()
    {
        Tapping tapping = new();
        PacketTap tap = tapping.Taps.Add(PacketFilter.All);
        int sent = 0;
        for (int i = 0; i < 40; i++)
        {
            tapping.Dissect(Numbered(0, 200, size: 200 + i), source: (ushort)(1 + i % 2));
            tapping.Dissect(Numbered(0, 100, LinkType.Radiotap), source: 1);
            sent += 300;
        }
        List<Tapped> all = await Tapping.DrainAsync(tap);
        // Totals: the newest note of an interface stands for the earlier ones.
        Dictionary<(ushort, LinkType), long> lost = all.Where(static t => t.Lost > 0).GroupBy(static t => (t.Source, t.LinkType))
            .ToDictionary(static g => g.Key, static g => g.Max(static t => t.Lost));
        Dictionary<(ushort, LinkType), int> read =
            all.Where(static t => t.Lost == 0).GroupBy(static t => (t.Source, t.LinkType)).ToDictionary(static g => g.Key, static g => g.Count());
        Assert.Equal([(1, LinkType.Ieee80211), (1, LinkType.Radiotap), (2, LinkType.Ieee80211)], lost.Keys.Order().Select(static k => ((int)k.Item1, k.Item2)));
        Assert.Equal((4000L, 4000L, 4000L), (Sum(1, LinkType.Ieee80211), Sum(1, LinkType.Radiotap), Sum(2, LinkType.Ieee80211)));
        Assert.Equal(sent, tap.Dropped + read.Values.Sum());
        Assert.Equal(tap.Dropped, lost.Values.Sum());

        long Sum(ushort source, LinkType type) => lost[(source, type)] + read.GetValueOrDefault((source, type));
    }

    [Fact]
    public async Task A_note_of_losses_comes_before_what_waits_and_once()
    {
        Tapping tapping = new();
        PacketTap tap = tapping.Taps.Add(PacketFilter.All);
        while (tap.Dropped == 0)
        {
            tapping.Dissect(Numbered(0, 100, size: 1000));
        }
        using TappedPackets notes = (await tap.ReadAsync(default))!;
        Tapped note = Assert.Single(Tapping.Read(notes));
        Assert.Equal((tap.Dropped, (ushort)1, LinkType.Ieee80211, Packets.TimeOf(99)), (note.Lost, note.Source, note.LinkType, note.TimeNs));
        Assert.DoesNotContain(await Tapping.DrainAsync(tap), static t => t.Lost > 0);
    }

    [Fact]
    public async Task Room_that_a_reader_makes_is_used_again()
    {
        Tapping tapping = new();
        PacketTap tap = tapping.Taps.Add(PacketFilter.All);
        while (tap.Dropped == 0)
        {
            tapping.Dissect(Numbered(0, 10, size: 1000));
        }
        long dropped = tap.Dropped;
        (await tap.ReadAsync(default))!.Dispose();
        TappedPackets block = (await tap.ReadAsync(default))!;
        tapping.Dissect(Numbered(0, 1, size: 1000));
        // Read but not given back: still memory.
        Assert.Equal(dropped + 1, tap.Dropped);
        block.Dispose();
        tapping.Dissect(Numbered(0, 1, size: 1000));
        Assert.Equal(dropped + 1, tap.Dropped);
    }

    [Fact]
    public async Task A_packet_larger_than_a_block_gets_through()
    {
        Tapping tapping = new();
        PacketTap tap = tapping.Taps.Add(PacketFilter.All);
        tapping.Dissect(Numbered(1, 1, size: 200_000));
        tapping.Dissect(Numbered(2, 1));
        Assert.Equal([200_000, 40], (await Tapping.DrainAsync(tap)).Select(static t => t.Hex.Length / 2));
    }

    [Fact]
    public async Task A_reader_that_does_not_read_costs_another_nothing()
    {
        Tapping tapping = new();
        PacketTap stuck = tapping.Taps.Add(PacketFilter.All);
        PacketTap good = tapping.Taps.Add(PacketFilter.All);
        int read = 0;
        for (int i = 0; i < 50; i++)
        {
            tapping.Dissect(Numbered(0, 100, size: 1000));
            for (int due = 100; due > 0;)
            {
                using TappedPackets block = (await good.ReadAsync(default))!;
                due -= block.Count;
                read += block.Count;
            }
        }
        Assert.Equal((5000, 0L), (read, good.Dropped));
        Assert.InRange(stuck.Dropped, 1, 4999);
    }

    [Fact]
    public async Task After_the_end_nothing_comes_and_nothing_is_counted()
    {
        Tapping tapping = new();
        PacketTap tap = tapping.Taps.Add(PacketFilter.All);
        tapping.Dissect(Numbered(1, 1));
        Task<TappedPackets?>[] reads = [tap.ReadAsync(default).AsTask(), tap.ReadAsync(default).AsTask()];
        tap.End();
        tapping.Dissect(Numbered(2, 1000, size: 1000));
        Assert.Equal([1, null], (await Task.WhenAll(reads)).Select(static block => block?.Count));
        Assert.Equal(0, tap.Dropped);
        tapping.Taps.Remove(tap);
        Assert.Null(await tap.ReadAsync(default));
    }

    [Fact]
    public async Task Threads_that_fill_a_tap_together_lose_nothing_uncounted()
    {
        const int Sources = 4;
        const int Rounds = 200;
        PacketTaps taps = new Tapping().Taps;
        PacketTap tap = taps.Add(PacketFilter.All);
        Task<List<Tapped>> reader = Task.Run(async () =>
        {
            List<Tapped> all = [];
            while (await tap.ReadAsync(default) is { } block)
            {
                all.AddRange(Tapping.Read(block));
                block.Dispose();
            }
            return all;
        });
        await Task.WhenAll(Enumerable.Range(1, Sources).Select(source => Task.Run(() =>
        {
            FrameDissector dissector = new() { Taps = new(taps, (ushort)source) };
            ObservationBatch batch = new();
            for (int i = 0; i < Rounds; i++)
            {
                batch.Reset((ushort)source, 1);
                dissector.Dissect(Numbered(i * 20, 20).ToBatch(), [batch]);
            }
        })));
        tap.End();
        List<Tapped> all = await reader;
        for (ushort source = 1; source <= Sources; source++)
        {
            int[] numbers = [.. all.Where(t => t.Source == source && t.Lost == 0).Select(NumberOf)];
            long lost = all.Where(t => t.Source == source).Max(static t => t.Lost);
            Assert.Equal(Rounds * 20, numbers.Length + lost);
            Assert.Equal(numbers.Order(), numbers);
        }
    }

    // Probe requests whose last bytes are a number, one a second.
    private static Packets Numbered(int from, int count, LinkType type = LinkType.Ieee80211, int size = 40)
    {
        Packets packets = new();
        byte[] probe = ProbeRequest(Client, "");
        byte[] radiotap = type == LinkType.Radiotap ? [0, 0, 8, 0, 0, 0, 0, 0] : [];
        for (int i = 0; i < count; i++)
        {
            byte[] packet = new byte[radiotap.Length + size];
            radiotap.CopyTo(packet, 0);
            probe.AsSpan(0, 24).CopyTo(packet.AsSpan(radiotap.Length));
            BitConverter.TryWriteBytes(packet.AsSpan(packet.Length - 4), from + i);
            packets.Add(packet, type, i);
        }
        return packets;
    }

    private static int NumberOf(Tapped tapped) => BitConverter.ToInt32(Convert.FromHexString(tapped.Hex.AsSpan(tapped.Hex.Length - 8)));
}
