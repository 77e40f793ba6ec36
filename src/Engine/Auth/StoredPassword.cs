using System.Security.Cryptography;
using System.Text;

namespace KismetOrleans.Engine.Auth;

/// <summary>A user's name and what is kept of the password: PBKDF2 (RFC 8018, 5.2) with HMAC-SHA-256.</summary>
/// <param name="Iterations">Rounds that the hash took.</param>
public sealed record StoredPassword(string Username, ReadOnlyMemory<byte> Salt, int Iterations, ReadOnlyMemory<byte> Hash)
{
    // What OWASP asks for with SHA-256 (2023); about a quarter of a second.
    private const int DefaultIterations = 600_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    /// <summary>Hashes a new password. Slow on purpose.</summary>
    internal static StoredPassword Of(string username, string password)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new(username, salt, DefaultIterations, Derive(password, salt, DefaultIterations, HashBytes));
    }

    /// <summary>Whether these are the user and the password. Slow on purpose, and as slow for a wrong user.</summary>
    internal bool IsRight(string username, string password)
    {
        bool sameUser = CryptographicOperations.FixedTimeEquals(Digest(username), Digest(Username));
        return CryptographicOperations.FixedTimeEquals(Derive(password, Salt.Span, Iterations, Hash.Length), Hash.Span) & sameUser;
    }

    private static byte[] Derive(string password, ReadOnlySpan<byte> salt, int iterations, int bytes) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA256, bytes);

    // Of one length, so that the comparison does not tell the name's.
    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
