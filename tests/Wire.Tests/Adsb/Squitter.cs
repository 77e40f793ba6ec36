using System.Numerics;

namespace KismetOrleans.Tests;

/// <summary>Messages of aircraft that there are not, made from the definitions.</summary>
internal static class Squitter
{
    private static readonly BigInteger s_generator = 0x1FFF409;

    /// <summary>An extended squitter.</summary>
    public static byte[] Of(uint icao, ReadOnlySpan<byte> content) => Sealed([0x8D, (byte)(icao >> 16), (byte)(icao >> 8), (byte)icao, .. content]);

    /// <summary>An answer to a call of all.</summary>
    public static byte[] AllCall(uint icao) => Sealed([0x5D, (byte)(icao >> 16), (byte)(icao >> 8), (byte)icao]);

    /// <summary>Callsign of eight characters at most.</summary>
    public static byte[] Named(uint icao, string callsign)
    {
        ulong bits = 0;
        foreach (char c in callsign.PadRight(8))
        {
            bits = (bits << 6) | (char.IsAsciiLetter(c) ? (ulong)(c - 'A' + 1) : c);
        }
        return Of(icao, [0x20, .. BitConverter.GetBytes(bits).Reverse().Skip(2)]);
    }

    /// <summary>A place in the air, at a latitude that has 36 zones of longitude.</summary>
    public static byte[] At(uint icao, double latitude, double longitude, bool isOdd, int feet)
    {
        const double Scale = 131_072;
        double height = 360.0 / (isOdd ? 59 : 60);
        double width = 360.0 / (isOdd ? 35 : 36);
        uint y = (uint)Math.Floor((Scale * (latitude - (height * Math.Floor(latitude / height))) / height) + 0.5) & 0x1FFFF;
        uint x = (uint)Math.Floor((Scale * (longitude - (width * Math.Floor(longitude / width))) / width) + 0.5) & 0x1FFFF;
        uint steps = (uint)((feet + 1000) / 25);
        uint altitude = ((steps & 0x7F0) << 1) | 0x10 | (steps & 0xF);
        ulong bits = (11UL << 51) | ((ulong)altitude << 36) | (isOdd ? 1UL << 34 : 0) | ((ulong)y << 17) | x;
        return Of(icao, BitConverter.GetBytes(bits).Reverse().Skip(1).ToArray());
    }

    /// <summary>Speed over ground in knots to the east and to the north.</summary>
    public static byte[] Flying(uint icao, int east, int north)
    {
        ulong bits = (19UL << 51) | (1UL << 48) | (east < 0 ? 1UL << 42 : 0) | ((ulong)(Math.Abs(east) + 1) << 32) | (north < 0 ? 1UL << 31 : 0) | ((ulong)(Math.Abs(north) + 1) << 21);
        return Of(icao, BitConverter.GetBytes(bits).Reverse().Skip(1).ToArray());
    }

    /// <summary>As programs write it.</summary>
    public static string Line(byte[] message) => $"*{Convert.ToHexString(message)};";

    private static byte[] Sealed(byte[] message)
    {
        BigInteger rest = new BigInteger(message, isUnsigned: true, isBigEndian: true) << 24;
        for (int bit = (8 * message.Length) - 1; bit >= 0; bit--)
        {
            if ((rest >> (bit + 24)) % 2 == 1)
            {
                rest ^= s_generator << bit;
            }
        }
        return [.. message, (byte)((int)rest >> 16), (byte)((int)rest >> 8), (byte)(int)rest];
    }
}
