using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text.RegularExpressions;
using KismetOrleans.Api.Ingest;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Channels;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Packets.Sources;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Api.Sensors.RemoteCapture;

/// <summary>
/// One of Kismet's capture programs, from its first frame to its end. Here it is what an agent is elsewhere: its packets are packed into batches, numbered, and kept until they are on disk, since
/// the program knows no acknowledgements; what this process has when it is killed is lost. The next frames are read only when there is room: TCP holds back a program that is too fast.
/// </summary>
internal sealed partial class RemoteCaptureConnection : IDisposable
{
    private static readonly TimeSpan s_greeting = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_pingEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longestSilence = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan s_openTimeout = TimeSpan.FromSeconds(30);

    // How long packets wait for others at most, and the datasource's orders for being asked for.
    private static readonly TimeSpan s_tendEvery = TimeSpan.FromMilliseconds(250);

    // Some seconds of a busy program, which is held back by then.
    private const long MaxUnsavedBytes = 16 << 20;

    private const double MaxHopRate = 1000;
    private const int MaxMessageLength = 1024;

    private readonly RemoteLink _link;
    private readonly RemoteCaptureHost _host;
    private readonly IngestKey _key;
    private readonly string _address;

    // Reading and tending take turns with everything below.
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _ending = new();
    private readonly PacketCollector _collected;

    // The server keeps some messages alone, and those of others, too.
    private readonly TokenBucket _texts;
    private readonly UnsavedBatches _unsaved = new();
    private readonly Dictionary<uint, long> _orders = [];
    private SourceSession? _source;
    private SourceDefinition _definition = null!;
    private string _driver = "";
    private Guid _uuid;
    private ulong _bootId;
    private ulong _sequence;
    private bool _mustRewind;
    private uint _openNumber;
    private bool _opened;

    // Some of Kismet's programs crash when one that has none is to be tuned.
    private bool _hasChannels;
    private bool _reportedUnread;
    private long _askedAt;
    private SensorHealth _health = new() { Running = true };
    private long _waitingSince;

    /// <summary>A connection whose program has not spoken yet.</summary>
    /// <param name="link">The way to it; not disposed here.</param>
    /// <param name="key">Whose packets these are.</param>
    /// <param name="address">Where it comes from.</param>
    public RemoteCaptureConnection(RemoteLink link, RemoteCaptureHost host, IngestKey key, string address) =>
        (_link, _host, _key, _address, _collected, _texts) = (link, host, key, address, new(host.Options.OverrideTimestamp), new(rate: 1, host.Clock));

    /// <summary>Runs until the program goes, its source is closed, or the server stops.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        string? fault = await ServeAsync(stopping);
        if (_source is not null)
        {
            await _source.CloseAsync(fault);
        }
        if (fault is not null)
        {
            Ended(_host.Logger, _definition is null ? "capture program" : $"source '{_definition.Name}'", _address, fault);
        }
    }

    public void Dispose()
    {
        _collected.Release();
        _ending.Dispose();
        _turn.Dispose();
    }

    // Returns what to note as the fault, if it ended by one.
    private async Task<string?> ServeAsync(CancellationToken stopping)
    {
        using CancellationTokenSource over = new();
        PipeReader frames = PipeReader.Create(_link.Stream, new(bufferSize: 4 * RemoteFrame.MaxLength, leaveOpen: true, useZeroByteReads: true));
        Task reading = Task.CompletedTask;
        Task talking = Task.CompletedTask;
        (ReadOnlyMemory<byte> farewell, string? fault) = (ReadOnlyMemory<byte>.Empty, (string?)null);
        try
        {
            await GreetAsync(frames, stopping);
            using CancellationTokenSource watch = CancellationTokenSource.CreateLinkedTokenSource(stopping, over.Token);
            reading = ReadAsync(frames, over.Token);
            Task tending = TendRegularlyAsync(over.Token);
            Task pinging = PingAsync(over.Token);
            talking = Task.WhenAll(reading, tending, pinging);
            await await Task.WhenAny(reading, tending, pinging, Task.Delay(Timeout.InfiniteTimeSpan, _host.Clock, watch.Token));
        }
        catch (Exception e)
        {
            (farewell, fault) = Explain(e, stopping);
            if (e is not FarewellException && !SourceSession.IsExpected(e))
            {
                Failed(_host.Logger, _definition?.Name, e);
            }
        }
        await _ending.CancelAsync();
        await _link.CloseAsync(farewell, reading);
        await _turn.WaitAsync(CancellationToken.None);
        await over.CancelAsync();
        _ = _turn.Release();
        await talking.ContinueWith(static _ => { }, TaskScheduler.Default);
        if (_opened)
        {
            await FlushAtEndAsync();
        }
        await frames.CompleteAsync();
        return fault;
    }

    // What to tell the program, and what to note.
    private (ReadOnlyMemory<byte>, string?) Explain(Exception e, CancellationToken stopping) => e switch
    {
        FarewellException farewell => (farewell.Words is { } words ? RemoteMessages.WithText(farewell.Type, _link.NextNumber(), words) : default, farewell.Fault),
        InvalidDataException => (RemoteMessages.WithText(RemoteFrameType.Error, _link.NextNumber(), e.Message), $"the capture program sent {e.Message}"),
        WebSocketException or IOException => (default, $"connection lost: {e.Message}"),
        OperationCanceledException when stopping.IsCancellationRequested => (RemoteMessages.WithText(RemoteFrameType.Shutdown, _link.NextNumber(), "the server stops"), null),
        _ => (RemoteMessages.WithText(RemoteFrameType.Error, _link.NextNumber(), e.Message), e.Message),
    };

    private async Task GreetAsync(PipeReader frames, CancellationToken stopping)
    {
        using CancellationTokenSource limit = new(s_greeting, _host.Clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        NewSource? source = null;
        try
        {
            while (source is null)
            {
                ReadResult read = await frames.ReadAsync(either.Token);
                ReadOnlySequence<byte> rest = read.Buffer;
                while (source is null && RemoteFrame.TryRead(ref rest, out RemoteFrame frame))
                {
                    source = frame.Type switch
                    {
                        RemoteFrameType.NewSource => RemoteMessages.ReadNewSource(frame.Payload),
                        RemoteFrameType.Ping or RemoteFrameType.Pong or RemoteFrameType.Message => null,
                        _ => throw new InvalidDataException($"a frame of type {(ushort)frame.Type} before it said what it has"),
                    };
                }
                frames.AdvanceTo(rest.Start, rest.End);
                if (source is null && read.IsCompleted)
                {
                    throw new FarewellException(RemoteFrameType.Shutdown, null, null);
                }
            }
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw new InvalidDataException($"nothing of a source within {s_greeting.TotalSeconds} s");
        }
        await BeginAsync(source);
    }

    private async Task BeginAsync(NewSource source)
    {
        if (!Guid.TryParse(source.Uuid, out _uuid) || _uuid == Guid.Empty)
        {
            throw Refused($"'{source.Uuid}' is no UUID");
        }
        if (!DriverName().IsMatch(source.Driver))
        {
            throw Refused($"'{source.Driver}' is no kind of source");
        }
        if (!SourceDefinition.TryParse(source.Definition, out SourceDefinition? definition, out string? error))
        {
            throw Refused(error);
        }
        (_definition, _driver) = (definition, source.Driver);
        if (_host.Admission.Refusal(_key, _uuid) is { } refusal)
        {
            throw Refused(refusal.Reason);
        }
        _source = new(await _host.Sources.RemoteAsync(_uuid), _uuid, _host.Clock, _host.Logger);
        if (_host.Sources.Find(_uuid) is { ErrorReason: Health.Disabled })
        {
            // Closed by command: it waits to be opened by one, and capture programs that come back by themselves do not undo it.
            _health = _health with { Running = false, Error = Health.Disabled };
            await OpenSourceAsync(new());
            return;
        }
        await AskToOpenAsync();
    }

    private static FarewellException Refused(string reason) => new(RemoteFrameType.Error, reason, reason);

    private async Task AskToOpenAsync(long order = 0)
    {
        _openNumber = _link.NextNumber();
        _askedAt = _host.Clock.GetTimestamp();
        _orders[_openNumber] = order;
        await WriteAsync(RemoteMessages.OpenRequest(_openNumber, _definition.Definition));
    }

    // Again at each report of the program: what it says of itself is the newest.
    private async Task OpenSourceAsync(OpenReport report)
    {
        SensorWelcome welcome = await _source!.OpenAsync(
            new()
            {
                Uuid = _uuid,
                Name = PlainText.Of(_definition.Name),
                Driver = _driver,
                Interface = report.Interface.Length > 0 ? report.Interface : PlainText.Of(_definition.Interface),
                Definition = PlainText.Of(_definition.Definition),
                Hardware = report.Hardware,
                Version = report.Version,
                Address = _address,
                LinkType = report.LinkType,
                Channels = report.Channels,
                Owner = _key.Owner,
                Disabled = _health.Error == Health.Disabled,
            },
            _ending.Token);
        // A life for each connection: numbers begin with it. Never behind one that another server, with another clock, has given.
        _bootId = _bootId != 0 ? _bootId : Math.Max((ulong)_host.Clock.NowNs(), welcome.Saved.BootId + 1);
        _unsaved.Rewind(_bootId, welcome.Saved);
    }

    private async Task ReadAsync(PipeReader frames, CancellationToken cancellation)
    {
        while (true)
        {
            Volatile.Write(ref _waitingSince, _host.Clock.GetTimestamp());
            ReadResult read = await frames.ReadAsync(cancellation);
            Volatile.Write(ref _waitingSince, 0);
            ReadOnlySequence<byte> rest = read.Buffer;
            if (_ending.IsCancellationRequested)
            {
                frames.AdvanceTo(rest.End);
                if (read.IsCompleted)
                {
                    return;
                }
                continue;
            }
            await _turn.WaitAsync(cancellation);
            try
            {
                while (TakePackets(ref rest, out RemoteFrame other))
                {
                    if (other.Type == default)
                    {
                        await FlushAsync();
                    }
                    else
                    {
                        await TakeAsync(other);
                    }
                }
            }
            finally
            {
                _ = _turn.Release();
            }
            frames.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted)
            {
                throw new FarewellException(RemoteFrameType.Shutdown, null, "the capture program closed the connection without a word");
            }
            if (_key.Wait() is { } wait)
            {
                await Task.Delay(wait, _host.Clock, cancellation);
            }
            // Tending makes room.
            while (_unsaved.Bytes >= MaxUnsavedBytes && !_ending.IsCancellationRequested)
            {
                await Task.Delay(s_tendEvery, _host.Clock, cancellation);
            }
        }
    }

    // As long as it can go without waiting. True with a frame that is none of a packet, or with none where a batch is full.
    private bool TakePackets(ref ReadOnlySequence<byte> rest, out RemoteFrame other)
    {
        long nowNs = _host.Clock.NowNs();
        ReadOnlySequence<byte> next = rest;
        while (RemoteFrame.TryRead(ref next, out RemoteFrame frame))
        {
            if (frame.Type != RemoteFrameType.Packet)
            {
                (other, rest) = (frame, next);
                return true;
            }
            RemotePacket packet = RemotePacket.Read(frame.Payload);
            if (packet.HasJson && packet.Report == 0 && !_reportedUnread)
            {
                _reportedUnread = true;
                Publish($"Data source '{_definition.Name}': its reports in JSON are of a kind that this server does not read: it reads RTL433, RTLamr and ADSB", MessageFlags.Error);
            }
            if (_opened && !_health.Paused && !_collected.TryTake(packet, nowNs))
            {
                other = default;
                return true;
            }
            rest = next;
        }
        other = default;
        return false;
    }

    // In the turn.
    private async Task TakeAsync(RemoteFrame frame)
    {
        switch (frame.Type)
        {
            case RemoteFrameType.Ping:
                await WriteAsync(RemoteMessages.Empty(RemoteFrameType.Pong, frame.Number));
                break;
            case RemoteFrameType.Message:
                (long kind, string text) = RemoteMessages.ReadText(frame.Payload);
                if (_texts.Take() is null)
                {
                    Publish(text, Enum.IsDefined((MessageFlags)kind) ? (MessageFlags)kind : MessageFlags.Info);
                }
                else
                {
                    Meters.SensorMessagesIgnored.Add(1);
                }
                break;
            case RemoteFrameType.Error:
                string error = RemoteMessages.ReadText(frame.Payload).Text;
                throw new FarewellException(RemoteFrameType.Shutdown, null, error.Length > 0 ? error : "the capture program failed");
            case RemoteFrameType.Shutdown:
                string reason = RemoteMessages.ReadText(frame.Payload).Text;
                throw new FarewellException(RemoteFrameType.Shutdown, null, $"the capture program ended: {reason}");
            case RemoteFrameType.OpenReport when frame.Number == _openNumber && _openNumber != 0:
                await OpenedAsync(frame);
                break;
            case RemoteFrameType.ConfigReport:
                await ConfiguredAsync(frame);
                break;
            case RemoteFrameType.NewSource:
                throw new InvalidDataException("a second source on one connection");
            case RemoteFrameType.Pong:
                break;
            default:
                Meters.SensorMessagesIgnored.Add(1);
                break;
        }
    }

    private async Task OpenedAsync(RemoteFrame frame)
    {
        OpenReport report = RemoteMessages.ReadOpenReport(frame.Payload);
        string? fault = frame.Code == 1 ? null : report.Message.Length > 0 ? report.Message : "the capture program could not open it";
        if (fault is not null)
        {
            await OpenSourceAsync(report);
            await DoneAsync(frame.Number, fault);
            throw new FarewellException(RemoteFrameType.Shutdown, "the source was not opened", fault);
        }
        _openNumber = 0;
        _health = _health with { Running = true, Error = "", LinkType = report.LinkType, Channel = report.Channel };
        Tuned(report.Hop);
        await OpenSourceAsync(report);
        _opened = true;
        _hasChannels = report.Channels.Count > 0;
        await TuneAsync(report);
        await DoneAsync(frame.Number, null);
    }

    // The state that an order led to is told before its result.
    private async Task DoneAsync(uint number, string? error)
    {
        if (_orders.Remove(number, out long order) && order != 0)
        {
            await TendAsync();
            await _source!.OrderDoneAsync(order, error);
        }
    }

    // As the definition says: on its channel, else over those that it names, else over all that there are.
    private async Task TuneAsync(OpenReport report)
    {
        if (_definition.Channel is { } channel && _definition.Hop is not true && _hasChannels)
        {
            await WriteAsync(RemoteMessages.SetChannel(_link.NextNumber(), channel));
        }
        else if (_definition.Hop is not false && report.Channels.Count > 1)
        {
            double rate = ChannelPlan.RateOf(_definition) ?? 0;
            await HopAsync(rate is > 0 and <= MaxHopRate ? rate : _host.Defaults.HopRate, _definition.Channels.Count > 0 ? _definition.Channels : report.Channels, shuffle: true, 0);
        }
    }

    private async Task HopAsync(double rate, IReadOnlyList<string> channels, bool shuffle, long order)
    {
        uint number = _link.NextNumber();
        _orders[number] = order;
        await WriteAsync(RemoteMessages.SetHop(number, new(rate, channels, shuffle, true)));
    }

    private async Task ConfiguredAsync(RemoteFrame frame)
    {
        ConfigReport report = RemoteMessages.ReadConfigReport(frame.Payload);
        bool isDone = frame.Code == 1;
        if (isDone)
        {
            if (report.Channel is { Length: > 0 } channel)
            {
                _health = _health with { Channel = channel, Hopping = report.Hop?.Enabled ?? false };
            }
            Tuned(report.Hop);
        }
        else
        {
            _health = _health with { Warning = report.Message };
        }
        await DoneAsync(frame.Number, isDone ? null : report.Message.Length > 0 ? report.Message : "the capture program could not");
    }

    private void Tuned(HopBlock? hop)
    {
        if (hop is not null)
        {
            _health = _health with { Hopping = hop.Enabled, HopRate = hop.Rate, HopChannels = hop.Channels, HopShuffle = hop.Shuffle };
        }
    }

    private async Task TendRegularlyAsync(CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(s_tendEvery, _host.Clock);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            await _turn.WaitAsync(cancellation);
            try
            {
                // Before the program has opened it there is no source yet.
                if (_bootId != 0)
                {
                    await FlushAsync();
                    await TendAsync();
                }
            }
            finally
            {
                _ = _turn.Release();
            }
        }
    }

    // In the turn.
    private async Task TendAsync()
    {
        SensorOrders orders = await _source!.TendAsync(_health, _ending.Token);
        Check(orders.Outcome);
        if (orders.Outcome == AcceptOutcome.Rewind || _mustRewind)
        {
            _unsaved.Rewind(_bootId, orders.Saved);
            _mustRewind = false;
        }
        if (orders.Saved.BootId == _bootId)
        {
            _unsaved.Saved(orders.Saved.Sequence);
        }
        foreach (SensorOrder order in orders.Orders)
        {
            await CarryOutAsync(order);
        }
    }

    private async Task CarryOutAsync(SensorOrder order)
    {
        switch (order.Command)
        {
            case SensorCommand.SetChannel or SensorCommand.SetHop when _opened && !_hasChannels:
                await _source!.OrderDoneAsync(order.Id, "the source has no channels");
                return;
            case SensorCommand.SetChannel when _opened:
                uint number = _link.NextNumber();
                _orders[number] = order.Id;
                await WriteAsync(RemoteMessages.SetChannel(number, order.Channel));
                return;
            case SensorCommand.SetHop when _opened:
                IReadOnlyList<string> channels = order.Channels.Count > 0 ? order.Channels : _health.HopChannels;
                await HopAsync(order.Rate > 0 ? order.Rate : _health.HopRate > 0 ? _health.HopRate : _host.Defaults.HopRate, channels, order.Shuffle ?? _health.HopShuffle, order.Id);
                return;
            case SensorCommand.Pause:
                _health = _health with { Paused = true };
                break;
            case SensorCommand.Resume:
                _health = _health with { Paused = false };
                break;
            case SensorCommand.Open when !_opened && _openNumber == 0:
                await AskToOpenAsync(order.Id);
                return;
            case SensorCommand.Close when _opened:
                await FlushAsync();
                _opened = false;
                _health = _health with { Running = false, Error = Health.Disabled };
                await TendAsync();
                await _source!.OrderDoneAsync(order.Id, null);
                throw new FarewellException(RemoteFrameType.Shutdown, Health.Disabled, null);
            case SensorCommand.Close or SensorCommand.Open:
                break;
            default:
                await _source!.OrderDoneAsync(order.Id, "the source is not open");
                return;
        }
        await TendAsync();
        await _source!.OrderDoneAsync(order.Id, null);
    }

    // In the turn: what was collected, and what was not sent.
    private async Task FlushAsync()
    {
        if (_collected.Packets > 0)
        {
            _key.Charge(_collected.Packets, _collected.Bytes);
            _unsaved.Add(++_sequence, _collected.Pack(_bootId, _sequence));
        }
        while (!_mustRewind && _unsaved.Next() is { } next)
        {
            (AcceptOutcome outcome, Watermark? saved) = await _source!.AcceptAsync(next.Batch, _ending.Token);
            Check(outcome);
            if (outcome == AcceptOutcome.Accepted)
            {
                _unsaved.Sent(next.Sequence);
            }
            else if (saved is { } from)
            {
                _unsaved.Rewind(_bootId, from);
            }
            else
            {
                // From where is told at the next tending.
                _mustRewind = true;
            }
        }
    }

    // What came with the farewell.
    private async Task FlushAtEndAsync()
    {
        try
        {
            await FlushAsync();
        }
        catch (FarewellException)
        {
            // Another connection has its place.
        }
        catch (Exception e)
        {
            FlushFailed(_host.Logger, _uuid, e);
        }
    }

    private async Task PingAsync(CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(s_pingEvery, _host.Clock);
        do
        {
            if (Volatile.Read(ref _waitingSince) is > 0 and long since && _host.Clock.GetElapsedTime(since) >= s_longestSilence)
            {
                throw new FarewellException(RemoteFrameType.Shutdown, null, $"nothing was heard of the capture program for {s_longestSilence.TotalSeconds} s");
            }
            if (_openNumber != 0 && _host.Clock.GetElapsedTime(_askedAt) >= s_openTimeout)
            {
                throw new FarewellException(RemoteFrameType.Shutdown, "the source was not opened", $"the capture program did not open its source within {s_openTimeout.TotalSeconds} s");
            }
            await WriteAsync(RemoteMessages.Empty(RemoteFrameType.Ping, _link.NextNumber()));
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    private Task WriteAsync(ReadOnlyMemory<byte> frame) => _link.WriteAsync(frame, _ending.Token);

    private void Publish(string text, MessageFlags flags) =>
        _host.Publish(new(text.Length > MaxMessageLength ? text[..MaxMessageLength] : text, flags, (uint)_host.Clock.GetUtcNow().ToUnixTimeSeconds()));

    private static void Check(AcceptOutcome outcome)
    {
        if (outcome == AcceptOutcome.Superseded)
        {
            throw new FarewellException(RemoteFrameType.Shutdown, "a newer connection of this source took over", null);
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,32}\z")]
    private static partial Regex DriverName();

    private sealed class FarewellException(RemoteFrameType type, string? words, string? fault) : Exception
    {
        public RemoteFrameType Type => type;

        // Null to say nothing: the program is gone, or goes.
        public string? Words => words;

        public string? Fault => fault;
    }

    [LoggerMessage(50, LogLevel.Error, "Remote capture, source {source} failed")]
    private static partial void Failed(ILogger logger, string? source, Exception e);

    [LoggerMessage(43, LogLevel.Warning, "Remote capture, {source} from {address}: {reason}")]
    private static partial void Ended(ILogger logger, string source, string address, string reason);

    [LoggerMessage(44, LogLevel.Warning, "Sensor {uuid}: the last packets of its connection were lost")]
    private static partial void FlushFailed(ILogger logger, Guid uuid, Exception e);
}

internal sealed record RemoteCaptureHost(ISourceRegistry Sources, SensorAdmission Admission, Action<MessageRecord> Publish, DatasourceDefaults Defaults, RemoteOptions Options, TimeProvider Clock, ILogger Logger);
