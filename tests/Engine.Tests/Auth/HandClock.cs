namespace KismetOrleans.Engine.Tests.Auth;

/// <summary>A clock that goes on by hand, its timestamps with it.</summary>
internal sealed class HandClock : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(1_750_000_000).AddTicks(_ticks);

    public void Advance(TimeSpan time) => _ticks += time.Ticks;
}
