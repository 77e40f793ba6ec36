using KismetOrleans.Wire.Hashing;

namespace KismetOrleans.Engine.Streams;

/// <summary>
/// Numbers the packets of one stream from 1. A frame that one source saw shortly after (or before) another is the same packet and gets the
/// same number, as epb_packetid wants it; what one source hears twice are two.
/// </summary>
public sealed class PacketNumbers
{
    // Some seconds of a few busy sensors; what is overwritten too early only gets two numbers.
    private const int Slots = 1 << 16;

    // The window within which partitions take frames for duplicates by default.
    private const long WindowNs = 2_000_000_000;
    private readonly Seen[] _seen = new Seen[Slots];
    private ulong _newest;

    public ulong Next(in TappedPacket packet)
    {
        ReadOnlySpan<byte> frame = packet.Frame;
        if (frame.IsEmpty)
        {
            return ++_newest;
        }
        ulong hash = FrameHash.Compute(frame);
        ref Seen seen = ref _seen[hash & (Slots - 1)];
        if (seen.Hash == hash && seen.Source != packet.Source && Math.Abs(seen.TimeNs - packet.TimeNs) <= WindowNs)
        {
            return seen.Number;
        }
        seen = new(hash, packet.TimeNs, ++_newest, packet.Source);
        return _newest;
    }

    private readonly record struct Seen(ulong Hash, long TimeNs, ulong Number, ushort Source);
}
