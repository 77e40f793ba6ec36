using System.Buffers;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Packets;
using KismetOrleans.SampleGenerator;
using KismetOrleans.SampleGenerator.Campus;
using KismetOrleans.Wire;

namespace KismetOrleans.Calls;

/// <summary>Batches of observations of the campus sample as they cross between silos.</summary>
internal static class Batches
{
    private const long Hour = 3_600_000_000_000;

    /// <summary>Batches for each partition, some with the same frames hours apart, so that none is seen twice.</summary>
    /// <param name="partitions">Partitions.</param>
    /// <param name="size">Observations of a batch.</param>
    /// <param name="variants">Batches for each.</param>
    public static ReadOnlyMemory<byte>[][] Make(int partitions, int size, int variants)
    {
        ReadOnlyMemory<byte>[][] all = [.. Enumerable.Range(0, partitions).Select(_ => new ReadOnlyMemory<byte>[variants])];
        Packet[] packets = [.. Scenario.Build()];
        for (int variant = 0; variant < variants; variant++)
        {
            ObservationBatch[] routed = Route(packets, partitions, variant);
            for (int i = 0; i < partitions; i++)
            {
                all[i][variant] = Cut(routed[i], size);
            }
        }
        return all;
    }

    private static ObservationBatch[] Route(Packet[] packets, int partitions, int variant)
    {
        ObservationBatch[] routed = [.. Enumerable.Range(0, partitions).Select(static _ => new ObservationBatch())];
        foreach (ObservationBatch batch in routed)
        {
            batch.Reset(1, 1_700_000_000);
        }
        FrameDissector dissector = new();
        PacketBatch one = new();
        foreach (Packet packet in packets)
        {
            packet.Bytes.CopyTo(one.Bytes, 0);
            one.Packets[0] = new()
            {
                TimeNs = packet.TimeNs + (variant * Hour),
                LinkType = LinkType.Radiotap,
                Length = packet.Bytes.Length,
                OriginalLength = packet.Bytes.Length,
            };
            one.Count = 1;
            dissector.Dissect(one, routed);
        }
        return routed;
    }

    // Frames come again where a partition has fewer.
    private static ReadOnlyMemory<byte> Cut(ObservationBatch from, int size)
    {
        ObservationBatch cut = new();
        cut.Reset(1, 1_700_000_000);
        for (int i = 0; i < size; i++)
        {
            Observation o = from.Items[i % from.Count];
            o.TimeNs += i / from.Count * (Hour / 100);
            cut.Add(o, from.Bytes(o));
        }
        ArrayBufferWriter<byte> bytes = new();
        ObservationCodec.Write(cut, bytes);
        return bytes.WrittenMemory;
    }
}
