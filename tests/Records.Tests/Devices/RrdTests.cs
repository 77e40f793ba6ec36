using KismetOrleans.Records.Devices;

namespace KismetOrleans.Records.Tests.Devices;

/// <summary>A history shows what a dense round-robin one would show after a zero sample now, whatever came in.</summary>
public class RrdTests
{
    // 07:54:31 UTC.
    private const uint Now = Samples.Now;

    [Fact]
    public void An_empty_one_is_all_zero()
    {
        Shown shown = Show(new(), Now);
        Assert.All(shown.Minute, static v => Assert.Equal(0, v));
        Assert.All(shown.Hour, static v => Assert.Equal(0, v));
        Assert.All(shown.Day, static v => Assert.Equal(0, v));
        Assert.Equal((0, 0), (shown.Last, shown.Previous));
    }

    [Fact]
    public void A_burst_of_54_packets_is_0_9_a_second_over_its_minute_and_0_015_over_its_hour()
    {
        Rrd rrd = new();
        for (int i = 0; i < 54; i++)
        {
            rrd.Add(Now - 4, 1);
        }
        Shown shown = Show(rrd, Now);
        Assert.Equal([(27, 54)], NonZero(shown.Minute));
        Assert.Equal([(54, 0.9)], NonZero(shown.Hour));
        Assert.Equal([(7, 0.015)], NonZero(shown.Day));
        Assert.Equal((0, 54), (shown.Last, shown.Previous));
    }

    [Fact]
    public void Samples_are_printed_whole_and_means_with_a_point()
    {
        Rrd rrd = new();
        rrd.Add(Now - 4, 54);
        string printed = Samples.Print(json => RrdTable.Table.Writer(Records.Json.RecordFormat.Json).Write(rrd, json));
        Assert.Contains("\"kismet.common.rrd.last_value_n1\": 54,", printed, StringComparison.Ordinal);
        Assert.Contains("\"kismet.common.rrd.minute_vec\": [0,0,0,", printed, StringComparison.Ordinal);
        Assert.Contains("\"kismet.common.rrd.hour_vec\": [0.0,0.0,0.0,", printed, StringComparison.Ordinal);
        Assert.EndsWith(",0.015000,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0],\"kismet.common.rrd.blank_val\": 0}", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void The_newest_second_is_the_last_value_and_the_one_before_it_the_previous()
    {
        Rrd rrd = new();
        rrd.Add(Now - 1, 3);
        rrd.Add(Now, 5);
        Shown shown = Show(rrd, Now);
        Assert.Equal((5, 3), (shown.Last, shown.Previous));
        Assert.Equal((0, 5), (Show(rrd, Now + 59).Last, Show(rrd, Now + 59).Previous));
        Assert.Equal((0, 0), (Show(rrd, Now + 60).Last, Show(rrd, Now + 60).Previous));
    }

    [Fact]
    public void A_gap_is_zero()
    {
        Rrd rrd = new();
        rrd.Add(Now - 70, 7);
        rrd.Add(Now - 59, 1);
        rrd.Add(Now, 2);
        Assert.Equal([(31, 2), (32, 1)], NonZero(Show(rrd, Now).Minute));
        Assert.Equal([(31, 2)], NonZero(Show(rrd, Now + 1).Minute));
    }

    [Fact]
    public void The_minute_now_counts_the_sixty_seconds_up_to_now()
    {
        Rrd rrd = new();
        uint minute = Now / 60 * 60;
        rrd.Add(minute - 2, 30);
        Shown shown = Show(rrd, minute + 3);
        Assert.Equal([(53, 0.5), (54, 0.5)], NonZero(shown.Hour));
        Assert.Equal(1.0 / 60, shown.Day[7], 12);
        Assert.Equal([(53, 0.5)], NonZero(Show(rrd, minute + 60).Hour));
    }

    [Fact]
    public void The_hour_now_counts_the_sixty_minutes_up_to_now()
    {
        Rrd rrd = new();
        uint hour = Now / 3600 * 3600;
        rrd.Add(hour - 120, 3600);
        Shown shown = Show(rrd, hour + 60);
        Assert.Equal([(58, 60)], NonZero(shown.Hour));
        Assert.Equal([(6, 1), (7, 1)], NonZero(shown.Day));
        Assert.Equal([(6, 1)], NonZero(Show(rrd, hour + 3600).Day));
        Assert.Empty(NonZero(Show(rrd, hour + 24 * 3600).Day));
    }

    [Fact]
    public void A_late_sample_of_the_last_minute_counts_and_an_older_one_does_not()
    {
        Rrd rrd = new();
        rrd.Add(Now, 1);
        rrd.Add(Now - 59, 4);
        rrd.Add(Now - 10, 2);
        rrd.Add(Now - 10, 3);
        rrd.Add(Now - 60, 100);
        Assert.Equal([(21, 5), (31, 1), (32, 4)], NonZero(Show(rrd, Now).Minute));
    }

    [Fact]
    public void A_peak_keeps_the_greatest_sample_and_zero_is_none()
    {
        Rrd rrd = new(RrdAggregate.Peak);
        rrd.Add(Now - 1, -80);
        rrd.Add(Now - 1, -60);
        rrd.Add(Now - 1, 0);
        rrd.Add(Now, -70);
        Shown shown = Show(rrd, Now);
        Assert.Equal([(30, -60), (31, -70)], NonZero(shown.Minute));
        Assert.Equal([(54, -60)], NonZero(shown.Hour));
        Assert.Equal([(7, -60)], NonZero(shown.Day));
    }

    [Fact]
    public void A_minute_alone_has_no_hour_and_day()
    {
        Rrd rrd = new(RrdAggregate.Peak, minuteOnly: true);
        rrd.Add(Now, -70);
        double[] minute = new double[60];
        rrd.Read(Now, minute, default, default, out double last, out _);
        Assert.Equal([(31, -70)], NonZero(minute));
        Assert.Equal(-70, last);
    }

    [Fact]
    public void A_clock_that_lags_behind_the_samples_shows_the_newest_sample()
    {
        Rrd rrd = new();
        rrd.Add(Now, 2);
        Assert.Equal([(31, 2)], NonZero(Show(rrd, Now - 100).Minute));
    }

    [Fact]
    public void Compacting_changes_no_minute_and_no_hour_vector()
    {
        Random random = new(3);
        for (int round = 0; round < 300; round++)
        {
            Rrd rrd = Random(random, out uint end);
            Rrd compacted = rrd.Copy();
            uint at = end + (uint)random.Next(200);
            compacted.Compact(at);
            uint later = at + (uint)random.Next(4000);
            Shown expected = Show(rrd, later);
            Shown actual = Show(compacted, later);
            Assert.Equal(expected.Minute, actual.Minute);
            Assert.Equal(expected.Hour, actual.Hour);
            Assert.Equal((expected.Last, expected.Previous), (actual.Last, actual.Previous));
        }
    }

    [Fact]
    public void Compacting_does_nothing_before_a_minute_of_silence_or_to_an_empty_one()
    {
        Rrd rrd = new();
        rrd.Compact(Now);
        Assert.Equal(0u, rrd.LastTime);
        rrd.Add(Now, 2);
        rrd.Compact(Now + 60);
        Assert.Equal(Now, rrd.LastTime);
        rrd.Compact(Now + 61);
        Assert.Equal((Now + 61, 0), (rrd.LastTime, rrd.LastValue));
    }

    [Fact]
    public void A_copy_stays_as_it_is()
    {
        Rrd rrd = new();
        rrd.Add(Now - 5, 1);
        Rrd copy = rrd.Copy();
        rrd.Add(Now, 9);
        rrd.Add(Now - 5, 9);
        Assert.Equal([(26, 1)], NonZero(Show(copy, Now).Minute));
        copy.Add(Now - 3, 2);
        Assert.Equal([(26, 10), (31, 9)], NonZero(Show(rrd, Now).Minute));
    }

    [Fact]
    public void It_agrees_with_a_dense_history()
    {
        Random random = new(4);
        for (int round = 0; round < 500; round++)
        {
            bool peak = round % 3 == 0;
            Rrd rrd = new(peak ? RrdAggregate.Peak : RrdAggregate.Sum);
            Dense dense = new(peak);
            uint time = Now + (uint)random.Next(100_000);
            for (int i = random.Next(1, 300); i > 0; i--)
            {
                time += (uint)(random.Next(10) switch { 0 => random.Next(5000), 1 => random.Next(100), 2 => 0, _ => random.Next(3) });
                double value = random.Next(1, 50);
                rrd.Add(time, value);
                dense.Add(time, value);
            }
            time += (uint)random.Next(round % 2 == 0 ? 100 : 100_000);
            Shown shown = Show(rrd, time);
            dense.Add(time, 0);
            Assert.Equal(dense.Minute, shown.Minute);
            AssertNear(dense.Hour, shown.Hour);
            AssertNear(dense.Day, shown.Day);
        }
    }

    private static void AssertNear(double[] expected, double[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 9);
        }
    }

    private static Rrd Random(Random random, out uint time)
    {
        Rrd rrd = new();
        time = Now;
        for (int i = random.Next(1, 100); i > 0; i--)
        {
            time += (uint)random.Next(60);
            rrd.Add(time, random.Next(1, 9));
        }
        return rrd;
    }

    private static Shown Show(Rrd rrd, uint now)
    {
        // Not cleared by the caller.
        double[] minute = [.. Enumerable.Repeat(-1.0, 60)];
        double[] hour = [.. Enumerable.Repeat(-1.0, 60)];
        double[] day = [.. Enumerable.Repeat(-1.0, 24)];
        rrd.Read(now, minute, hour, day, out double last, out double previous);
        return new(minute, hour, day, last, previous);
    }

    private static (int, double)[] NonZero(double[] vector) =>
        [.. vector.Select(static (v, i) => (i, Math.Round(v, 12))).Where(static p => p.Item2 != 0)];

    private sealed record Shown(double[] Minute, double[] Hour, double[] Day, double Last, double Previous);

    /// <summary>The plain way, for samples in order: rings that are walked second by second.</summary>
    private sealed class Dense(bool peak)
    {
        private uint _time;

        public double[] Minute { get; } = new double[60];

        public double[] Hour { get; } = new double[60];

        public double[] Day { get; } = new double[24];

        public void Add(uint time, double value)
        {
            if (_time != 0)
            {
                for (uint t = _time + 1; t <= time; t++)
                {
                    Minute[t % 60] = 0;
                    if (t % 60 == 0)
                    {
                        Hour[t / 60 % 60] = 0;
                    }
                    if (t % 3600 == 0)
                    {
                        Day[t / 3600 % 24] = 0;
                    }
                }
            }
            _time = time;
            Minute[time % 60] = peak ? Math.Max(Minute[time % 60], value) : Minute[time % 60] + value;
            Hour[time / 60 % 60] = peak ? Minute.Max() : Minute.Sum() / 60;
            Day[time / 3600 % 24] = peak ? Hour.Max() : Hour.Sum() / 60;
        }
    }
}
