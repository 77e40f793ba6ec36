namespace KismetOrleans.Api.Ingest;

/// <summary>Finds the JSON of a command in a body, in place.</summary>
internal static class FormJson
{
    /// <summary>
    /// The JSON of a body: all of it, or the form variable <c>json</c>. A variable that begins with a brace was not encoded at all, for every encoder
    /// encodes braces: it is taken as it is, with its plus signs and percent signs, and more variables may follow the dictionary.
    /// </summary>
    /// <param name="body">The body; what must be decoded is decoded in it.</param>
    /// <param name="mayGoOn">Whether other variables may follow the dictionary, after <c>&amp;</c>.</param>
    /// <returns>The JSON; empty without.</returns>
    public static ReadOnlySpan<byte> Find(Span<byte> body, out bool mayGoOn)
    {
        mayGoOn = false;
        Span<byte> rest = body.TrimStart(" \t\r\n\uFEFF"u8);
        if (!rest.IsEmpty && rest[0] is (byte)'{' or (byte)'[')
        {
            return rest;
        }
        while (!rest.IsEmpty)
        {
            if (rest.StartsWith("json="u8))
            {
                Span<byte> value = rest["json=".Length..];
                Span<byte> text = value.TrimStart(" \t\r\n+"u8);
                mayGoOn = !text.IsEmpty && text[0] == '{';
                return mayGoOn ? text : Decode(Until(value, (byte)'&')).TrimStart("\uFEFF"u8);
            }
            Span<byte> variable = Until(rest, (byte)'&');
            rest = rest[Math.Min(variable.Length + 1, rest.Length)..];
        }
        return default;
    }

    private static Span<byte> Until(Span<byte> text, byte end) => text.IndexOf(end) is >= 0 and var i ? text[..i] : text;

    // application/x-www-form-urlencoded, https://url.spec.whatwg.org/#urlencoded-parsing: what is no valid escape stays as it is.
    private static Span<byte> Decode(Span<byte> text)
    {
        int first = text.IndexOfAny((byte)'%', (byte)'+');
        if (first < 0)
        {
            return text;
        }
        int to = first;
        for (int from = first; from < text.Length; to++)
        {
            byte c = text[from++];
            if (c == '%' && from + 1 < text.Length && char.IsAsciiHexDigit((char)text[from]) && char.IsAsciiHexDigit((char)text[from + 1]))
            {
                c = (byte)((Digit(text[from]) << 4) | Digit(text[from + 1]));
                from += 2;
            }
            else if (c == '+')
            {
                c = (byte)' ';
            }
            text[to] = c;
        }
        return text[..to];
    }

    private static int Digit(byte c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}
