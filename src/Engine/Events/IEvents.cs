namespace KismetOrleans.Engine.Events;

/// <summary>Where live events go. Thread-safe; never waits.</summary>
public interface IEvents
{
    /// <summary>
    /// Topics that somebody listens to. Look here before making an event: without a listener nothing may be made. Partitions ask once a batch.
    /// </summary>
    EventTopics Wanted { get; }

    /// <summary>Tells an event to whoever listens; what finds no room is dropped and counted.</summary>
    void Publish(ServerEvent happened);
}

/// <summary>Events and who wants them.</summary>
public static class EventExtensions
{
    /// <summary>Whether somebody listens to one of some topics.</summary>
    public static bool Wants(this IEvents? events, EventTopics topics) => events is not null && (events.Wanted & topics) != 0;

    /// <summary>Tells several events.</summary>
    public static void Publish(this IEvents events, IReadOnlyList<ServerEvent> happened)
    {
        for (int i = 0; i < happened.Count; i++)
        {
            events.Publish(happened[i]);
        }
    }
}
