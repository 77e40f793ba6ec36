using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Scanning;

/// <summary>Text and numbers of the dictionary that is being read.</summary>
internal ref partial struct ReportReader
{
    /// <summary>Reads the value of a key as text.</summary>
    /// <returns>False for null.</returns>
    public bool TryText(string key, int most, out ReadOnlySpan<byte> text)
    {
        _ = Json.Read();
        text = default;
        if (Json.TokenType == JsonTokenType.Null)
        {
            return false;
        }
        if (Json.TokenType != JsonTokenType.String)
        {
            Refuse(key, "expected a text");
        }
        text = Unescaped(key);
        if (text.Length > most)
        {
            Refuse(key, $"longer than {most} bytes");
        }
        return true;
    }

    // The bytes of the text or key that the reader stands on.
    private ReadOnlySpan<byte> Unescaped(string key)
    {
        if (!Json.ValueIsEscaped)
        {
            return Json.ValueSpan;
        }
        Span<byte> to = Room(Json.ValueSpan.Length);
        try
        {
            int length = Json.CopyString(to);
            _scratch += length;
            return to[..length];
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            Refuse(key, "not valid Unicode");
            return default;
        }
    }

    /// <summary>Reads the value of a key as a number, which may stand in quotes.</summary>
    /// <returns>False for null.</returns>
    private bool TryNumber(string key, out double value)
    {
        value = 0;
        if (!TryDigits(key, out ReadOnlySpan<byte> text))
        {
            return false;
        }
        if (!JsonScalars.TryNumber(text, out value))
        {
            Refuse(key, "expected a number");
        }
        return true;
    }

    /// <summary>Reads the value of a key as a number within bounds; a fraction is cut off.</summary>
    private bool TryWhole(string key, long least, long most, out long value)
    {
        value = 0;
        if (!TryDigits(key, out ReadOnlySpan<byte> text))
        {
            return false;
        }
        if (!JsonScalars.TryWhole(text, out value))
        {
            if (!JsonScalars.TryNumber(text, out double number))
            {
                Refuse(key, "expected a number");
            }
            value = (long)Math.Clamp(number, long.MinValue, long.MaxValue);
        }
        if (value < least || value > most)
        {
            Refuse(key, $"not between {least} and {most}");
        }
        return true;
    }

    private bool TryDigits(string key, out ReadOnlySpan<byte> text)
    {
        _ = Json.Read();
        text = Json.TokenType is JsonTokenType.Number or JsonTokenType.String ? Json.ValueSpan : default;
        if (Json.TokenType == JsonTokenType.String)
        {
            text = text.Trim(" "u8);
        }
        else if (Json.TokenType == JsonTokenType.Null)
        {
            return false;
        }
        else if (Json.TokenType != JsonTokenType.Number)
        {
            Refuse(key, "expected a number");
        }
        return true;
    }

    private bool TryAddress(string key, out MacAddress address)
    {
        address = default;
        if (!TryText(key, int.MaxValue, out ReadOnlySpan<byte> text))
        {
            return false;
        }
        if (!MacAddress.TryParse(text, out address))
        {
            Refuse(key, "expected a MAC address");
        }
        return true;
    }

    // Decoded texts of one report stand here one behind the other; an array that is outgrown lives on in the spans of it.
    private Span<byte> Room(int bytes)
    {
        if (_post.Scratch.Length - _scratch < bytes)
        {
            _post.Scratch = new byte[Math.Max(_post.Scratch.Length * 2, bytes)];
            _scratch = 0;
        }
        return _post.Scratch.AsSpan(_scratch);
    }

    [DoesNotReturn]
    private readonly void Refuse(string key, string what) =>
        throw new ScanFormatException(Entry >= 0 ? $"reports[{Entry}].{key}: {what}" : $"{key}: {what}");
}
