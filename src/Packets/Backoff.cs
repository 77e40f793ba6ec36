namespace KismetOrleans.Packets;

/// <summary>
/// How long to wait before the next attempt: any time up to a bound (full jitter), so that a thousand sensors do not come back at once when their
/// server does. The bound is as long as the waits so far together: who was away for a few seconds is back after as few, where a bound that doubles
/// with each attempt leaves it far behind after a row of short waits.
/// </summary>
/// <param name="random">Chance.</param>
public sealed class Backoff(Random random)
{
    internal static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);

    /// <summary>Bound of all others: how late an agent notices that its server is back.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Bound of waits for what only a human can change: a key, a second agent with the same UUID.</summary>
    internal static readonly TimeSpan Slow = TimeSpan.FromSeconds(60);

    // All waits since it last worked.
    private TimeSpan _waited;

    /// <summary>The wait before the next attempt.</summary>
    public TimeSpan Next()
    {
        TimeSpan bound = First + _waited < Longest ? First + _waited : Longest;
        TimeSpan next = bound * random.NextDouble();
        _waited += next;
        return next;
    }

    /// <summary>The wait before the next attempt where a quick one is of no use: half the bound and any time up to it.</summary>
    public TimeSpan NextSlow() => Slow * (0.5 + random.NextDouble() / 2);

    /// <summary>The wait that the server asked for, and a little more, not the same for all.</summary>
    public TimeSpan After(TimeSpan asked)
    {
        TimeSpan least = asked < TimeSpan.FromHours(1) ? asked : TimeSpan.FromHours(1);
        return least + Next();
    }

    /// <summary>It has worked: the next wait is a short one again.</summary>
    public void Reset() => _waited = TimeSpan.Zero;
}
