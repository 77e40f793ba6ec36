using KismetOrleans.Grains;
using KismetOrleans.Grains.Alerts;
using KismetOrleans.Grains.Auth;
using KismetOrleans.Grains.Channels;
using KismetOrleans.Grains.Datasources;
using KismetOrleans.Grains.Embedded;
using KismetOrleans.Grains.Events;
using KismetOrleans.Grains.Fingerprints;
using KismetOrleans.Grains.Gps;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Grains.Persistence;
using KismetOrleans.Grains.Server;
using KismetOrleans.Grains.Streams;
using KismetOrleans.Grains.Tracking;
using KismetOrleans.Grains.Views;
using KismetOrleans.Grains.Watching;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Json;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Api.Hosting;

/// <summary>The backend in this process: partitions, messages and channels, each behind its own queue.</summary>
public sealed class EmbeddedBackend : IBackend, IDatasourceObserver, IAsyncDisposable
{
    // More partitions than cores only cost memory here; a cluster has its own number.
    private const int MaxPartitions = 16;
    private readonly EmbeddedPartition[] _partitions;
    private readonly Mailbox _rest = new();
    private readonly ServerTotals _totals = new();
    private readonly EmbeddedStorage? _storage;
    private readonly SourceRegistry _sources;
    private readonly StatusSampler _status;
    private readonly PacketTaps _taps;
    private readonly EmbeddedAlerts _alerts;
    private int _disposed;

    /// <summary>A backend with the devices that its storage has, without any where there is none.</summary>
    public EmbeddedBackend(
        TrackingOptions tracking, StreamOptions streams, IManufacturers manufacturers, TimeProvider clock, StatusSampler status,
        IGps gps, EmbeddedStorage? storage = null, AlertOptions? alerts = null, IAlertOutlet? outlet = null, ILogger? sourcesLog = null,
        IReadOnlyList<UserView>? views = null, EventOptions? events = null)
    {
        alerts ??= new();
        Clock = clock;
        Events = new(events ?? new(), NewContext);
        _totals.Messages.Events = Events;
        Gps = gps;
        Views = UserViews.Load(views ?? [], storage?.State);
        FingerprintBook fingerprints = FingerprintBook.Load(storage?.State);
        Fingerprints = fingerprints;
        Local = new(this, clock, sourcesLog ?? Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        _taps = new(streams);
        Streams = new EmbeddedStreams(_taps, streams, clock);
        _status = status;
        _storage = storage;
        int count = storage?.Partitions ?? Math.Clamp(Environment.ProcessorCount, 1, MaxPartitions);
        _partitions = new EmbeddedPartition[count];
        IReadOnlyList<SourceRow> known = [];
        if (storage is not null)
        {
            ServerUuid = storage.Sources.ServerUuidAsync().AsTask().GetAwaiter().GetResult();
            known = storage.Sources.LoadAsync().AsTask().GetAwaiter().GetResult();
        }
        _alerts = new(alerts, clock, _rest, _totals.Messages, storage?.State, outlet, Events);
        _sources = new(_partitions, this, SayAsync, _taps, storage?.Sources, known, clock) { Here = gps, Events = Events };
        PartitionEnvironment environment = new(count, tracking, manufacturers, _sources, ServerUuid, clock) { Alerts = alerts, Fingerprints = fingerprints, Events = Events };
        Parallel.For(0, count, i => _partitions[i] = storage is null
            ? new(new DevicePartition(i, environment))
            : EmbeddedPartition.LoadAsync(i, environment, storage.Devices, storage.SaveEvery).GetAwaiter().GetResult());
        fingerprints.Changed = RenewFingerprintsAsync;
        Watching = DeviceWatch.Load(_partitions, alerts, clock, _alerts.RaiseAsync, storage?.State);
    }

    /// <inheritdoc/>
    public Guid ServerUuid { get; } = Guid.NewGuid();

    /// <inheritdoc/>
    public TimeProvider Clock { get; }

    /// <inheritdoc/>
    public IReadOnlyList<IDevicePartition> Partitions => _partitions;

    /// <inheritdoc/>
    public ISourceRegistry Sources => _sources;

    /// <inheritdoc/>
    public IPacketStreams Streams { get; }

    /// <inheritdoc/>
    public IAlerts Alerts => _alerts;

    /// <inheritdoc/>
    public EventBus Events { get; }

    /// <inheritdoc/>
    public IGps Gps { get; }

    /// <inheritdoc/>
    public IUserViews Views { get; }

    /// <inheritdoc/>
    public IDeviceWatch Watch => Watching;

    /// <summary>The watch over devices, which is to be told when to look.</summary>
    public DeviceWatch Watching { get; }

    /// <inheritdoc/>
    public IFingerprints Fingerprints { get; }

    /// <inheritdoc/>
    public ISourceControl Control => Local;

    /// <summary>The sources that this server opens itself.</summary>
    public LocalSources Local { get; }

    /// <inheritdoc/>
    public IReadOnlyList<DatasourceDriver> Drivers => SourceDrivers.All;

    /// <inheritdoc/>
    public DatasourceDefaults Defaults => SourceDrivers.Defaults;

    /// <inheritdoc/>
    public SystemStatus Status => _status.Current;

    /// <inheritdoc/>
    public IJournal? Journal => _storage?.Journal;

    /// <summary>Where logins are kept; null where nothing is.</summary>
    public IAuthStore? Auth => _storage?.Auth;

    /// <summary>Calls that wait for each partition.</summary>
    public IEnumerable<int> QueueLengths => _partitions.Select(static partition => partition.QueueLength);

    /// <summary>Adds a source of this server.</summary>
    /// <param name="first">Its first record; the number is given here.</param>
    public Datasource AddSource(DatasourceRecord first) => _sources.AddLocalAsync(first).GetAwaiter().GetResult();

    /// <summary>Completes when what came until now is on disk.</summary>
    public async Task SaveAsync()
    {
        await Task.WhenAll(_partitions.Select(static partition => partition.SaveAsync()));
        await _sources.SaveAsync();
        await _alerts.SaveAsync();
    }

    /// <inheritdoc/>
    public void BatchAccepted(in BatchSummary batch)
    {
        BatchSummary summary = batch;
        _ = _rest.PostAsync(() => _totals.Count(summary));
    }

    /// <inheritdoc/>
    public void BatchApplied(BatchOutcome outcome)
    {
        _ = _rest.PostAsync(() =>
        {
            _totals.Messages.Add(outcome.Messages);
            _totals.Stats.Duplicates.Add(outcome.Clock, outcome.Duplicates);
            _alerts.Take(outcome.Alerts, outcome.Clock);
        });
        Events.Publish(outcome.Events);
    }

    /// <inheritdoc/>
    public void SourceChanged(DatasourceRecord before, DatasourceRecord after) => Events.Tell(before, after);

    /// <inheritdoc/>
    public void Tell(ServerEvent happened) => Events.Publish(happened);

    /// <inheritdoc/>
    public void Say(IReadOnlyList<MessageRecord> messages) => _ = _rest.PostAsync(() => _totals.Messages.Add(messages));

    /// <inheritdoc/>
    public Task<long[]> PacketsByPhyAsync() => _rest.PostAsync(() => _totals.PacketsByPhy);

    /// <inheritdoc/>
    public Task<PacketStats> PacketStatsAsync() => _rest.PostAsync(_totals.Stats.Copy);

    /// <inheritdoc/>
    public Task<ChannelMap> ChannelsAsync() => _rest.PostAsync(_totals.Channels.Read);

    /// <inheritdoc/>
    public Task<IReadOnlyList<MessageRecord>> MessagesAsync(long since) => _rest.PostAsync(() => _totals.Messages.Since(since));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The host knows it under two types and disposes it under both.
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }
        await Local.DisposeAsync();
        foreach (EmbeddedPartition partition in _partitions)
        {
            await partition.DisposeAsync();
        }
        await _sources.DisposeAsync();
        await _alerts.SaveAsync();
        await _rest.DisposeAsync();
        await Events.DisposeAsync();
        if (_storage is not null)
        {
            await _storage.DisposeAsync();
        }
    }

    private RecordContext NewContext() => new() { Now = (uint)Clock.GetUtcNow().ToUnixTimeSeconds(), ServerUuid = ServerUuid, Sources = _sources };

    // A replay may have ended: no batch need come that would look.
    private async Task RenewFingerprintsAsync()
    {
        uint now = (uint)Clock.GetUtcNow().ToUnixTimeSeconds();
        foreach (EmbeddedPartition partition in _partitions)
        {
            IReadOnlyList<RaisedAlert> alerts = await partition.RenewFingerprintsAsync();
            await _rest.PostAsync(() => _alerts.Take(alerts, now));
        }
    }

    private Task SayAsync(string text, bool error)
    {
        Say([new(text, error ? MessageFlags.Error : MessageFlags.Info, (uint)Clock.GetUtcNow().ToUnixTimeSeconds())]);
        if (error)
        {
            _alerts.Report(SystemAlerts.SourceError(text));
        }
        return Task.CompletedTask;
    }
}
