using KismetOrleans.Engine.Alerts;
using KismetOrleans.Records.Alerts;

namespace KismetOrleans.Grains.Alerts.Outlets;

/// <summary>All receivers that are configured.</summary>
public sealed class AlertOutlets : IAlertOutlet
{
    private readonly AlertDelivery[] _deliveries;
    private readonly int _minSeverity;

    /// <summary>Begins to deliver to those that are configured.</summary>
    public AlertOutlets(OutletOptions options, TimeProvider clock, ILoggerFactory loggers)
    {
        ILogger logger = loggers.CreateLogger("Alerts");
        List<IAlertReceiver> receivers = [];
        if (options.Webhook is { } webhook)
        {
            receivers.Add(new WebhookReceiver(webhook, options.WebhookSecret, clock));
        }
        if (options.Syslog is { } syslog)
        {
            receivers.Add(new SyslogReceiver(syslog, Environment.MachineName));
        }
        _minSeverity = options.MinSeverity;
        _deliveries = [.. receivers.Select(receiver => new AlertDelivery(receiver, options, clock, logger))];
    }

    public void Send(AlertRecord alert)
    {
        if (alert.Severity < _minSeverity)
        {
            return;
        }
        foreach (AlertDelivery delivery in _deliveries)
        {
            delivery.Send(alert);
        }
    }

    public long Version => _deliveries.Sum(static delivery => delivery.Version);

    public IReadOnlyDictionary<string, IReadOnlyList<AlertRecord>> Waiting => _deliveries.ToDictionary(static delivery => delivery.Name, static delivery => delivery.Waiting);

    public void Restore(IReadOnlyDictionary<string, IReadOnlyList<AlertRecord>> waiting)
    {
        foreach (AlertDelivery delivery in _deliveries)
        {
            foreach (AlertRecord alert in waiting.GetValueOrDefault(delivery.Name) ?? [])
            {
                delivery.Send(alert);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (AlertDelivery delivery in _deliveries)
        {
            await delivery.DisposeAsync();
        }
    }
}
