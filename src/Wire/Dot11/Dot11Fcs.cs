// IEEE Std 802.11-2020, clause 9.2.4.8: FCS field.
using System.Buffers.Binary;
using System.IO.Hashing;

namespace KismetOrleans.Wire.Dot11;

/// <summary>The frame check sequence of 802.11: CRC-32, least significant byte first.</summary>
public static class Dot11Fcs
{
    /// <summary>Bytes of it.</summary>
    public const int Length = 4;

    /// <summary>The check sequence of a frame without it, as the four bytes behind it read in little-endian order.</summary>
    public static uint Compute(ReadOnlySpan<byte> frame) => Crc32.HashToUInt32(frame);

    /// <summary>What a frame has at its end, which must be that long.</summary>
    public static uint Read(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadUInt32LittleEndian(frame[^Length..]);

    /// <summary>Whether a frame ends with its check sequence.</summary>
    public static bool Matches(ReadOnlySpan<byte> frame) => frame.Length >= Length && Compute(frame[..^Length]) == Read(frame);
}
