using KismetOrleans.Api.Sensors.RemoteCapture;
using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Channels;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Filters;
using KismetOrleans.Engine.Fingerprints;
using KismetOrleans.Engine.Gps;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Engine.Places;
using KismetOrleans.Engine.Presence;
using KismetOrleans.Engine.Server;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Engine.Views;
using KismetOrleans.Engine.Watching;
using KismetOrleans.Grains.Channels;
using KismetOrleans.Grains.Fingerprints;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Grains.Sources;
using KismetOrleans.Grains.Watching;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Api.Hosting;

/// <summary>The grains as the API's endpoints see them: those of this process and those of a cluster alike.</summary>
/// <param name="grains">The way to them.</param>
/// <param name="sources">The sources as this process knows them.</param>
/// <param name="totals">What this process adds to the counts and the message bus.</param>
/// <param name="status">Samples the server's state.</param>
/// <param name="control">What sources can be told.</param>
/// <param name="bus">Where the clients of this process listen.</param>
/// <param name="filters">What logs leave out.</param>
/// <param name="places">The sites that are watched.</param>
/// <param name="remote">How Kismet's capture programs are taken.</param>
/// <param name="journal">Where posts stand; null where nothing is kept on disk.</param>
/// <param name="host">The partitions of this process; null where it has no silo.</param>
/// <param name="fingerprints">The fingerprints of this process's silo; null where it has none.</param>
/// <param name="presence">Who was where, as far as that is saved; null where nothing is.</param>
internal sealed class Backend(
    IGrainFactory grains, PartitionOptions partitions, SourceCache sources, ISourceRegistry registry, TotalsReporter totals, StatusSampler status, TimeProvider clock,
    IPacketStreams streams, IAlerts alerts, IGps gps, IUserViews views, ISourceControl control, EventBus bus, IEvents events, IFilters filters, IPlaces places, RemoteOptions remote,
    IJournal? journal = null, PartitionHost? host = null, FingerprintCache? fingerprints = null, IPresenceStore? presence = null) : IBackend
{
    public Guid ServerUuid => sources.ServerUuid;

    public TimeProvider Clock => clock;

    public PresenceReader Presence => field ??= new(Partitions, presence);

    public IReadOnlyList<IDevicePartition> Partitions { get; } = host?.PartitionsOf(grains) ?? new ClusterPartitions(grains, partitions.Count);

    public ISourceRegistry Sources => registry;

    public IPacketStreams Streams => streams;

    public IAlerts Alerts => alerts;

    public EventBus Events => bus;

    public IGps Gps => gps;

    public IUserViews Views => views;

    public IDeviceWatch Watch { get; } = new ClusterWatch(grains);

    public IFingerprints Fingerprints { get; } = new ClusterFingerprints(grains, fingerprints);

    public IFilters Filters => filters;

    public IPlaces Places => places;

    public ISourceControl Control => control;

    public IReadOnlyList<DatasourceDriver> Drivers => SourceDrivers.All;

    public DatasourceDefaults Defaults { get; } = remote.ListenAt() is { } place
        ? SourceDrivers.Defaults with { RemoteListen = place.Address.ToString(), RemotePort = (uint)place.Port, RemoteTimestamp = remote.OverrideTimestamp }
        : SourceDrivers.Defaults with { RemoteTimestamp = remote.OverrideTimestamp };

    public SystemStatus Status => status.Current;

    public IJournal? Journal => journal;

    private ITotalsGrain Totals => grains.GetGrain<ITotalsGrain>(0);

    public async Task<long[]> PacketsByPhyAsync(CancellationToken cancellation = default)
    {
        long[] counts = await Totals.PacketsByPhyAsync(cancellation);
        foreach (DatasourceRecord source in Sources.All)
        {
            for (int i = 0; i < Math.Min(counts.Length, source.PacketsByPhy.Length); i++)
            {
                counts[i] += source.PacketsByPhy[i];
            }
        }
        return counts;
    }

    public async Task<PacketStats> PacketStatsAsync(CancellationToken cancellation = default)
    {
        await totals.FlushAsync();
        return await Totals.PacketStatsAsync(cancellation);
    }

    public async Task<IReadOnlyList<TrendPoint>> TrendsAsync(TrendSpan span, CancellationToken cancellation = default)
    {
        await totals.FlushAsync();
        return await Totals.TrendsAsync(span, cancellation);
    }

    public async Task<ChannelMap> ChannelsAsync(CancellationToken cancellation = default)
    {
        await totals.FlushAsync();
        return await Totals.ChannelsAsync(cancellation);
    }

    public async Task<IReadOnlyList<MessageRecord>> MessagesAsync(long since, CancellationToken cancellation = default)
    {
        await totals.FlushAsync();
        return await Totals.MessagesAsync(since, cancellation);
    }

    public void Publish(IReadOnlyList<MessageRecord> messages) => totals.Publish(messages);

    public void BatchApplied(BatchOutcome outcome) => totals.BatchApplied(outcome);

    public void Publish(ServerEvent happened) => events.Publish(happened);
}
