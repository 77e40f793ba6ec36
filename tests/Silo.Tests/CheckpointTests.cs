using System.Collections.Concurrent;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Grains.Sources;
using KismetOrleans.Records.Datasources;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;

namespace KismetOrleans.Silo.Tests;

/// <summary>Checkpoints of sources: a call a silo, which holds up nothing but itself.</summary>
public sealed class CheckpointTests
{
    private const ulong BootId = 1;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly Calls _calls = new();
    private readonly MemoryStore _store = new();

    [Fact]
    public async Task Partitions_are_asked_by_one_call_a_silo()
    {
        await using TwoSilos silos = await StartAsync();
        (DatasourceRecord record, (int Partition, ulong Sequence)[] asked) = await FeedAsync(silos);
        ushort feed = record.Number;
        Assert.True(asked.Length > TwoSilos.Partitions / 2, $"{asked.Length} partitions have something");
        _calls.Seen.Clear();
        Assert.True(await silos.All.FlushAsync(feed, BootId, asked));
        Assert.Equal([nameof(IManyPartitionsGrain.FlushAllAsync), nameof(IManyPartitionsGrain.FlushManyAsync)], _calls.Of<IManyPartitionsGrain>().Order());
        Assert.Equal(asked.Length, _calls.Of<IDevicePartitionGrain>().Count(static method => method == nameof(IDevicePartitionGrain.FlushAsync)));
        // One that does not have it is enough.
        Assert.False(await silos.All.FlushAsync(feed, BootId, [.. asked[1..], (asked[0].Partition, 1000)]));
        Assert.True(await silos.All.FlushAsync(feed, BootId, []));
    }

    [Fact]
    public async Task A_partition_that_is_saved_slowly_keeps_no_other_from_leaving_its_silo()
    {
        await using TwoSilos silos = await StartAsync();
        (DatasourceRecord record, (int Partition, ulong Sequence)[] asked) = await FeedAsync(silos);
        _store.Slow = asked[^1].Partition;
        await Campus.ReplayAsync(silos.All, record, BootId + 1);
        Task<bool> checkpoint = silos.All.FlushAsync(record.Number, BootId + 1, asked);
        await _store.Begun.WaitAsync(s_patience);
        foreach ((int partition, _) in asked[..^1])
        {
            await silos.Client.GetGrain<IDevicePartitionGrain>(partition).AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        }
        // Each has another life soon, and answers.
        using CancellationTokenSource patience = new(s_patience);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        while (asked[..^1].Any(each => _store.Loads(each.Partition) < 2))
        {
            _ = await Task.WhenAll(asked[..^1].Select(each => silos.All[each.Partition].CountAsync().AsTask())).WaitAsync(patience.Token);
            _ = await timer.WaitForNextTickAsync(patience.Token);
        }
        Assert.False(checkpoint.IsCompleted);
        _store.Go();
        _ = await checkpoint.WaitAsync(s_patience);
    }

    private Task<TwoSilos> StartAsync() => TwoSilos.StartAsync(services =>
    {
        services.AddSingleton<IIncomingGrainCallFilter>(_calls);
        services.AddSingleton<IDeviceStore>(_store);
    });

    // The source, and the partitions that have something of it.
    private static async Task<(DatasourceRecord Record, (int Partition, ulong Sequence)[] Asked)> FeedAsync(TwoSilos silos)
    {
        SourceRow row = await silos.Client.GetGrain<ISourceDirectoryGrain>(0).AddAsync(SourceRows.OfRemote(Guid.NewGuid()));
        DatasourceRecord record = SourceRows.ToRecord(row);
        await Campus.ReplayAsync(silos.All, record, BootId);
        PartitionCounts[] counts = await Task.WhenAll(silos.All.Select(static partition => partition.CountAsync().AsTask()));
        return (record, [.. Enumerable.Range(0, counts.Length).Where(i => counts[i].Devices > 0).Select(static i => (i, 1UL))]);
    }

    /// <summary>What grains were called.</summary>
    private sealed class Calls : IIncomingGrainCallFilter
    {
        public ConcurrentQueue<(Type? Interface, string Method)> Seen { get; } = new();

        public IEnumerable<string> Of<T>() => Seen.Where(static call => call.Interface == typeof(T)).Select(static call => call.Method);

        public Task Invoke(IIncomingGrainCallContext context)
        {
            Seen.Enqueue((context.InterfaceMethod.DeclaringType, context.InterfaceMethod.Name));
            return context.Invoke();
        }
    }

    /// <summary>Keeps nothing, and takes its time with one partition.</summary>
    private sealed class MemoryStore : IDeviceStore
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ConcurrentDictionary<int, int> _loads = new();
        private long _epoch;

        public volatile int Slow = -1;

        public Task Begun => _begun.Task;

        public void Go() => _go.SetResult();

        public int Loads(int partition) => _loads.GetValueOrDefault(partition);

        public ValueTask<PartitionImage> LoadAsync(int partition, CancellationToken cancellation = default)
        {
            _ = _loads.AddOrUpdate(partition, 1, static (_, loads) => loads + 1);
            return new(new PartitionImage(Interlocked.Increment(ref _epoch), [], new Dictionary<ulong, Watermark>(), []));
        }

        public ValueTask SaveAsync(PartitionChanges changes, CancellationToken cancellation = default)
        {
            if (changes.Partition != Slow)
            {
                return default;
            }
            _ = _begun.TrySetResult();
            return new(_go.Task);
        }
    }
}
