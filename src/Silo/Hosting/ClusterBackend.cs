using KismetOrleans.Api.Hosting;
using KismetOrleans.Grains.Alerts;
using KismetOrleans.Grains.Datasources;
using KismetOrleans.Grains.Events;
using KismetOrleans.Grains.Fingerprints;
using KismetOrleans.Grains.Gps;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Grains.Persistence;
using KismetOrleans.Grains.Server;
using KismetOrleans.Grains.Streams;
using KismetOrleans.Grains.Views;
using KismetOrleans.Grains.Watching;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Server;
using KismetOrleans.Silo.Channels;
using KismetOrleans.Silo.Events;
using KismetOrleans.Silo.Fingerprints;
using KismetOrleans.Silo.Partitions;
using KismetOrleans.Silo.Sources;
using KismetOrleans.Silo.Watching;

namespace KismetOrleans.Silo.Hosting;

/// <summary>The cluster as the API's chapters see it.</summary>
public sealed class ClusterBackend(
    IGrainFactory grains, ClusterSettings settings, SourceCache cache, TotalsReporter totals, StatusSampler status, TimeProvider clock,
    IPacketStreams streams, IAlerts alerts, IGps gps, IUserViews views, ClusterEvents events, IJournal? journal = null) : IBackend
{
    /// <inheritdoc/>
    public Guid ServerUuid => cache.ServerUuid;

    /// <inheritdoc/>
    public TimeProvider Clock => clock;

    /// <inheritdoc/>
    public IReadOnlyList<IDevicePartition> Partitions { get; } = new ClusterPartitions(grains, settings.Partitions);

    /// <inheritdoc/>
    public ISourceRegistry Sources { get; } = new ClusterSources(grains, cache);

    /// <inheritdoc/>
    public IPacketStreams Streams => streams;

    /// <inheritdoc/>
    public IAlerts Alerts => alerts;

    /// <inheritdoc/>
    public EventBus Events => events.Bus;

    /// <inheritdoc/>
    public IGps Gps => gps;

    /// <inheritdoc/>
    public IUserViews Views => views;

    /// <inheritdoc/>
    public IDeviceWatch Watch { get; } = new ClusterWatch(grains);

    /// <inheritdoc/>
    public IFingerprints Fingerprints { get; } = new ClusterFingerprints(grains);

    /// <inheritdoc/>
    public ISourceControl Control { get; } = new ClusterControl(new ClusterSources(grains, cache), cache);

    /// <inheritdoc/>
    public IReadOnlyList<DatasourceDriver> Drivers => SourceDrivers.All;

    /// <inheritdoc/>
    public DatasourceDefaults Defaults => SourceDrivers.Defaults;

    /// <inheritdoc/>
    public SystemStatus Status => status.Current;

    /// <inheritdoc/>
    public IJournal? Journal => journal;

    private ITotalsGrain Totals => grains.GetGrain<ITotalsGrain>(0);

    /// <inheritdoc/>
    public Task<long[]> PacketsByPhyAsync() => Totals.PacketsByPhyAsync().AsTask();

    /// <inheritdoc/>
    public Task<PacketStats> PacketStatsAsync() => Totals.PacketStatsAsync().AsTask();

    /// <inheritdoc/>
    public Task<ChannelMap> ChannelsAsync() => Totals.ChannelsAsync().AsTask();

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MessageRecord>> MessagesAsync(long since) => await Totals.MessagesAsync(since);

    /// <inheritdoc/>
    public void Say(IReadOnlyList<MessageRecord> messages) => totals.Say(messages);

    /// <inheritdoc/>
    public void BatchApplied(BatchOutcome outcome) => totals.BatchApplied(outcome);

    /// <inheritdoc/>
    public void Tell(ServerEvent happened) => events.Tell(happened);
}
