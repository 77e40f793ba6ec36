namespace KismetOrleans.Api.Ingest;

/// <summary>
/// Holds a client to a rate. What a request costs is known only when it has been read, so one that begins with credit may overdraw it, and the next
/// waits until the debt is paid. Safe for use by several threads.
/// </summary>
/// <param name="rate">Units a second; 0 for any number.</param>
/// <param name="burstSeconds">Seconds of credit that a silent client has: scanners send what they saved up.</param>
internal sealed class TokenBucket(double rate, TimeProvider clock, double burstSeconds = 10)
{
    private readonly Lock _lock = new();
    private double _balance = rate * burstSeconds;
    private long _last = clock.GetTimestamp();

    /// <summary>Whether there is credit.</summary>
    /// <returns>Null, or how long to wait.</returns>
    public TimeSpan? Wait()
    {
        if (rate <= 0)
        {
            return null;
        }
        lock (_lock)
        {
            Refill();
            return _balance > 0 ? null : TimeSpan.FromSeconds((1 - _balance) / rate);
        }
    }

    /// <summary>Takes one unit that there is credit for.</summary>
    /// <returns>Null, or how long to wait.</returns>
    public TimeSpan? Take()
    {
        if (rate <= 0)
        {
            return null;
        }
        lock (_lock)
        {
            Refill();
            if (_balance < 1)
            {
                return TimeSpan.FromSeconds((1 - _balance) / rate);
            }
            _balance--;
            return null;
        }
    }

    public void Charge(long units)
    {
        if (rate <= 0)
        {
            return;
        }
        lock (_lock)
        {
            Refill();
            _balance -= units;
        }
    }

    private void Refill()
    {
        long now = clock.GetTimestamp();
        _balance = Math.Min(rate * burstSeconds, _balance + (clock.GetElapsedTime(_last, now).TotalSeconds * rate));
        _last = now;
    }
}
