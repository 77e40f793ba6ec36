using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using KismetOrleans.Api.Sensors.RemoteCapture;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Packets;
using KismetOrleans.Silo.Hosting;

namespace KismetOrleans.Api.Sensors.Tzsp;

/// <summary>Takes what access points mirror by TZSP: one socket, a source for each sender that is allowed.</summary>
internal sealed partial class TzspListener(RemoteCaptureHost host, TzspOptions options, IPEndPoint place) : BackgroundService
{
    // Access points of a campus.
    private const int MaxSenders = 256;

    // Ports that they send from, which grow with each restart of one.
    private const int MaxPlaces = 4096;
    private const int ReceiveBytes = 4 << 20;
    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_reportEvery = TimeSpan.FromMinutes(1);
    private readonly Socket _socket = new(place.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
    private readonly IReadOnlyList<IPNetwork> _allowed = options.Allowed();
    private readonly Dictionary<SocketAddress, TzspSender?> _places = [];
    private readonly ConcurrentDictionary<IPAddress, (TzspSender Sender, Task Running)> _senders = [];
    private readonly ConcurrentQueue<TzspSender> _ended = [];
    private readonly FaultReport _faults = new(host.Clock, (e, faults) => Failed(host.Logger, faults, e));
    private long _refused;
    private long _reportedAt;

    /// <summary>Where it listens, once it does.</summary>
    public IPEndPoint Place => (IPEndPoint)_socket.LocalEndPoint!;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (place.AddressFamily == AddressFamily.InterNetworkV6 && place.Address.Equals(IPAddress.IPv6Any))
            {
                _socket.DualMode = true;
            }
            _socket.ReceiveBufferSize = ReceiveBytes;
            _socket.Bind(place);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new PortInUseException($"{place} is in use; --{TzspOptions.Section}:{nameof(TzspOptions.Listen)} chooses another one");
        }
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _socket.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        byte[] datagram = GC.AllocateUninitializedArray<byte>(ushort.MaxValue, pinned: true);
        SocketAddress from = new(place.AddressFamily);
        _reportedAt = host.Clock.GetTimestamp() - host.Clock.TimestampFrequency * (long)s_reportEvery.TotalSeconds;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                int length = await _socket.ReceiveFromAsync(datagram, SocketFlags.None, from, stoppingToken);
                Forget();
                if (!_places.TryGetValue(from, out TzspSender? sender))
                {
                    sender = Admit(from, stoppingToken);
                }
                if (sender is null)
                {
                    Refuse(from);
                }
                else
                {
                    sender.Take(datagram.AsMemory(0, length));
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                // Whatever one datagram brings, the next is another's.
                _faults.Add(e);
                await Task.Delay(TimeSpan.FromMilliseconds(10), host.Clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        await Task.WhenAll(_senders.Values.Select(static one => one.Running));
        Forget();
    }

    private void Forget()
    {
        if (_ended.IsEmpty)
        {
            return;
        }
        _places.Clear();
        while (_ended.TryDequeue(out TzspSender? ended))
        {
            ended.Dispose();
        }
    }

    private TzspSender? Admit(SocketAddress from, CancellationToken stopping)
    {
        IPAddress address = AddressOf(from);
        TzspSender? sender = null;
        if (_senders.TryGetValue(address, out (TzspSender Sender, Task Running) known))
        {
            sender = known.Sender;
        }
        else if (_allowed.Any(network => network.Contains(address)))
        {
            if (_senders.Count >= MaxSenders)
            {
                // Not remembered: one of the others may fall silent.
                return null;
            }
            TzspSender made = sender = new(host, address);
            _senders[address] = (made, RunAsync(made, address, stopping));
        }
        if (_places.Count >= MaxPlaces)
        {
            _places.Clear();
        }
        SocketAddress key = new(from.Family, from.Size);
        from.Buffer.Span[..from.Size].CopyTo(key.Buffer.Span);
        _places[key] = sender;
        return sender;
    }

    private async Task RunAsync(TzspSender sender, IPAddress address, CancellationToken stopping)
    {
        await Task.Yield();
        await sender.RunAsync(s_silence, stopping);
        // The next datagram makes it anew.
        _ended.Enqueue(sender);
        _ = _senders.TryRemove(address, out _);
    }

    private static IPAddress AddressOf(SocketAddress from)
    {
        IPAddress address = ((IPEndPoint)new IPEndPoint(from.Family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0).Create(from)).Address;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    private void Refuse(SocketAddress from)
    {
        Meters.TzspRefused.Add(1);
        _refused++;
        if (host.Clock.GetElapsedTime(_reportedAt) >= s_reportEvery)
        {
            _reportedAt = host.Clock.GetTimestamp();
            Refused(host.Logger, AddressOf(from), _refused, _senders.Count, MaxSenders);
        }
    }

    [LoggerMessage(57, LogLevel.Warning, "TZSP from {address} was refused ({refused} datagrams so far): it is not in Tzsp:Allow, or {senders} of {most} senders are there already")]
    private static partial void Refused(ILogger logger, IPAddress address, long refused, int senders, int most);

    [LoggerMessage(58, LogLevel.Warning, "Datagrams of TZSP could not be taken, {faults} so far")]
    private static partial void Failed(ILogger logger, long faults, Exception e);
}
