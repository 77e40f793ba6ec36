using KismetOrleans.Packets.Protocol;
using KismetOrleans.Records.Datasources;

namespace KismetOrleans.Engine.Events;

/// <summary>What a change of a datasource's record tells.</summary>
public static class SourceEvents
{
    /// <summary>Tells what changed, where somebody listens.</summary>
    public static void Publish(this IEvents? events, DatasourceRecord before, DatasourceRecord after)
    {
        if (!events.Wants(EventTopics.OfSources))
        {
            return;
        }
        EventTopics topics = Between(before, after);
        string uuid = after.Uuid.ToString().ToUpperInvariant();
        foreach (EventTopics topic in (ReadOnlySpan<EventTopics>)
            [EventTopics.DatasourceOpened, EventTopics.DatasourceClosed, EventTopics.DatasourceError, EventTopics.DatasourcePaused, EventTopics.DatasourceResumed])
        {
            if ((topics & topic) != 0)
            {
                events!.Publish(new TextEvent(topic, uuid));
            }
        }
    }

    internal static EventTopics Between(DatasourceRecord before, DatasourceRecord after)
    {
        // Who closes a source has it in the error "disabled", as Kismet has; that is no fault.
        bool failed = after.Error && !before.Error && after.ErrorReason != Health.Disabled;
        EventTopics topics = failed ? EventTopics.DatasourceError : EventTopics.None;
        // A file that has come to its end stays running, as in Kismet, and is closed all the same: once.
        bool open = IsOpen(after);
        if (open != IsOpen(before))
        {
            topics |= open ? EventTopics.DatasourceOpened : failed ? EventTopics.None : EventTopics.DatasourceClosed;
        }
        if (after.Paused != before.Paused)
        {
            topics |= after.Paused ? EventTopics.DatasourcePaused : EventTopics.DatasourceResumed;
        }
        return topics;
    }

    private static bool IsOpen(DatasourceRecord source) => source is { Running: true, Replay: null or { Ended: false } };
}
