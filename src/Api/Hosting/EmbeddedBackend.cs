using KismetOrleans.Grains;
using KismetOrleans.Grains.Channels;
using KismetOrleans.Grains.Datasources;
using KismetOrleans.Grains.Embedded;
using KismetOrleans.Grains.Messages;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Grains.Server;
using KismetOrleans.Grains.Streams;
using KismetOrleans.Grains.Tracking;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Devices;
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
    private readonly MessageRing _messages = new();
    private readonly ChannelUsage _channels = new();
    private readonly PacketStats _stats = new();
    private readonly long[] _packetsByPhy = new long[Phy.All.Count];
    private readonly SourceDirectory _sources = new();
    private readonly StatusSampler _status;
    private readonly PacketTaps _taps;

    /// <summary>A backend without devices.</summary>
    public EmbeddedBackend(
        TrackingOptions tracking, StreamOptions streams, IManufacturers manufacturers, TimeProvider clock, StatusSampler status)
    {
        Clock = clock;
        _taps = new(streams);
        Streams = new EmbeddedStreams(_taps, streams, clock);
        _status = status;
        int count = Math.Clamp(Environment.ProcessorCount, 1, MaxPartitions);
        PartitionEnvironment environment = new(count, tracking, manufacturers, _sources, ServerUuid, clock);
        _partitions = [.. Enumerable.Range(0, count).Select(i => new EmbeddedPartition(new DevicePartition(i, environment)))];
    }

    /// <inheritdoc/>
    public Guid ServerUuid { get; } = Guid.NewGuid();

    /// <inheritdoc/>
    public TimeProvider Clock { get; }

    /// <inheritdoc/>
    public IReadOnlyList<IDevicePartition> Partitions => _partitions;

    /// <inheritdoc/>
    public ISourceDirectory Sources => _sources;

    /// <inheritdoc/>
    public IPacketStreams Streams { get; }

    /// <inheritdoc/>
    public IReadOnlyList<DatasourceDriver> Drivers => SourceDrivers.All;

    /// <inheritdoc/>
    public DatasourceDefaults Defaults => SourceDrivers.Defaults;

    /// <inheritdoc/>
    public SystemStatus Status => _status.Current;

    /// <summary>Adds a datasource.</summary>
    /// <param name="create">Makes its first record from the number that it gets.</param>
    public Datasource AddSource(Func<ushort, DatasourceRecord> create) =>
        _sources.Add(number => new(create(number), _partitions, this, Clock) { Taps = _taps });

    /// <inheritdoc/>
    public void BatchAccepted(in BatchSummary batch)
    {
        BatchSummary summary = batch;
        _ = _rest.PostAsync(() => Count(summary));
    }

    /// <inheritdoc/>
    public void BatchApplied(BatchOutcome outcome) => _ = _rest.PostAsync(() =>
    {
        _messages.Add(outcome.Messages);
        _stats.Duplicates.Add(outcome.Clock, outcome.Duplicates);
    });

    /// <summary>Puts messages on the message bus.</summary>
    public void Say(IReadOnlyList<MessageRecord> messages) => _ = _rest.PostAsync(() => _messages.Add(messages));

    /// <inheritdoc/>
    public Task<long[]> PacketsByPhyAsync() => _rest.PostAsync(() => (long[])_packetsByPhy.Clone());

    /// <inheritdoc/>
    public Task<PacketStats> PacketStatsAsync() => _rest.PostAsync(_stats.Copy);

    /// <inheritdoc/>
    public Task<ChannelMap> ChannelsAsync() => _rest.PostAsync(_channels.Read);

    /// <inheritdoc/>
    public Task<IReadOnlyList<MessageRecord>> MessagesAsync(long since) => _rest.PostAsync(() => _messages.Since(since));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (EmbeddedPartition partition in _partitions)
        {
            await partition.DisposeAsync();
        }
        await _rest.DisposeAsync();
    }

    private void Count(BatchSummary batch)
    {
        _channels.Add(batch.Frequencies, batch.Clock);
        _stats.Peak.Add(batch.Clock, batch.Packets);
        _stats.Packets.Add(batch.Clock, batch.Packets);
        _stats.Processed.Add(batch.Clock, batch.Packets);
        _stats.Errors.Add(batch.Clock, batch.Errors);
        for (int i = 0; i < _packetsByPhy.Length; i++)
        {
            _packetsByPhy[i] += batch.ByPhy[i];
        }
    }
}
