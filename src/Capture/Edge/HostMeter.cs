using System.Globalization;
using KismetOrleans.Packets.Live;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Capture.Edge;

/// <summary>Measures how the agent's host does: what Linux's proc(5) and sysfs say; elsewhere little. One for all sources, read once a second at most. Thread-safe.</summary>
/// <param name="root">Where proc and sys are.</param>
internal sealed class HostMeter(string folder, TimeProvider clock, string root = "/")
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly string[] _zones = Zones(root);
    private HostState? _newest;
    private long _at;
    private long _busy;
    private long _total;

    /// <summary>The newest state; its queue and radio are the source's.</summary>
    public HostState Read()
    {
        lock (_lock)
        {
            if (_newest is null || clock.GetElapsedTime(_at) >= s_every)
            {
                (ulong free, ulong size) = Disk();
                _newest = new() { Clock = HostClock.Read(clock), Cpu = Cpu(), Temperature = Temperature(), DiskFree = free, DiskSize = size };
                _at = clock.GetTimestamp();
            }
            return _newest;
        }
    }

    /// <summary>Whether a network interface is there; true where the system does not tell.</summary>
    public bool Has(string network)
    {
        string all = Path.Combine(root, "sys/class/net");
        return !Directory.Exists(all) || network.Contains('/') || Directory.Exists(Path.Combine(all, network));
    }

    // Ticks of all processors since the start: user, nice, system, idle, iowait, then others that are busy.
    private double? Cpu()
    {
        string[] words = (Line("proc/stat") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not ["cpu", _, _, _, _, _, ..])
        {
            return null;
        }
        // Guests' ticks stand in the user's already.
        long[] ticks = [.. words.Skip(1).Take(8).Select(static word => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : 0)];
        long total = ticks.Sum();
        long busy = total - ticks[3] - ticks[4];
        double? share = _total == 0 || total <= _total ? null : Math.Clamp((double)(busy - _busy) / (total - _total), 0, 1);
        (_busy, _total) = (busy, total);
        return share;
    }

    private double? Temperature()
    {
        double? hottest = null;
        foreach (string zone in _zones)
        {
            if (int.TryParse(Line(zone), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int thousandths) && (hottest is null || thousandths / 1000.0 > hottest))
            {
                hottest = thousandths / 1000.0;
            }
        }
        return hottest;
    }

    private (ulong Free, ulong Size) Disk()
    {
        try
        {
            DriveInfo disk = new(folder);
            return ((ulong)disk.AvailableFreeSpace, (ulong)disk.TotalSize);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return default;
        }
    }

    private string? Line(string path)
    {
        try
        {
            return File.ReadLines(Path.Combine(root, path)).FirstOrDefault();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A sensor of temperature may be asleep.
            return null;
        }
    }

    private static string[] Zones(string root)
    {
        string all = Path.Combine(root, "sys/class/thermal");
        return !Directory.Exists(all) ? [] : [.. Directory.GetDirectories(all, "thermal_zone*").Select(static zone => Path.Combine(zone, "temp"))];
    }
}
