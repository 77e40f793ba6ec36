using System.Net.Sockets;
using KismetOrleans.Packets;
using Microsoft.Extensions.Hosting.Systemd;

namespace KismetOrleans.Capture.Edge;

/// <summary>
/// Tells systemd that the agent runs and, as often as its unit asks, that it is alive (<c>Type=notify</c>, <c>WatchdogSec</c>). It is done on the pool of threads that sends
/// and tunes: where these stand still, so does this. Does nothing where no service manager listens.
/// </summary>
internal sealed class SystemdReport : IAsyncDisposable
{
    private readonly SystemdNotifier _systemd = new();
    private readonly EdgeLog _log;
    private readonly PeriodicTimer? _timer;
    private readonly Task _reporting = Task.CompletedTask;

    public SystemdReport(EdgeLog log)
    {
        _log = log;
        if (!_systemd.IsEnabled)
        {
            return;
        }
        Notify(ServiceState.Ready);
        if (WatchdogInterval.OfEnvironment() is { } interval)
        {
            _timer = new(interval);
            _reporting = ReportAsync(_timer);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _timer?.Dispose();
        await _reporting;
    }

    private async Task ReportAsync(PeriodicTimer timer)
    {
        do
        {
            Notify(new("WATCHDOG=1"));
        }
        while (await timer.WaitForNextTickAsync());
    }

    private void Notify(ServiceState state)
    {
        try
        {
            _systemd.Notify(state);
        }
        catch (SocketException e)
        {
            _log.Error("agent", $"systemd cannot be told that the agent runs: {e.Message}");
        }
    }
}
