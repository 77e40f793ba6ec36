using KismetOrleans.Engine.Events;
using KismetOrleans.Grains.Leases;

namespace KismetOrleans.Grains.Events;

/// <summary>
/// The live events of an API server: one subscription to the cluster for all of its clients, while they want something that the cluster has to tell.
/// </summary>
public sealed partial class ClusterEvents : PeriodicService, IEventSink, IEvents
{
    private readonly IGrainFactory _grains;
    private readonly ILogger<ClusterEvents> _logger;
    private readonly Guid _id = Guid.NewGuid();
    private readonly Repetitions _taken = new();
    private readonly EventBus _bus;
    private IEventSink? _self;
    private EventTopics _wantedThere;

    /// <summary>An API server without clients.</summary>
    /// <param name="bus">Where the clients of this server listen.</param>
    /// <param name="logger">Where faults are logged.</param>
    public ClusterEvents(IGrainFactory grains, EventBus bus, TimeProvider clock, ILogger<ClusterEvents> logger)
        : base(Lease.RenewEvery, clock)
    {
        (_grains, _bus, _logger) = (grains, bus, logger);
        bus.WantedChanged = () => _ = RenewSoonAsync();
    }

    // Which clients other servers have is not known here; what is told from here is rare.
    public EventTopics Wanted => EventTopics.All;

    private IEventsGrain Directory => _grains.GetGrain<IEventsGrain>(0);

    private EventTopics WantedOfCluster => _bus.Wanted & ~EventTopics.Regular;

    /// <summary>Tells an event to the clients of all API servers, soon.</summary>
    public void Publish(ServerEvent happened) => _ = PublishAsync(EventMessage.Of(happened));

    public ValueTask TakeAsync(Guid feed, long sequence, EventMessage[] events)
    {
        if (!_taken.Has(feed, sequence))
        {
            foreach (EventMessage happened in events)
            {
                _bus.Publish(happened.ToEvent());
            }
        }
        return default;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_self is { } self)
        {
            // Its lease ends by itself.
            _grains.DeleteObjectReference<IEventSink>(self);
        }
    }

    protected override async Task DoAsync()
    {
        EventTopics wanted = WantedOfCluster;
        if (wanted == EventTopics.None && _wantedThere == EventTopics.None)
        {
            return;
        }
        _self ??= _grains.CreateObjectReference<IEventSink>(this);
        await Directory.RenewAsync(new() { Id = _id, Topics = wanted, Sink = _self });
        _wantedThere = wanted;
    }

    protected override void LogFault(Exception e) => NotRenewed(_logger, e);

    private async Task RenewSoonAsync()
    {
        try
        {
            await DoNowAsync(() => WantedOfCluster == _wantedThere);
        }
        catch (Exception e)
        {
            // The next round says it again.
            LogFault(e);
        }
    }

    private async Task PublishAsync(EventMessage happened)
    {
        try
        {
            await Directory.PublishAsync(happened);
        }
        catch (Exception e)
        {
            PublishFailed(_logger, happened.Topic, e);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "What live events this server wants could not be told to the cluster")]
    private static partial void NotRenewed(ILogger logger, Exception e);

    [LoggerMessage(2, LogLevel.Warning, "An event of {topic} could not be told to the cluster")]
    private static partial void PublishFailed(ILogger logger, EventTopics topic, Exception e);
}
