using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace KismetOrleans.Grains.Auth;

/// <summary>
/// Sessions of the administrator as signed tokens: end, fingerprint of the password that made it, random octets, HMAC-SHA-256 over these. Nothing is
/// kept of them: whoever has the secret can read them, and a new password makes all of them worthless.
/// </summary>
public static class SessionTokens
{
    // Leaves room for another form.
    private const byte Version = 1;
    private const int EndAt = 1;
    private const int PasswordAt = EndAt + sizeof(long);
    private const int RandomAt = PasswordAt + sizeof(ulong);
    private const int SignedOctets = RandomAt + 8;
    private const int Octets = SignedOctets + HMACSHA256.HashSizeInBytes;

    /// <summary>Makes a token.</summary>
    /// <param name="secret">The secret of all servers.</param>
    /// <param name="password">Fingerprint of the password.</param>
    /// <param name="end">Unix second from which it is worth nothing.</param>
    public static string Issue(ReadOnlySpan<byte> secret, ulong password, long end)
    {
        Span<byte> octets = stackalloc byte[Octets];
        octets[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(octets[EndAt..], end);
        BinaryPrimitives.WriteUInt64BigEndian(octets[PasswordAt..], password);
        RandomNumberGenerator.Fill(octets[RandomAt..SignedOctets]);
        HMACSHA256.HashData(secret, octets[..SignedOctets], octets[SignedOctets..]);
        return Base64Url.EncodeToString(octets);
    }

    /// <summary>Whether a text is a token that is worth something now.</summary>
    /// <param name="token">The text.</param>
    /// <param name="secret">The secret of all servers.</param>
    /// <param name="password">Fingerprint of the password that holds now.</param>
    /// <param name="now">Unix second.</param>
    /// <param name="end">When it ends.</param>
    public static bool TryRead(ReadOnlySpan<char> token, ReadOnlySpan<byte> secret, ulong password, long now, out long end)
    {
        end = 0;
        Span<byte> octets = stackalloc byte[Octets];
        if (token.Length != Base64Url.GetEncodedLength(Octets)
            || Base64Url.DecodeFromChars(token, octets, out _, out int written) != System.Buffers.OperationStatus.Done
            || written != Octets)
        {
            return false;
        }
        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, octets[..SignedOctets], signature);
        if (!CryptographicOperations.FixedTimeEquals(signature, octets[SignedOctets..]) || octets[0] != Version)
        {
            return false;
        }
        end = BinaryPrimitives.ReadInt64BigEndian(octets[EndAt..]);
        return now < end && BinaryPrimitives.ReadUInt64BigEndian(octets[PasswordAt..]) == password;
    }
}
