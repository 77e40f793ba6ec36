using System.Collections.Concurrent;
using System.Text;

namespace KismetOrleans.Engine.Persistence;

/// <summary>
/// Texts that many devices have in common (manufacturers, kinds, channels, ciphers), one string for each however many devices are loaded.
/// Thread-safe.
/// </summary>
internal static class DeviceCodecTexts
{
    // Longer ones are rare, and so are those that two devices share among them.
    private const int MaxUnits = 128;

    // Manufacturers' names are some 30,000, all else some hundreds; a hostile device can announce any, which must not stay for ever.
    private const int MaxTexts = 65_536;
    private static readonly ConcurrentDictionary<string, string> s_texts = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> s_bySpan =
        s_texts.GetAlternateLookup<ReadOnlySpan<char>>();

    private static int s_count;

    /// <summary>The text of some UTF-8.</summary>
    public static string Find(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return "";
        }
        if (utf8.Length > MaxUnits)
        {
            return Encoding.UTF8.GetString(utf8);
        }
        Span<char> buffer = stackalloc char[MaxUnits];
        Span<char> units = buffer[..Encoding.UTF8.GetChars(utf8, buffer)];
        if (s_bySpan.TryGetValue(units, out string? known))
        {
            return known;
        }
        string text = units.ToString();
        if (Volatile.Read(ref s_count) >= MaxTexts)
        {
            return text;
        }
        Interlocked.Increment(ref s_count);
        return s_texts.GetOrAdd(text, text);
    }
}
