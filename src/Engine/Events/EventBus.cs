using System.Threading.Channels;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Engine.Events;

/// <summary>
/// The live events of a server that has clients. Whoever publishes hands over what happened and goes on; one worker writes each event once for each
/// shape that somebody wants, and offers it to the listeners' queues. Thread-safe.
/// </summary>
public sealed class EventBus : IEvents, IAsyncDisposable
{
    // What may wait for the worker. It writes some ten thousand devices a second; what comes faster than that for long is lost to everybody.
    private const int MaxWaiting = 16_384;
    private const long MaxWaitingBytes = 32 << 20;
    private readonly EventOptions _options;
    private readonly Func<RecordContext> _context;
    private readonly MemoryBudget? _memory;
    private readonly Channel<ServerEvent> _waiting = Channel.CreateBounded<ServerEvent>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly Lock _changing = new();
    private readonly Task _worker;
    private volatile EventClient[] _clients = [];
    private uint _wanted;
    private long _bytes;

    /// <summary>A bus without listeners.</summary>
    /// <param name="context">What records need to know of the server; asked for once an event.</param>
    /// <param name="memory">What waits for all listeners, and for others; null for any amount.</param>
    public EventBus(EventOptions options, Func<RecordContext> context, MemoryBudget? memory = null)
    {
        (_options, _context, _memory) = (options, context, memory);
        _worker = Task.Run(WorkAsync);
    }

    /// <summary>Called when <see cref="Wanted"/> has changed; must not wait.</summary>
    public Action? WantedChanged { private get; set; }

    public EventTopics Wanted => (EventTopics)Volatile.Read(ref _wanted);

    public int Clients => _clients.Length;

    /// <summary>Adds a listener without subscriptions. Dispose it at its end.</summary>
    public EventClient Open()
    {
        EventClient client = new(this, _options, _memory);
        lock (_changing)
        {
            _clients = [.. _clients, client];
        }
        return client;
    }

    public void Publish(ServerEvent happened)
    {
        if ((Wanted & happened.Topic) == 0)
        {
            return;
        }
        if (Interlocked.Add(ref _bytes, happened.Bytes) > MaxWaitingBytes || !_waiting.Writer.TryWrite(happened))
        {
            _ = Interlocked.Add(ref _bytes, -happened.Bytes);
            Meters.EventsLost(EventLoss.Bus, 1);
        }
    }

    /// <summary>Writes what waits, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _ = _waiting.Writer.TryComplete();
        await _worker;
    }

    internal void Remove(EventClient client)
    {
        lock (_changing)
        {
            _clients = [.. _clients.Where(other => other != client)];
        }
        Count();
    }

    internal void Count()
    {
        bool changed;
        lock (_changing)
        {
            EventTopics wanted = EventTopics.None;
            foreach (EventClient client in _clients)
            {
                wanted |= client.Wanted;
            }
            changed = _wanted != (uint)wanted;
            Volatile.Write(ref _wanted, (uint)wanted);
        }
        if (changed)
        {
            WantedChanged?.Invoke();
        }
    }

    private async Task WorkAsync()
    {
        List<(string Shape, byte[] Message)> written = [];
        await foreach (ServerEvent happened in _waiting.Reader.ReadAllAsync())
        {
            _ = Interlocked.Add(ref _bytes, -happened.Bytes);
            try
            {
                Deliver(happened, written);
            }
            catch (Exception)
            {
                // A row that cannot be read, as one of a newer version: an event is no reason to stop the others.
                Meters.EventsLost(EventLoss.Unreadable, 1);
            }
        }
    }

    private void Deliver(ServerEvent happened, List<(string Shape, byte[] Message)> written)
    {
        written.Clear();
        RecordContext? context = null;
        foreach (EventClient client in _clients)
        {
            if (client.ShapeOf(happened.Topic) is { } shape)
            {
                client.Offer(Find(written, shape.Key) ?? Write(happened, shape, context ??= _context(), written));
            }
        }
        Meters.EventDelivered(happened.Topic, context is not null);
    }

    private static byte[]? Find(List<(string Shape, byte[] Message)> written, string shape)
    {
        foreach ((string known, byte[] message) in written)
        {
            if (known == shape)
            {
                return message;
            }
        }
        return null;
    }

    private static byte[] Write(ServerEvent happened, EventShape shape, RecordContext context, List<(string Shape, byte[] Message)> written)
    {
        using JsonOut json = new() { Context = context };
        happened.Write(json, shape);
        byte[] message = json.WrittenSpan.ToArray();
        written.Add((shape.Key, message));
        return message;
    }
}
