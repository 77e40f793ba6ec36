using BenchmarkDotNet.Attributes;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Packets;

namespace KismetOrleans.Micro;

/// <summary>Dissection of a batch, and its application to the devices it is about; a packet an operation.</summary>
public class TrackingBenchmarks
{
    private readonly PacketBatch _batch = Frames.Batch();
    private readonly FrameDissector _dissector = new();
    private readonly ObservationBatch[] _observations = [new()];
    private readonly ObservationBatch[] _two = [new(), new()];
    private readonly DevicePartition _partition = Partition.New();
    private uint _clock = 1_700_000_000;

    [Benchmark(OperationsPerInvoke = Frames.Count)]
    public int Dissection() => Dissect(_observations);

    [Benchmark(OperationsPerInvoke = Frames.Count)]
    public int DissectionForTwoPartitions() => Dissect(_two);

    /// <summary>The frames come again and again, but never within the duplicate window: their times move on.</summary>
    [Benchmark(OperationsPerInvoke = Frames.Count)]
    public int DissectionAndTracking()
    {
        const long Hour = 3_600_000_000_000;
        for (int i = 0; i < _batch.Count; i++)
        {
            _batch.Packets[i].TimeNs += Hour;
        }
        int count = Dissect(_observations);
        _partition.Apply(_observations[0]);
        return count;
    }

    private int Dissect(ObservationBatch[] batches)
    {
        _clock++;
        foreach (ObservationBatch batch in batches)
        {
            batch.Reset(1, _clock);
        }
        _dissector.Dissect(_batch, batches);
        return batches[0].Count;
    }
}
