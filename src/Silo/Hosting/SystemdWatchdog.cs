using System.Globalization;
using KismetOrleans.Grains;
using Microsoft.Extensions.Hosting.Systemd;

namespace KismetOrleans.Silo.Hosting;

/// <summary>
/// Reports to systemd that the process is alive, twice as often as <c>WatchdogSec</c> of its unit asks. It is done on the pool of threads that requests and grains run on: where
/// these stand still, so does this, and systemd starts the service anew.
/// </summary>
/// <param name="notifier">The way to systemd.</param>
internal sealed partial class SystemdWatchdog(ISystemdNotifier notifier, TimeSpan every, TimeProvider clock, ILogger<SystemdWatchdog> logger)
    : PeriodicService(every, clock, atOnce: true)
{
    /// <summary>How often this process has to report itself; null where nobody waits for it (sd_watchdog_enabled(3)).</summary>
    /// <param name="microseconds"><c>WATCHDOG_USEC</c>.</param>
    /// <param name="process"><c>WATCHDOG_PID</c>: whose watchdog it is; null for any process of the service.</param>
    public static TimeSpan? Interval(string? microseconds, string? process) =>
        long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out long of) && of > 0
            && (process is null || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
            ? TimeSpan.FromMicroseconds(of) / 2
            : null;

    protected override Task DoAsync()
    {
        notifier.Notify(new ServiceState("WATCHDOG=1"));
        return Task.CompletedTask;
    }

    protected override void LogFault(Exception e) => NotReported(logger, e);

    [LoggerMessage(54, LogLevel.Error, "systemd cannot be told that the server is alive")]
    private static partial void NotReported(ILogger logger, Exception e);
}
