using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace KismetOrleans.Engine.Auth;

/// <summary>
/// Sessions of the administrator as signed tokens: when made and when over, fingerprint of the password that made it, random octets, HMAC-SHA-256 over
/// these. Whoever has the secret can read them, so that nothing need be looked up but what was ended; a new password makes all of them worthless.
/// </summary>
public static class SessionTokens
{
    // The first form has the end alone, as 8 octets; its sessions hold for a day after an upgrade, or as long as Auth:SessionHours says.
    private const byte First = 1;
    private const byte Second = 2;
    private const int MadeAt = 1;
    private const int EndAt = MadeAt + sizeof(uint);
    private const int PasswordAt = EndAt + sizeof(uint);
    private const int RandomAt = PasswordAt + sizeof(ulong);
    private const int SignedOctets = RandomAt + sizeof(ulong);
    private const int Octets = SignedOctets + HMACSHA256.HashSizeInBytes;

    /// <summary>Makes a token.</summary>
    /// <param name="secret">The secret of all servers.</param>
    /// <param name="password">Fingerprint of the password.</param>
    /// <param name="session">What it says; its times are before 2106.</param>
    public static string Issue(ReadOnlySpan<byte> secret, ulong password, SessionToken session)
    {
        Span<byte> octets = stackalloc byte[Octets];
        octets[0] = Second;
        BinaryPrimitives.WriteUInt32BigEndian(octets[MadeAt..], checked((uint)session.Made));
        BinaryPrimitives.WriteUInt32BigEndian(octets[EndAt..], checked((uint)session.Expires));
        BinaryPrimitives.WriteUInt64BigEndian(octets[PasswordAt..], password);
        BinaryPrimitives.WriteUInt64BigEndian(octets[RandomAt..], session.Id);
        HMACSHA256.HashData(secret, octets[..SignedOctets], octets[SignedOctets..]);
        return Base64Url.EncodeToString(octets);
    }

    /// <summary>Whether a text is a token that has not expired.</summary>
    /// <param name="token">The text.</param>
    /// <param name="secret">The secret of all servers.</param>
    /// <param name="password">Fingerprint of the password that holds now.</param>
    /// <param name="now">Unix second.</param>
    /// <param name="session">What it says.</param>
    public static bool TryRead(ReadOnlySpan<char> token, ReadOnlySpan<byte> secret, ulong password, long now, out SessionToken session) =>
        TryReadSigned(token, secret, out session, out ulong of) && now < session.Expires && of == password;

    /// <summary>Whether a text is a token that was made here, whether or not it holds still.</summary>
    /// <param name="token">The text.</param>
    /// <param name="secret">The secret of all servers.</param>
    /// <param name="session">What it says.</param>
    /// <param name="password">Fingerprint of the password that made it.</param>
    public static bool TryReadSigned(ReadOnlySpan<char> token, ReadOnlySpan<byte> secret, out SessionToken session, out ulong password)
    {
        (session, password) = (default, 0);
        Span<byte> octets = stackalloc byte[Octets];
        if (token.Length != Base64Url.GetEncodedLength(Octets)
            || Base64Url.DecodeFromChars(token, octets, out _, out int written) != System.Buffers.OperationStatus.Done
            || written != Octets)
        {
            return false;
        }
        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, octets[..SignedOctets], signature);
        if (!CryptographicOperations.FixedTimeEquals(signature, octets[SignedOctets..]) || octets[0] is not (First or Second))
        {
            return false;
        }
        ulong id = BinaryPrimitives.ReadUInt64BigEndian(octets[RandomAt..]);
        session = octets[0] == First
            ? new(id, 0, BinaryPrimitives.ReadInt64BigEndian(octets[MadeAt..]))
            : new(id, BinaryPrimitives.ReadUInt32BigEndian(octets[MadeAt..]), BinaryPrimitives.ReadUInt32BigEndian(octets[EndAt..]));
        password = BinaryPrimitives.ReadUInt64BigEndian(octets[PasswordAt..]);
        return true;
    }
}
