using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Packets;
using KismetOrleans.Wire;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Streams;

/// <summary>Taps allocate nothing per packet, whether the reader keeps up or not, and nothing at all while there are none.</summary>
public sealed class TapAllocationTests
{
    private const int Rounds = 20;
    private const int Attempts = 5;
    private readonly PacketTaps _taps = new(new() { QueueBytes = Tapping.SmallQueue });
    private readonly ObservationBatch _batch = new();
    private readonly FrameDissector _dissector;
    private readonly PacketBatch _packets;

    public TapAllocationTests()
    {
        _dissector = new() { Taps = new(_taps, 1) };
        Packets packets = new();
        for (ushort i = 0; i < 1000; i++)
        {
            packets.Add(Heard(ToDs(Client, Ap, Wired, new byte[100], i), -40), LinkType.Radiotap);
        }
        _packets = packets.ToBatch();
    }

    [Fact]
    public void Without_streams_nothing_is_allocated()
    {
        Round();
        Assert.Equal(0, Allocated(Rounds, Round));
    }

    [Fact]
    public void A_reader_that_keeps_up_gets_blocks_that_are_used_again()
    {
        PacketTap[] taps =
        [
            _taps.Add(PacketFilter.All), _taps.Add(PacketFilter.OfSource(1)), _taps.Add(PacketFilter.OfBssid(Ap)),
            _taps.Add(PacketFilter.OfDevice(new(Phy.Dot11, Client))),
        ];
        int read = 0;
        void ReadAll()
        {
            Round();
            foreach (PacketTap tap in taps)
            {
                for (int due = 1000; due > 0;)
                {
                    ValueTask<TappedPackets?> next = tap.ReadAsync(default);
                    using TappedPackets block = next.Result!;
                    due -= block.Count;
                    read += block.Count;
                }
            }
        }
        ReadAll();
        Assert.Equal(0, Allocated(Rounds, ReadAll));
        Assert.Equal(taps.Length * 1000 * (Attempts * Rounds + 1), read);
    }

    [Fact]
    public void A_reader_that_does_not_read_costs_no_memory_once_its_queue_is_full()
    {
        PacketTap tap = _taps.Add(PacketFilter.All);
        while (tap.Dropped == 0)
        {
            Round();
        }
        long before = tap.Dropped;
        Assert.Equal(0, Allocated(Rounds, Round));
        Assert.Equal(Attempts * Rounds * 1000, tap.Dropped - before);
    }

    // The least of some attempts: a collection that another test causes can be charged to this thread.
    private static long Allocated(int rounds, Action round) => Math.Max(0, Enumerable.Range(0, Attempts).Min(_ =>
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < rounds; i++)
        {
            round();
        }
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }));

    private void Round()
    {
        _batch.Reset(1, 1);
        _dissector.Dissect(_packets, [_batch]);
    }
}
