using KismetOrleans.Capture.Edge;
using KismetOrleans.Packets.Live;
using KismetOrleans.Packets.Tests;

namespace KismetOrleans.Capture.Tests.Edge;

/// <summary>What an agent finds out of its host, from files as Linux has them.</summary>
public sealed class HostMeterTests : IDisposable
{
    private readonly TemporaryFolder _root = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void The_share_of_busy_processors_is_that_of_the_time_since_it_was_asked_last()
    {
        HostMeter host = Host();
        Stat("cpu  100 0 100 700 100 0 0 0 50 0");
        Assert.Null(host.Read().Cpu);
        // Of 100 ticks 25 were spent on work; those of guests are in the user's already.
        Stat("cpu  110 0 110 760 115 0 5 0 90 0");
        Assert.Null(host.Read().Cpu);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0.25, host.Read().Cpu);
        Stat("no processors");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(host.Read().Cpu);
    }

    [Fact]
    public void The_hottest_zone_counts_and_those_that_are_asleep_do_not()
    {
        Write("sys/class/thermal/thermal_zone0/temp", "41500\n");
        Write("sys/class/thermal/thermal_zone1/temp", "62250\n");
        Write("sys/class/thermal/thermal_zone2/temp", "\n");
        Directory.CreateDirectory(Path.Combine(_root.Path, "sys/class/thermal/thermal_zone3"));
        Assert.Equal(62.25, Host().Read().Temperature);
    }

    [Fact]
    public void A_host_that_has_nothing_to_read_is_known_by_its_disk_and_its_clock()
    {
        HostMeter host = Host();
        Assert.Equal((null, null), (host.Read().Cpu, host.Read().Temperature));
        Assert.InRange(host.Read().DiskSize, host.Read().DiskFree, ulong.MaxValue);
        Assert.NotEqual(0u, host.Read().DiskSize);
        Assert.True(host.Has("wlan0"));
        Assert.Equal(0u, new HostMeter(Path.Combine(_root.Path, "nowhere\0"), _time, _root.Path).Read().DiskSize);
    }

    [Fact]
    public void An_interface_is_there_as_long_as_the_kernel_lists_it()
    {
        Directory.CreateDirectory(Path.Combine(_root.Path, "sys/class/net/wlan0"));
        Assert.True(Host().Has("wlan0"));
        Assert.False(Host().Has("wlan1"));
        // Not a name of one.
        Assert.True(Host().Has("any/thing"));
    }

    [Fact]
    public void A_clock_that_is_set_shows_by_how_much_against_the_time_since_the_start()
    {
        if (HostClock.Read(_time) is not { } before)
        {
            Assert.False(OperatingSystem.IsLinux());
            return;
        }
        _time.Advance(TimeSpan.FromHours(1));
        HostClock after = HostClock.Read(_time)!.Value;
        Assert.Equal(before.Boot, after.Boot);
        // The time since the start went on by less than the test may take.
        Assert.InRange((after.BaseNs - before.BaseNs) / 1e9, 3600 - 60, 3600);
    }

    private HostMeter Host() => new(_root.Path, _time, _root.Path);

    private void Stat(string line) => Write("proc/stat", line + "\ncpu0 1 2 3 4\n");

    private void Write(string path, string text)
    {
        string file = Path.Combine(_root.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
