using KismetOrleans.Packets;
using KismetOrleans.SampleGenerator;
using KismetOrleans.SampleGenerator.Campus;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Micro;

/// <summary>What the benchmarks run on: the campus sample, made in memory.</summary>
internal static class Frames
{
    /// <summary>Packets of a batch; the campus has 3,500, of which these are the first.</summary>
    public const int Count = 2048;

    /// <summary>A batch of the campus's packets.</summary>
    public static PacketBatch Batch()
    {
        PacketBatch batch = new() { BootId = 1, Sequence = 1 };
        int offset = 0;
        foreach (Packet packet in Scenario.Build().Take(Count))
        {
            packet.Bytes.CopyTo(batch.Bytes, offset);
            batch.Packets[batch.Count++] = new()
            {
                TimeNs = packet.TimeNs,
                LinkType = LinkType.Radiotap,
                Offset = offset,
                Length = packet.Bytes.Length,
                OriginalLength = packet.Bytes.Length,
            };
            offset += packet.Bytes.Length;
        }
        return batch;
    }

    /// <summary>The frames without radio header and check sequence.</summary>
    public static byte[][] Bare() => [.. Scenario.Build().Take(Count).Select(static packet =>
    {
        LinkHeader.TryParse(LinkType.Radiotap, packet.Bytes, packet.Bytes.Length, out RadioHeader radio);
        return packet.Bytes[radio.HeaderLength..^radio.FcsLength];
    })];

    /// <summary>The elements of the beacons and probe responses among them, <see cref="Count"/> in all.</summary>
    public static byte[][] Elements()
    {
        byte[][] all = [.. Bare().Where(static frame =>
            Dot11Parser.TryParse(frame, false, out Dot11Frame f) == ParseStatus.Ok && f.Kind is FrameKind.Beacon or FrameKind.ProbeResponse)
            .Select(static frame => frame[36..])];
        return [.. Enumerable.Range(0, Count).Select(i => all[i % all.Length])];
    }
}
