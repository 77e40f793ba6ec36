using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace KismetOrleans.Engine.Auth;

/// <summary>
/// Passwords that were found right a moment ago, so that a client that sends one with each request does not cost a slow hash each time. Kept as
/// digests under a key of this process. Safe for use by several threads.
/// </summary>
public sealed class RightPasswords(TimeProvider clock)
{
    /// <summary>How long one is remembered.</summary>
    internal static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    // One administrator: more than one entry is a password that has just changed.
    private const int Capacity = 16;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, Entry> _entries = [];

    /// <summary>Whether a password was found right a moment ago.</summary>
    /// <param name="fingerprint">Of the password that holds now.</param>
    public bool Has(string username, string password, ulong fingerprint)
    {
        UInt128 digest = DigestOf(username, password);
        lock (_lock)
        {
            return _entries.TryGetValue(digest, out Entry entry) && entry.Fingerprint == fingerprint && clock.GetElapsedTime(entry.At) < Life;
        }
    }

    /// <summary>Remembers a password that is right.</summary>
    public void Add(string username, string password, ulong fingerprint)
    {
        UInt128 digest = DigestOf(username, password);
        lock (_lock)
        {
            if (_entries.Count >= Capacity)
            {
                _entries.Clear();
            }
            _entries[digest] = new(fingerprint, clock.GetTimestamp());
        }
    }

    /// <summary>Digest of user and password, under a key of this process.</summary>
    public UInt128 DigestOf(string username, string password)
    {
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        // Lengths apart: "ab" and "c" are not "a" and "bc".
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{username.Length}:{username}{password}"), digest);
        return MemoryMarshal.Read<UInt128>(digest);
    }

    private readonly record struct Entry(ulong Fingerprint, long At);
}
