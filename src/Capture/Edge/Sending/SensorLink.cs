using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using KismetOrleans.Capture.Edge.Spooling;
using KismetOrleans.Packets;

namespace KismetOrleans.Capture.Edge.Sending;

/// <summary>Keeps one source connected to a server, and sends its spool.</summary>
internal sealed class SensorLink
{
    // Of servers that do not say that they are there: see LinkSession. Longer than one may be held up by its storage.
    private static readonly TimeSpan s_pingEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_pingTimeout = TimeSpan.FromSeconds(60);

    // A server that lost its memory supersedes a connection once; another agent with our UUID does so again and again.
    private static readonly TimeSpan s_supersededAgain = TimeSpan.FromMinutes(5);

    // For a host that may be dead, while there are others. After a round without success it is more: then all may be slow.
    private static readonly TimeSpan s_hostTimeout = TimeSpan.FromSeconds(2);

    // How soon a source goes back to the server that is its own, so that one that was restarted does not stay without sources.
    private static readonly TimeSpan s_lookSoonest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_lookLatest = TimeSpan.FromSeconds(90);

    // API servers read keys every two seconds; the old one holds a day.
    private static readonly TimeSpan s_learning = TimeSpan.FromSeconds(3);

    private readonly LinkOptions _options;
    private readonly ISensorSide _side;
    private readonly Spool _spool;
    private readonly EdgeLog _log;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Backoff _backoff;
    private readonly Guid _uuid;
    private int _rounds;

    // In a row: whoever makes this source begin anew again and again does not make it spin.
    private int _renewed;
    private volatile LinkSession? _session;
    private long? _superseded;

    // What stays the same until somebody does something is told once.
    private string _refused = "";

    /// <summary>A link that is not connected yet.</summary>
    public SensorLink(LinkOptions options, ISensorSide side, Spool spool, EdgeLog log, TimeProvider time, Random random)
    {
        _options = options;
        _side = side;
        _spool = spool;
        _log = log;
        _time = time;
        _random = random;
        _backoff = new(random);
        _uuid = side.Uuid;
        spool.Appended = Wake;
    }

    /// <summary>Something was appended, or the source has come to its end.</summary>
    public void Wake() => _session?.Wake();

    /// <summary>Names' addresses; a test has others.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>Connects, sends, and connects again, until everything is saved and no more comes.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        ServerHost? failed = null;
        while (true)
        {
            (Connection? connection, LinkEnd end) = await FindAsync(failed, cancellation);
            bool ofUse = false;
            while (connection is not null)
            {
                _refused = "";
                ServerHost host = connection.Host;
                (end, ofUse, connection) = await ServeAsync(connection, cancellation);
                failed = end.Kind is LinkEndKind.Broken or LinkEndKind.Throttled or LinkEndKind.Refused ? host : null;
            }
            if (ofUse)
            {
                _backoff.Reset();
            }
            if (end.Kind == LinkEndKind.Superseded)
            {
                end = Superseded(end);
            }
            _renewed = end.Kind == LinkEndKind.Renewed ? _renewed : 0;
            switch (end.Kind)
            {
                case LinkEndKind.Done:
                    return;
                case LinkEndKind.Renewed when ++_renewed == 1:
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
                    if (end.Kind != LinkEndKind.Refused)
                    {
                        _log.Warn(_side.Name, text);
                    }
                    else if (end.Text != _refused)
                    {
                        _log.Error(_side.Name, text);
                        _refused = end.Text;
                    }
                    await Task.Delay(wait, _time, cancellation);
                    break;
            }
        }
    }

    // Each host once, in the order of this source; who has just failed comes last.
    private async Task<(Connection?, LinkEnd)> FindAsync(ServerHost? failed, CancellationToken cancellation)
    {
        (ServerHost[] hosts, LinkEnd? unknown) = await ResolveAsync(cancellation);
        if (unknown is not null)
        {
            return (null, unknown);
        }
        TimeSpan timeout = s_hostTimeout * ++_rounds;
        List<LinkEnd> ends = [];
        foreach (ServerHost host in hosts.OrderBy(host => host == failed))
        {
            (Connection? connection, LinkEnd end) = await ConnectAsync(host, hosts.Length > 1 && timeout < _options.AnswerTimeout ? timeout : _options.AnswerTimeout, cancellation);
            if (connection is not null)
            {
                _rounds = 0;
                ends.ForEach(other => _log.Warn(_side.Name, other.Text));
                return (connection, end);
            }
            ends.Add(end);
        }
        // What ends soonest of what keeps them.
        return (null, ends.MinBy(static end => (end.Kind, end.RetryAfter))! with { Text = string.Join("; ", ends.Select(static end => end.Text).Distinct()) });
    }

    private async Task<(ServerHost[], LinkEnd?)> ResolveAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource limit = new(_options.AnswerTimeout, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return (await ServerHost.ResolveAsync(_options.Servers, _uuid, Resolve, either.Token).WaitAsync(either.Token), null);
        }
        catch (SocketException e)
        {
            return ([], new(LinkEndKind.Broken, $"{string.Join(", ", _options.Servers)} cannot be reached: {e.Message}"));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return ([], new(LinkEndKind.Broken, $"{string.Join(", ", _options.Servers)}: no answer of the DNS"));
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

    private async Task<(Connection?, LinkEnd)> ConnectAsync(ServerHost host, TimeSpan timeout, CancellationToken cancellation)
    {
        ClientWebSocket socket = new();
        Connection? connection = null;
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.KeepAliveInterval = s_pingEvery;
        socket.Options.KeepAliveTimeout = s_pingTimeout;
        string? key = _options.CurrentKey;
        if (key is not null)
        {
            socket.Options.SetRequestHeader("Authorization", "Bearer " + key);
        }
        using CancellationTokenSource limit = new(timeout, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        PinnedServer? pinned = PinnedServer.Of(_options.Joined?.State.Pins);
        using HttpMessageInvoker? invoker = host.Address is null && pinned is null ? null : new(NewHandler(host, pinned));
        try
        {
            await socket.ConnectAsync(host.Endpoint, invoker, either.Token);
            connection = new(socket, host, key);
            return (connection, new(LinkEndKind.Moved, ""));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, new(LinkEndKind.Broken, $"{host} does not answer"));
        }
        catch (WebSocketException e)
        {
            return (null, pinned?.Fault is { } fault ? new(LinkEndKind.Refused, $"{host}: {fault}") : Explain(host, socket, e));
        }
        finally
        {
            if (connection is null)
            {
                socket.Dispose();
            }
        }
    }

    // Until the connection ends, or there is a better one.
    private async Task<(LinkEnd, bool OfUse, Connection? Better)> ServeAsync(Connection connection, CancellationToken cancellation)
    {
        using ClientWebSocket socket = connection.Socket;
        using LinkSession session = new(socket, _side, _spool, _options, _time);
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _session = session;
        Task<Connection?> looking = LookAsync(connection, over.Token);
        Task<LinkEnd> running = session.RunAsync(
            welcome => _log.Info(_side.Name, $"connected to {connection.Host} as source {welcome.Number}; {_spool.Fill.Batches} batches to send"), over.Token);
        Connection? better = null;
        try
        {
            await Task.WhenAny(running, looking);
            await over.CancelAsync();
            better = await looking;
            return (await running, session.WasOfUse, null);
        }
        catch (OperationCanceledException) when (better is not null && !cancellation.IsCancellationRequested)
        {
            (Connection? next, better) = (better, null);
            return (new(LinkEndKind.Moved, ""), session.WasOfUse, next);
        }
        finally
        {
            better?.Socket.Dispose();
            if (session.Ignored > 0)
            {
                _log.Warn(_side.Name, $"{session.Ignored} messages of {connection.Host} were ignored: it is newer than this agent");
            }
            _session = null;
        }
    }

    private static SocketsHttpHandler NewHandler(ServerHost host, PinnedServer? pinned)
    {
        SocketsHttpHandler handler = new() { ConnectCallback = host.ConnectAsync };
        pinned?.Guard(handler);
        return handler;
    }

    // Ends with a connection to a host that comes before the present one, or with one that has a key that came later, or with null when it is no longer wanted.
    private async Task<Connection?> LookAsync(Connection present, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                // A single host has no better one.
                bool alone = _options.Servers is [{ } only] && (only.HostNameType != UriHostNameType.Dns || only.IsLoopback);
                if (await IsKeyOldAsync(present.Key, alone ? Timeout.InfiniteTimeSpan : s_lookSoonest + (s_lookLatest - s_lookSoonest) * _random.NextDouble(), cancellation))
                {
                    await Task.Delay(s_learning, _time, cancellation);
                    if ((await ConnectAsync(present.Host, s_hostTimeout, cancellation)).Item1 is { } renewed)
                    {
                        return renewed;
                    }
                    continue;
                }
                (ServerHost[] hosts, _) = await ResolveAsync(cancellation);
                foreach (ServerHost host in hosts.TakeWhile(host => host != present.Host))
                {
                    if ((await ConnectAsync(host, s_hostTimeout, cancellation)).Item1 is { } better)
                    {
                        return better;
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    // Whether a key that came later is there before so much time is over.
    private async Task<bool> IsKeyOldAsync(string? key, TimeSpan timeout, CancellationToken cancellation)
    {
        if (_options.Joined is not { } joined || key is null)
        {
            await Task.Delay(timeout, _time, cancellation);
            return false;
        }
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task old = joined.OtherThanAsync(key, over.Token);
        Task first = await Task.WhenAny(old, Task.Delay(timeout, _time, over.Token));
        await over.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
        return first == old;
    }

    private LinkEnd Explain(ServerHost host, ClientWebSocket socket, WebSocketException e) => socket.HttpStatusCode switch
    {
        // It, or another server, is about to hear of it.
        HttpStatusCode.Unauthorized when _options.Joined is { IsFresh: true } => new(LinkEndKind.Broken, $"{host} does not know the new key yet (401)"),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(
            LinkEndKind.Refused,
            _options.Joined is { } joined ? $"{host} does not admit the key {joined.State.Name} of this sensor ({(int)socket.HttpStatusCode}): it was revoked or has expired; join again with a new token (--join)"
                : _options.Key is null
                ? $"{host} asks for an ingest key ({(int)socket.HttpStatusCode}): give one with --key or --key-file"
                : $"{host} does not admit this key ({(int)socket.HttpStatusCode})"),
        HttpStatusCode.TooManyRequests => new(LinkEndKind.Throttled, $"{host} has too much to do (429)", RetryAfter(socket)),
        HttpStatusCode.ServiceUnavailable => new(LinkEndKind.Throttled, $"{host} is not ready (503)", RetryAfter(socket)),
        HttpStatusCode.NotFound => new(LinkEndKind.Refused, $"{host.Endpoint} does not exist (404): is this a KismetOrleans server of this version?"),
        0 => new(LinkEndKind.Broken, $"{host} cannot be reached: {Innermost(e)}"),
        var status => new(LinkEndKind.Broken, $"{host} answers {(int)status}"),
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

    // An open websocket on which nothing has been said.
    private sealed record Connection(ClientWebSocket Socket, ServerHost Host, string? Key);
}
