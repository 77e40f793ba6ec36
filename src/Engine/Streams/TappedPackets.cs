using KismetOrleans.Engine.Observations;
using KismetOrleans.Packets;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Engine.Streams;

/// <summary>
/// Packets on their way to one stream: one array, which crosses process borders as it is. Filled by one thread, then read by another;
/// whoever has read it disposes it, and its array is used again.
/// </summary>
public sealed class TappedPackets : IDisposable
{
    private PacketTap? _owner;

    /// <summary>An empty block with room for <paramref name="capacity"/> bytes.</summary>
    internal TappedPackets(int capacity) => Bytes = GC.AllocateUninitializedArray<byte>(capacity);

    /// <summary>A block as it came over a border.</summary>
    /// <param name="bytes">Its entries; kept, not copied.</param>
    /// <param name="length">Bytes of them.</param>
    public TappedPackets(byte[] bytes, int length, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)bytes.Length, nameof(length));
        Bytes = bytes;
        Length = length;
        Count = count;
    }

    /// <summary>The entries, see <see cref="TappedPacket"/>; the first <see cref="Length"/> bytes count.</summary>
    public byte[] Bytes { get; }

    /// <summary>Bytes of the entries.</summary>
    public int Length { get; private set; }

    /// <summary>Packets; notes of losses are not counted.</summary>
    public int Count { get; private set; }

    internal int Room => Bytes.Length - Length;

    /// <summary>Reads the entry at <paramref name="position"/> and steps over it; begin with 0.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="InvalidDataException">There is no whole entry there: the block was damaged on its way.</exception>
    public bool TryRead(scoped ref int position, out TappedPacket packet)
    {
        packet = default;
        while (position < Length)
        {
            int length = TappedPacket.Read(Bytes.AsSpan(position, Length - position), out packet);
            if (length == 0)
            {
                throw new InvalidDataException($"tapped packets: no whole entry at byte {position} of {Length}");
            }
            position += length;
            if (!packet.IsMark)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Gives the block back to its tap.</summary>
    public void Dispose()
    {
        PacketTap? owner = _owner;
        _owner = null;
        owner?.Return(this);
    }

    internal void Open(PacketTap owner) => (_owner, Length, Count) = (owner, 0, 0);

    internal void Add(ushort source, in CapturedPacket packet, ReadOnlySpan<byte> bytes, DissectedAs what, in RadioHeader radio, MacAddress advertiser)
    {
        TappedPacket.Write(Bytes.AsSpan(Length), source, packet, bytes, what, radio, advertiser);
        Length += TappedPacket.SizeOf(bytes.Length, what, radio);
        Count++;
    }

    internal void AddEntry(ReadOnlySpan<byte> entry)
    {
        entry.CopyTo(Bytes.AsSpan(Length));
        Length += entry.Length;
        Count++;
    }

    internal void AddMark(ushort source, Watermark batch)
    {
        TappedPacket.WriteMark(Bytes.AsSpan(Length), source, batch);
        Length += TappedPacket.HeaderLength;
    }

    internal void AddLoss(ushort source, LinkType linkType, long timeNs, long lost)
    {
        TappedPacket.WriteLoss(Bytes.AsSpan(Length), source, linkType, timeNs, lost);
        Length += TappedPacket.HeaderLength;
    }

    internal void Append(TappedPackets other)
    {
        other.Bytes.AsSpan(0, other.Length).CopyTo(Bytes.AsSpan(Length));
        Length += other.Length;
        Count += other.Count;
    }
}
