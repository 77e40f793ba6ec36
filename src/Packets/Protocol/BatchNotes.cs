using System.Buffers.Binary;
using KismetOrleans.Packets.Live;

namespace KismetOrleans.Packets.Protocol;

/// <summary>
/// The columns of a batch that it need not have: where its packets were seen, and how the host's clock stood then. Each is a number, its length and so many bytes behind the packets' bytes; a
/// reader passes over those that it does not know.
/// </summary>
internal static class BatchNotes
{
    private const byte PositionNumber = 1;
    private const int PositionLength = (3 * sizeof(double)) + 1;
    private const byte ClockNumber = 2;
    private const int ClockLength = 2 * sizeof(long);

    public const int MaxLength = 2 + PositionLength + 2 + ClockLength;

    /// <summary>Writes those that there are; returns how many bytes they take.</summary>
    public static int Write(Span<byte> to, PacketPosition? position, HostClock? clock)
    {
        int length = 0;
        if (position is { } place)
        {
            to[0] = PositionNumber;
            to[1] = PositionLength;
            BinaryPrimitives.WriteDoubleLittleEndian(to[2..], place.Latitude);
            BinaryPrimitives.WriteDoubleLittleEndian(to[10..], place.Longitude);
            BinaryPrimitives.WriteDoubleLittleEndian(to[18..], place.Altitude);
            to[26] = place.Fix;
            length = 2 + PositionLength;
        }
        if (clock is { } stood)
        {
            to = to[length..];
            to[0] = ClockNumber;
            to[1] = ClockLength;
            BinaryPrimitives.WriteUInt64LittleEndian(to[2..], stood.Boot);
            BinaryPrimitives.WriteInt64LittleEndian(to[10..], stood.BaseNs);
            length += 2 + ClockLength;
        }
        return length;
    }

    /// <summary>Looks for them behind the packets' bytes.</summary>
    /// <param name="columns">All columns.</param>
    /// <param name="batch">Gets what they say.</param>
    /// <returns>False where a position is no place on Earth.</returns>
    public static bool TryRead(ReadOnlySpan<byte> columns, PacketBatch batch)
    {
        (batch.Position, batch.Clock) = (null, null);
        for (int at = 0; at < columns.Length;)
        {
            if (!Varint.TryRead(columns, ref at, out ulong number) || !Varint.TryRead(columns, ref at, out ulong length) || length > (ulong)(columns.Length - at))
            {
                // Of another form than any that is known here.
                return true;
            }
            ReadOnlySpan<byte> value = columns[at..];
            if (number == PositionNumber && length >= PositionLength)
            {
                PacketPosition found = new(
                    BinaryPrimitives.ReadDoubleLittleEndian(value), BinaryPrimitives.ReadDoubleLittleEndian(value[8..]), BinaryPrimitives.ReadDoubleLittleEndian(value[16..]), value[24]);
                if (!found.IsValid)
                {
                    return false;
                }
                batch.Position = found;
            }
            else if (number == ClockNumber && length >= ClockLength)
            {
                batch.Clock = new(BinaryPrimitives.ReadUInt64LittleEndian(value), BinaryPrimitives.ReadInt64LittleEndian(value[8..]));
            }
            at += (int)length;
        }
        return true;
    }
}
