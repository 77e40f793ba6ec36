using System.Net;
using KismetOrleans.Engine.Operations;

namespace KismetOrleans.Engine.Auth;

/// <summary>Who guesses: an address, behind which there may be many, or the browser that has had a session (OWASP: device cookies).</summary>
/// <param name="Address">The address; null where there is none.</param>
/// <param name="Session">Number of a session that was once made for it; 0 for none.</param>
public readonly record struct Guesser(IPAddress? Address, ulong Session = 0)
{
    /// <summary>One of whom only the address is known.</summary>
    public static implicit operator Guesser(IPAddress? address) => new(address);
}

/// <summary>
/// Slows down who guesses passwords or keys: after a few failures a guesser has to wait, twice as long after each further one. The same guess again is none:
/// a program with an old password locks nobody out. Safe for use by several threads.
/// </summary>
public sealed class FailedLogins(TimeProvider clock)
{
    /// <summary>Failures that cost nothing: people mistype.</summary>
    internal const int Free = 5;

    /// <summary>Addresses that are remembered; the one that failed longest ago gives way.</summary>
    internal const int MaxAddresses = 4096;

    internal static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    // Wrong guesses of each that are known again; programs that share an address have that many old passwords.
    private const int Remembered = 8;

    // Failures older than this do not count.
    private static readonly TimeSpan s_memory = TimeSpan.FromMinutes(15);
    private readonly Lock _lock = new();
    private readonly Dictionary<Guesser, Failures> _failures = [];

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
    public TimeSpan? Wait(Guesser guesser)
    {
        lock (_lock)
        {
            if (!_failures.TryGetValue(KeyOf(guesser), out Failures failures) || failures.Count < Free)
            {
                return null;
            }
            TimeSpan wait = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, failures.Count - Free), LongestWait.TotalSeconds)) - clock.GetElapsedTime(failures.Last);
            return wait > TimeSpan.Zero ? wait : null;
        }
    }

    /// <summary>Whether this was tried before, and was wrong.</summary>
    /// <param name="guess">Digest of what is tried, and of what would be right.</param>
    public bool HasFailed(Guesser guesser, UInt128 guess)
    {
        lock (_lock)
        {
            return _failures.TryGetValue(KeyOf(guesser), out Failures failures) && clock.GetElapsedTime(failures.Last) < s_memory && failures.Guesses.Contains(guess);
        }
    }

    /// <summary>Notes a failure.</summary>
    /// <param name="guess">Digest of what was tried, and of what would have been right; 0 for what is not remembered.</param>
    public void Fail(Guesser guesser, UInt128 guess = default)
    {
        Guesser key = KeyOf(guesser);
        lock (_lock)
        {
            bool isKnown = _failures.TryGetValue(key, out Failures failures) && clock.GetElapsedTime(failures.Last) < s_memory;
            int before = isKnown ? failures.Count : 0;
            UInt128[] guesses = isKnown ? failures.Guesses : [];
            if (_failures.Count >= MaxAddresses && !_failures.ContainsKey(key))
            {
                _failures.Remove(_failures.MinBy(static pair => pair.Value.Last).Key);
            }
            // Bounded: the wait grows no more, and the number must not overflow.
            _failures[key] = new(
                Math.Min(before + 1, Free + 16), clock.GetTimestamp(), guess == 0 ? guesses : [.. guesses.TakeLast(Remembered - 1), guess]);
        }
    }

    /// <summary>Forgets the failures of a guesser: the right password came from it.</summary>
    public void Succeed(Guesser guesser)
    {
        lock (_lock)
        {
            _failures.Remove(KeyOf(guesser));
        }
    }

    private static Guesser KeyOf(Guesser guesser) => guesser.Session != 0 || guesser.Address is null ? guesser with { Address = null } : new(Callers.NetworkOf(guesser.Address));

    private readonly record struct Failures(int Count, long Last, UInt128[] Guesses);
}
