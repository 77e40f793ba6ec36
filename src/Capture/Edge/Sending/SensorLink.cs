using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using KismetOrleans.Capture.Edge.Spooling;
using KismetOrleans.Packets;

namespace KismetOrleans.Capture.Edge.Sending;

/// <summary>Keeps one source connected to the server, and sends its spool.</summary>
internal sealed class SensorLink
{
    private static readonly TimeSpan s_pingEvery = TimeSpan.FromSeconds(15);

    // Longer than a server may be held up by its storage.
    private static readonly TimeSpan s_pingPatience = TimeSpan.FromSeconds(60);

    // A server that lost its memory supersedes a connection once; another agent with our UUID does so again and again.
    private static readonly TimeSpan s_supersededAgain = TimeSpan.FromMinutes(5);

    private readonly LinkOptions _options;
    private readonly ISensorSide _side;
    private readonly Spool _spool;
    private readonly EdgeLog _log;
    private readonly TimeProvider _time;
    private readonly Backoff _backoff;
    private volatile LinkSession? _session;
    private long? _superseded;

    /// <summary>A link that is not connected yet.</summary>
    public SensorLink(LinkOptions options, ISensorSide side, Spool spool, EdgeLog log, TimeProvider time, Random random)
    {
        _options = options;
        _side = side;
        _spool = spool;
        _log = log;
        _time = time;
        _backoff = new(random);
        spool.Appended = Wake;
    }

    /// <summary>Something was appended, or the source has come to its end.</summary>
    public void Wake() => _session?.Wake();

    /// <summary>Connects, sends, and connects again, until everything is saved and no more comes.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            (LinkEnd end, bool ofUse) = await ConnectAsync(cancellation);
            if (ofUse)
            {
                _backoff.Reset();
            }
            if (end.Kind == LinkEndKind.Superseded)
            {
                end = Superseded(end);
            }
            switch (end.Kind)
            {
                case LinkEndKind.Done:
                    return;
                case LinkEndKind.Renewed:
                    _log.Warn(_side.Name, end.Text);
                    break;
                default:
                    TimeSpan wait = end.Kind switch
                    {
                        LinkEndKind.Throttled => _backoff.After(end.RetryAfter),
                        LinkEndKind.Refused => _backoff.NextSlow(),
                        _ => _backoff.Next(),
                    };
                    string text = string.Create(CultureInfo.InvariantCulture, $"{end.Text}; trying again in {wait.TotalSeconds:N1} s");
                    if (end.Kind == LinkEndKind.Refused)
                    {
                        _log.Error(_side.Name, text);
                    }
                    else
                    {
                        _log.Warn(_side.Name, text);
                    }
                    await Task.Delay(wait, _time, cancellation);
                    break;
            }
        }
    }

    private LinkEnd Superseded(LinkEnd end)
    {
        bool again = _superseded is { } before && _time.GetElapsedTime(before) < s_supersededAgain;
        _superseded = _time.GetTimestamp();
        return again
            ? new(LinkEndKind.Refused, "another agent with this UUID takes turns with us; stop one of the two, or give it another --uuid")
            : end with { Kind = LinkEndKind.Broken };
    }

    private async Task<(LinkEnd, bool OfUse)> ConnectAsync(CancellationToken cancellation)
    {
        using ClientWebSocket socket = new();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.KeepAliveInterval = s_pingEvery;
        socket.Options.KeepAliveTimeout = s_pingPatience;
        if (_options.Key is { } key)
        {
            socket.Options.SetRequestHeader("Authorization", "Bearer " + key);
        }
        using (CancellationTokenSource limit = new(_options.Patience, _time))
        using (CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation))
        {
            try
            {
                await socket.ConnectAsync(_options.Endpoint, either.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return (new(LinkEndKind.Broken, $"{_options.Server} does not answer"), false);
            }
            catch (WebSocketException e)
            {
                return (Explain(socket, e), false);
            }
        }
        using LinkSession session = new(socket, _side, _spool, _options, _time);
        _session = session;
        try
        {
            LinkEnd end = await session.RunAsync(
                welcome => _log.Info(_side.Name, $"connected to {_options.Server} as source {welcome.Number}; {_spool.Fill.Batches} batches to send"), cancellation);
            return (end, session.WasOfUse);
        }
        finally
        {
            if (session.Ignored > 0)
            {
                _log.Warn(_side.Name, $"{session.Ignored} messages of {_options.Server} were ignored: it is newer than this agent");
            }
            _session = null;
        }
    }

    private LinkEnd Explain(ClientWebSocket socket, WebSocketException e) => socket.HttpStatusCode switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(
            LinkEndKind.Refused,
            _options.Key is null
                ? $"{_options.Server} asks for an ingest key ({(int)socket.HttpStatusCode}): give one with --key or --key-file"
                : $"{_options.Server} does not admit this key ({(int)socket.HttpStatusCode})"),
        HttpStatusCode.TooManyRequests => new(LinkEndKind.Throttled, $"{_options.Server} has too much to do (429)", RetryAfter(socket)),
        HttpStatusCode.ServiceUnavailable => new(LinkEndKind.Throttled, $"{_options.Server} is not ready (503)", RetryAfter(socket)),
        HttpStatusCode.NotFound => new(LinkEndKind.Refused, $"{_options.Endpoint} does not exist (404): is this a KismetOrleans server of this version?"),
        0 => new(LinkEndKind.Broken, $"{_options.Server} cannot be reached: {Innermost(e)}"),
        var status => new(LinkEndKind.Broken, $"{_options.Server} answers {(int)status}"),
    };

    private static TimeSpan RetryAfter(ClientWebSocket socket) =>
        socket.HttpResponseHeaders is { } headers && headers.TryGetValue("Retry-After", out IEnumerable<string>? values)
            && int.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.Zero;

    private static string Innermost(Exception e)
    {
        for (; e.InnerException is not null && e is not SocketException; e = e.InnerException)
        {
        }
        return e.Message;
    }
}
