using KismetOrleans.Wire.Files;

namespace KismetOrleans.Wire.Tests.Files;

/// <summary>Clocks of capture files in every resolution, and where they are clamped.</summary>
public sealed class CaptureTimeTests
{
    [Theory]
    [InlineData(0u, 0u, false, 0L, false)]
    [InlineData(1u, 999_999u, false, 1_999_999_000L, false)]
    [InlineData(1u, 1_000_000u, false, 1_999_999_999L, true)]
    [InlineData(1u, 999_999_999u, true, 1_999_999_999L, false)]
    [InlineData(1u, 1_000_000_000u, true, 1_999_999_999L, true)]
    [InlineData(uint.MaxValue, uint.MaxValue, false, 4_294_967_295_999_999_999L, true)]
    public void A_fraction_of_a_second_or_more_is_clamped(uint seconds, uint fraction, bool nanoseconds, long expected, bool clamped)
    {
        Assert.Equal(expected, CaptureTime.FromFraction(seconds, fraction, nanoseconds, out bool outOfRange));
        Assert.Equal(clamped, outOfRange);
    }

    [Theory]
    [InlineData(1_700_000_000_123_456UL, 6, 0, 1_700_000_000_123_456_000L)]
    [InlineData(1_700_000_000_123_456_789UL, 9, 0, 1_700_000_000_123_456_789L)]
    [InlineData(1_700_000_000UL, 0, 0, 1_700_000_000_000_000_000L)]
    [InlineData(17_000_000_001_234_567_891UL, 10, 0, 1_700_000_000_123_456_789L)]
    [InlineData(ulong.MaxValue, 19, 0, 1_844_674_407L)]
    [InlineData(ulong.MaxValue, 29, 0, 0L)]
    [InlineData(ulong.MaxValue, 127, 0, 0L)]
    [InlineData(3UL << 31, 0x80 | 32, 0, 1_500_000_000L)]
    [InlineData(5UL, 0x80, 0, 5_000_000_000L)]
    [InlineData(ulong.MaxValue, 0x80 | 127, 0, 0L)]
    [InlineData(500_000UL, 6, 1_700_000_000, 1_700_000_000_500_000_000L)]
    [InlineData(5_000_000UL, 6, -5, 0L)]
    public void Ticks_of_any_resolution_become_nanoseconds(ulong ticks, int resolution, long offset, long expected)
    {
        Assert.Equal(expected, CaptureTime.FromTicks(ticks, (byte)resolution, offset, out bool outOfRange));
        Assert.False(outOfRange);
    }

    [Theory]
    [InlineData(ulong.MaxValue, 0, 0, CaptureTime.Max)]
    [InlineData(ulong.MaxValue, 0x80, long.MaxValue, CaptureTime.Max)]
    [InlineData(0UL, 6, long.MaxValue, CaptureTime.Max)]
    [InlineData(0UL, 6, -1, 0L)]
    [InlineData(0UL, 6, long.MinValue, 0L)]
    [InlineData(4_294_967_296UL, 0, 0, CaptureTime.Max)]
    public void Times_outside_1970_to_2106_are_clamped(ulong ticks, int resolution, long offset, long expected)
    {
        Assert.Equal(expected, CaptureTime.FromTicks(ticks, (byte)resolution, offset, out bool outOfRange));
        Assert.True(outOfRange);
    }
}
