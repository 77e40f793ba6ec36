using KismetOrleans.Engine.Reports;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Protocol;
using Microsoft.Extensions.ObjectPool;

namespace KismetOrleans.Api.Sensors.RemoteCapture;

/// <summary>Collects a capture program's packets into a batch. Between batches it has no room of its own. Not thread-safe; nothing is allocated per packet.</summary>
/// <param name="overrideTimestamp">Whether packets have the time of their receipt.</param>
internal sealed class PacketCollector(bool overrideTimestamp)
{
    // A quarter of an agent's: frames are short, and hundreds of programs have one each while they are busy.
    private const int BatchPackets = 1024;
    private const int BatchBytes = 256 << 10;

    // Some 5 m: a batch has one place.
    private const double SamePlaceDegrees = 5e-5;
    private static readonly ObjectPool<BatchBuilder> s_builders = new DefaultObjectPool<BatchBuilder>(new Policy(), Environment.ProcessorCount * 4);
    private BatchBuilder? _filling;
    private PacketPosition? _place;
    private ulong _packed;

    public int Packets => _filling?.Packets ?? 0;
    public int Bytes => _filling?.Bytes ?? 0;

    /// <summary>Takes a packet, and where it was seen.</summary>
    /// <param name="packet">What the program says.</param>
    /// <param name="nowNs">The server's clock, nanoseconds since 1970 UTC.</param>
    /// <returns>False where what waits has to be packed first.</returns>
    /// <exception cref="InvalidDataException">Its link type is none.</exception>
    public bool TryTake(in RemotePacket packet, long nowNs)
    {
        if (packet.Position is { } place)
        {
            if (Packets > 0 && (_place is not { } before || IsElsewhere(place, before)))
            {
                return false;
            }
            _place = place;
        }
        if (!packet.HasPacket)
        {
            return packet.Report == 0 || packet.Json.Length is 0 or > JsonReport.MaxJson || TryTakeReport(packet, nowNs);
        }
        if (packet.LinkType >= (uint)Wire.LinkType.JsonReport)
        {
            throw new InvalidDataException($"a packet of link type {packet.LinkType}, which is none");
        }
        BatchBuilder filling = _filling ??= s_builders.Get();
        Span<byte> front = stackalloc byte[RemotePacket.MaxFront];
        front = front[..packet.WriteFront(front, out Wire.LinkType type)];
        long heardNs = Time(packet, out bool outOfRange);
        CapturedPacket captured = new()
        {
            TimeNs = overrideTimestamp ? nowNs : heardNs,
            TimeOutOfRange = outOfRange && !overrideTimestamp,
            LinkType = type,
            Length = front.Length + (int)packet.Bytes.Length,
            OriginalLength = front.Length + (int)Math.Min(Math.Max(packet.OriginalLength, packet.Bytes.Length), int.MaxValue / 2),
        };
        if (!filling.TryAdd(captured, front, packet.Bytes))
        {
            return false;
        }
        filling.Position = _place;
        return true;
    }

    private bool TryTakeReport(in RemotePacket packet, long nowNs)
    {
        BatchBuilder filling = _filling ??= s_builders.Get();
        long heardNs = Time(packet, out bool outOfRange);
        CapturedPacket captured = new()
        {
            TimeNs = overrideTimestamp ? nowNs : heardNs,
            TimeOutOfRange = outOfRange && !overrideTimestamp,
            LinkType = Wire.LinkType.JsonReport,
            Length = 1 + (int)packet.Json.Length,
            OriginalLength = 1 + (int)packet.Json.Length,
        };
        if (!filling.TryAdd(captured, [(byte)packet.Report], packet.Json))
        {
            return false;
        }
        filling.Position = _place;
        return true;
    }

    /// <summary>Packs what waits.</summary>
    /// <param name="bootId">Life of the source.</param>
    /// <param name="sequence">Number of the batch.</param>
    /// <returns>The batch, as docs/edge-protocol.md has it.</returns>
    public ReadOnlyMemory<byte> Pack(ulong bootId, ulong sequence)
    {
        BatchBuilder full = _filling!;
        ReadOnlyMemory<byte> batch = full.Pack(bootId, sequence, _packed)[EdgeFrame.HeaderLength..].ToArray();
        _packed += (ulong)full.Packets;
        Release();
        return batch;
    }

    /// <summary>Gives its room back, with what waits.</summary>
    public void Release()
    {
        if (_filling is { } filling)
        {
            _filling = null;
            filling.Clear();
            s_builders.Return(filling);
        }
    }

    private static bool IsElsewhere(PacketPosition one, PacketPosition other) =>
        Math.Abs(one.Latitude - other.Latitude) > SamePlaceDegrees || Math.Abs(one.Longitude - other.Longitude) > SamePlaceDegrees || one.Fix != other.Fix;

    private static long Time(in RemotePacket packet, out bool outOfRange)
    {
        const ulong Most = long.MaxValue / 1_000_000_000;
        outOfRange = packet.Seconds >= Most || packet.Microseconds >= 1_000_000;
        return ((long)Math.Min(packet.Seconds, Most - 1) * 1_000_000_000) + (Math.Min(packet.Microseconds, 999_999) * 1000L);
    }

    private sealed class Policy : PooledObjectPolicy<BatchBuilder>
    {
        public override BatchBuilder Create() => new(BatchPackets, BatchBytes);

        public override bool Return(BatchBuilder obj) => true;
    }
}
