using KismetOrleans.Packets;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Tests;

/// <summary>Batches of packets, made by hand.</summary>
internal sealed class Packets
{
    /// <summary>Capture second that times count from.</summary>
    public const uint Start = 1_700_000_000;

    private readonly List<byte> _bytes = [];
    private readonly List<CapturedPacket> _packets = [];

    /// <summary>Nanoseconds since 1970 of a second after <see cref="Start"/>.</summary>
    public static long TimeOf(double second) => (Start * 1_000_000_000L) + (long)(second * 1e9);

    /// <summary>Appends a packet.</summary>
    /// <param name="packet">Its bytes as captured.</param>
    /// <param name="type">Link type.</param>
    /// <param name="at">Seconds after <see cref="Start"/>.</param>
    /// <param name="cutOff">Bytes that the snap length took away.</param>
    public Packets Add(ReadOnlySpan<byte> packet, LinkType type = LinkType.Ieee80211, double at = 0, int cutOff = 0)
    {
        _packets.Add(new()
        {
            TimeNs = TimeOf(at),
            LinkType = type,
            Offset = _bytes.Count,
            Length = packet.Length,
            OriginalLength = packet.Length + cutOff,
        });
        _bytes.AddRange(packet);
        return this;
    }

    public PacketBatch ToBatch(ulong bootId = 1, ulong sequence = 1) => new(0, 0)
    {
        BootId = bootId,
        Sequence = sequence,
        Bytes = [.. _bytes],
        Packets = [.. _packets],
        Count = _packets.Count,
    };
}
