using KismetOrleans.Engine.Events;
using Orleans.Concurrency;

namespace KismetOrleans.Grains.Events;

/// <summary>The directory of listening API servers; reentrant, since silos wait in it for changes.</summary>
[Reentrant]
[CollectionAgeLimit(AlwaysActive = true)]
public sealed class EventsGrain(IEvents events, TimeProvider clock) : Grain, IEventsGrain
{
    private static readonly TimeSpan s_watchFor = TimeSpan.FromSeconds(1);
    private readonly EventDirectory _directory = new(clock);
    private TaskCompletionSource _changed = NewSignal();
    private long _signalled;

    /// <inheritdoc/>
    public ValueTask RenewAsync(EventListener listener)
    {
        _directory.Renew(listener);
        Signal();
        return default;
    }

    /// <inheritdoc/>
    public async ValueTask<EventListeners> WatchAsync(Guid life, long version)
    {
        EventListeners now = _directory.Read();
        if (now.Life == life && now.Version == version)
        {
            _ = await Task.WhenAny(_changed.Task, Task.Delay(s_watchFor, clock));
            now = _directory.Read();
        }
        Signal();
        return now;
    }

    /// <inheritdoc/>
    public ValueTask TellAsync(EventMessage happened)
    {
        events.Publish(happened.ToEvent());
        return default;
    }

    private void Signal()
    {
        if (_signalled != _directory.Version)
        {
            _signalled = _directory.Version;
            TaskCompletionSource changed = _changed;
            _changed = NewSignal();
            changed.SetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
