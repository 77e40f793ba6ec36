using KismetOrleans.Engine.Operations;
using KismetOrleans.Grains.Leases;

namespace KismetOrleans.Grains.Events;

/// <summary>
/// A silo's events for one API server: a queue, bounded in events and bytes, and one call at a time that empties it. What does not fit is lost to that
/// server alone, and counted. Thread-safe.
/// </summary>
public sealed partial class EventPump
{
    // As much as a server's bus takes at once.
    private const int MaxWaiting = 16_384;
    private const int MaxWaitingBytes = 16 << 20;

    // A call with this much takes long enough that its way costs little.
    private const int CallBytes = 1 << 20;

    // What comes within this time goes in one call; nobody sees an event so much later.
    private static readonly TimeSpan s_gatherFor = TimeSpan.FromMilliseconds(50);
    private readonly Feed _feed;
    private readonly CancellationTokenSource _over = new();
    private readonly SemaphoreSlim _some = new(0);
    private readonly Queue<EventMessage> _waiting = new();
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private volatile EventListener _listener;
    private int _bytes;

    /// <summary>Begins to send.</summary>
    public EventPump(EventListener listener, TimeProvider clock, ILogger logger)
    {
        (_listener, _clock, _logger) = (listener, clock, logger);
        _feed = new(clock, e => NotSent(_logger, _listener.Id, e), _over.Token);
        _ = Task.Run(RunAsync);
    }

    /// <summary>What its server wants now.</summary>
    public EventListener Listener
    {
        get => _listener;
        set => _listener = value;
    }

    /// <summary>Takes an event that its server wants.</summary>
    internal void Offer(in EventMessage happened)
    {
        lock (_waiting)
        {
            if (_waiting.Count == MaxWaiting || _bytes + happened.Size > MaxWaitingBytes)
            {
                Meters.EventsLost(EventLoss.Silo, 1);
                return;
            }
            _waiting.Enqueue(happened);
            _bytes += happened.Size;
            if (_waiting.Count > 1)
            {
                return;
            }
        }
        _ = _some.Release();
    }

    /// <summary>Ends; what waits is of no use any more.</summary>
    internal void End() => _over.Cancel();

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _some.WaitAsync(_over.Token);
                await Task.Delay(s_gatherFor, _clock, _over.Token);
                for (EventMessage[] events = Take(); events.Length > 0; events = Take())
                {
                    await _feed.SendAsync((feed, sequence) => _listener.Sink.TakeAsync(feed, sequence, events).AsTask());
                }
            }
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // The way in which it ends.
        }
    }

    private EventMessage[] Take()
    {
        lock (_waiting)
        {
            List<EventMessage> taken = [];
            for (int bytes = 0; bytes < CallBytes && _waiting.TryDequeue(out EventMessage next); bytes += next.Size)
            {
                taken.Add(next);
                _bytes -= next.Size;
            }
            return [.. taken];
        }
    }

    [LoggerMessage(2, LogLevel.Warning, "Live events for API server {id} are sent again")]
    private static partial void NotSent(ILogger logger, Guid id, Exception e);
}
