using KismetOrleans.Engine.Alerts;
using KismetOrleans.Records.Alerts;

namespace KismetOrleans.Grains.Alerts;

/// <summary>Sends what this process notices to the cluster's alerts.</summary>
public sealed partial class AlertsReporter(IGrainFactory grains, TimeProvider clock, ILogger<AlertsReporter> logger) : Outbox<byte[]>(clock)
{
    // More than the engine lets through in an hour. In a flood the first tell what it is.
    private const int MaxWaiting = 256;
    private readonly List<RaisedAlert> _waiting = [];
    private long _dropped;

    /// <summary>Takes what was noticed.</summary>
    internal void Report(IReadOnlyList<RaisedAlert> alerts)
    {
        if (alerts.Count == 0)
        {
            return;
        }
        lock (Gathering)
        {
            int taken = Math.Min(alerts.Count, MaxWaiting - _waiting.Count);
            _waiting.AddRange(alerts.Take(taken));
            _dropped += alerts.Count - taken;
        }
    }

    protected override byte[]? Take()
    {
        if (_dropped > 0)
        {
            Dropped(logger, _dropped);
            _dropped = 0;
        }
        if (_waiting.Count == 0)
        {
            return null;
        }
        byte[] bytes = AlertCodec.Write(_waiting);
        _waiting.Clear();
        return bytes;
    }

    protected override ValueTask SendAsync(Guid self, long sequence, byte[] report) => grains.GetGrain<IAlertsGrain>(0).ReportAsync(self, sequence, report);

    protected override void LogFault(Exception e) => NotTaken(logger, e);

    [LoggerMessage(1, LogLevel.Warning, "Alerts were not taken and are sent again")]
    private static partial void NotTaken(ILogger logger, Exception e);

    [LoggerMessage(2, LogLevel.Warning, "{count} alerts were dropped on their way, more than the limits of any kind let through")]
    private static partial void Dropped(ILogger logger, long count);
}

/// <summary>Raises an alert where a process of a cluster runs as root.</summary>
public sealed class PrivilegeCheck(AlertsReporter reporter) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (Environment.IsPrivilegedProcess)
        {
            reporter.Report([SystemAlerts.RootUser()]);
        }
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
