using System.Collections.Concurrent;
using System.Net.WebSockets;
using KismetOrleans.Capture.Edge.Spooling;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Capture.Edge.Sending;

/// <summary>One connection, from Hello to its end. One loop sends everything, another takes what the server says.</summary>
internal sealed class LinkSession(WebSocket socket, ISensorSide side, Spool spool, LinkOptions options, TimeProvider time) : IDisposable
{
    /// <summary>Orders that are being carried out; more at once no server of ours sends.</summary>
    private const int MaxOrders = 16;

    // One farewell fits any socket's buffer.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);

    // How often it is looked whether the server is still there.
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromSeconds(2);

    private readonly MessageSocket _socket = new(socket, EdgeProtocol.MaxControlBytes, time);
    private readonly ConcurrentQueue<byte[]> _replies = [];
    private readonly Signal _signal = new();
    private readonly SpoolCursor _cursor = new();
    private readonly Window _window = new();
    private readonly byte[] _frame = new byte[EdgeProtocol.MaxFrameBytes];
    private readonly Lock _lock = new();
    private Rewind? _rewind;
    private ulong _saved;
    private int _orders;
    private int _healthDue = 1;
    private volatile bool _isDone;

    /// <summary>Whether the server has saved something: then the address is right and the next wait a short one.</summary>
    public bool WasOfUse { get; private set; }

    /// <summary>Messages that only a newer agent understands.</summary>
    public int Ignored { get; private set; }

    /// <summary>Runs until the connection ends.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the server has been told.</exception>
    public async Task<LinkEnd> RunAsync(Action<Welcome> welcomed, CancellationToken cancellation)
    {
        try
        {
            if (spool.IsAhead)
            {
                spool.Renew(0);
            }
            (Welcome? welcome, LinkEnd? end) = await GreetAsync(cancellation);
            if (welcome is not { } admitted)
            {
                return end!;
            }
            if (!Settle(admitted))
            {
                return new(LinkEndKind.Renewed, "the server knows a later life of this source; going on under a new one");
            }
            welcomed(admitted);
            return await TalkAsync(admitted.AckSeconds > 0, cancellation);
        }
        catch (InvalidDataException e)
        {
            await _socket.CloseAsync(new(ByeReason.Protocol, e.Message), s_farewell);
            return new(LinkEndKind.Broken, $"the server sent {e.Message}");
        }
        catch (Exception e) when (e is WebSocketException or IOException)
        {
            return new(LinkEndKind.Broken, $"connection lost: {e.Message}");
        }
    }

    /// <summary>Something was appended, or has come to its end.</summary>
    public void Wake() => _signal.Set();

    public void Dispose()
    {
        _cursor.Dispose();
        _socket.Dispose();
    }

    private async Task<(Welcome?, LinkEnd?)> GreetAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource limit = new(options.AnswerTimeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await _socket.SendAsync(side.Hello(), either.Token);
            while (true)
            {
                ReadOnlyMemory<byte> message = await _socket.ReceiveAsync(either.Token);
                if (message.IsEmpty)
                {
                    return (null, new(LinkEndKind.Broken, "the server closed the connection without a word"));
                }
                EdgeMessageType type = Open(message.Span, out ReadOnlySpan<byte> payload);
                switch (type)
                {
                    case EdgeMessageType.Welcome:
                        return (Parse<Welcome>(payload), null);
                    case EdgeMessageType.Bye:
                        return (null, LinkEnd.Of(Parse<Bye>(payload)));
                    default:
                        Ignored += type.IsKnown() ? throw new InvalidDataException($"{type} where Welcome was due") : 1;
                        break;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, new(LinkEndKind.Broken, $"the server did not answer within {options.AnswerTimeout.TotalSeconds} s"));
        }
    }

    // Forgets what the server has; false where the spool must begin a new life first.
    private bool Settle(Welcome welcome)
    {
        _window.MaxBatches = welcome.WindowBatches;
        _window.MaxBytes = welcome.WindowBytes;
        ulong boot = spool.BootId;
        bool firstOfOurs = !spool.WasConnected;
        spool.WasConnected = true;
        if (welcome.SavedBootId == boot)
        {
            // Batches that we have not sent yet in this process and that the server knows nevertheless: the disk lost them, and their numbers
            // were given away again.
            if (welcome.SavedSequence >= (firstOfOurs ? spool.NextAtOpen : spool.NextSequence))
            {
                spool.Saved(spool.NextAtOpen - 1);
                spool.Renew(boot);
                return false;
            }
            spool.Saved(welcome.SavedSequence);
        }
        else if (welcome.SavedBootId > EdgeProtocol.LatestBootId(time.GetUtcNow()))
        {
            throw new InvalidDataException("a mark of the future: one of the two clocks is wrong");
        }
        else if (welcome.SavedBootId > boot)
        {
            spool.Renew(welcome.SavedBootId);
            return false;
        }
        return true;
    }

    private async Task<LinkEnd> TalkAsync(bool isAnswered, CancellationToken cancellation)
    {
        using CancellationTokenSource over = new();
        using CancellationTokenSource watch = CancellationTokenSource.CreateLinkedTokenSource(cancellation, over.Token);
        using ITimer timer = time.CreateTimer(
            _ =>
            {
                Volatile.Write(ref _healthDue, 1);
                _signal.Set();
            }, null, options.HealthEvery, options.HealthEvery);
        Task<LinkEnd> listening = ListenAsync(over.Token);
        Task<LinkEnd> sending = SendAsync(over.Token);
        Task<LinkEnd> watching = WatchAsync(isAnswered, watch.Token);
        // Whichever ends first says why; the other one is then not needed.
        Task<LinkEnd> first = await Task.WhenAny(listening, sending, watching);
        if (first == sending && sending.IsFaulted)
        {
            // The server's farewell may lie behind the broken pipe.
            _ = await Task.WhenAny(listening, Task.Delay(s_farewell, CancellationToken.None));
            first = listening.IsCompletedSuccessfully ? listening : sending;
        }
        if (cancellation.IsCancellationRequested)
        {
            // Before anything is cancelled: a websocket does not outlive a cancelled read.
            await _socket.CloseAsync(new(ByeReason.Stopping, ""), s_farewell);
        }
        await over.CancelAsync();
        await Task.WhenAll(listening, sending, watching).ContinueWith(static _ => { }, TaskScheduler.Default);
        cancellation.ThrowIfCancellationRequested();
        // A server that breaks off on hearing that all is done has been told.
        return _isDone ? new(LinkEndKind.Done, "") : await first;
    }

    // Servers from before they said so acknowledge only what is new: there, nothing but the websocket's own pings shows that one is gone.
    private async Task<LinkEnd> WatchAsync(bool isAnswered, CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(s_lookEvery, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            if (isAnswered && _socket.Silence >= EdgeProtocol.LongestSilence)
            {
                return new(LinkEndKind.Broken, $"nothing was heard of the server for {EdgeProtocol.LongestSilence.TotalSeconds} s");
            }
        }
        throw new OperationCanceledException(cancellation);
    }

    private async Task<LinkEnd> SendAsync(CancellationToken cancellation)
    {
        ulong from = spool.FirstFrom(0);
        spool.Restart(from);
        _cursor.Next = from;
        await _socket.SendAsync(new Continue(0, from), cancellation);
        while (true)
        {
            if (_replies.TryDequeue(out byte[]? reply))
            {
                await _socket.SendAsync(reply, cancellation);
            }
            else if (TakeRewind() is { } rewind)
            {
                _window.Clear();
                spool.Restart(rewind.Sequence);
                _cursor.Next = spool.FirstFrom(rewind.Sequence);
                await _socket.SendAsync(new Continue(rewind.Id, _cursor.Next), cancellation);
            }
            else if (Interlocked.Exchange(ref _healthDue, 0) == 1)
            {
                await _socket.SendAsync(side.Health(), cancellation);
            }
            else if (IsWindowOpen() && spool.Read(_cursor, _frame, out BatchHeader header) is > 0 and int length)
            {
                await _socket.SendAsync(_frame.AsMemory(0, length), cancellation);
                _window.Sent(header.Sequence, length);
            }
            else if (side.IsDone && _orders == 0)
            {
                await _socket.SendAsync(side.Health(), cancellation);
                _isDone = true;
                await _socket.CloseAsync(new(ByeReason.Done, ""), s_farewell);
                return new(LinkEndKind.Done, "");
            }
            else
            {
                await _signal.WaitAsync(cancellation);
            }
        }
    }

    private async Task<LinkEnd> ListenAsync(CancellationToken cancellation)
    {
        while (true)
        {
            ReadOnlyMemory<byte> message = await _socket.ReceiveAsync(cancellation);
            if (message.IsEmpty)
            {
                return new(LinkEndKind.Broken, "the server closed the connection");
            }
            EdgeMessageType type = Open(message.Span, out ReadOnlySpan<byte> payload);
            side.Heard();
            switch (type)
            {
                case EdgeMessageType.Ack:
                    Saved(Parse<Ack>(payload));
                    break;
                case EdgeMessageType.Rewind:
                    lock (_lock)
                    {
                        _rewind = Parse<Rewind>(payload);
                    }
                    break;
                case EdgeMessageType.Order:
                    Start(Parse<Order>(payload), cancellation);
                    break;
                case EdgeMessageType.Profile:
                    side.Take(Parse<Profile>(payload));
                    break;
                case EdgeMessageType.Bye:
                    Bye bye = Parse<Bye>(payload);
                    // The answer to ours may come before our farewell has ended.
                    return bye.Reason == ByeReason.Done && side.IsDone ? new(LinkEndKind.Done, "") : LinkEnd.Of(bye);
                default:
                    Ignored += type.IsKnown() ? throw new InvalidDataException($"a message of type {type}, which no server sends here") : 1;
                    break;
            }
            _signal.Set();
        }
    }

    private void Saved(Ack ack)
    {
        if (ack.BootId != spool.BootId)
        {
            return;
        }
        spool.Saved(ack.Sequence);
        lock (_lock)
        {
            WasOfUse |= ack.Sequence > _saved;
            _saved = Math.Max(_saved, ack.Sequence);
        }
    }

    private void Start(Order order, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _orders) > MaxOrders)
        {
            _replies.Enqueue(MessageWriter.Frame(new OrderResult(order.Id, "too many orders at once")));
            _ = Interlocked.Decrement(ref _orders);
            return;
        }
        // Beside the rest: tuning takes a while, and a driver may hang.
        _ = Task.Run(
            async () =>
            {
                string? error;
                try
                {
                    error = await side.CarryOutAsync(order, cancellation);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    error = e.Message;
                }
                // The new state first, so that it stands in the record when the answer comes.
                _replies.Enqueue(MessageWriter.Frame(side.Health()));
                _replies.Enqueue(MessageWriter.Frame(new OrderResult(order.Id, error ?? "")));
                _ = Interlocked.Decrement(ref _orders);
                _signal.Set();
            },
            cancellation);
    }

    private bool IsWindowOpen()
    {
        lock (_lock)
        {
            _window.Saved(_saved);
        }
        return _window.IsOpen;
    }

    private Rewind? TakeRewind()
    {
        lock (_lock)
        {
            Rewind? rewind = _rewind;
            _rewind = null;
            return rewind;
        }
    }

    private static EdgeMessageType Open(ReadOnlySpan<byte> message, out ReadOnlySpan<byte> payload) =>
        EdgeFrame.TryOpen(message, out EdgeMessageType type, out payload, out string? error) ? type : throw new InvalidDataException(error);

    private static T Parse<T>(ReadOnlySpan<byte> payload) where T : IEdgeMessage<T> =>
        MessageReader.TryRead(payload, out T message) ? message : throw new InvalidDataException($"a {T.Type} message that is malformed");
}
