using System.Buffers;

namespace KismetOrleans.Packets.Protocol;

/// <summary>Texts of sensors: names and reasons end in logs and on consoles, which take control characters for commands.</summary>
public static class PlainText
{
    // C0 but for the tab, DEL, C1, line and paragraph separators, and what turns the direction of text round (UAX 9).
    private static readonly SearchValues<char> s_unfit = SearchValues.Create(
        [.. Enumerable.Range(0, 0xA0).Where(static c => (c < 0x20 && c != '\t') || c >= 0x7F).Select(static c => (char)c), '\u2028', '\u2029',
        .. Enumerable.Range(0x202A, 5).Concat(Enumerable.Range(0x2066, 4)).Select(static c => (char)c)]);

    /// <summary>A text with blanks in place of what is no text.</summary>
    public static string Of(string text) => !text.AsSpan().ContainsAny(s_unfit) ? text : string.Create(text.Length, text, static (to, from) =>
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = s_unfit.Contains(from[i]) ? ' ' : from[i];
        }
    });
}
