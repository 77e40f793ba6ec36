using KismetOrleans.Grains.Observations;

namespace KismetOrleans.Grains.Partitions;

/// <summary>Partitions that take several batches at once, where that costs less than one by one.</summary>
public interface IManyPartitions : IReadOnlyList<IDevicePartition>
{
    /// <summary>Begins to apply batches, one for each partition; those without observations are left out.</summary>
    /// <param name="batches">By partition; each must stay as it is until its task has ended.</param>
    /// <param name="pending">By partition: what <see cref="IDevicePartition.ApplyAsync"/> would have given.</param>
    void Apply(ObservationBatch[] batches, Task<BatchOutcome>?[] pending);
}

/// <summary>Sends batches to all partitions that they concern.</summary>
public static class ManyPartitions
{
    /// <inheritdoc cref="IManyPartitions.Apply"/>
    public static void Apply(this IReadOnlyList<IDevicePartition> partitions, ObservationBatch[] batches, Task<BatchOutcome>?[] pending)
    {
        if (partitions is IManyPartitions many)
        {
            many.Apply(batches, pending);
            return;
        }
        for (int i = 0; i < batches.Length; i++)
        {
            if (batches[i].Count > 0)
            {
                pending[i] = partitions[i].ApplyAsync(batches[i]).AsTask();
            }
        }
    }
}
