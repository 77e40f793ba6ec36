using KismetOrleans.Engine.Events;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Messages;

/// <summary>The newest messages of the server. Not thread-safe: it stands behind a queue.</summary>
public sealed class MessageRing
{
    /// <summary>Messages kept, as the API documents.</summary>
    public const int Capacity = 50;

    private readonly Queue<MessageRecord> _messages = new(Capacity);

    /// <summary>Who is told of what is added; null, as before what was kept is read again, for nobody.</summary>
    public IEvents? Events { private get; set; }

    /// <summary>Adds messages, oldest first; the oldest kept ones make room.</summary>
    public void Add(IEnumerable<MessageRecord> messages)
    {
        IEvents? listeners = Events.Wants(EventTopics.Message) ? Events : null;
        foreach (MessageRecord message in messages)
        {
            if (_messages.Count == Capacity)
            {
                _messages.Dequeue();
            }
            _messages.Enqueue(message);
            listeners?.Publish(ServerEvents.Of(message));
        }
    }

    /// <summary>Messages that are newer than a Unix second, oldest first; negative for all.</summary>
    public IReadOnlyList<MessageRecord> Since(long second) => [.. _messages.Where(message => message.Seconds > second)];
}
