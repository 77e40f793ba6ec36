using System.Security.Cryptography;
using System.Text;

namespace KismetOrleans.Engine.Auth;

/// <summary>A key for programs. What the program has is not kept, only its digest: 128 random bits need neither salt nor slow hashing.</summary>
/// <param name="Name">Its name, which no other has.</param>
/// <param name="Hash">SHA-256 of the key's text.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Scope">UUID of the one sensor that it may feed; null for any.</param>
/// <param name="Created">Unix second.</param>
/// <param name="Expires">Unix second from which it is worth nothing; 0 for never.</param>
public sealed record ApiKey(string Name, ReadOnlyMemory<byte> Hash, string Role, Guid? Scope, long Created, long Expires)
{
    /// <summary>Site of the token that a sensor joined by, which may be empty; null for a key that was not got by joining.</summary>
    public string? Site { get; init; }

    /// <summary>Whether a sensor got it by joining, so that it may renew it.</summary>
    public bool IsJoined => Site is not null;

    /// <summary>Digest of the key that this one replaced and that holds still; empty for none.</summary>
    public ReadOnlyMemory<byte> Former { get; init; }

    /// <summary>Unix second from which <see cref="Former"/> is worth nothing.</summary>
    public long FormerUntil { get; init; }

    /// <summary>Hexadecimal digits of a key.</summary>
    internal const int Digits = 32;

    /// <summary>Makes a key's text, in the form of Kismet's: 32 upper-case hexadecimal digits.</summary>
    internal static string NewText() => Convert.ToHexString(RandomNumberGenerator.GetBytes(Digits / 2));

    public static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>Whether it is worth nothing any more.</summary>
    /// <param name="now">Unix second.</param>
    internal bool IsExpired(long now) => Expires != 0 && now >= Expires;
}
