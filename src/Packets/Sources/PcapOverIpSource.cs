using System.Globalization;
using System.Net;
using System.Net.Sockets;
using KismetOrleans.Packets.Files;
using KismetOrleans.Wire;

namespace KismetOrleans.Packets.Sources;

/// <summary>
/// A capture by TCP ("PCAP over IP", as Wireshark's <c>TCP@host:port</c>, Zeek and PolarProxy speak it): bytes of a pcap or pcapng file, nothing around them. Either connects to
/// who has it, or waits for those who send it, one after the other.
/// </summary>
internal sealed class PcapOverIpSource : IPacketSource
{
    private static readonly TimeSpan s_connectWithin = TimeSpan.FromSeconds(10);

    // A sender whose cable was cut would keep the others away for hours.
    private const int KeepAliveSeconds = 15;
    private readonly TcpListener? _listener;
    private Task<TcpClient>? _accepting;
    private CaptureStreamReader? _reader;
    private LinkType _linkType;

    /// <summary>Connects, or begins to listen.</summary>
    /// <exception cref="PacketSourceException">It cannot; the message says why.</exception>
    public PcapOverIpSource(SourceDefinition definition)
    {
        Interface = definition.Interface;
        (string host, int port, bool listens) = PcapOverIp.PlaceOf(definition);
        try
        {
            if (listens)
            {
                _listener = new(IPAddress.Parse(host), port);
                _listener.Start();
                Place = (IPEndPoint)_listener.LocalEndpoint;
                return;
            }
            TcpClient client = new();
            try
            {
                if (!client.ConnectAsync(host, port).Wait(s_connectWithin))
                {
                    throw new PacketSourceException($"{host}:{port} does not answer within {s_connectWithin.TotalSeconds} s");
                }
            }
            catch
            {
                client.Dispose();
                throw;
            }
            Begin(client);
        }
        catch (Exception e) when (e is SocketException or AggregateException { InnerException: SocketException })
        {
            throw new PacketSourceException($"{host}:{port} {(listens ? "cannot be listened at" : "cannot be reached")}: {(e.InnerException ?? e).Message}", e);
        }
    }

    public LinkType LinkType => _reader is { LinkType: not LinkType.None } reader ? _linkType = reader.LinkType : _linkType;

    public string Interface { get; }

    /// <summary>Where it listens; null where it does not.</summary>
    internal IPEndPoint? Place { get; }

    public string? Error { get; private set; }

    public double? Progress => null;

    public long Dropped => 0;

    public bool TryRead(PacketBatch batch, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_reader is null)
        {
            Accept(cancellation);
        }
        if (_reader is null)
        {
            batch.Count = 0;
            return true;
        }
        if (_reader.TryRead(batch))
        {
            if (batch.Count == 0 && _listener is not null)
            {
                // Not before it is known that the last one has not ended: who comes back must not be refused for its own former connection.
                Accept(cancellation);
            }
            return true;
        }
        _ = LinkType;
        string? fault = _reader.Error;
        _reader.Dispose();
        _reader = null;
        if (_listener is null)
        {
            // Asked for again: who has it may have been started anew.
            Error = fault ?? $"{Interface}: the other side closed the connection";
            return false;
        }
        batch.Count = 0;
        return true;
    }

    public void Dispose()
    {
        _listener?.Dispose();
        _reader?.Dispose();
        _ = _accepting?.ContinueWith(
            static late =>
            {
                if (late.IsCompletedSuccessfully)
                {
                    late.Result.Dispose();
                }
                _ = late.Exception;
            },
            TaskScheduler.Default);
    }

    // Without a sender waits for one, as long as a source may be silent.
    private void Accept(CancellationToken cancellation)
    {
        _accepting ??= _listener!.AcceptTcpClientAsync(CancellationToken.None).AsTask();
        if (_reader is null && !_accepting.IsCompleted)
        {
            _ = Task.WaitAny([_accepting], (int)PacketSources.LongestSilence.TotalMilliseconds, cancellation);
        }
        if (!_accepting.IsCompleted)
        {
            return;
        }
        Task<TcpClient> accepted = _accepting;
        _accepting = null;
        try
        {
            TcpClient client = accepted.GetAwaiter().GetResult();
            if (_reader is null)
            {
                Begin(client);
            }
            else
            {
                // A capture is one stream: a second sender learns at once that there is one already.
                client.Dispose();
            }
        }
        catch (SocketException)
        {
            // Gone before it was taken.
        }
    }

    private void Begin(TcpClient client)
    {
        Socket socket = client.Client;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveSeconds / 3);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        _reader = new(new NetworkStream(socket, ownsSocket: true), socket.RemoteEndPoint?.ToString() ?? Interface);
    }
}

/// <summary>How such a source is written: <c>TCP@host:port</c>, or <c>host:port:type=pcap-over-ip</c>, and with <c>listen=true</c> <c>[address:]port</c>.</summary>
public static class PcapOverIp
{
    private const string Prefix = "tcp@";

    /// <summary>Whether a definition means one.</summary>
    public static bool Is(SourceDefinition definition) =>
        definition.Type is { } type ? type.Equals(PacketSources.PcapOverIpType, StringComparison.OrdinalIgnoreCase)
        : definition.Interface.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Where it connects to, or listens.</summary>
    /// <exception cref="PacketSourceException">It does not say.</exception>
    internal static (string Host, int Port, bool Listens) PlaceOf(SourceDefinition definition)
    {
        bool listens = definition.Options.TryGetValue("listen", out string? listen) && listen.ToLowerInvariant() is "true" or "yes" or "on" or "1";
        string place = definition.Interface.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? definition.Interface[Prefix.Length..] : definition.Interface;
        int colon = place.LastIndexOf(':');
        string host = colon < 0 ? "" : place[..colon].TrimStart('[').TrimEnd(']');
        if (!int.TryParse(place[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port > ushort.MaxValue || (port == 0 && !listens) || (host.Length == 0 && !listens))
        {
            throw new PacketSourceException(
                $"source '{definition}': {(listens ? "57012 and 0.0.0.0:57012 are places to listen at" : "the port is missing or none: TCP@server.example.org:57012 has one")}");
        }
        if (listens)
        {
            // A port alone is for this machine.
            host = host is "" or "localhost" ? "127.0.0.1" : host;
            if (!IPAddress.TryParse(host, out _))
            {
                throw new PacketSourceException($"source '{definition}': '{host}' is no address of this machine to listen at; 0.0.0.0 are all");
            }
        }
        return (host, port, listens);
    }

    /// <summary>Whether others than this machine can send to it; to be said, since there is no login.</summary>
    public static bool IsExposed(SourceDefinition definition)
    {
        try
        {
            return Is(definition) && PlaceOf(definition) is (var host, _, true) && !IPAddress.IsLoopback(IPAddress.Parse(host));
        }
        catch (PacketSourceException)
        {
            return false;
        }
    }
}
