using KismetOrleans.Engine.Events;
using KismetOrleans.Grains.Leases;
using Orleans.Concurrency;

namespace KismetOrleans.Grains.Events;

/// <summary>The directory of listening API servers; reentrant, since silos wait in it for changes.</summary>
[Reentrant]
[CollectionAgeLimit(AlwaysActive = true)]
public sealed class EventsGrain(IEvents events, TimeProvider clock) : Grain, IEventsGrain
{
    private readonly LeaseDirectory<Guid, EventListener> _listeners = new(clock, static (one, other) => one.Topics == other.Topics);

    public ValueTask RenewAsync(EventListener listener)
    {
        if (listener.Topics == EventTopics.None)
        {
            _ = _listeners.End(listener.Id, out _);
        }
        else
        {
            _listeners.Renew(listener.Id, listener);
        }
        return default;
    }

    public ValueTask<LeaseList<EventListener>> WatchAsync(Guid life, long version, CancellationToken cancellation) => _listeners.WatchAsync(life, version, cancellation);

    public ValueTask PublishAsync(EventMessage happened)
    {
        events.Publish(happened.ToEvent());
        return default;
    }
}
