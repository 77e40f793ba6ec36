using System.Text;

namespace KismetOrleans.Engine.Tracking;

/// <summary>Compares text in bytes with a string without making one.</summary>
internal static class TextMatch
{
    // What is longer is rare enough to be compared as a string.
    private const int MaxBytes = 256;

    /// <summary>Whether the bytes are the string in UTF-8.</summary>
    public static bool Equals(ReadOnlySpan<byte> bytes, string text)
    {
        if (text.Length > MaxBytes / 3)
        {
            return bytes.Length >= text.Length && Encoding.UTF8.GetByteCount(text) == bytes.Length && Encoding.UTF8.GetString(bytes) == text;
        }
        Span<byte> other = stackalloc byte[MaxBytes];
        return bytes.SequenceEqual(other[..Encoding.UTF8.GetBytes(text, other)]);
    }
}
