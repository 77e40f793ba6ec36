using System.Buffers;
using System.Globalization;
using System.Net;
using KismetOrleans.Api.Sensors.RemoteCapture;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Packets;
using WireTzsp = KismetOrleans.Wire.Link.Tzsp;

namespace KismetOrleans.Api.Sensors.Tzsp;

/// <summary>One sender of TZSP, a source of its own. Who is faster than the storage is not held back by UDP, so what finds no room is counted as dropped.</summary>
internal sealed class TzspSender : IDisposable
{
    // A clock that is further from the network's is another life of the sender.
    private const long MostJitterNs = 500_000_000;
    private readonly TimeProvider _clock;
    private readonly FedSource _source;
    private long _dropped;
    private long _unread;
    private long _heardAt;
    private long _offsetNs;
    private uint _lastMicroseconds;
    private long _wholeMicroseconds = -1;
    private int _channel;
    private uint _linkType;

    // "TZSP", and what is the sender's own.
    private const string UuidPrefix = "545A5350-0000-0000-";

    /// <summary>A sender of which nothing was taken yet.</summary>
    public TzspSender(RemoteCaptureHost host, IPAddress address)
    {
        _clock = host.Clock;
        _heardAt = _clock.GetTimestamp();
        byte[] bytes = address.GetAddressBytes();
        string hex = Convert.ToHexString(bytes);
        SensorHello hello = new()
        {
            // The same for the same address at each start.
            Uuid = new($"{UuidPrefix}{(bytes.Length > 4 ? hex[..4] : "0000")}-{hex[^Math.Min(12, hex.Length)..].PadLeft(12, '0')}"),
            Name = $"tzsp-{address}",
            Driver = SourceDrivers.Tzsp.Type,
            Interface = address.ToString(),
            Definition = $"tzsp-{address}:type={SourceDrivers.Tzsp.Type}",
            Address = address.ToString(),
        };
        _source = new(host, hello) { AddHealth = AddHealth, HasNoChannels = "a sender of TZSP is not tuned from here" };
    }

    /// <summary>Whether a UUID is one that senders have here, and nobody else.</summary>
    public static bool IsOwn(Guid uuid) => uuid.ToString().StartsWith(UuidPrefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Takes a datagram; never waits. Called by one thread at a time.</summary>
    public void Take(ReadOnlyMemory<byte> datagram)
    {
        Volatile.Write(ref _heardAt, _clock.GetTimestamp());
        if (WireTzsp.TryParse(datagram.Span, out WireTzsp tzsp) != Wire.ParseStatus.Ok)
        {
            Volatile.Write(ref _unread, _unread + 1);
            Meters.TzspUnread.Add(1);
            return;
        }
        if (tzsp.PacketAt == 0 || tzsp.PacketAt == datagram.Length)
        {
            return;
        }
        RemotePacket packet = new()
        {
            HasPacket = true,
            LinkType = (uint)tzsp.LinkType,
            Bytes = new ReadOnlySequence<byte>(datagram[tzsp.PacketAt..]),
            SignalDbm = tzsp.SignalDbm,
            NoiseDbm = tzsp.NoiseDbm,
            FrequencyKhz = KhzOf(tzsp.Channel),
            Rate = tzsp.Rate,
            IsDamaged = tzsp.IsDamaged,
        };
        Volatile.Write(ref _linkType, packet.LinkType);
        if (tzsp.Channel != 0)
        {
            _channel = tzsp.Channel;
        }
        if (!_source.TryTake(packet, TimeOf(tzsp.Microseconds)))
        {
            Volatile.Write(ref _dropped, _dropped + 1);
        }
    }

    /// <summary>Hands on what it takes until it is stopped, silent for long, or fed by another server.</summary>
    /// <param name="silence">How long is long.</param>
    public Task RunAsync(TimeSpan silence, CancellationToken stopping) => _source.RunAsync(() => _clock.GetElapsedTime(Volatile.Read(ref _heardAt)) < silence, stopping);

    public void Dispose() => _source.Dispose();

    private SensorHealth AddHealth(SensorHealth health)
    {
        long unread = Volatile.Read(ref _unread);
        int channel = _channel;
        return health with
        {
            Dropped = (ulong)Volatile.Read(ref _dropped),
            LinkType = Volatile.Read(ref _linkType),
            Channel = channel == 0 ? "" : channel.ToString(CultureInfo.InvariantCulture),
            Warning = unread == 0 ? "" : $"{unread} datagrams were no TZSP that is read here",
        };
    }

    // The sender's clock tells the gaps between its packets better than the network does; where it begins only the network tells.
    private long TimeOf(uint? microseconds)
    {
        long nowNs = _clock.NowNs();
        if (microseconds is not { } now)
        {
            return nowNs;
        }
        _wholeMicroseconds = _wholeMicroseconds < 0 ? now : _wholeMicroseconds + unchecked((int)(now - _lastMicroseconds));
        _lastMicroseconds = now;
        long timeNs = (_wholeMicroseconds * 1000) + _offsetNs;
        if (Math.Abs(nowNs - timeNs) > MostJitterNs)
        {
            _wholeMicroseconds = now;
            _offsetNs = nowNs - (_wholeMicroseconds * 1000);
            timeNs = nowNs;
        }
        return Math.Min(timeNs, nowNs);
    }

    private static ulong KhzOf(byte channel) => channel switch
    {
        >= 1 and <= 13 => 2_407_000ul + (5000ul * channel),
        14 => 2_484_000,
        >= 32 and <= 181 => 5_000_000ul + (5000ul * channel),
        _ => 0,
    };
}
