namespace KismetOrleans.Packets.Protocol;

/// <summary>Numbers in as few bytes as they need: seven bits an byte, lowest first, the top bit says that more follow. Zigzag for signs.</summary>
internal static class Varint
{
    /// <summary>Bytes of the longest number: 64 bits by sevens.</summary>
    public const int MaxLength = 10;

    /// <summary>Writes a number.</summary>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> target, ulong value)
    {
        int length = 0;
        while (value >= 0x80)
        {
            target[length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        target[length++] = (byte)value;
        return length;
    }

    /// <summary>Reads a number.</summary>
    /// <param name="at">Moved behind the number; unspecified when false.</param>
    /// <param name="value">The number.</param>
    /// <returns>False where the bytes end within it, or it has more than 64 bits.</returns>
    public static bool TryRead(ReadOnlySpan<byte> source, ref int at, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if ((uint)at >= (uint)source.Length)
            {
                return false;
            }
            byte b = source[at++];
            if (shift == 63 && b > 1)
            {
                return false;
            }
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Small magnitudes to small numbers.</summary>
    public static ulong Zigzag(long value) => (ulong)((value << 1) ^ (value >> 63));

    /// <summary>The other way round.</summary>
    public static long Unzigzag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
