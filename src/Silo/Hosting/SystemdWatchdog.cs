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
    protected override Task DoAsync()
    {
        notifier.Notify(new ServiceState("WATCHDOG=1"));
        return Task.CompletedTask;
    }

    protected override void LogFault(Exception e) => NotReported(logger, e);

    [LoggerMessage(54, LogLevel.Error, "systemd cannot be told that the server is alive")]
    private static partial void NotReported(ILogger logger, Exception e);
}
