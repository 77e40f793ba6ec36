using System.Text;

namespace KismetOrleans.Engine.Tracking;

/// <summary>Compares text in octets with a string without making one.</summary>
internal static class TextMatch
{
    // What is longer is rare enough to be compared as a string.
    private const int MaxOctets = 256;

    /// <summary>Whether the octets are the string in UTF-8.</summary>
    public static bool Equals(ReadOnlySpan<byte> octets, string text)
    {
        if (text.Length > MaxOctets / 3)
        {
            return octets.Length >= text.Length && Encoding.UTF8.GetByteCount(text) == octets.Length && Encoding.UTF8.GetString(octets) == text;
        }
        Span<byte> other = stackalloc byte[MaxOctets];
        return octets.SequenceEqual(other[..Encoding.UTF8.GetBytes(text, other)]);
    }
}
