using KismetOrleans.Grains.Events;
using KismetOrleans.Records.Json;
using KismetOrleans.Silo.Sources;

namespace KismetOrleans.Silo.Events;

/// <summary>
/// The live events of an API server: one subscription to the cluster for all of its clients, while they want something that the cluster has to tell.
/// </summary>
public sealed partial class ClusterEvents : BackgroundService, IEventSink
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

    /// <summary>An API server without clients.</summary>
    public ClusterEvents(IGrainFactory grains, EventOptions options, SourceCache sources, TimeProvider clock, ILogger<ClusterEvents> logger)
    {
        (_grains, _clock, _logger) = (grains, clock, logger);
        Bus = new(options, () => new RecordContext
        {
            Now = (uint)clock.GetUtcNow().ToUnixTimeSeconds(),
            ServerUuid = sources.ServerUuid,
            Sources = sources,
        })
        {
            WantedChanged = Signal,
        };
    }

    /// <summary>Where clients listen.</summary>
    public EventBus Bus { get; }

    private IEventsGrain Directory => _grains.GetGrain<IEventsGrain>(0);

    /// <summary>Tells an event to the clients of all API servers, soon.</summary>
    public void Tell(ServerEvent happened) => _ = TellAsync(EventMessage.Of(happened));

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
            Bus.Publish(happened.ToEvent());
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
                    NotRenewed(_logger, e.Message);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The way in which it ends; its lease ends by itself.
        }
        _grains.DeleteObjectReference<IEventSink>(self);
        await Bus.DisposeAsync();
    }

    private async Task RenewAsync(IEventSink self)
    {
        EventTopics wanted = Bus.Wanted & ~EventTopics.Regular;
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
            NotTold(_logger, happened.Topic, e.Message);
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

    [LoggerMessage(1, LogLevel.Warning, "What live events this server wants could not be told to the cluster: {reason}")]
    private static partial void NotRenewed(ILogger logger, string reason);

    [LoggerMessage(2, LogLevel.Warning, "An event of {topic} could not be told to the cluster: {reason}")]
    private static partial void NotTold(ILogger logger, EventTopics topic, string reason);
}
