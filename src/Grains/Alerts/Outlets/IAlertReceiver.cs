using KismetOrleans.Records.Alerts;

namespace KismetOrleans.Grains.Alerts.Outlets;

/// <summary>Somebody outside who gets alerts.</summary>
internal interface IAlertReceiver : IDisposable
{
    string Name { get; }

    /// <exception cref="Exception">It was not taken; it is tried again.</exception>
    /// <exception cref="AlertRefusedException">It was refused for good.</exception>
    Task DeliverAsync(AlertRecord alert, CancellationToken cancellation);
}

/// <summary>A receiver does not want an alert, and will not want it later.</summary>
internal sealed class AlertRefusedException(string message) : Exception(message);
