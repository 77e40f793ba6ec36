using System.Globalization;

namespace KismetOrleans.Packets.Sources;

/// <summary>The list of options behind the interface of a source definition.</summary>
public static class SourceOptions
{
    /// <summary>
    /// Where the colon is that begins the options, -1 where there are none. Paths and adapters may hold colons themselves
    /// (<c>C:\walk.pcap</c>): the one meant is the first that a key and an equals sign follow.
    /// </summary>
    internal static int Start(string text)
    {
        for (int colon = text.IndexOf(':'); colon >= 0; colon = text.IndexOf(':', colon + 1))
        {
            int key = SkipSpace(text, colon + 1);
            int end = KeyEnd(text, key);
            if (end > key && end < text.Length && text[end] == '=')
            {
                return colon;
            }
        }
        return -1;
    }

    /// <summary>Reads <c>key=value[,key=value...]</c> from <paramref name="at"/> to the end; says what is wrong, null for nothing.</summary>
    public static string? Read(string text, int at, Dictionary<string, string> options)
    {
        while (true)
        {
            int start = SkipSpace(text, at);
            int equals = KeyEnd(text, start);
            if (equals == start || equals == text.Length || text[equals] != '=')
            {
                int comma = text.IndexOf(',', start);
                return $"'{text[start..(comma < 0 ? text.Length : comma)]}' at character {start + 1} is no option of the form key=value";
            }
            string key = text[start..equals];
            string? error = Value(text, equals + 1, key, out string value, out at);
            if (error is not null)
            {
                return error;
            }
            if (!options.TryAdd(key, value))
            {
                return $"option {key} is given twice";
            }
            if (at == text.Length)
            {
                return null;
            }
            at++;
        }
    }

    /// <summary>Reads a value, quoted or up to the next comma (a place: up to the next that no number follows); <paramref name="end"/> is where that comma or the end of the text is.</summary>
    private static string? Value(string text, int start, string key, out string value, out int end)
    {
        if (start < text.Length && text[start] == '"')
        {
            int quote = text.IndexOf('"', start + 1);
            value = quote < 0 ? "" : text[(start + 1)..quote];
            end = quote < 0 ? text.Length : SkipSpace(text, quote + 1);
            return quote < 0 ? $"the value of option {key} lacks its closing quote"
                : end < text.Length && text[end] != ',' ? $"a comma is missing after the value of option {key}"
                : null;
        }
        end = Comma(text, start);
        // The numbers of a place are one value: nobody quotes them.
        while (end < text.Length && key.Equals("place", StringComparison.OrdinalIgnoreCase) && IsNumber(text.AsSpan(end + 1, Comma(text, end + 1) - end - 1)))
        {
            end = Comma(text, end + 1);
        }
        value = text[start..end].Trim();
        return null;
    }

    private static int Comma(string text, int start)
    {
        int comma = text.IndexOf(',', start);
        return comma < 0 ? text.Length : comma;
    }

    private static bool IsNumber(ReadOnlySpan<char> text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static int KeyEnd(string text, int start)
    {
        int end = start;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '-' or '.'))
        {
            end++;
        }
        return end;
    }

    private static int SkipSpace(string text, int at)
    {
        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }
        return at;
    }
}
