using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Ssids;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Partitions;

/// <summary>Partitions that are called several at once, where that costs less than one by one.</summary>
public interface IManyPartitions : IReadOnlyList<IDevicePartition>
{
    /// <summary>Begins to apply batches, one for each partition; those without observations are left out.</summary>
    /// <param name="batches">By partition; each must stay as it is until its task has ended.</param>
    /// <param name="pending">By partition: what <see cref="IDevicePartition.ApplyAsync"/> would have given.</param>
    void Apply(ObservationBatch[] batches, Task<BatchOutcome>?[] pending);

    /// <summary>What <see cref="IDevicePartition.FlushAsync"/> says, of some partitions together.</summary>
    /// <param name="bootId">Its life.</param>
    /// <param name="asked">The partitions, with the number of the batch that each is asked for.</param>
    /// <returns>Whether all of them have it.</returns>
    Task<bool> FlushAsync(ulong feed, ulong bootId, IReadOnlyList<(int Partition, ulong Sequence)> asked);

    /// <summary>What <see cref="IDevicePartition.SelectAsync"/> gives, of each partition.</summary>
    Task<DeviceWindow[]> SelectAsync(DeviceFilter filter, DeviceShape shape, DeviceOrder? order, int count, CancellationToken cancellation = default);

    /// <summary>What <see cref="IDevicePartition.HistogramAsync"/> gives, of all partitions together.</summary>
    Task<DeviceHistogram> HistogramAsync(DeviceFilter filter, DeviceShape shape, DeviceBuckets buckets, CancellationToken cancellation = default);

    /// <summary>What <see cref="IDevicePartition.SsidsAsync"/> gives, of all partitions together.</summary>
    Task<SsidShare> SsidsAsync(SsidQuery query, CancellationToken cancellation = default);
}

/// <summary>Calls of all partitions that they concern, in the way that costs least.</summary>
public static class ManyPartitions
{
    /// <inheritdoc cref="IManyPartitions.Apply"/>
    internal static void Apply(this IReadOnlyList<IDevicePartition> partitions, ObservationBatch[] batches, Task<BatchOutcome>?[] pending)
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

    /// <inheritdoc cref="IManyPartitions.FlushAsync"/>
    internal static async Task<bool> FlushAsync(
        this IReadOnlyList<IDevicePartition> partitions, ulong feed, ulong bootId, IReadOnlyList<(int Partition, ulong Sequence)> asked) =>
        partitions is IManyPartitions many
            ? await many.FlushAsync(feed, bootId, asked)
            : Array.TrueForAll(await Task.WhenAll(asked.Select(each => partitions[each.Partition].FlushAsync(feed, bootId, each.Sequence).AsTask())), static yes => yes);

    /// <inheritdoc cref="IManyPartitions.SelectAsync"/>
    public static Task<DeviceWindow[]> SelectAsync(
        this IReadOnlyList<IDevicePartition> partitions, DeviceFilter filter, DeviceShape shape, DeviceOrder? order, int count, CancellationToken cancellation = default) =>
        partitions is IManyPartitions many
            ? many.SelectAsync(filter, shape, order, count, cancellation)
            : Task.WhenAll(partitions.Select(p => p.SelectAsync(filter, shape, order, count, cancellation).AsTask()));

    /// <summary>Has given devices written. Who has none of them is not asked: a window of 50 concerns few of the 256 partitions of a cluster.</summary>
    /// <param name="take">Takes each that is there, in the order given; the bytes are valid only meanwhile.</param>
    /// <param name="cancellation">Nobody waits for them any more.</param>
    public static async Task WriteAsync(
        this IReadOnlyList<IDevicePartition> partitions, IReadOnlyList<DeviceId> ids, DeviceShape shape, Action<DeviceId, ReadOnlySpan<byte>> take,
        CancellationToken cancellation = default)
    {
        List<DeviceId>?[] shares = new List<DeviceId>?[partitions.Count];
        foreach (DeviceId id in ids)
        {
            (shares[Partitioning.Of(id, shares.Length)] ??= []).Add(id);
        }
        DeviceChunk?[] chunks = await Task.WhenAll(shares.Select(async (share, i) => share is null ? null : await partitions[i].WriteAsync(share, shape, cancellation)));
        int[] next = new int[chunks.Length];
        foreach (DeviceId id in ids)
        {
            int p = Partitioning.Of(id, shares.Length);
            DeviceChunk chunk = chunks[p]!;
            int from = next[p] == 0 ? 0 : chunk.Ends![next[p] - 1];
            int to = chunk.Ends![next[p]++];
            if (to > from)
            {
                take(id, chunk.Body.Written.Span[from..to]);
            }
        }
        foreach (DeviceChunk? chunk in chunks)
        {
            chunk?.Dispose();
        }
    }

    /// <inheritdoc cref="IManyPartitions.HistogramAsync"/>
    public static async Task<DeviceHistogram> HistogramAsync(
        this IReadOnlyList<IDevicePartition> partitions, DeviceFilter filter, DeviceShape shape, DeviceBuckets buckets, CancellationToken cancellation = default) =>
        partitions is IManyPartitions many
            ? await many.HistogramAsync(filter, shape, buckets, cancellation)
            : DeviceHistogram.Sum(await Task.WhenAll(partitions.Select(p => p.HistogramAsync(filter, shape, buckets, cancellation).AsTask())));

    /// <inheritdoc cref="IManyPartitions.SsidsAsync"/>
    public static async Task<SsidShare> SsidsAsync(this IReadOnlyList<IDevicePartition> partitions, SsidQuery query, CancellationToken cancellation = default) =>
        partitions is IManyPartitions many
            ? await many.SsidsAsync(query, cancellation)
            : SsidShare.Sum(await Task.WhenAll(partitions.Select(p => p.SsidsAsync(query, cancellation).AsTask())));
}
