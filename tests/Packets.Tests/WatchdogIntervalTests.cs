using System.Globalization;

namespace KismetOrleans.Packets.Tests;

public sealed class WatchdogIntervalTests
{
    [Theory]
    [InlineData(null, null, null)]
    [InlineData("", null, null)]
    [InlineData("0", null, null)]
    [InlineData("soon", null, null)]
    [InlineData("60000000", null, 30.0)]
    [InlineData("60000000", "own", 30.0)]
    [InlineData("60000000", "1", null)]
    public void Who_is_watched_reports_twice_as_often(string? microseconds, string? process, double? seconds) =>
        Assert.Equal(
            seconds is { } number ? TimeSpan.FromSeconds(number) : null,
            WatchdogInterval.Of(microseconds, process == "own" ? Environment.ProcessId.ToString(CultureInfo.InvariantCulture) : process));
}
