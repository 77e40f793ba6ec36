using KismetOrleans.Engine.Events;
using KismetOrleans.Grains.Leases;

namespace KismetOrleans.Grains.Events;

/// <summary>
/// The live events of one silo: it knows which API servers listen, so that its partitions make none that nobody wants, and has a queue for each of them.
/// </summary>
public sealed partial class EventHost(IGrainFactory grains, TimeProvider clock, ILogger<EventHost> logger) : LeaseWatcher<Guid, EventListener, EventPump>(clock), IEvents
{
    private uint _wanted;

    public EventTopics Wanted => (EventTopics)Volatile.Read(ref _wanted);

    public void Publish(ServerEvent happened)
    {
        EventMessage? message = null;
        foreach (EventPump pump in All)
        {
            if ((pump.Listener.Topics & happened.Topic) != 0)
            {
                pump.Offer(message ??= EventMessage.Of(happened));
            }
        }
    }

    protected override ValueTask<LeaseList<EventListener>> WatchAsync(Guid life, long version, CancellationToken cancellation) => grains.GetGrain<IEventsGrain>(0).WatchAsync(life, version, cancellation);

    protected override (bool Concerns, Guid Key) KeyOf(EventListener entry) => (true, entry.Id);

    protected override EventPump Begin(EventListener entry) => new(entry, Clock, logger);

    protected override void Renewed(EventPump use, EventListener entry) => use.Listener = entry;

    protected override void Changed() => Volatile.Write(ref _wanted, All.Aggregate(0U, static (wanted, pump) => wanted | (uint)pump.Listener.Topics));

    protected override Task EndAsync(EventPump use)
    {
        use.End();
        return Task.CompletedTask;
    }

    protected override void LogFault(Exception e) => NotWatched(logger, e);

    [LoggerMessage(1, LogLevel.Warning, "Who listens to live events is not known at the moment")]
    private static partial void NotWatched(ILogger logger, Exception e);
}
