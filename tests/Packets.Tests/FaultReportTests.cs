namespace KismetOrleans.Packets.Tests;

public sealed class FaultReportTests
{
    [Fact]
    public void All_are_counted_and_one_in_ten_seconds_is_logged()
    {
        FakeTime clock = new();
        List<string> logged = [];
        FaultReport faults = new(clock, (e, count) => logged.Add($"{e.Message} {count}"));
        Assert.Null(faults.Last);
        faults.Add(new IOException("a"));
        faults.Add(new IOException("b"));
        clock.Advance(FaultReport.Interval - TimeSpan.FromTicks(1));
        faults.Add(new IOException("c"));
        clock.Advance(TimeSpan.FromTicks(1));
        faults.Add(new IOException("d"));
        Assert.Equal(["a 1", "d 4"], logged);
        Assert.Equal((4, "d"), (faults.Count, faults.Last?.Message));
    }
}
