namespace KismetOrleans.Engine.Tests;

/// <summary>A clock that stands where it is set.</summary>
internal sealed class FakeClock : TimeProvider
{
    /// <summary>Unix second that it shows.</summary>
    public uint Second { get; set; } = 1_750_000_000;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(Second);
}
