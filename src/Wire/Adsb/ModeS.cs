namespace KismetOrleans.Wire.Adsb;

/// <summary>What a message tells beside who sent it.</summary>
public enum ModeSContent : byte
{
    /// <summary>Nothing that is read here.</summary>
    None,

    /// <summary>Callsign.</summary>
    Identification,

    /// <summary>Position in the air, and height.</summary>
    Position,

    /// <summary>Speed and heading.</summary>
    Velocity,
}

/// <summary>
/// A Mode S downlink message whose check sequence names its sender: an all-call reply (format 11), an extended squitter (17), or one that is sent on the ground's behalf (18).
/// ICAO Annex 10, Volume IV, 3.1.2; the squitter's content after ICAO Doc 9871, appendix A, registers 0,5, 0,8 and 0,9.
/// </summary>
public ref struct ModeS
{
    /// <summary>Bytes of a long message.</summary>
    public const int LongLength = 14;

    private const int ShortLength = 7;
    private const uint Generator = 0xFFF409;
    private const double FeetToMetres = 0.3048;
    private const double KnotsToKmh = 1.852;

    /// <summary>The aircraft's address, 24 bits.</summary>
    public uint Icao;

    /// <summary>What it tells.</summary>
    public ModeSContent Content;

    /// <summary>Callsign, eight characters with blanks behind.</summary>
    public ulong Callsign;

    /// <summary>Metres above mean sea level by barometer; null where it is not told.</summary>
    public float? Altitude;

    /// <summary>Whether the position is of the odd kind.</summary>
    public bool IsOdd;

    /// <summary>Encoded latitude, 17 bits.</summary>
    public uint RawLatitude;

    /// <summary>Encoded longitude, 17 bits.</summary>
    public uint RawLongitude;

    /// <summary>km/h; null where it is not told.</summary>
    public float? Speed;

    /// <summary>Degrees from true north; null where they are not told.</summary>
    public float? Heading;

    /// <summary>Reads a message.</summary>
    /// <param name="message">7 or 14 bytes.</param>
    /// <param name="read">What it says; only after <see cref="ParseStatus.Ok"/>.</param>
    public static ParseStatus TryParse(ReadOnlySpan<byte> message, out ModeS read)
    {
        read = default;
        if (message.IsEmpty)
        {
            return ParseStatus.Truncated;
        }
        int format = message[0] >> 3;
        if (format is not (11 or 17 or 18))
        {
            // The others' check sequence is their sender's address: nothing tells noise from them.
            return ParseStatus.Unsupported;
        }
        int length = format == 11 ? ShortLength : LongLength;
        if (message.Length < length)
        {
            return ParseStatus.Truncated;
        }
        if (message.Length > length || Remainder(message) != 0)
        {
            return ParseStatus.Malformed;
        }
        read.Icao = (uint)((message[1] << 16) | (message[2] << 8) | message[3]);
        if (format != 11)
        {
            read.ReadSquitter(message[4..11]);
        }
        return ParseStatus.Ok;
    }

    // Of the whole message, check sequence included: 0 where it is right.
    private static uint Remainder(ReadOnlySpan<byte> message)
    {
        uint rest = 0;
        foreach (byte one in message[..^3])
        {
            rest ^= (uint)one << 16;
            for (int bit = 0; bit < 8; bit++)
            {
                rest = (rest & 0x80_0000) != 0 ? ((rest << 1) ^ Generator) & 0xFF_FFFF : rest << 1;
            }
        }
        return rest ^ (uint)((message[^3] << 16) | (message[^2] << 8) | message[^1]);
    }

    // The content's type is its first five bits.
    private void ReadSquitter(ReadOnlySpan<byte> content)
    {
        int type = content[0] >> 3;
        switch (type)
        {
            case >= 1 and <= 4:
                Content = ModeSContent.Identification;
                for (int i = 1; i < 7; i++)
                {
                    Callsign = (Callsign << 8) | content[i];
                }
                break;
            case (>= 9 and <= 18) or (>= 20 and <= 22):
                Content = ModeSContent.Position;
                Altitude = type < 20 ? AltitudeOf((uint)((content[1] << 4) | (content[2] >> 4))) : null;
                IsOdd = (content[2] & 4) != 0;
                RawLatitude = (uint)(((content[2] & 3) << 15) | (content[3] << 7) | (content[4] >> 1));
                RawLongitude = (uint)(((content[4] & 1) << 16) | (content[5] << 8) | content[6]);
                break;
            case 19:
                ReadVelocity(content);
                break;
        }
    }

    private void ReadVelocity(ReadOnlySpan<byte> content)
    {
        int subtype = content[0] & 7;
        int first = ((content[1] & 3) << 8) | content[2];
        int second = ((content[3] & 0x7F) << 3) | (content[4] >> 5);
        // 2 and 4 are those of aircraft above the speed of sound, in fours.
        int factor = subtype is 2 or 4 ? 4 : 1;
        if (subtype is 1 or 2 && first != 0 && second != 0)
        {
            Content = ModeSContent.Velocity;
            double east = (first - 1) * factor * ((content[1] & 4) != 0 ? -1 : 1);
            double north = (second - 1) * factor * ((content[3] & 0x80) != 0 ? -1 : 1);
            Speed = (float)(Math.Sqrt((east * east) + (north * north)) * KnotsToKmh);
            double degrees = Math.Atan2(east, north) * 180 / Math.PI;
            Heading = (float)(degrees < 0 ? degrees + 360 : degrees);
        }
        else if (subtype is 3 or 4)
        {
            Content = ModeSContent.Velocity;
            Heading = (content[1] & 4) != 0 ? first * 360f / 1024 : null;
            Speed = second == 0 ? null : (float)((second - 1) * factor * KnotsToKmh);
        }
    }

    // Steps of 25 feet where the Q bit says so; those of 100 feet, in Gillham's code, are of aircraft above 50,175 feet alone.
    private static float? AltitudeOf(uint bits) =>
        (bits & 0x10) == 0 ? null : (float)((((((bits & 0xFE0) >> 1) | (bits & 0xF)) * 25) - 1000.0) * FeetToMetres);
}
