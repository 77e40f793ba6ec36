namespace KismetOrleans.Packets;

/// <summary>Times as captures, batches and lives of spools have them.</summary>
public static class UnixTime
{
    /// <summary>A clock's time, nanoseconds since 1970 UTC.</summary>
    public static long NowNs(this TimeProvider clock) => ToNs(clock.GetUtcNow());

    /// <summary>A clock's time, microseconds since 1970 UTC.</summary>
    public static long NowMicroseconds(this TimeProvider clock) => ToMicroseconds(clock.GetUtcNow());

    /// <summary>A time, microseconds since 1970 UTC.</summary>
    public static long ToMicroseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>A time, nanoseconds since 1970 UTC.</summary>
    public static long ToNs(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
}
