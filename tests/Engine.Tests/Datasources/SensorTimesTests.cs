using KismetOrleans.Engine.Datasources;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Live;

namespace KismetOrleans.Engine.Tests.Datasources;

/// <summary>Packets have the time at which they were captured, whatever the sensor's clock showed then or shows now.</summary>
public sealed class SensorTimesTests
{
    private const long Second = 1_000_000_000;
    private const ulong Boot = 7;

    // The host was started at this time, by the server's clock.
    private const long Started = 1_700_000_000 * Second;
    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeSeconds(1_700_010_000);
    private readonly SensorTimes _times = new();

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    [InlineData(-1_700_000_000)]
    [InlineData(5.4)]
    public void A_clock_that_is_off_is_made_up_for_in_whole_seconds(double off)
    {
        Learn(off);
        Assert.Equal(s_now.AddSeconds(-100), Correct(s_now.AddSeconds(-100 + Math.Round(off)), off), TimeSpan.FromSeconds(0.001));
        Assert.Equal(Math.Round(off), _times.Correction);
        Assert.Equal(off, _times.Skew, 3);
        Assert.StartsWith($"The sensor's clock was {Math.Abs(Math.Round(off)):F0} s {(off > 0 ? "ahead of" : "behind")} the server's", _times.Warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4.9)]
    [InlineData(-4.9)]
    public void Some_seconds_are_left_as_they_are(double off)
    {
        Learn(off);
        Assert.Equal(s_now, Correct(s_now, off));
        Assert.Null(_times.Warning);
    }

    [Fact]
    public void What_was_captured_before_the_clock_was_set_right_is_put_right_too()
    {
        // A Pi without a battery began three days ago by its clock, and was set right when the network came: its spool is of both.
        Learn(0);
        Assert.Equal(s_now.AddHours(-2), Correct(s_now.AddHours(-2).AddDays(-3), off: -3 * 86_400));
        Assert.Equal(s_now, Correct(s_now, off: 0));
        // It was started once more in between: nobody knows.
        Assert.Equal(s_now.AddHours(-5), Correct(s_now.AddHours(-5), off: -3 * 86_400, boot: Boot + 1));
    }

    [Fact]
    public void Reports_that_were_under_way_for_long_do_not_make_a_clock_slow()
    {
        for (int i = 0; i < 100; i++)
        {
            // Every tenth comes at once, the others have to wait behind batches.
            Learn(i % 10 == 0 ? 0.1 : -20, after: i);
            Assert.Equal(0.1, _times.Skew, 3);
        }
        // A clock that was set back is believed at once where the host says by how much.
        Learn(-3600, after: 100);
        Assert.Equal(-3600, _times.Skew, 3);
    }

    [Fact]
    public void A_correction_does_not_go_to_and_fro()
    {
        foreach (double off in (double[])[3600.4, 3600.6, 3601.2, 3599.1])
        {
            _times.Begin();
            Learn(off);
            _ = Correct(s_now, off);
            Assert.Equal(3600, _times.Correction);
        }
    }

    [Fact]
    public void An_older_agent_is_corrected_by_what_its_clock_shows_now_and_what_is_no_radio_is_not()
    {
        _times.Learn(3600, null, s_now);
        PacketBatch batch = Batch(s_now.AddHours(1));
        Assert.NotNull(_times.Correct(batch, isOwnClock: true, s_now));
        Assert.Equal(UnixTime.ToNs(s_now), batch.Packets[0].TimeNs);
        batch = Batch(s_now.AddHours(-1));
        _ = _times.Correct(batch, isOwnClock: false, s_now);
        Assert.Equal(UnixTime.ToNs(s_now.AddHours(-1)), batch.Packets[0].TimeNs);
    }

    [Fact]
    public void What_nobody_can_have_captured_has_the_time_of_its_receipt()
    {
        Learn(0);
        Assert.Equal(s_now, Correct(s_now.AddSeconds(60), off: 0));
        Assert.Equal(60, _times.Ahead, 3);
        Learn(double.MaxValue);
        PacketBatch batch = Batch(s_now);
        batch.Clock = new(Boot, long.MinValue);
        _ = _times.Correct(batch, true, s_now);
        Assert.InRange(batch.Packets[0].TimeNs, 0, UnixTime.ToNs(s_now) + (5 * Second));
    }

    // What the host says of its clock when that is off, some seconds later.
    private void Learn(double off, int after = 0) => _times.Learn(off, off == double.MaxValue ? new HostClock(Boot, 0) : ClockOf(BaseOff(off)), s_now.AddSeconds(after));

    // A report that comes late by 20 s seems to be 20 s behind, and its host's clock is the same as before.
    private static double BaseOff(double off) => off == -20 ? 0.1 : off;

    private static HostClock ClockOf(double off, ulong boot = Boot) => new(boot, Started + (long)Math.Round(off * Second));

    private DateTimeOffset Correct(DateTimeOffset dated, double off, ulong boot = Boot)
    {
        PacketBatch batch = Batch(dated);
        batch.Clock = ClockOf(off, boot);
        _ = _times.Correct(batch, isOwnClock: true, s_now);
        return DateTimeOffset.UnixEpoch.AddTicks(batch.Packets[0].TimeNs / 100);
    }

    private static PacketBatch Batch(DateTimeOffset time)
    {
        PacketBatch batch = new(0, 1) { Count = 1 };
        batch.Packets[0].TimeNs = UnixTime.ToNs(time);
        return batch;
    }
}
