using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Packets;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Tests.Streams;

/// <summary>An entry of tapped packets, copied out of its block.</summary>
internal sealed record Tapped(ushort Source, LinkType LinkType, long TimeNs, string Hex, long Lost = 0);

/// <summary>Dissects batches of a source beside open taps, and reads what came to them.</summary>
internal sealed class Tapping
{
    /// <summary>The least that a queue may have.</summary>
    public const long SmallQueue = 512 << 10;

    private readonly Dictionary<ushort, FrameDissector> _sources = [];
    private readonly ObservationBatch _batch = new();

    public Tapping(long queueBytes = SmallQueue, MemoryBudget? memory = null)
    {
        Options = new() { QueueBytes = queueBytes };
        Taps = new(Options, memory);
    }

    public StreamOptions Options { get; }

    public PacketTaps Taps { get; }

    public void Dissect(Packets packets, ushort source = 1) => Dissect(packets.ToBatch(), source);

    public void Dissect(PacketBatch packets, ushort source = 1)
    {
        if (!_sources.TryGetValue(source, out FrameDissector? dissector))
        {
            _sources[source] = dissector = new() { Taps = new(Taps, source) };
        }
        _batch.Reset(source, 1);
        dissector.Dissect(packets, [_batch]);
    }

    /// <summary>Ends a tap and reads what is left in it.</summary>
    public static async Task<List<Tapped>> DrainAsync(PacketTap tap)
    {
        tap.End();
        List<Tapped> all = [];
        while (await tap.ReadAsync(default) is { } block)
        {
            all.AddRange(Read(block));
            block.Dispose();
        }
        return all;
    }

    public static List<Tapped> Read(TappedPackets block)
    {
        List<Tapped> all = [];
        int position = 0;
        while (block.TryRead(ref position, out TappedPacket packet))
        {
            all.Add(packet.IsLoss
                ? new(packet.Source, packet.LinkType, packet.TimeNs, "", packet.Lost)
                : new(packet.Source, packet.LinkType, packet.TimeNs, Convert.ToHexString(packet.Bytes)));
        }
        Assert.Equal(block.Count, all.Count(tapped => tapped.Lost == 0));
        return all;
    }
}
