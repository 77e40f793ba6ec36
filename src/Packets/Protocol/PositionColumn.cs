using System.Buffers.Binary;

namespace KismetOrleans.Packets.Protocol;

/// <summary>
/// The column of a batch that says where its packets were seen. Columns behind the packets' bytes are a number, their length and so many bytes; a reader passes over those that it does
/// not know.
/// </summary>
internal static class PositionColumn
{
    private const byte Number = 1;
    private const int ValueLength = (3 * sizeof(double)) + 1;

    /// <summary>Bytes of the column.</summary>
    public const int Length = 2 + ValueLength;

    public static int Write(Span<byte> to, PacketPosition position)
    {
        to[0] = Number;
        to[1] = ValueLength;
        BinaryPrimitives.WriteDoubleLittleEndian(to[2..], position.Latitude);
        BinaryPrimitives.WriteDoubleLittleEndian(to[10..], position.Longitude);
        BinaryPrimitives.WriteDoubleLittleEndian(to[18..], position.Altitude);
        to[26] = position.Fix;
        return Length;
    }

    /// <summary>Looks for it among the columns behind the packets' bytes.</summary>
    /// <param name="columns">All of them.</param>
    /// <param name="position">What it says; null where there is none.</param>
    /// <returns>False where it is no place on Earth.</returns>
    public static bool TryFind(ReadOnlySpan<byte> columns, out PacketPosition? position)
    {
        position = null;
        for (int at = 0; at < columns.Length;)
        {
            if (!Varint.TryRead(columns, ref at, out ulong number) || !Varint.TryRead(columns, ref at, out ulong length) || length > (ulong)(columns.Length - at))
            {
                // Of another form than any that is known here.
                return true;
            }
            if (number == Number && length >= ValueLength)
            {
                ReadOnlySpan<byte> value = columns[at..];
                PacketPosition found = new(
                    BinaryPrimitives.ReadDoubleLittleEndian(value), BinaryPrimitives.ReadDoubleLittleEndian(value[8..]), BinaryPrimitives.ReadDoubleLittleEndian(value[16..]), value[24]);
                if (!found.IsValid)
                {
                    return false;
                }
                position = found;
            }
            at += (int)length;
        }
        return true;
    }
}
