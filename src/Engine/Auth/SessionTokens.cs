using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace KismetOrleans.Engine.Auth;

/// <summary>
/// Sessions of the administrator as signed tokens: when made and when over, fingerprint of the password that made it, random bytes, HMAC-SHA-256 over
/// these. Whoever has the secret can read them, so that nothing need be looked up but what was ended; a new password makes all of them worthless.
/// </summary>
internal static class SessionTokens
{
    // The first form has the end alone, as 8 bytes; its sessions hold for a day after an upgrade, or as long as Auth:SessionHours says.
    private const byte First = 1;
    private const byte Second = 2;
    private const int MadeAt = 1;
    private const int EndAt = MadeAt + sizeof(uint);
    private const int PasswordAt = EndAt + sizeof(uint);
    private const int RandomAt = PasswordAt + sizeof(ulong);
    private const int SignedBytes = RandomAt + sizeof(ulong);
    private const int Bytes = SignedBytes + HMACSHA256.HashSizeInBytes;

    /// <summary>Makes a token.</summary>
    /// <param name="secret">The secret of all servers.</param>
    /// <param name="password">Fingerprint of the password.</param>
    /// <param name="session">What it says; its times are before 2106.</param>
    public static string Issue(ReadOnlySpan<byte> secret, ulong password, SessionToken session)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        bytes[0] = Second;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[MadeAt..], checked((uint)session.Made));
        BinaryPrimitives.WriteUInt32BigEndian(bytes[EndAt..], checked((uint)session.Expires));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[PasswordAt..], password);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[RandomAt..], session.Id);
        HMACSHA256.HashData(secret, bytes[..SignedBytes], bytes[SignedBytes..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Whether a text is a token that has not expired.</summary>
    /// <param name="secret">The secret of all servers.</param>
    /// <param name="password">Fingerprint of the password that holds now.</param>
    /// <param name="now">Unix second.</param>
    public static bool TryRead(ReadOnlySpan<char> token, ReadOnlySpan<byte> secret, ulong password, long now, out SessionToken session) =>
        TryReadSigned(token, secret, out session, out ulong of) && now < session.Expires && of == password;

    /// <summary>Whether a text is a token that was made here, whether or not it holds still.</summary>
    /// <param name="secret">The secret of all servers.</param>
    /// <param name="password">Fingerprint of the password that made it.</param>
    public static bool TryReadSigned(ReadOnlySpan<char> token, ReadOnlySpan<byte> secret, out SessionToken session, out ulong password)
    {
        (session, password) = (default, 0);
        Span<byte> bytes = stackalloc byte[Bytes];
        if (token.Length != Base64Url.GetEncodedLength(Bytes)
            || Base64Url.DecodeFromChars(token, bytes, out _, out int written) != System.Buffers.OperationStatus.Done
            || written != Bytes)
        {
            return false;
        }
        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, bytes[..SignedBytes], signature);
        if (!CryptographicOperations.FixedTimeEquals(signature, bytes[SignedBytes..]) || bytes[0] is not (First or Second))
        {
            return false;
        }
        ulong id = BinaryPrimitives.ReadUInt64BigEndian(bytes[RandomAt..]);
        session = bytes[0] == First
            ? new(id, 0, BinaryPrimitives.ReadInt64BigEndian(bytes[MadeAt..]))
            : new(id, BinaryPrimitives.ReadUInt32BigEndian(bytes[MadeAt..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[EndAt..]));
        password = BinaryPrimitives.ReadUInt64BigEndian(bytes[PasswordAt..]);
        return true;
    }
}
