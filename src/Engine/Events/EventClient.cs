using System.Threading.Channels;
using KismetOrleans.Engine.Operations;

namespace KismetOrleans.Engine.Events;

/// <summary>
/// A listener: what it subscribed to, and the messages that wait for it. Its queue is bounded in messages and bytes; what does not fit is dropped
/// for this listener alone, and counted. Thread-safe; one reader.
/// </summary>
public sealed class EventClient : IDisposable
{
    private readonly EventBus _bus;
    private readonly EventOptions _options;
    private readonly MemoryBudget? _memory;
    private readonly Lock _changing = new();
    private readonly Channel<ReadOnlyMemory<byte>> _queue = Channel.CreateUnbounded<ReadOnlyMemory<byte>>(new() { SingleReader = true });
    private volatile Dictionary<EventTopics, EventShape> _shapes = [];
    private int _waiting;
    private long _bytes;
    private long _dropped;

    internal EventClient(EventBus bus, EventOptions options, MemoryBudget? memory) => (_bus, _options, _memory) = (bus, options, memory);

    /// <summary>Messages that found no room.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Messages that wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    internal EventTopics Wanted
    {
        get
        {
            EventTopics wanted = EventTopics.None;
            foreach (EventTopics topics in _shapes.Keys)
            {
                wanted |= topics;
            }
            return wanted;
        }
    }

    /// <summary>Subscribes to a topic, or to <see cref="EventTopics.All"/>; a subscription to the same is replaced.</summary>
    public void Subscribe(EventTopics topics, EventShape shape) => Change(shapes => shapes[topics] = shape);

    /// <summary>Ends a subscription.</summary>
    public void Unsubscribe(EventTopics topics) => Change(shapes => shapes.Remove(topics));

    /// <summary>Waits for the next message: UTF-8 JSON.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> message = await _queue.Reader.ReadAsync(cancellation);
        _ = Interlocked.Decrement(ref _waiting);
        Free(message.Length);
        return message;
    }

    /// <summary>Listens no more.</summary>
    public void Dispose()
    {
        lock (_changing)
        {
            _shapes = [];
            _ = _queue.Writer.TryComplete();
        }
        _bus.Remove(this);
        while (_queue.Reader.TryRead(out ReadOnlyMemory<byte> message))
        {
            Free(message.Length);
        }
    }

    private void Free(int bytes)
    {
        _ = Interlocked.Add(ref _bytes, -bytes);
        _memory?.Return(bytes);
    }

    /// <summary>How it wants an event; null when it does not. A subscription to the topic counts before one to everything, so that it comes once.</summary>
    internal EventShape? ShapeOf(EventTopics topic)
    {
        Dictionary<EventTopics, EventShape> shapes = _shapes;
        return shapes.TryGetValue(topic, out EventShape? shape) || shapes.TryGetValue(EventTopics.All, out shape) ? shape : null;
    }

    /// <summary>Puts a message into its queue, if there is room.</summary>
    internal void Offer(ReadOnlyMemory<byte> message)
    {
        // Called by the bus alone, one at a time, so the bounds hold.
        if (Volatile.Read(ref _waiting) >= _options.QueueEvents || Volatile.Read(ref _bytes) + message.Length > _options.QueueBytes
            || _memory?.TryTake(message.Length) == false)
        {
            _ = Interlocked.Increment(ref _dropped);
            Meters.EventsLost(EventLoss.Client, 1);
            return;
        }
        _ = Interlocked.Increment(ref _waiting);
        _ = Interlocked.Add(ref _bytes, message.Length);
        if (!_queue.Writer.TryWrite(message))
        {
            // It listens no more.
            Free(message.Length);
        }
    }

    private void Change(Action<Dictionary<EventTopics, EventShape>> change)
    {
        lock (_changing)
        {
            Dictionary<EventTopics, EventShape> shapes = new(_shapes);
            change(shapes);
            _shapes = shapes;
        }
        _bus.Count();
    }
}
