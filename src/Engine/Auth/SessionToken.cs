using System.Globalization;
using System.Security.Cryptography;

namespace KismetOrleans.Engine.Auth;

/// <summary>What a session's token says.</summary>
/// <param name="Id">The token's random bytes as a number: who knows it can name the session, not use it.</param>
/// <param name="Made">Unix second; 0 in tokens of servers that did not write it.</param>
/// <param name="Expires">Unix second from which it is worth nothing.</param>
public readonly record struct SessionToken(ulong Id, long Made, long Expires)
{
    /// <summary>Hexadecimal digits of a session's number.</summary>
    public const int Digits = 2 * sizeof(ulong);

    internal static SessionToken New(long made, long expires)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return new(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes), made, expires);
    }

    /// <summary>Prints a session's number: 16 upper-case hexadecimal digits, as the bytes stand in the token.</summary>
    public static string Print(ulong id) => id.ToString("X16", CultureInfo.InvariantCulture);

    /// <summary>Reads what <see cref="Print"/> prints, in either case.</summary>
    public static bool TryParseId(string? text, out ulong id)
    {
        id = 0;
        return text?.Length == Digits && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out id);
    }
}
