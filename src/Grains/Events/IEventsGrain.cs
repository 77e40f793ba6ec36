using KismetOrleans.Grains.Leases;

namespace KismetOrleans.Grains.Events;

/// <summary>Which API servers want which events: one grain, key 0. Events themselves go from each silo straight to the servers.</summary>
[Alias("KismetOrleans.IEventsGrain")]
public interface IEventsGrain : IGrainWithIntegerKey
{
    /// <summary>Tells what a server wants; it is forgotten when this is not repeated for some seconds.</summary>
    [Alias("Renew")]
    ValueTask RenewAsync(EventListener listener);

    /// <summary>The servers that want something, for silos; waits for about a second while nothing changes.</summary>
    /// <param name="life">The life of the directory that the version is of; of another one everything is new.</param>
    /// <param name="version">The version that is known.</param>
    /// <param name="cancellation">Nobody waits any more.</param>
    [Alias("Watch")]
    ValueTask<LeaseList<EventListener>> WatchAsync(Guid life, long version, CancellationToken cancellation = default);

    /// <summary>Tells an event that an API server brought to light, seldom ones such as of its logs.</summary>
    [Alias("Tell")]
    ValueTask PublishAsync([Immutable] EventMessage happened);
}
