using System.Collections.Concurrent;
using Microsoft.Extensions.ObjectPool;

namespace KismetOrleans.Engine.Observations;

/// <summary>
/// Batches for all partitions, lent while packets are dissected and applied: a silo needs as many sets as sources deliver at one moment, not as there are sources.
/// </summary>
internal static class BatchSets
{
    private static readonly int s_maxSpare = Environment.ProcessorCount * 4;

    // By number of partitions; a process has one.
    private static readonly ConcurrentDictionary<int, ObjectPool<ObservationBatch[]>> s_pools = new();

    /// <summary>The sets for so many partitions. Whoever fills one resets its batches first.</summary>
    public static ObjectPool<ObservationBatch[]> Of(int partitions) =>
        s_pools.GetOrAdd(partitions, static count => new DefaultObjectPool<ObservationBatch[]>(new Policy(count), s_maxSpare));

    private sealed class Policy(int partitions) : PooledObjectPolicy<ObservationBatch[]>
    {
        // Some partitions may once have got very much; kept, such batches would add up.
        private const long MaxKept = 16 << 20;

        public override ObservationBatch[] Create() => [.. Enumerable.Range(0, partitions).Select(static _ => new ObservationBatch())];

        public override bool Return(ObservationBatch[] obj) => obj.Sum(static batch => batch.Kept) <= MaxKept;
    }
}
