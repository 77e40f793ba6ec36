using KismetOrleans.Grains.Observations;
using KismetOrleans.Grains.Ssids;

namespace KismetOrleans.Grains.Partitions;

/// <summary>Partitions that are called several at once, where that costs less than one by one.</summary>
public interface IManyPartitions : IReadOnlyList<IDevicePartition>
{
    /// <summary>Begins to apply batches, one for each partition; those without observations are left out.</summary>
    /// <param name="batches">By partition; each must stay as it is until its task has ended.</param>
    /// <param name="pending">By partition: what <see cref="IDevicePartition.ApplyAsync"/> would have given.</param>
    void Apply(ObservationBatch[] batches, Task<BatchOutcome>?[] pending);

    /// <summary>What <see cref="IDevicePartition.SelectAsync"/> gives, of each partition.</summary>
    Task<DeviceWindow[]> SelectAsync(DeviceFilter filter, DeviceShape shape, DeviceOrder? order, int count);

    /// <summary>What <see cref="IDevicePartition.SsidsAsync"/> gives, of all partitions together.</summary>
    Task<SsidShare> SsidsAsync(SsidQuery query);
}

/// <summary>Calls of all partitions that they concern, in the way that costs least.</summary>
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
    /// <inheritdoc cref="IManyPartitions.SelectAsync"/>
    public static Task<DeviceWindow[]> SelectAsync(
        this IReadOnlyList<IDevicePartition> partitions, DeviceFilter filter, DeviceShape shape, DeviceOrder? order, int count) =>
        partitions is IManyPartitions many
            ? many.SelectAsync(filter, shape, order, count)
            : Task.WhenAll(partitions.Select(p => p.SelectAsync(filter, shape, order, count).AsTask()));

    /// <inheritdoc cref="IManyPartitions.SsidsAsync"/>
    public static async Task<SsidShare> SsidsAsync(this IReadOnlyList<IDevicePartition> partitions, SsidQuery query) =>
        partitions is IManyPartitions many
            ? await many.SsidsAsync(query)
            : SsidShare.Sum(await Task.WhenAll(partitions.Select(p => p.SsidsAsync(query).AsTask())));
}
