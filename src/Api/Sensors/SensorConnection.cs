using System.Net.WebSockets;
using KismetOrleans.Api.Ingest;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Engine.Profiles;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Api.Sensors;

/// <summary>
/// One source of one agent, from its Hello to its end. Batches go to the datasource one at a time, and the next is read from the socket only
/// when the datasource can take it: an agent that is too fast is held back by TCP, and nothing piles up here.
/// </summary>
internal sealed partial class SensorConnection : IDisposable
{
    /// <summary>How long an agent may take to say who it is.</summary>
    private static readonly TimeSpan s_helloTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How often the datasource is asked what the agent shall know: an order waits so long at most.</summary>
    private static readonly TimeSpan s_tendEvery = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);

    private readonly MessageSocket _socket;
    private readonly ISourceRegistry _sources;
    private readonly SensorAdmission _admission;
    private readonly IProfiles _profiles;
    private readonly IngestKey _key;
    private readonly string _address;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    // Accepting and tending take turns: no batch may slip in between a rewind and the note of it.
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _ending = new();
    private SourceSession? _source;
    private Guid _uuid;
    private ulong _bootId;
    private ulong _acknowledged;
    private uint _rewinds;
    private bool _inOrder;

    // The newest batch since the last Continue.
    private ulong _newest;
    private SensorHealth _health = new() { Running = true };

    // Of an agent that takes profiles; else "".
    private string _agent = "";
    private ProfileBook? _book;
    private Profile? _profile;

    /// <summary>A connection whose agent has not spoken yet.</summary>
    /// <param name="socket">Its websocket; not disposed here.</param>
    /// <param name="admission">Who may feed which of them.</param>
    /// <param name="profiles">What is set for agents.</param>
    /// <param name="key">Whose packets these are.</param>
    /// <param name="address">Where it comes from.</param>
    /// <param name="logger">For what the operator should see.</param>
    public SensorConnection(WebSocket socket, ISourceRegistry sources, SensorAdmission admission, IProfiles profiles, IngestKey key, string address, TimeProvider clock, ILogger logger)
    {
        _socket = new(socket, EdgeProtocol.MaxFrameBytes, clock);
        (_sources, _admission, _profiles, _key, _address, _clock, _logger) = (sources, admission, profiles, key, address, clock, logger);
    }

    /// <summary>Runs until the agent goes, is superseded, or the server stops.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        string? fault = await ServeAsync(stopping);
        if (_source is not null)
        {
            await _source.CloseAsync(fault);
        }
        if (fault is not null)
        {
            Ended(_logger, _uuid, _address, fault);
        }
    }

    public void Dispose()
    {
        _ending.Dispose();
        _turn.Dispose();
        _socket.Dispose();
    }

    // Returns what to note as the fault, if it ended by one.
    private async Task<string?> ServeAsync(CancellationToken stopping)
    {
        using CancellationTokenSource over = new();
        Task talking = Task.CompletedTask;
        (Bye bye, string? fault) = (default(Bye), (string?)null);
        try
        {
            await GreetAsync(stopping);
            using CancellationTokenSource watch = CancellationTokenSource.CreateLinkedTokenSource(stopping, over.Token);
            Task tending = TendRegularlyAsync(over.Token);
            Task listening = ListenAsync(over.Token);
            Task hearing = HearAsync(over.Token);
            talking = Task.WhenAll(tending, listening, hearing);
            await await Task.WhenAny(tending, listening, hearing, Task.Delay(Timeout.InfiniteTimeSpan, _clock, watch.Token));
        }
        catch (Exception e)
        {
            (bye, fault) = Explain(e, stopping);
            if (e is not FarewellException && !SourceSession.IsExpected(e))
            {
                Failed(_logger, _uuid, e);
            }
        }
        // Before anything is cancelled: a websocket does not outlive a cancelled read.
        await _socket.CloseAsync(bye, s_farewell);
        // What the datasource is at it may end.
        await _ending.CancelAsync();
        await _turn.WaitAsync(CancellationToken.None);
        await over.CancelAsync();
        _ = _turn.Release();
        await talking.ContinueWith(static _ => { }, TaskScheduler.Default);
        return fault;
    }

    // What to tell the agent, and what to note.
    private static (Bye, string?) Explain(Exception e, CancellationToken stopping) => e switch
    {
        FarewellException farewell => (farewell.Bye, farewell.Fault),
        InvalidDataException => (new(ByeReason.Protocol, e.Message), $"the agent sent {e.Message}"),
        WebSocketException or IOException => (new(ByeReason.Failed, ""), $"connection lost: {e.Message}"),
        OperationCanceledException when stopping.IsCancellationRequested => (new(ByeReason.Stopping, ""), null),
        // Storage or a silo that does not answer: the agent keeps its spool and comes back.
        _ => (new(ByeReason.Failed, e.Message), e.Message),
    };

    private async Task GreetAsync(CancellationToken stopping)
    {
        Hello hello;
        using (CancellationTokenSource limit = new(s_helloTimeout, _clock))
        using (CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping))
        {
            try
            {
                ReadOnlyMemory<byte> message;
                do
                {
                    message = await _socket.ReceiveAsync(either.Token);
                }
                while (!message.IsEmpty && IsIgnored(Open(message.Span, out _)));
                hello = message.IsEmpty ? throw new FarewellException(new(ByeReason.Done, ""), null) : Parse<Hello>(message.Span);
            }
            catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
            {
                throw new InvalidDataException($"nothing within {s_helloTimeout.TotalSeconds} s");
            }
        }
        long receivedNs = _clock.NowNs();
        if (hello.Uuid == Guid.Empty || hello.BootId == 0)
        {
            throw new FarewellException(new(ByeReason.Refused, "a source needs a UUID and a boot id"), "a source without UUID or boot id");
        }
        if (hello.BootId > EdgeProtocol.LatestBootId(_clock.GetUtcNow()))
        {
            throw new FarewellException(new(ByeReason.Refused, "its boot id lies in the future: set the sensor's clock"), "a boot id of the future");
        }
        if (_admission.Refusal(_key, hello.Uuid) is { } refusal)
        {
            // Who has to wait comes again by itself.
            throw new FarewellException(new(refusal.RetryAfter is null ? ByeReason.Refused : ByeReason.Failed, refusal.Reason), refusal.Reason);
        }
        (_uuid, _bootId, _agent) = (hello.Uuid, hello.BootId, hello.Agent);
        _source = new(await _sources.RemoteAsync(hello.Uuid), hello.Uuid, _clock, _logger);
        SensorHello known = SensorMessages.ToHello(hello, _address, receivedNs) with { Owner = _key.Owner };
        SensorWelcome welcome = await _source.OpenAsync(known, stopping);
        _health = _health with { LinkType = hello.LinkType, ClockSkew = known.ClockSkew, HostBoot = known.HostBoot, HostBaseNs = known.HostBaseNs };
        await _socket.SendAsync(
            new Welcome(welcome.Number, welcome.Saved.BootId, welcome.Saved.Sequence, EdgeProtocol.DefaultWindowBatches, EdgeProtocol.DefaultWindowBytes, (int)EdgeProtocol.AckEvery.TotalSeconds), stopping);
    }

    private Rewind RewindTo(Watermark saved)
    {
        _inOrder = false;
        return new(++_rewinds, saved.BootId == _bootId ? saved.Sequence + 1 : 1);
    }

    private async Task ListenAsync(CancellationToken cancellation)
    {
        while (true)
        {
            ReadOnlyMemory<byte> message = await _socket.ReceiveAsync(cancellation);
            if (message.IsEmpty)
            {
                throw new FarewellException(new(ByeReason.Done, ""), "the agent closed the connection without a word");
            }
            switch (Open(message.Span, out _))
            {
                case EdgeMessageType.Batch:
                    await TakeAsync(message, cancellation);
                    break;
                case EdgeMessageType.Continue:
                    // What came before this one was on its way when we asked for a rewind.
                    Continue next = Parse<Continue>(message.Span);
                    await _turn.WaitAsync(cancellation);
                    _inOrder = next.RewindId == _rewinds;
                    _newest = 0;
                    _ = _turn.Release();
                    break;
                case EdgeMessageType.Health:
                    Volatile.Write(ref _health, SensorMessages.ToHealth(Parse<Health>(message.Span), _clock.NowNs(), _agent, _key.Site ?? ""));
                    break;
                case EdgeMessageType.OrderResult:
                    await FinishAsync(Parse<OrderResult>(message.Span), cancellation);
                    break;
                case EdgeMessageType.Bye:
                    // What it said last stands in the record.
                    await TendAsync(cancellation);
                    Bye bye = Parse<Bye>(message.Span);
                    throw new FarewellException(new(ByeReason.Done, ""), bye.Reason is ByeReason.Protocol or ByeReason.Failed ? $"the agent gave up: {bye.Text}" : null);
                case var type when !IsIgnored(type):
                    throw new InvalidDataException("a message that no agent sends here");
            }
        }
    }

    private async Task TakeAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> batch = message[EdgeFrame.HeaderLength..];
        if (!BatchHeader.TryRead(batch.Span, out BatchHeader header))
        {
            throw new InvalidDataException("a batch with an impossible header");
        }
        if (header.BootId != _bootId)
        {
            throw new InvalidDataException("a batch of another life than that of its Hello");
        }
        AcceptOutcome outcome = AcceptOutcome.Accepted;
        Rewind? rewind = null;
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_inOrder)
            {
                // A datasource takes one behind a newer one for one that it has, and the agent would forget it.
                if (header.Sequence <= _newest)
                {
                    throw new InvalidDataException($"batch {header.Sequence} behind batch {_newest}: batches come in order");
                }
                _newest = header.Sequence;
                (outcome, Watermark? saved) = await _source!.AcceptAsync(batch, _ending.Token);
                if (outcome == AcceptOutcome.Rewind)
                {
                    // Else the mark from which to resend comes with the next tending, at once.
                    _inOrder = false;
                    rewind = saved is { } from ? RewindTo(from) : null;
                }
            }
        }
        finally
        {
            _ = _turn.Release();
        }
        Check(outcome);
        if (rewind is { } again)
        {
            await _socket.SendAsync(again, cancellation);
        }
        else if (outcome == AcceptOutcome.Rewind)
        {
            await TendAsync(cancellation, mustRewind: true);
        }
        _key.Charge(header.Packets, message.Length);
        if (_key.Wait() is { } wait)
        {
            await Task.Delay(wait, _clock, cancellation);
        }
    }

    private async Task FinishAsync(OrderResult result, CancellationToken cancellation)
    {
        // The state that the order led to was told before its result.
        await TendAsync(cancellation);
        await _source!.OrderDoneAsync(result.Id, result.Error.Length == 0 ? null : result.Error);
    }

    private async Task TendRegularlyAsync(CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(s_tendEvery, _clock);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            await TendAsync(cancellation);
            await SendProfileAsync(cancellation);
        }
    }

    // Beside the turn, which storage may hold up: an agent leaves a server that says nothing. Its own health comes every second.
    private async Task HearAsync(CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(EdgeProtocol.AckEvery, _clock);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            if (_socket.Silence >= EdgeProtocol.LongestSilence)
            {
                throw new FarewellException(new(ByeReason.Failed, ""), $"nothing was heard of the agent for {EdgeProtocol.LongestSilence.TotalSeconds} s");
            }
            await _socket.SendAsync(new Ack(_bootId, Volatile.Read(ref _acknowledged)), cancellation);
        }
    }

    private async Task TendAsync(CancellationToken cancellation, bool mustRewind = false)
    {
        SensorOrders orders;
        Rewind? rewind = null;
        ulong acknowledge = 0;
        await _turn.WaitAsync(cancellation);
        try
        {
            orders = await _source!.TendAsync(Volatile.Read(ref _health), _ending.Token);
            if (orders.Outcome == AcceptOutcome.Rewind || mustRewind)
            {
                rewind = RewindTo(orders.Saved);
            }
            if (orders.Saved.BootId == _bootId && orders.Saved.Sequence > _acknowledged)
            {
                acknowledge = _acknowledged = orders.Saved.Sequence;
            }
        }
        finally
        {
            _ = _turn.Release();
        }
        Check(orders.Outcome);
        if (acknowledge > 0)
        {
            await _socket.SendAsync(new Ack(_bootId, acknowledge), cancellation);
        }
        if (rewind is { } again)
        {
            await _socket.SendAsync(again, cancellation);
        }
        foreach (SensorOrder order in orders.Orders)
        {
            await _socket.SendAsync(order.ToOrder(), cancellation);
        }
    }

    // The profile of this agent where it is another one than it was told by this connection: so it comes within a second or two wherever it was changed.
    private async Task SendProfileAsync(CancellationToken cancellation)
    {
        if (_agent.Length == 0 || _profiles.Current is not { } book || book == _book)
        {
            return;
        }
        _book = book;
        Profile profile = ProfileBook.ToMessage(book.For(_key.Site is null ? [_agent] : [_agent, _key.Name], _key.Site ?? ""));
        if (!profile.Equals(_profile))
        {
            _profile = profile;
            await _socket.SendAsync(profile, cancellation);
        }
    }

    private static void Check(AcceptOutcome outcome)
    {
        if (outcome == AcceptOutcome.Superseded)
        {
            throw new FarewellException(new(ByeReason.Superseded, ""), null);
        }
    }

    // What only a newer server understands is no fault of the agent.
    private static bool IsIgnored(EdgeMessageType type)
    {
        if (type.IsKnown())
        {
            return false;
        }
        Meters.SensorMessagesIgnored.Add(1);
        return true;
    }

    private static EdgeMessageType Open(ReadOnlySpan<byte> message, out ReadOnlySpan<byte> payload) =>
        EdgeFrame.TryOpen(message, out EdgeMessageType type, out payload, out string? error) ? type : throw new InvalidDataException(error);

    // The message was checked, or is now.
    private static T Parse<T>(ReadOnlySpan<byte> message) where T : IEdgeMessage<T> =>
        Open(message, out ReadOnlySpan<byte> payload) == T.Type && MessageReader.TryRead(payload, out T parsed)
            ? parsed
            : throw new InvalidDataException($"a message where {T.Type} was due, or one that is malformed");

    private sealed class FarewellException(Bye bye, string? fault) : Exception
    {
        public Bye Bye => bye;

        public string? Fault => fault;
    }

    [LoggerMessage(49, LogLevel.Error, "The connection of sensor {uuid} failed")]
    private static partial void Failed(ILogger logger, Guid uuid, Exception e);

    [LoggerMessage(40, LogLevel.Warning, "Sensor {uuid} from {address}: {reason}")]
    private static partial void Ended(ILogger logger, Guid uuid, string address, string reason);
}
