namespace KismetOrleans.Grains.Events;

/// <summary>An API server as silos see it when they have events for it.</summary>
[Alias("KismetOrleans.IEventSink")]
public interface IEventSink : IGrainObserver
{
    /// <summary>Takes events of a silo. A call that is repeated counts once.</summary>
    /// <param name="feed">Identity of the silo's queue for this server.</param>
    /// <param name="sequence">Number of the call, from 1; one that may have been lost is repeated with its number.</param>
    /// <param name="events">What happened, in order.</param>
    [Alias("Take")]
    [ResponseTimeout("00:00:05")]
    ValueTask TakeAsync(Guid feed, long sequence, [Immutable] EventMessage[] events);
}
