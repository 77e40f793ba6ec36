// IEEE Std 802.15.4-2020, clause 7.2.11: FCS field.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Ieee802154;

/// <summary>The frame check sequence of 802.15.4: 16 bits of ITU-T's CRC without preset, least significant bit first.</summary>
public static class Ieee802154Fcs
{
    /// <summary>Bytes of it.</summary>
    public const int Length = 2;

    /// <summary>x¹⁶ + x¹² + x⁵ + 1, bits reversed.</summary>
    private const ushort Polynomial = 0x8408;

    private static readonly ushort[] s_table = BuildTable();

    /// <summary>The check sequence of a frame without it, as the two bytes behind it read in little-endian order.</summary>
    internal static ushort Compute(ReadOnlySpan<byte> frame)
    {
        uint state = 0;
        foreach (byte b in frame)
        {
            state = s_table[(byte)(state ^ b)] ^ (state >> 8);
        }
        return (ushort)state;
    }

    /// <summary>Whether a frame ends with its check sequence.</summary>
    public static bool Matches(ReadOnlySpan<byte> frame) =>
        frame.Length >= Length && Compute(frame[..^Length]) == BinaryPrimitives.ReadUInt16LittleEndian(frame[^Length..]);

    /// <summary>Whether a frame ends with its check sequence in the other byte order.</summary>
    public static bool MatchesSwapped(ReadOnlySpan<byte> frame) =>
        frame.Length >= Length && Compute(frame[..^Length]) == BinaryPrimitives.ReadUInt16BigEndian(frame[^Length..]);

    private static ushort[] BuildTable()
    {
        ushort[] table = new ushort[256];
        for (int i = 0; i < table.Length; i++)
        {
            int state = i;
            for (int bit = 0; bit < 8; bit++)
            {
                state = (state >> 1) ^ ((state & 1) * Polynomial);
            }
            table[i] = (ushort)state;
        }
        return table;
    }
}
