using System.Buffers;
using System.Runtime.CompilerServices;

namespace KismetOrleans.Storage.Manufacturers;

/// <summary>
/// Reads the registry's two public forms in one pass over the bytes: CSV (<c>MA-L,002272,Name,Address</c>) and the text form, of which the
/// lines <c>002272     (base 16)		Name</c> count.
/// </summary>
internal static class RegistryParser
{
    /// <summary>Bytes read at a time; a longer line is cut into pieces, of which none but the first can be an assignment.</summary>
    private const int BufferSize = 64 * 1024;

    /// <summary>Reads <paramref name="stream"/> to its end into <paramref name="builder"/>.</summary>
    /// <param name="stream">UTF-8, lines ended by LF or CR LF.</param>
    /// <param name="isText">Whether it is the text form.</param>
    /// <param name="builder">Where the assignments go.</param>
    /// <returns>How many lines looked like an assignment and made no sense.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Read(Stream stream, bool isText, RegistryBuilder builder)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int bad = 0, kept = 0;
            while (true)
            {
                int got = stream.Read(buffer, kept, buffer.Length - kept);
                ReadOnlySpan<byte> rest = buffer.AsSpan(0, kept + got);
                for (int end; (end = rest.IndexOf((byte)'\n')) >= 0; rest = rest[(end + 1)..])
                {
                    bad += Line(rest[..end], isText, builder) ? 0 : 1;
                }
                if (got == 0)
                {
                    return bad + (Line(rest, isText, builder) ? 0 : 1);
                }
                // A full buffer without a line's end: let go of it rather than read for ever with no room.
                kept = rest.Length == buffer.Length ? 0 : rest.Length;
                rest[..kept].CopyTo(buffer);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool Line(ReadOnlySpan<byte> line, bool isText, RegistryBuilder builder) =>
        isText ? TextLine(line, builder) : CsvLine(line, builder);

    private static bool CsvLine(ReadOnlySpan<byte> line, RegistryBuilder builder)
    {
        if (!line.StartsWith("MA-"u8) && !line.StartsWith("IAB,"u8))
        {
            // The head line, or the rest of an address that holds a line break.
            return true;
        }
        int comma = line.IndexOf((byte)',');
        if (comma < 0)
        {
            return false;
        }
        line = line[(comma + 1)..];
        int digits = Hex(line, out ulong prefix);
        if (digits == 0 || digits >= line.Length || line[digits] != ',')
        {
            return false;
        }
        line = line[(digits + 1)..];
        if (line.Length > 0 && line[0] == '"')
        {
            line = line[1..];
            return builder.Add(prefix, digits, line[..ClosingQuote(line)], quoted: true);
        }
        int end = line.IndexOf((byte)',');
        return builder.Add(prefix, digits, end < 0 ? line : line[..end], quoted: false);
    }

    private static int ClosingQuote(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                if (i + 1 >= text.Length || text[i + 1] != '"')
                {
                    return i;
                }
                i++;
            }
        }
        return text.Length;
    }

    private static bool TextLine(ReadOnlySpan<byte> line, RegistryBuilder builder)
    {
        ReadOnlySpan<byte> mark = "(base 16)"u8;
        int at = line.IndexOf(mark);
        if (at < 0)
        {
            return true;
        }
        int digits = Hex(line, out ulong prefix);
        return digits == 6 && builder.Add(prefix, digits, line[(at + mark.Length)..], quoted: false);
    }

    /// <summary>Reads up to nine hexadecimal digits; returns how many there were, 0 for none or too many.</summary>
    private static int Hex(ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        int i = 0;
        for (; i < text.Length && char.IsAsciiHexDigit((char)text[i]); i++)
        {
            if (i == 9)
            {
                return 0;
            }
            value = (value << 4) | (uint)(text[i] <= '9' ? text[i] - '0' : (text[i] & 0xDF) - 'A' + 10);
        }
        return i;
    }
}
