using System.Collections.Concurrent;

namespace KismetOrleans.Engine.Observations;

/// <summary>
/// Batches for all partitions, lent while packets are dissected and applied: a silo needs as many sets as sources deliver at one moment, not as there are sources.
/// </summary>
internal static class BatchSets
{
    // Some partitions may once have got very much; kept, such batches would add up.
    private const long MaxKept = 16 << 20;
    private static readonly int s_maxSpare = Environment.ProcessorCount * 4;

    // By number of partitions; a process has one.
    private static readonly ConcurrentDictionary<int, ConcurrentStack<ObservationBatch[]>> s_spare = new();

    /// <summary>A set of batches, to be reset by whoever fills them.</summary>
    /// <param name="partitions">How many.</param>
    public static ObservationBatch[] Rent(int partitions) =>
        s_spare.TryGetValue(partitions, out ConcurrentStack<ObservationBatch[]>? spare) && spare.TryPop(out ObservationBatch[]? set)
            ? set
            : [.. Enumerable.Range(0, partitions).Select(static _ => new ObservationBatch())];

    /// <summary>Takes a set back that nobody reads any more.</summary>
    public static void Return(ObservationBatch[] set)
    {
        long kept = 0;
        foreach (ObservationBatch batch in set)
        {
            kept += batch.Kept;
        }
        ConcurrentStack<ObservationBatch[]> spare = s_spare.GetOrAdd(set.Length, static _ => new());
        if (kept <= MaxKept && spare.Count < s_maxSpare)
        {
            spare.Push(set);
        }
    }
}
