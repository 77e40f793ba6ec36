using System.Buffers.Text;

namespace KismetOrleans.Engine.Scanning;

/// <summary>Numbers as text in bytes.</summary>
internal static class JsonScalars
{
    // Fifteen digits fit any whole number that a double has too.
    private const int MaxFastDigits = 15;

    /// <summary>A number, decimal, with or without fraction and exponent.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, out double value)
    {
        if (TryWhole(text, out long whole))
        {
            value = whole;
            return true;
        }
        return Utf8Parser.TryParse(text, out value, out int used) && used == text.Length && double.IsFinite(value);
    }

    /// <summary>A whole number of not too many digits: the common case.</summary>
    public static bool TryWhole(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        bool negative = !text.IsEmpty && text[0] == '-';
        ReadOnlySpan<byte> digits = negative ? text[1..] : text;
        if (digits.Length is 0 or > MaxFastDigits)
        {
            return false;
        }
        foreach (byte c in digits)
        {
            uint digit = (uint)(c - '0');
            if (digit > 9)
            {
                return false;
            }
            value = (value * 10) + digit;
        }
        value = negative ? -value : value;
        return true;
    }

    /// <summary>Pairs of hexadecimal digits.</summary>
    /// <param name="to">At least half as long.</param>
    public static bool TryHex(ReadOnlySpan<byte> text, Span<byte> to)
    {
        if (text.Length % 2 != 0)
        {
            return false;
        }
        int wrong = 0;
        for (int i = 0; i < text.Length; i += 2)
        {
            int b = (Digit(text[i]) << 4) | Digit(text[i + 1]);
            wrong |= b;
            to[i / 2] = (byte)b;
        }
        return wrong >= 0;
    }

    // Negative for what is no digit, also after a shift.
    private static int Digit(byte c)
    {
        uint digit = (uint)(c - '0');
        if (digit <= 9)
        {
            return (int)digit;
        }
        uint letter = (uint)((c | 0x20) - 'a');
        return letter < 6 ? (int)letter + 10 : -1 << 20;
    }
}
