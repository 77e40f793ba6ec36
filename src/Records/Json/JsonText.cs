// RFC 8259, section 7: strings.
using System.Buffers;
using System.Text;
using KismetOrleans.Wire;

namespace KismetOrleans.Records.Json;

/// <summary>Strings as JSON: UTF-8 straight, escapes only where JSON asks for them, a lone surrogate as U+FFFD.</summary>
internal static class JsonText
{
    /// <summary>Bytes that one UTF-16 code unit can need: <c>\u001F</c>.</summary>
    public const int MaxExpansion = 6;

    private static readonly SearchValues<char> Plain = SearchValues.Create(
        [.. Enumerable.Range(0x20, 0x5F).Select(static c => (char)c).Where(static c => c is not ('"' or '\\'))]);

    /// <summary>Code units at the start of <paramref name="text"/> that are printed as they are, one byte each.</summary>
    public static int PlainLength(ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAnyExcept(Plain);
        return end < 0 ? text.Length : end;
    }

    /// <summary>Writes plain text, as <see cref="PlainLength"/> found it.</summary>
    public static void WritePlain(ReadOnlySpan<char> text, Span<byte> target) => Ascii.FromUtf16(text, target, out _);

    /// <summary>Writes any text without its quotes; <paramref name="target"/> has room for six bytes a code unit.</summary>
    /// <returns>Bytes written.</returns>
    public static int WriteEscaped(ReadOnlySpan<char> text, Span<byte> target)
    {
        int length = 0;
        while (!text.IsEmpty)
        {
            char c = text[0];
            if (c < 0x80)
            {
                length += WriteAscii(c, target[length..]);
                text = text[1..];
                continue;
            }
            // A lone surrogate decodes to the replacement character.
            Rune.DecodeFromUtf16(text, out Rune rune, out int consumed);
            length += rune.EncodeToUtf8(target[length..]);
            text = text[consumed..];
        }
        return length;
    }

    private static int WriteAscii(char c, Span<byte> target)
    {
        char escape = c switch
        {
            '"' => '"',
            '\\' => '\\',
            '\b' => 'b',
            '\f' => 'f',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            _ => '\0',
        };
        if (escape != 0)
        {
            target[0] = (byte)'\\';
            target[1] = (byte)escape;
            return 2;
        }
        if (c >= ' ')
        {
            target[0] = (byte)c;
            return 1;
        }
        "\\u00"u8.CopyTo(target);
        target[4] = JsonHex.Digit(c >> 4);
        target[5] = JsonHex.Digit(c & 15);
        return 6;
    }
}

/// <summary>Upper-case hexadecimal.</summary>
internal static class JsonHex
{
    public static byte Digit(int nibble) => "0123456789ABCDEF"u8[nibble];

    /// <summary>Bytes of the longest address.</summary>
    public const int MaxMacLength = 23;

    public static int MacLength(MacAddress address) => address.IsExtended ? MaxMacLength : 17;

    /// <summary>Writes an address as <c>AA:BB:CC:DD:EE:FF</c>, or eight bytes of it.</summary>
    public static void WriteMac(MacAddress address, Span<byte> target)
    {
        target = target[..MacLength(address)];
        ulong value = address.IsExtended ? address.Eui64 : address.Value;
        for (int i = target.Length - 2, shift = 0; i >= 0; i -= 3, shift += 8)
        {
            int b = (int)(value >> shift) & 0xFF;
            target[i] = Digit(b >> 4);
            target[i + 1] = Digit(b & 15);
            if (i > 0)
            {
                target[i - 1] = (byte)':';
            }
        }
    }

    /// <summary>Writes a number without leading zeros.</summary>
    /// <returns>Bytes written.</returns>
    public static int WriteNumber(ulong value, Span<byte> target)
    {
        int digits = value == 0 ? 1 : (67 - System.Numerics.BitOperations.LeadingZeroCount(value)) / 4;
        for (int i = digits - 1; i >= 0; i--)
        {
            target[i] = Digit((int)value & 15);
            value >>= 4;
        }
        return digits;
    }
}
