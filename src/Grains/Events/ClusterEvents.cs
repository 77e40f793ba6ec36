using KismetOrleans.Engine.Events;

namespace KismetOrleans.Grains.Events;

/// <summary>
/// The live events of an API server: one subscription to the cluster for all of its clients, while they want something that the cluster has to tell.
/// </summary>
public sealed partial class ClusterEvents : BackgroundService, IEventSink, IEvents
{
    // Some of these may fail before the lease ends.
    private static readonly TimeSpan s_renewEvery = TimeSpan.FromSeconds(1);

    // Silos that are gone; what one of them still repeats then is told twice.
    private const int MaxFeeds = 1024;
    private readonly IGrainFactory _grains;
    private readonly TimeProvider _clock;
    private readonly ILogger<ClusterEvents> _logger;
    private readonly Guid _self = Guid.NewGuid();
    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly Dictionary<Guid, long> _feeds = [];
    private EventTopics _told;

    private readonly EventBus _bus;

    /// <summary>An API server without clients.</summary>
    /// <param name="grains">The cluster.</param>
    /// <param name="bus">Where the clients of this server listen.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logger">Where faults are logged.</param>
    public ClusterEvents(IGrainFactory grains, EventBus bus, TimeProvider clock, ILogger<ClusterEvents> logger)
    {
        (_grains, _bus, _clock, _logger) = (grains, bus, clock, logger);
        bus.WantedChanged = Signal;
    }

    // Which clients other servers have is not known here; what is told from here is rare.
    /// <inheritdoc/>
    public EventTopics Wanted => EventTopics.All;

    private IEventsGrain Directory => _grains.GetGrain<IEventsGrain>(0);

    /// <summary>Tells an event to the clients of all API servers, soon.</summary>
    public void Publish(ServerEvent happened) => _ = TellAsync(EventMessage.Of(happened));

    /// <inheritdoc/>
    public ValueTask TakeAsync(Guid feed, long sequence, EventMessage[] events)
    {
        lock (_feeds)
        {
            if (_feeds.GetValueOrDefault(feed) >= sequence)
            {
                return default;
            }
            if (_feeds.Count == MaxFeeds)
            {
                _feeds.Clear();
            }
            _feeds[feed] = sequence;
        }
        foreach (EventMessage happened in events)
        {
            _bus.Publish(happened.ToEvent());
        }
        return default;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _changed.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        IEventSink self = _grains.CreateObjectReference<IEventSink>(this);
        try
        {
            while (true)
            {
                _ = await _changed.WaitAsync(s_renewEvery, stoppingToken);
                try
                {
                    await RenewAsync(self);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    NotRenewed(_logger, e);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The way in which it ends; its lease ends by itself.
        }
        _grains.DeleteObjectReference<IEventSink>(self);
    }

    private async Task RenewAsync(IEventSink self)
    {
        EventTopics wanted = _bus.Wanted & ~EventTopics.Regular;
        if (wanted == EventTopics.None && _told == EventTopics.None)
        {
            return;
        }
        await Directory.RenewAsync(new() { Id = _self, Topics = wanted, Sink = self });
        _told = wanted;
    }

    private async Task TellAsync(EventMessage happened)
    {
        try
        {
            await Directory.TellAsync(happened);
        }
        catch (Exception e)
        {
            NotTold(_logger, happened.Topic, e);
        }
    }

    private void Signal()
    {
        try
        {
            _ = _changed.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // It is about to look anyway.
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "What live events this server wants could not be told to the cluster")]
    private static partial void NotRenewed(ILogger logger, Exception e);

    [LoggerMessage(2, LogLevel.Warning, "An event of {topic} could not be told to the cluster")]
    private static partial void NotTold(ILogger logger, EventTopics topic, Exception e);
}
