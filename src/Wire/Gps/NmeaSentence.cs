// NMEA 0183 4.11, clause 5.3: sentences; clause 8.3: GGA, GSA, RMC, VTG.
using System.Buffers.Text;
using System.Globalization;

namespace KismetOrleans.Wire.Gps;

/// <summary>What the sentences of one receiver have said so far: each says a part, and receivers repeat them about once a second.</summary>
public struct NmeaFix
{
    /// <summary>Degrees north.</summary>
    public double Latitude;

    /// <summary>Degrees east.</summary>
    public double Longitude;

    /// <summary>Metres above mean sea level.</summary>
    public float Altitude;

    /// <summary>km/h.</summary>
    public float Speed;

    /// <summary>Degrees from true north.</summary>
    public float Heading;

    /// <summary>Degrees from magnetic north; 0 when the receiver does not say.</summary>
    public float MagneticHeading;

    /// <summary>0 none, 2 two-dimensional, 3 three-dimensional.</summary>
    public byte Fix;

    /// <summary>UTC of the position in nanoseconds since 1970; 0 until a date was told.</summary>
    public long TimeNs;

    /// <summary>What GSA said last, which knows better than GGA whether the altitude can be trusted; 0 until it did.</summary>
    internal byte Mode;
}

/// <summary>Reads sentences.</summary>
public static class NmeaSentence
{
    /// <summary>Bytes of a sentence with what ends it: the standard's 82, and what receivers add.</summary>
    internal const int MaxLength = 256;

    private const double KmhOfKnots = 1.852;
    private const int MaxFields = 32;

    /// <summary>Takes a sentence in.</summary>
    /// <param name="line">The sentence without what ends its line.</param>
    /// <param name="fix">Changed by what it says.</param>
    /// <param name="isPosition">Whether it said where the receiver is, or that it does not know.</param>
    /// <returns><see cref="ParseStatus.Malformed"/> where it is no sentence or its checksum is wrong; sentences that say nothing of this are fine.</returns>
    public static ParseStatus TryRead(ReadOnlySpan<byte> line, ref NmeaFix fix, out bool isPosition)
    {
        isPosition = false;
        if (line.Length < 6 || line[0] != '$' || line.Length > MaxLength)
        {
            return ParseStatus.Malformed;
        }
        int star = line.LastIndexOf((byte)'*');
        if (star >= 0 && !ChecksumMatches(line, star))
        {
            return ParseStatus.Malformed;
        }
        ReadOnlySpan<byte> body = star < 0 ? line[1..] : line[1..star];
        Span<Range> ranges = stackalloc Range[MaxFields];
        int count = Split(body, ranges);
        Fields fields = new(body, ranges[..count]);
        ReadOnlySpan<byte> address = fields[0];
        if (address.Length < 3)
        {
            return ParseStatus.Malformed;
        }
        // Two letters of the talker, whose constellation is of no matter; proprietary sentences begin with P.
        ReadOnlySpan<byte> kind = address[^3..];
        if (kind.SequenceEqual("GGA"u8))
        {
            isPosition = ReadGga(fields, ref fix);
        }
        else if (kind.SequenceEqual("RMC"u8))
        {
            isPosition = ReadRmc(fields, ref fix);
        }
        else if (kind.SequenceEqual("GSA"u8))
        {
            fix.Mode = fields[2].Length == 1 && fields[2][0] is >= (byte)'1' and <= (byte)'3' ? (byte)(fields[2][0] - '0') : (byte)0;
        }
        else if (kind.SequenceEqual("VTG"u8))
        {
            fix.Heading = Number(fields[1]) is { } track ? (float)track : fix.Heading;
            fix.MagneticHeading = Number(fields[3]) is { } magnetic ? (float)magnetic : fix.MagneticHeading;
            fix.Speed = Number(fields[7]) is { } speed ? (float)speed : fix.Speed;
        }
        return ParseStatus.Ok;
    }

    private static bool ReadGga(in Fields fields, ref NmeaFix fix)
    {
        if (fields[6].IsEmpty || fields[6][0] == '0')
        {
            fix.Fix = 0;
            return true;
        }
        if (!TryPlace(fields, 2, ref fix))
        {
            return false;
        }
        double? altitude = Number(fields[9]);
        fix.Altitude = (float)(altitude ?? 0);
        fix.Fix = altitude is not null && fix.Mode != 2 ? (byte)3 : (byte)2;
        if (fix.TimeNs != 0 && TimeOfDay(fields[1]) is { } time)
        {
            const long day = 86_400_000_000_000;
            long sameDay = (fix.TimeNs / day * day) + time;
            // The date is RMC's of a moment ago, which may have been before midnight.
            fix.TimeNs = sameDay < fix.TimeNs - (day / 2) ? sameDay + day : sameDay;
        }
        return true;
    }

    private static bool ReadRmc(in Fields fields, ref NmeaFix fix)
    {
        if (TimeOfDay(fields[1]) is { } time && Date(fields[9]) is { } date)
        {
            fix.TimeNs = date + time;
        }
        if (fields[2].IsEmpty || fields[2][0] != 'A')
        {
            fix.Fix = 0;
            return true;
        }
        if (!TryPlace(fields, 3, ref fix))
        {
            return false;
        }
        fix.Fix = Math.Max(fix.Fix, (byte)2);
        fix.Speed = (float)((Number(fields[7]) ?? 0) * KmhOfKnots);
        fix.Heading = (float)(Number(fields[8]) ?? fix.Heading);
        return true;
    }

    // Latitude, N or S, longitude, E or W.
    private static bool TryPlace(in Fields fields, int at, ref NmeaFix fix)
    {
        if (Degrees(fields[at], 2, 90) is not { } latitude || Degrees(fields[at + 2], 3, 180) is not { } longitude
            || fields[at + 1].Length != 1 || fields[at + 3].Length != 1)
        {
            return false;
        }
        fix.Latitude = fields[at + 1][0] == 'S' ? -latitude : latitude;
        fix.Longitude = fields[at + 3][0] == 'W' ? -longitude : longitude;
        return true;
    }

    // ddmm.mmmm
    private static double? Degrees(ReadOnlySpan<byte> text, int digits, double most)
    {
        if (text.Length <= digits || Number(text[..digits]) is not { } degrees || Number(text[digits..]) is not { } minutes || minutes is < 0 or >= 60)
        {
            return null;
        }
        double value = degrees + (minutes / 60);
        return value <= most ? value : null;
    }

    // hhmmss.sss
    private static long? TimeOfDay(ReadOnlySpan<byte> text)
    {
        if (text.Length < 6 || Number(text[..2]) is not { } hours || Number(text[2..4]) is not { } minutes || Number(text[4..]) is not { } seconds
            || hours > 23 || minutes > 59 || seconds is < 0 or >= 61)
        {
            return null;
        }
        return (((long)hours * 3600) + ((long)minutes * 60)) * 1_000_000_000 + (long)(seconds * 1e9);
    }

    // ddmmyy
    private static long? Date(ReadOnlySpan<byte> text)
    {
        if (text.Length != 6 || !Utf8Parser.TryParse(text, out int number, out int used) || used != 6)
        {
            return null;
        }
        (int day, int month, int year) = (number / 10_000, number / 100 % 100, 2000 + (number % 100));
        return month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            ? (new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero) - DateTimeOffset.UnixEpoch).Ticks * 100
            : null;
    }

    private static double? Number(ReadOnlySpan<byte> text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out double value) ? value : null;

    private static bool ChecksumMatches(ReadOnlySpan<byte> line, int star)
    {
        if (line.Length < star + 3 || !Utf8Parser.TryParse(line.Slice(star + 1, 2), out byte stated, out int used, 'x') || used != 2)
        {
            return false;
        }
        byte sum = 0;
        foreach (byte b in line[1..star])
        {
            sum ^= b;
        }
        return sum == stated;
    }

    private static int Split(ReadOnlySpan<byte> body, Span<Range> ranges)
    {
        int count = 0;
        int start = 0;
        while (count < ranges.Length)
        {
            int comma = body[start..].IndexOf((byte)',');
            int end = comma < 0 ? body.Length : start + comma;
            ranges[count++] = start..end;
            if (comma < 0)
            {
                break;
            }
            start = end + 1;
        }
        return count;
    }

    private readonly ref struct Fields(ReadOnlySpan<byte> body, ReadOnlySpan<Range> ranges)
    {
        private readonly ReadOnlySpan<byte> _body = body;
        private readonly ReadOnlySpan<Range> _ranges = ranges;

        // Empty where there is none: old receivers end sentences early.
        public ReadOnlySpan<byte> this[int index] => index < _ranges.Length ? _body[_ranges[index]] : [];
    }
}
