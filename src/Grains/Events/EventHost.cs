using KismetOrleans.Engine.Events;

namespace KismetOrleans.Grains.Events;

/// <summary>
/// The live events of one silo: it knows which API servers listen, so that its partitions make none that nobody wants, and has a queue for each of them.
/// </summary>
public sealed partial class EventHost(IGrainFactory grains, TimeProvider clock, ILogger<EventHost> logger) : BackgroundService, IEvents
{
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromMilliseconds(250);
    private readonly Lock _applying = new();
    private readonly Dictionary<Guid, Known> _known = [];
    private volatile EventPump[] _pumps = [];
    private uint _wanted;
    private Guid _life;
    private long _version = -1;

    /// <inheritdoc/>
    public EventTopics Wanted => (EventTopics)Volatile.Read(ref _wanted);

    /// <inheritdoc/>
    public void Publish(ServerEvent happened)
    {
        EventMessage? message = null;
        foreach (EventPump pump in _pumps)
        {
            if ((pump.Listener.Topics & happened.Topic) != 0)
            {
                pump.Offer(message ??= EventMessage.Of(happened));
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                Apply(await grains.GetGrain<IEventsGrain>(0).WatchAsync(_life, _version).AsTask().WaitAsync(stoppingToken));
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                // Who listened goes on listening.
                NotWatched(logger, e);
                await Task.Delay(s_retryAfter, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        foreach (EventPump pump in _pumps)
        {
            pump.End();
        }
    }

    private void Apply(EventListeners now)
    {
        lock (_applying)
        {
            if (now.Life == _life && now.Version < _version)
            {
                return;
            }
            (_life, _version) = (now.Life, now.Version);
            HashSet<Guid> listening = [];
            foreach (EventListener listener in now.Entries)
            {
                _ = listening.Add(listener.Id);
                if (!_known.TryGetValue(listener.Id, out Known? known))
                {
                    _known[listener.Id] = known = new(new(listener, clock, logger));
                }
                known.Pump.Listener = listener;
                known.Life = now.Life;
            }
            foreach ((Guid id, Known known) in _known)
            {
                if (!listening.Contains(id) && (known.Life == now.Life || now.IsComplete))
                {
                    _ = _known.Remove(id);
                    known.Pump.End();
                }
            }
            _pumps = [.. _known.Values.Select(static known => known.Pump)];
            Volatile.Write(ref _wanted, _pumps.Aggregate(0U, static (wanted, pump) => wanted | (uint)pump.Listener.Topics));
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Who listens to live events is not known at the moment")]
    private static partial void NotWatched(ILogger logger, Exception e);

    private sealed class Known(EventPump pump)
    {
        public readonly EventPump Pump = pump;

        // The life of the directory that had it last.
        public Guid Life;
    }
}
