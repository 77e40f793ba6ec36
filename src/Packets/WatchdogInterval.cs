using System.Globalization;

namespace KismetOrleans.Packets;

/// <summary>How often a service has to say to systemd that it is alive (<c>WatchdogSec</c> of its unit, sd_watchdog_enabled(3)).</summary>
public static class WatchdogInterval
{
    /// <summary>Half of the time after which systemd takes this process for hung, as its environment says; null where nobody waits for it.</summary>
    public static TimeSpan? OfEnvironment() => Of(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), Environment.GetEnvironmentVariable("WATCHDOG_PID"));

    /// <param name="microseconds"><c>WATCHDOG_USEC</c>.</param>
    /// <param name="process"><c>WATCHDOG_PID</c>: whose watchdog it is; null for any process of the service.</param>
    internal static TimeSpan? Of(string? microseconds, string? process) =>
        long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out long of) && of > 0
            && (process is null || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
            ? TimeSpan.FromMicroseconds(of) / 2
            : null;
}
