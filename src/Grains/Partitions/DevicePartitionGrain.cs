using KismetOrleans.Engine.Channels;
using KismetOrleans.Engine.Handshakes;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Engine.Presence;
using KismetOrleans.Engine.Ssids;
using KismetOrleans.Engine.Views;
using KismetOrleans.Grains.Channels;
using KismetOrleans.Grains.Placement;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Server;
using Orleans.Concurrency;

namespace KismetOrleans.Grains.Partitions;

/// <summary>
/// A partition in the cluster: <see cref="DevicePartition"/> with its saver. Reentrant, since calls only touch the partition between two
/// waits and whoever waits for the disk must not hold up packets.
/// </summary>
[Reentrant]
[PartitionPlacement]
[CollectionAgeLimit(AlwaysActive = true)]
public sealed partial class DevicePartitionGrain(PartitionHost host, TotalsReporter totals, TimeProvider clock, ILogger<DevicePartitionGrain> logger) : Grain, IDevicePartitionGrain
{
    // What is lost at most by a kill of a source that cannot resend, as the documentation says.
    private static readonly TimeSpan s_saveAtLeastEvery = TimeSpan.FromSeconds(5);
    private readonly ObservationBatch _batch = new();
    private DevicePartition _partition = null!;
    private PartitionSaver? _saver;
    private TaskScheduler _turns = null!;
    private bool _stopping;
    private bool _moves;
    private IDisposable? _gauges;

    private int Number => (int)this.GetPrimaryKeyLong();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        PartitionEnvironment environment = await host.EnvironmentAsync();
        _turns = TaskScheduler.Current;
        if (host.Store is not { } store)
        {
            _partition = new(Number, environment);
            _gauges = Meters.Watch(_partition, static () => 0);
            host.Local.Add(Number, this);
            return;
        }
        PartitionImage image = await store.LoadAsync(Number, cancellationToken);
        _partition = new(Number, environment, durable: true);
        _partition.Restore(image);
        PublishSetAside(image.SetAside);
        _saver = new(_partition, Number, image.Epoch, store, host.SaveEvery, environment.Clock, call =>
            Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _turns));
        _ = this.RegisterGrainTimer(TendAsync, new GrainTimerCreationOptions(s_saveAtLeastEvery, s_saveAtLeastEvery) { Interleave = true });
        // Calls wait in Orleans' own queue, which has metrics of its own.
        _gauges = Meters.Watch(_partition, static () => 0);
        host.Local.Add(Number, this);
        Loaded(logger, Number, image.Epoch);
    }

    private void PublishSetAside(IReadOnlyList<string> setAside)
    {
        if (setAside.Count == 0)
        {
            return;
        }
        Meters.DevicesSetAside.Add(setAside.Count);
        NotRead(logger, Number, setAside.Count, setAside[0]);
        totals.Publish([new(
            $"Partition {Number}: {setAside.Count} stored device{(setAside.Count == 1 ? "" : "s")} could not be read and {(setAside.Count == 1 ? "is" : "are")} left out; the first: {setAside[0]}",
            MessageFlags.Error, (uint)clock.GetUtcNow().ToUnixTimeSeconds())]);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Leaves(logger, Number, _moves, reason.ReasonCode, reason.Description);
        _stopping = true;
        host.Local.Remove(Number, this);
        _gauges?.Dispose();
        try
        {
            await (_saver is { Fault: null } saver ? saver.SaveAsync(atOnce: true) : Task.CompletedTask);
        }
        catch (Exception e)
        {
            // Feeds that can resend do so once they see the gap.
            NotSaved(logger, Number, e);
        }
        finally
        {
            if (_moves)
            {
                host.Moves.Release();
            }
        }
    }

    public async ValueTask<BatchOutcome> ApplyAsync(ReadOnlyMemory<byte> batch)
    {
        host.Read(batch, _batch);
        if (host.UnknownSource(_batch) is > 0 and ushort source)
        {
            // Its first packets come before this silo has heard of it, and who reads its devices now shall see its name.
            await host.LearnAsync(source);
            host.Read(batch, _batch);
        }
        return host.Report(_partition.Apply(_batch));
    }

    private void Read(ReadOnlyMemory<byte> bytes, ObservationBatch batch) => host.Read(bytes, batch);

    /// <summary>As <see cref="TryApplyAsync(ObservationBatch)"/>, of a batch that came from another process.</summary>
    internal Task<BatchOutcome?> TryApplyAsync(ReadOnlyMemory<byte> batch) => InTurnAsync(
        static (grain, bytes) =>
        {
            grain.Read(bytes, grain._batch);
            return grain.ApplyNow(grain._batch);
        },
        batch);

    /// <summary>Applies a batch of this process in the partition's turn; the batch must stay as it is until then.</summary>
    /// <returns>Null when it was not applied, since the partition stops or does not know the source: it must be called by its number then.</returns>
    internal Task<BatchOutcome?> TryApplyAsync(ObservationBatch batch) => InTurnAsync(static (grain, batch) => grain.ApplyNow(batch), batch);

    // A task that is cancelled while it waits for its turn ends in that turn, without being run: whoever waits for it need not.
    /// <summary>Asks in the partition's turn, for this process.</summary>
    /// <returns>Whether it was asked; not when the partition stops: it must be called by its number then.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled before its turn.</exception>
    internal Task<(bool Done, T Answer)> TryRunAsync<T>(Func<DevicePartition, T> ask, CancellationToken cancellation = default) =>
        InTurnAsync(static (grain, ask) => grain._stopping ? default : (true, ask(grain._partition)), ask, cancellation).WaitAsync(cancellation);

    private Task<TResult> InTurnAsync<TState, TResult>(Func<DevicePartitionGrain, TState, TResult> call, TState state, CancellationToken cancellation = default) => Task.Factory.StartNew(
        static boxed =>
        {
            var (grain, call, state) = ((DevicePartitionGrain, Func<DevicePartitionGrain, TState, TResult>, TState))boxed!;
            return call(grain, state);
        },
        (this, call, state), cancellation, TaskCreationOptions.DenyChildAttach, _turns);

    // A call of its own can wait: for the next life of the partition, or until the source is known.
    private BatchOutcome? ApplyNow(ObservationBatch batch) => _stopping || host.UnknownSource(batch) > 0 ? null : host.Report(_partition.Apply(batch));

    public ValueTask<DeviceChunk> ReadAsync(DeviceFilter filter, DeviceShape shape, int cursor, CancellationToken cancellation) => Answer(() => _partition.Queries.Read(filter, shape, cursor), cancellation);

    public ValueTask<DeviceChunk> WriteAsync(ulong[] devices, DeviceShape shape, CancellationToken cancellation) =>
        Answer(() => _partition.Queries.Write(Array.ConvertAll(devices, static value => new DeviceId(value)), shape), cancellation);

    public ValueTask<DeviceChunk?> WritePathAsync(ulong device, string path, DeviceShape shape, CancellationToken cancellation) =>
        Answer(() => _partition.Queries.WritePath(new(device), path, shape), cancellation);

    public ValueTask<DeviceWindow> SelectAsync(DeviceFilter filter, DeviceShape shape, DeviceOrder? order, int count, CancellationToken cancellation) =>
        Answer(() => _partition.Queries.Select(filter, shape, order, count), cancellation);

    public ValueTask<DeviceHistogram> HistogramAsync(DeviceFilter filter, DeviceShape shape, DeviceBuckets buckets, CancellationToken cancellation) =>
        Answer(() => _partition.Queries.Histogram(filter, shape, buckets), cancellation);

    public async ValueTask<EditOutcome> EditAsync(ulong device, string? tag, string text, CancellationToken cancellation)
    {
        EditOutcome outcome = _partition.Edit(new(device), new(tag, text));
        // When this life of the partition ends unsaved, the caller asks the next one.
        return outcome != EditOutcome.Done || await SaveAsync(atOnce: true).WaitAsync(cancellation)
            ? outcome
            : throw new OrleansException($"Partition {Number} could not be saved.");
    }

    public ValueTask<int[]> SizesAsync(string[] views, CancellationToken cancellation) => Answer(() => _partition.Queries.Sizes(Array.ConvertAll(views, UserView.Read)), cancellation);

    public ValueTask<byte[]?> HandshakesAsync(ulong device, HandshakeKind kind, ulong client, CancellationToken cancellation) =>
        Answer(() => _partition.Queries.Handshakes(new(device), new(kind, new(client))), cancellation);

    public ValueTask<ulong[]> RelatedAsync(ulong[] devices, Relation relation, CancellationToken cancellation) => Answer(
        () => Array.ConvertAll(_partition.Queries.Related(Array.ConvertAll(devices, static value => new DeviceId(value)), relation), static id => id.Value), cancellation);

    public ValueTask<PresenceShare> PresenceAsync(PresenceQuery query, CancellationToken cancellation) => Answer(() => _partition.Queries.Presence(query), cancellation);

    public async ValueTask<SsidShare> SsidsAsync(SsidQuery query, CancellationToken cancellation)
    {
        SsidTally tally = new(query);
        while (!_partition.Queries.Count(tally))
        {
            // Packets that wait come first.
            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
        }
        return tally.Share;
    }

    public async ValueTask<HearingShare> HearingAsync(HearingQuery query, CancellationToken cancellation)
    {
        HearingTally tally = new(query);
        while (!_partition.Queries.Count(tally))
        {
            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
        }
        return tally.Share;
    }

    public ValueTask<PartitionCounts> CountAsync(CancellationToken cancellation) => Answer(_partition.Count, cancellation);

    public ValueTask MaintainAsync()
    {
        _partition.Maintain();
        return default;
    }

    public async ValueTask<bool> FlushAsync(ulong feed, ulong bootId, ulong sequence) =>
        await SaveAsync() && _partition.Covers(feed, bootId, sequence);

    // Who gave up while the question waited for its turn does not need it answered.
    private static ValueTask<T> Answer<T>(Func<T> ask, CancellationToken cancellation) =>
        cancellation.IsCancellationRequested ? ValueTask.FromCanceled<T>(cancellation) : new(ask());

    // False when this life of the partition is over: the next one begins where the store stands.
    private async Task<bool> SaveAsync(bool atOnce = false)
    {
        if (_saver is null)
        {
            return true;
        }
        try
        {
            await _saver.SaveAsync(atOnce);
            return true;
        }
        catch (Exception e)
        {
            NotSaved(logger, Number, e);
            DeactivateOnIdle();
            return false;
        }
    }

    private async Task TendAsync(CancellationToken cancellation)
    {
        // What a silo that joined should carry moves to it; without a store it would be lost on the way.
        if (!await SaveAsync() || host.IsMine(Number) || _moves)
        {
            return;
        }
        await host.Moves.WaitAsync(cancellation);
        if (_stopping)
        {
            _ = host.Moves.Release();
            return;
        }
        _moves = true;
        // Not only ended: a silo that still has its address would have it loaded here again.
        MigrateOnIdle();
    }

    [LoggerMessage(2, LogLevel.Error, "Partition {number}: {count} stored devices could not be read and are left out; the first: {reason}")]
    private static partial void NotRead(ILogger logger, int number, int count, string reason);

    [LoggerMessage(3, LogLevel.Debug, "Partition {number} was loaded here, epoch {epoch}")]
    private static partial void Loaded(ILogger logger, int number, long epoch);

    [LoggerMessage(4, LogLevel.Debug, "Partition {number} leaves this silo (to where it belongs: {moves}; {reason}: {description})")]
    private static partial void Leaves(ILogger logger, int number, bool moves, DeactivationReasonCode reason, string description);

    [LoggerMessage(1, LogLevel.Error, "Partition {number} was not saved; it begins anew from what was saved last")]
    private static partial void NotSaved(ILogger logger, int number, Exception e);
}
