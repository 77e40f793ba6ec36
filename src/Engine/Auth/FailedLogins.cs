using System.Net;
using System.Net.Sockets;

namespace KismetOrleans.Engine.Auth;

/// <summary>
/// Slows down who guesses passwords: after a few failures an address has to wait, twice as long after each further one. Safe for use by several threads.
/// </summary>
public sealed class FailedLogins(TimeProvider clock)
{
    /// <summary>Failures that cost nothing: people mistype.</summary>
    public const int Free = 5;

    /// <summary>Addresses that are remembered; the one that failed longest ago gives way.</summary>
    public const int MaxAddresses = 4096;

    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    // Failures older than this do not count.
    private static readonly TimeSpan s_memory = TimeSpan.FromMinutes(15);
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Failures> _failures = [];

    /// <summary>Addresses that are remembered now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _failures.Count;
            }
        }
    }

    /// <summary>How long an address has to wait before it may try; null when it may now.</summary>
    public TimeSpan? Wait(IPAddress? address)
    {
        lock (_lock)
        {
            if (!_failures.TryGetValue(KeyOf(address), out Failures failures) || failures.Count < Free)
            {
                return null;
            }
            TimeSpan wait = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, failures.Count - Free), LongestWait.TotalSeconds)) - clock.GetElapsedTime(failures.Last);
            return wait > TimeSpan.Zero ? wait : null;
        }
    }

    /// <summary>Notes a failure.</summary>
    public void Fail(IPAddress? address)
    {
        IPAddress key = KeyOf(address);
        lock (_lock)
        {
            int before = _failures.TryGetValue(key, out Failures failures) && clock.GetElapsedTime(failures.Last) < s_memory ? failures.Count : 0;
            if (_failures.Count >= MaxAddresses && !_failures.ContainsKey(key))
            {
                _failures.Remove(_failures.MinBy(static pair => pair.Value.Last).Key);
            }
            // Bounded: the wait grows no more, and the number must not overflow.
            _failures[key] = new(Math.Min(before + 1, Free + 16), clock.GetTimestamp());
        }
    }

    /// <summary>Forgets the failures of an address: the right password came from it.</summary>
    public void Succeed(IPAddress? address)
    {
        lock (_lock)
        {
            _failures.Remove(KeyOf(address));
        }
    }

    // A network of IPv6 is one guesser: it has more addresses than could be remembered (RFC 6177).
    private static IPAddress KeyOf(IPAddress? address)
    {
        if (address is null)
        {
            return IPAddress.None;
        }
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }
        Span<byte> octets = stackalloc byte[16];
        address.TryWriteBytes(octets, out _);
        octets[8..].Clear();
        return new(octets);
    }

    private readonly record struct Failures(int Count, long Last);
}
