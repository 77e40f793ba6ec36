using KismetOrleans.Engine.Alerts;
using KismetOrleans.Records.Alerts;

namespace KismetOrleans.Grains.Alerts;

/// <summary>Sends what this process notices to the cluster's alerts some times a second, and again until it is taken.</summary>
public sealed partial class AlertsReporter(IGrainFactory grains, TimeProvider clock, ILogger<AlertsReporter> logger)
    : PeriodicService(s_sendEvery, clock)
{
    // More than the engine lets through in an hour. In a flood the first tell what it is.
    private const int MaxWaiting = 256;
    private static readonly TimeSpan s_sendEvery = TimeSpan.FromMilliseconds(250);
    private readonly Guid _self = Guid.NewGuid();
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly List<RaisedAlert> _waiting = [];
    private byte[]? _underWay;
    private long _sequence;
    private long _dropped;

    /// <summary>Takes what was noticed.</summary>
    public void Report(IReadOnlyList<RaisedAlert> alerts)
    {
        if (alerts.Count == 0)
        {
            return;
        }
        lock (_lock)
        {
            foreach (RaisedAlert alert in alerts)
            {
                if (_waiting.Count == MaxWaiting)
                {
                    _dropped++;
                    continue;
                }
                _waiting.Add(alert);
            }
        }
    }

    /// <summary>Sends what was gathered, now.</summary>
    public async Task SendAsync()
    {
        await _sending.WaitAsync();
        try
        {
            long dropped;
            lock (_lock)
            {
                dropped = _dropped;
                _dropped = 0;
                if (_underWay is null && _waiting.Count > 0)
                {
                    _underWay = AlertCodec.Write(_waiting);
                    _sequence++;
                    _waiting.Clear();
                }
            }
            if (dropped > 0)
            {
                Dropped(logger, dropped);
            }
            if (_underWay is { } octets)
            {
                // Under the same number until it is taken, so that a lost answer does not double it.
                await grains.GetGrain<IAlertsGrain>(0).ReportAsync(_self, _sequence, octets);
                _underWay = null;
            }
        }
        finally
        {
            _ = _sending.Release();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _sending.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Task DoAsync() => SendAsync();

    /// <inheritdoc/>
    protected override void Tell(Exception e) => NotTaken(logger, e);

    [LoggerMessage(1, LogLevel.Warning, "Alerts were not taken and are sent again")]
    private static partial void NotTaken(ILogger logger, Exception e);

    [LoggerMessage(2, LogLevel.Warning, "{count} alerts were dropped on their way, more than the limits of any kind let through")]
    private static partial void Dropped(ILogger logger, long count);
}

/// <summary>Raises an alert where a process of a cluster runs as root.</summary>
public sealed class PrivilegeCheck(AlertsReporter reporter) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (Environment.IsPrivilegedProcess)
        {
            reporter.Report([SystemAlerts.RootUser()]);
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
