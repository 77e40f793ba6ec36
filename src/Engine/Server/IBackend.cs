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
using KismetOrleans.Engine.Streams;
using KismetOrleans.Engine.Views;
using KismetOrleans.Engine.Watching;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Server;

/// <summary>What the API asks of the backend, whether it runs in this process or in a cluster.</summary>
public interface IBackend
{
    /// <summary>The server's identity.</summary>
    Guid ServerUuid { get; }

    /// <summary>The server's clock.</summary>
    TimeProvider Clock { get; }

    IReadOnlyList<IDevicePartition> Partitions { get; }

    ISourceRegistry Sources { get; }

    /// <summary>Exports of live packets.</summary>
    IPacketStreams Streams { get; }

    IAlerts Alerts { get; }

    /// <summary>Live events, for this process's own clients.</summary>
    EventBus Events { get; }

    /// <summary>Where the server is, and what tells it.</summary>
    IGps Gps { get; }

    IUserViews Views { get; }

    /// <summary>Devices whose coming and going raise alerts.</summary>
    IDeviceWatch Watch { get; }

    /// <summary>How Wi-Fi devices are expected to look.</summary>
    IFingerprints Fingerprints { get; }

    /// <summary>What kismetdb logs and the packet history leave out.</summary>
    IFilters Filters { get; }

    /// <summary>The sites that are watched.</summary>
    IPlaces Places { get; }

    /// <summary>What datasources can be told.</summary>
    ISourceControl Control { get; }

    /// <summary>Kinds of datasources that this server can open.</summary>
    IReadOnlyList<DatasourceDriver> Drivers { get; }

    DatasourceDefaults Defaults { get; }

    /// <summary>State of the server, refreshed about once a second.</summary>
    SystemStatus Status { get; }

    Task<long[]> PacketsByPhyAsync(CancellationToken cancellation = default);

    Task<PacketStats> PacketStatsAsync(CancellationToken cancellation = default);

    /// <summary>What was seen by minute, hour or day, oldest first.</summary>
    Task<IReadOnlyList<TrendPoint>> TrendsAsync(TrendSpan span, CancellationToken cancellation = default);

    PresenceReader Presence { get; }

    /// <summary>Use of frequencies and channels.</summary>
    Task<ChannelMap> ChannelsAsync(CancellationToken cancellation = default);

    /// <summary>Messages newer than a Unix second, oldest first; negative for all.</summary>
    Task<IReadOnlyList<MessageRecord>> MessagesAsync(long since, CancellationToken cancellation = default);

    /// <summary>Where posts stand until the partitions have them on disk; null where nothing is kept on disk.</summary>
    IJournal? Journal { get; }

    /// <summary>Puts messages on the message bus.</summary>
    void Publish(IReadOnlyList<MessageRecord> messages);

    /// <summary>Tells an event to the listeners of all API servers.</summary>
    void Publish(ServerEvent happened);

    /// <summary>Takes note of what applying a batch brought to light.</summary>
    void BatchApplied(BatchOutcome outcome);
}
