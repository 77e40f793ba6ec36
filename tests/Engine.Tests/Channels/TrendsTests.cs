using KismetOrleans.Engine.Channels;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Tests.Channels;

/// <summary>What was seen lands in the minute, hour and day in which it was captured, however late it comes; and there are never more points than there may be.</summary>
public sealed class TrendsTests
{
    // The beginning of a day.
    private const uint Now = 1_699_920_000;
    private const uint Minute = 60;
    private const uint Hour = 3600;
    private const uint Day = 86_400;
    private readonly Trends _trends = new();

    [Fact]
    public void What_comes_late_lands_where_it_was_captured()
    {
        Count(10, at: Now + 5, now: Now + 5);
        // As a sensor that was cut off for two hours sends its spool.
        Count(7, at: Now - (2 * Hour), now: Now + 6);
        Assert.Equal(
            [new() { Time = Now - (2 * Hour), Packets = 7, Channels = 1 }, new() { Time = Now, Packets = 10, Received = 17, Channels = 1 }],
            _trends.Read(TrendSpan.Minute, Now + 6));
        Assert.Equal([(Now - (2 * Hour), 7UL), (Now, 10UL)], _trends.Read(TrendSpan.Hour, Now).Select(static p => (p.Time, p.Packets)));
        Assert.Equal([(Now - Day, 7UL), (Now, 10UL)], _trends.Read(TrendSpan.Day, Now).Select(static p => (p.Time, p.Packets)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(61)]
    [InlineData(10_000_000)]
    public void What_cannot_have_been_captured_then_counts_when_it_was_received(uint ahead)
    {
        Count(3, at: ahead == 0 ? 0 : Now + ahead, now: Now);
        Assert.Equal([new() { Time = Now, Packets = 3, Received = 3, Channels = 1 }], _trends.Read(TrendSpan.Day, Now));
    }

    [Fact]
    public void What_is_older_than_the_oldest_point_is_received_and_no_more()
    {
        Count(4, at: Now - (2 * Day), now: Now);
        Assert.Equal([new() { Time = Now, Received = 4 }], _trends.Read(TrendSpan.Minute, Now));
        Assert.Equal([4UL, 0UL], _trends.Read(TrendSpan.Hour, Now).Select(static p => p.Packets));
    }

    [Fact]
    public void Channels_are_counted_once_a_span()
    {
        Count(1, Now, Now, 2_412_000, 2_437_000);
        Count(1, Now + 1, Now + 1, 2_437_000, 2_462_000);
        Count(1, Now + Minute, Now + Minute, 5_180_000);
        Assert.Equal([3UL, 1UL], _trends.Read(TrendSpan.Minute, Now + Minute).Select(static p => p.Channels));
        Assert.Equal([4UL], _trends.Read(TrendSpan.Hour, Now + Minute).Select(static p => p.Channels));
    }

    [Fact]
    public void Devices_count_as_the_most_and_alerts_one_by_one()
    {
        _trends.Sample(12, Now);
        _trends.Sample(9, Now + 30);
        _trends.CountAlert(Now - Hour, Now);
        _trends.CountAlert(Now + 500, Now);
        Assert.Equal(
            [new() { Time = Now - Hour, Alerts = 1 }, new() { Time = Now, Devices = 12, Alerts = 1 }], _trends.Read(TrendSpan.Minute, Now));
    }

    [Fact]
    public void Points_are_bounded_and_age()
    {
        for (uint second = Now; second < Now + (3 * Day); second += Minute)
        {
            Count(1, second, second);
        }
        TrendPoint[] minutes = _trends.Read(TrendSpan.Minute, Now + (3 * Day) - 1);
        Assert.Equal((1440, Now + (2 * Day)), (minutes.Length, minutes[0].Time));
        Assert.Equal([1440UL, 1440UL, 1440UL], _trends.Read(TrendSpan.Day, Now + (3 * Day)).Select(static p => p.Packets));
        Assert.Empty(_trends.Read(TrendSpan.Minute, Now + (5 * Day)));
        Assert.InRange(_trends.ToBytes().Length, 1, 60_000);
    }

    [Fact]
    public void What_is_stored_goes_on()
    {
        Count(10, Now, Now, 2_412_000, 2_437_000);
        _trends.Sample(5, Now);
        _trends.CountAlert(Now, Now);
        Trends again = new();
        again.Restore(_trends.ToBytes());
        foreach (TrendSpan span in Enum.GetValues<TrendSpan>())
        {
            Assert.Equal(_trends.Read(span, Now), again.Read(span, Now));
        }
        again.Sample(6, Now + 1);
        Assert.Equal([new() { Time = Now, Packets = 10, Received = 10, Devices = 6, Channels = 2, Alerts = 1 }], again.Read(TrendSpan.Minute, Now + 1));
        again.Restore([]);
        Assert.Single(again.Read(TrendSpan.Minute, Now));
    }

    private void Count(int packets, uint at, uint now, params uint[] khz) =>
        _trends.Count(new(now, packets, 0, [], [.. (khz.Length == 0 ? [2_412_000] : khz).Select(static f => new FrequencyUse(f))]) { CapturedAt = at });
}
