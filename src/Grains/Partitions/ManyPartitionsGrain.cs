using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Ssids;
using KismetOrleans.Grains.Placement;
using Orleans.Concurrency;

namespace KismetOrleans.Grains.Partitions;

/// <summary>
/// Asks several partitions by one call: those of one silo (<c>Many</c>), or all, those of another silo by one call each (<c>All</c>). Silos use one another's keys (<see cref="SiloKey"/>),
/// API servers, who know no silos, the number of a partition, whose silo it is on.
/// </summary>
[Alias("KismetOrleans.IManyPartitionsGrain")]
public interface IManyPartitionsGrain : IGrainWithIntegerKey
{
    /// <summary>Has the partitions of a bundle apply their batches: those of this silo, and others elsewhere by a call each.</summary>
    /// <param name="bundle">As <see cref="PartitionBundle"/> has it.</param>
    /// <returns>What came of each, in their order.</returns>
    [Alias("ApplyMany")]
    ValueTask<BatchOutcome[]> ApplyManyAsync([Immutable] ReadOnlyMemory<byte> bundle);

    /// <summary>Asks some partitions, which should be those of this silo, whether they have a feed's batches on disk: a sensor's checkpoint concerns most partitions.</summary>
    /// <param name="bootId">Its life.</param>
    /// <param name="sequences">The batch that each is asked for.</param>
    /// <returns>Whether all of them have it.</returns>
    [Alias("FlushMany")]
    [ResponseTimeout("00:00:30")]
    ValueTask<bool> FlushManyAsync(ulong feed, ulong bootId, [Immutable] int[] partitions, [Immutable] ulong[] sequences);

    /// <summary>The same of all partitions, those of another silo by one call.</summary>
    /// <param name="bootId">Its life.</param>
    /// <param name="sequences">The batch that each is asked for.</param>
    /// <returns>Whether all of them have it.</returns>
    [Alias("FlushAll")]
    [ResponseTimeout("00:00:30")]
    ValueTask<bool> FlushAllAsync(ulong feed, ulong bootId, [Immutable] int[] partitions, [Immutable] ulong[] sequences);

    /// <summary>Asks all partitions, as <see cref="IManyPartitions.SelectAsync"/>: those of another silo by one call.</summary>
    [Alias("SelectAll")]
    [Idempotent]
    ValueTask<DeviceWindow[]> SelectAllAsync([Immutable] DeviceFilter filter, [Immutable] DeviceShape shape, [Immutable] DeviceOrder? order, int count, CancellationToken cancellation = default);

    /// <summary>Asks some partitions, which should be those of this silo.</summary>
    /// <returns>What each has, in their order.</returns>
    [Alias("SelectMany")]
    [Idempotent]
    ValueTask<DeviceWindow[]> SelectManyAsync(
        [Immutable] int[] partitions, [Immutable] DeviceFilter filter, [Immutable] DeviceShape shape, [Immutable] DeviceOrder? order, int count, CancellationToken cancellation = default);

    /// <summary>Asks all partitions, as <see cref="IManyPartitions.HistogramAsync"/>: those of another silo by one call, which adds them up.</summary>
    [Alias("HistogramOfAll")]
    [Idempotent]
    ValueTask<DeviceHistogram> HistogramOfAllAsync([Immutable] DeviceFilter filter, [Immutable] DeviceShape shape, [Immutable] DeviceBuckets buckets, CancellationToken cancellation = default);

    /// <summary>Asks some partitions, which should be those of this silo.</summary>
    [Alias("HistogramOfMany")]
    [Idempotent]
    ValueTask<DeviceHistogram> HistogramOfManyAsync(
        [Immutable] int[] partitions, [Immutable] DeviceFilter filter, [Immutable] DeviceShape shape, [Immutable] DeviceBuckets buckets, CancellationToken cancellation = default);

    /// <summary>Asks all partitions, as <see cref="IManyPartitions.SsidsAsync"/>: those of another silo by one call, which adds them up.</summary>
    [Alias("SsidsOfAll")]
    [Idempotent]
    ValueTask<SsidShare> SsidsOfAllAsync([Immutable] SsidQuery query, CancellationToken cancellation = default);

    /// <summary>Asks some partitions, which should be those of this silo.</summary>
    [Alias("SsidsOfMany")]
    [Idempotent]
    ValueTask<SsidShare> SsidsOfManyAsync([Immutable] int[] partitions, [Immutable] SsidQuery query, CancellationToken cancellation = default);
}

/// <summary>
/// Holds nothing. None of this is a method of a partition: a grain leaves its silo only when its calls are done, and two partitions on their way out that wait for each other, for a bundle
/// or a list, would stand until the calls time out, with every source and whoever asks them for devices.
/// </summary>
[Reentrant]
[PartitionPlacement]
public sealed class ManyPartitionsGrain(PartitionHost host) : Grain, IManyPartitionsGrain
{
    private ClusterPartitions Partitions => host.PartitionsOf(GrainFactory);

    public async ValueTask<BatchOutcome[]> ApplyManyAsync(ReadOnlyMemory<byte> bundle)
    {
        List<Task<BatchOutcome>> outcomes = [];
        while (!bundle.IsEmpty)
        {
            (int partition, ReadOnlyMemory<byte> batch) = PartitionBundle.Take(ref bundle);
            outcomes.Add(ApplyAsync(partition, batch));
        }
        return await HereAsync(Task.WhenAll(outcomes));
    }

    public async ValueTask<bool> FlushManyAsync(ulong feed, ulong bootId, int[] partitions, ulong[] sequences) =>
        await HereAsync(Partitions.FlushEachAsync(feed, bootId, partitions.Zip(sequences)));

    public async ValueTask<bool> FlushAllAsync(ulong feed, ulong bootId, int[] partitions, ulong[] sequences) =>
        await Partitions.FlushAsync(feed, bootId, [.. partitions.Zip(sequences)]);

    public async ValueTask<DeviceWindow[]> SelectAllAsync(DeviceFilter filter, DeviceShape shape, DeviceOrder? order, int count, CancellationToken cancellation) =>
        await Partitions.SelectAsync(filter, shape, order, count, cancellation);

    public async ValueTask<DeviceWindow[]> SelectManyAsync(int[] partitions, DeviceFilter filter, DeviceShape shape, DeviceOrder? order, int count, CancellationToken cancellation) =>
        await HereAsync(Partitions.SelectAsync(partitions, filter, shape, order, count, cancellation));

    public async ValueTask<DeviceHistogram> HistogramOfAllAsync(DeviceFilter filter, DeviceShape shape, DeviceBuckets buckets, CancellationToken cancellation) =>
        await Partitions.HistogramAsync(filter, shape, buckets, cancellation);

    public async ValueTask<DeviceHistogram> HistogramOfManyAsync(int[] partitions, DeviceFilter filter, DeviceShape shape, DeviceBuckets buckets, CancellationToken cancellation) =>
        await HereAsync(Partitions.HistogramAsync(partitions, filter, shape, buckets, cancellation));

    public async ValueTask<SsidShare> SsidsOfAllAsync(SsidQuery query, CancellationToken cancellation) => await Partitions.SsidsAsync(query, cancellation);

    public async ValueTask<SsidShare> SsidsOfManyAsync(int[] partitions, SsidQuery query, CancellationToken cancellation) =>
        await HereAsync(Partitions.SsidsAsync(partitions, query, cancellation));

    private async Task<BatchOutcome> ApplyAsync(int partition, ReadOnlyMemory<byte> batch) =>
        (host.Local.Find(partition) is { } here ? await here.TryApplyAsync(batch) : null)
        ?? await GrainFactory.GetGrain<IDevicePartitionGrain>(partition).ApplyAsync(batch);

    // After a silo joined, what has a partition's key belongs where that is by now: the next call is for one that is there. Callers meanwhile may be refused, so that silos use silos' keys.
    private async Task<T> HereAsync<T>(Task<T> asked)
    {
        if (host.IsMisplaced(this.GetPrimaryKeyLong()))
        {
            DeactivateOnIdle();
        }
        return await asked;
    }
}
