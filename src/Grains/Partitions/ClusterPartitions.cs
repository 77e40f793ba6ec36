using System.Collections;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Ssids;
using KismetOrleans.Grains.Placement;

namespace KismetOrleans.Grains.Partitions;

/// <summary>
/// All partitions of the cluster, by number. What goes to several of them at once goes straight to those of this silo, and as one message to each
/// other silo: a message costs as much as applying twenty observations (bench/RESULTS.md), and a batch of packets has few for each partition.
/// </summary>
/// <param name="grains">The way to them.</param>
/// <param name="count">How many there are.</param>
/// <param name="host">What this silo knows of partitions; null in an API process, whose messages are handed on by the silo that they reach.</param>
public sealed class ClusterPartitions(IGrainFactory grains, int count, PartitionHost? host = null) : IManyPartitions
{
    private static int s_next;
    private readonly GrainPartition[] _all = [.. Enumerable.Range(0, count).Select(i => new GrainPartition(grains, i, host?.Local))];

    public int Count => count;
    public IDevicePartition this[int index] => _all[index];

    public void Apply(ObservationBatch[] batches, Task<BatchOutcome>?[] pending)
    {
        (SiloAddress[]? silos, int[]? owners) = host is null ? default : host.Owners();
        PartitionBundle?[] bundles = new PartitionBundle?[silos?.Length ?? 1];
        for (int i = 0; i < batches.Length; i++)
        {
            if (batches[i].Count == 0)
            {
                continue;
            }
            if (host?.Local.Find(i) is { } here)
            {
                pending[i] = ApplyHereAsync(here, i, batches[i]);
                continue;
            }
            int silo = owners is null ? 0 : owners[i];
            ref PartitionBundle? bundle = ref bundles[silo];
            bundle ??= PartitionBundle.Rent();
            bundle.Add(i, batches[i]);
            if (bundle.IsFull)
            {
                Send(bundle, silos?[silo], pending);
                bundle = null;
            }
        }
        for (int silo = 0; silo < bundles.Length; silo++)
        {
            if (bundles[silo] is { } bundle)
            {
                Send(bundle, silos?[silo], pending);
            }
        }
    }

    public async Task<bool> FlushAsync(ulong feed, ulong bootId, IReadOnlyList<(int Partition, ulong Sequence)> asked)
    {
        if (asked.Count == 0)
        {
            return true;
        }
        if (host is null)
        {
            return await SiloOf(asked[0].Partition).FlushAllAsync(feed, bootId, [.. asked.Select(static each => each.Partition)], [.. asked.Select(static each => each.Sequence)]);
        }
        (SiloAddress[] silos, int[] owners) = host.Owners();
        bool[] saved = await Task.WhenAll(asked.GroupBy(each => owners[each.Partition]).Select(async silo =>
        {
            (int Partition, ulong Sequence)[] theirs = [.. silo];
            return host.IsThis(silos[silo.Key])
                ? await FlushEachAsync(feed, bootId, theirs)
                : await SiloOf(silos[silo.Key]).FlushManyAsync(
                    feed, bootId, Array.ConvertAll(theirs, static each => each.Partition), Array.ConvertAll(theirs, static each => each.Sequence));
        }));
        return Array.TrueForAll(saved, static yes => yes);
    }

    internal async Task<bool> FlushEachAsync(ulong feed, ulong bootId, IEnumerable<(int Partition, ulong Sequence)> asked) =>
        Array.TrueForAll(await Task.WhenAll(asked.Select(each => _all[each.Partition].FlushAsync(feed, bootId, each.Sequence).AsTask())), static yes => yes);

    public async Task<DeviceWindow[]> SelectAsync(DeviceFilter filter, DeviceShape shape, DeviceOrder? order, int count, CancellationToken cancellation)
    {
        if (host is null)
        {
            // Any silo knows who carries which partition; the next one each time, so that none does the work of all.
            return await SiloOf(Any()).SelectAllAsync(filter, shape, order, count, cancellation);
        }
        DeviceWindow[] windows = new DeviceWindow[_all.Length];
        (SiloAddress[] silos, int[] owners) = host.Owners();
        await Task.WhenAll(Enumerable.Range(0, _all.Length).GroupBy(partition => owners[partition]).Select(async silo =>
        {
            int[] theirs = [.. silo];
            DeviceWindow[] found = host.IsThis(silos[silo.Key])
                ? await SelectAsync(theirs, filter, shape, order, count, cancellation)
                : await SiloOf(silos[silo.Key]).SelectManyAsync(theirs, filter, shape, order, count, cancellation);
            for (int i = 0; i < theirs.Length; i++)
            {
                windows[theirs[i]] = found[i];
            }
        }));
        return windows;
    }

    /// <summary>The same of some partitions, most of which this silo carries.</summary>
    internal Task<DeviceWindow[]> SelectAsync(int[] partitions, DeviceFilter filter, DeviceShape shape, DeviceOrder? order, int count, CancellationToken cancellation) =>
        Task.WhenAll(partitions.Select(partition => _all[partition].SelectAsync(filter, shape, order, count, cancellation).AsTask()));

    public async Task<DeviceHistogram> HistogramAsync(DeviceFilter filter, DeviceShape shape, DeviceBuckets buckets, CancellationToken cancellation) => DeviceHistogram.Sum(await AskAsync(
        any => any.HistogramOfAllAsync(filter, shape, buckets, cancellation),
        here => HistogramAsync(here, filter, shape, buckets, cancellation),
        (silo, theirs) => silo.HistogramOfManyAsync(theirs, filter, shape, buckets, cancellation)));

    /// <summary>The same of some partitions, most of which this silo carries.</summary>
    internal async Task<DeviceHistogram> HistogramAsync(int[] partitions, DeviceFilter filter, DeviceShape shape, DeviceBuckets buckets, CancellationToken cancellation) =>
        DeviceHistogram.Sum(await Task.WhenAll(partitions.Select(partition => _all[partition].HistogramAsync(filter, shape, buckets, cancellation).AsTask())));

    public async Task<SsidShare> SsidsAsync(SsidQuery query, CancellationToken cancellation) => SsidShare.Sum(await AskAsync(
        any => any.SsidsOfAllAsync(query, cancellation),
        here => SsidsAsync(here, query, cancellation),
        (silo, theirs) => silo.SsidsOfManyAsync(theirs, query, cancellation)));

    /// <summary>The same of some partitions, most of which this silo carries.</summary>
    internal async Task<SsidShare> SsidsAsync(int[] partitions, SsidQuery query, CancellationToken cancellation) =>
        SsidShare.Sum(await Task.WhenAll(partitions.Select(partition => _all[partition].SsidsAsync(query, cancellation).AsTask())));

    public IEnumerator<IDevicePartition> GetEnumerator() => ((IEnumerable<IDevicePartition>)_all).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // What adds up: an API process asks one silo for the sum, a silo itself and each other one for a share.
    private async Task<T[]> AskAsync<T>(
        Func<IManyPartitionsGrain, ValueTask<T>> any, Func<int[], Task<T>> here, Func<IManyPartitionsGrain, int[], ValueTask<T>> other)
    {
        if (host is null)
        {
            return [await any(SiloOf(Any()))];
        }
        (SiloAddress[] silos, int[] owners) = host.Owners();
        return await Task.WhenAll(Enumerable.Range(0, _all.Length).GroupBy(partition => owners[partition]).Select(async silo =>
        {
            int[] theirs = [.. silo];
            return host.IsThis(silos[silo.Key]) ? await here(theirs) : await other(SiloOf(silos[silo.Key]), theirs);
        }));
    }

    private int Any() => (int)((uint)Interlocked.Increment(ref s_next) % (uint)_all.Length);

    private IManyPartitionsGrain SiloOf(int partition) => grains.GetGrain<IManyPartitionsGrain>(partition);

    private IManyPartitionsGrain SiloOf(SiloAddress silo) => grains.GetGrain<IManyPartitionsGrain>(SiloKey.Of(silo));

    private async Task<BatchOutcome> ApplyHereAsync(DevicePartitionGrain here, int partition, ObservationBatch batch) =>
        await here.TryApplyAsync(batch) ?? await _all[partition].ApplyAsync(batch);

    // Where the silo is not known to that of the first partition, which is not the same every time: which partitions a batch concerns is chance.
    private void Send(PartitionBundle bundle, SiloAddress? silo, Task<BatchOutcome>?[] pending)
    {
        Task<BatchOutcome[]> answer = SendAsync(silo is null ? SiloOf(bundle.Partitions[0]) : SiloOf(silo), bundle);
        for (int i = 0; i < bundle.Partitions.Count; i++)
        {
            pending[bundle.Partitions[i]] = PartAsync(answer, i);
        }
    }

    private static async Task<BatchOutcome[]> SendAsync(IManyPartitionsGrain silo, PartitionBundle bundle)
    {
        BatchOutcome[] outcomes = await silo.ApplyManyAsync(bundle.Bytes);
        // After a fault the message may still be on its way, so that its bytes must stay as they are.
        bundle.Return();
        return outcomes;
    }

    private static async Task<BatchOutcome> PartAsync(Task<BatchOutcome[]> answer, int part) => (await answer.ConfigureAwait(false))[part];
}
