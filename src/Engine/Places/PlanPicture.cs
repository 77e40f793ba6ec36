using System.Buffers.Binary;
using System.Security.Cryptography;

namespace KismetOrleans.Engine.Places;

/// <summary>Pictures of floors: PNG or JPEG, told by their first bytes. SVG is a program for the browser that opens it, and is not taken.</summary>
/// <param name="Id">Its name: SHA-256 of its bytes, lower-case hexadecimal.</param>
/// <param name="ContentType">Its type.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
public sealed record PlanPicture(string Id, string ContentType, int Width, int Height)
{
    /// <summary>Bytes of one at most; a plan of a large building at 8,000 pixels is less.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Pixels of a side at most: a browser needs four bytes for each, 256 MB.</summary>
    internal const int MaxSide = 8192;

    /// <summary>Characters of an <see cref="Id"/>.</summary>
    internal const int IdLength = 64;

    /// <summary>Looks at a picture.</summary>
    /// <param name="error">Why it is of no use; null where it is.</param>
    public static PlanPicture? Of(ReadOnlySpan<byte> bytes, out string? error)
    {
        (string Type, int Width, int Height)? read = bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) ? Png(bytes)
            : bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? Jpeg(bytes) : null;
        error = read is not { } found ? "expected a PNG or JPEG picture; make one of a plan that is SVG or PDF"
            : found.Width is < 1 or > MaxSide || found.Height is < 1 or > MaxSide ? $"the picture is {found.Width} by {found.Height} pixels, {MaxSide} a side are the most"
            : null;
        return error is null ? new(Convert.ToHexStringLower(SHA256.HashData(bytes)), read!.Value.Type, read.Value.Width, read.Value.Height) : null;
    }

    // The first chunk is the header (PNG, 5.6).
    private static (string, int, int)? Png(ReadOnlySpan<byte> bytes) => bytes.Length >= 24 && bytes[12..16].SequenceEqual("IHDR"u8)
        ? ("image/png", Side(BinaryPrimitives.ReadUInt32BigEndian(bytes[16..])), Side(BinaryPrimitives.ReadUInt32BigEndian(bytes[20..]))) : null;

    private static int Side(uint pixels) => (int)Math.Min(pixels, int.MaxValue);

    // Segments up to the frame header, SOF (ITU-T T.81, B.2.2): marker, length, precision, height, width.
    private static (string, int, int)? Jpeg(ReadOnlySpan<byte> bytes)
    {
        for (int at = 2; at + 9 <= bytes.Length && bytes[at] == 0xFF;)
        {
            byte marker = bytes[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return ("image/jpeg", BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 5)..]));
            }
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
        }
        return null;
    }
}
