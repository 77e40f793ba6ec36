using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Gps;
using KismetOrleans.Engine.Server;
using KismetOrleans.Grains;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Api.Events;

/// <summary>The events that come once a second, made by each server for its own clients, and only those that somebody wants.</summary>
internal sealed partial class RegularEvents(IBackend backend, StatusSampler sampler, ILogger<RegularEvents> logger)
    : PeriodicService(TimeSpan.FromSeconds(1), backend.Clock)
{
    private readonly bool[] _knownPhys = new bool[Phy.All.Count];
    private bool _anyKnown;
    private bool _complained;

    protected override async Task DoAsync()
    {
        EventBus events = backend.Events;
        LookForPhys(events);
        if (!events.Wants(EventTopics.Regular))
        {
            return;
        }
        events.Publish(new RecordEvent<Timestamp>(EventTopics.Timestamp, TimestampTable.Table, Timestamp.Of(Clock.GetUtcNow())));
        events.Publish(new RecordEvent<SystemStatus>(EventTopics.Battery, EventTables.Battery, backend.Status));
        events.Publish(new RecordEvent<SystemStatus>(EventTopics.Statistics, EventTables.Statistics, backend.Status));
        // What must be asked for, of a cluster that may not answer at the moment, comes last.
        if (events.Wants(EventTopics.GpsLocation))
        {
            GeoPoint point = GpsChoice.Best(await backend.Gps.ListAsync()) ?? GeoPoint.Unknown;
            events.Publish(new RecordEvent<GeoPoint>(EventTopics.GpsLocation, GeoPointTable.WithMotion, point));
        }
        if (events.Wants(EventTopics.PacketChainStats))
        {
            events.Publish(new RecordEvent<PacketStats>(EventTopics.PacketChainStats, PacketStatsTable.Table, await backend.PacketStatsAsync()));
        }
        _complained = false;
    }

    protected override void LogFault(Exception e)
    {
        if (!_complained)
        {
            NotAsked(logger, e);
        }
        _complained = true;
    }

    // Kismet tells phys as they are registered, when nobody can listen yet. Here they are all there from the start, and the first device of each is told.
    private void LookForPhys(EventBus events)
    {
        IReadOnlyList<long> devices = sampler.DevicesByPhy;
        for (int i = 0; i < devices.Count; i++)
        {
            if (devices[i] > 0 && !_knownPhys[i])
            {
                _knownPhys[i] = true;
                if (_anyKnown && events.Wants(EventTopics.NewPhy))
                {
                    events.Publish(new TextEvent(EventTopics.NewPhy, Phy.All[i].Name));
                }
            }
        }
        // What the first sample has was there before.
        _anyKnown |= devices.Count > 0;
    }

    [LoggerMessage(1, LogLevel.Warning, "Positions or rates for live events are not known at the moment")]
    private static partial void NotAsked(ILogger logger, Exception e);
}
