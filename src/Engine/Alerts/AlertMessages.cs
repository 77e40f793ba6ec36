using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Alerts;

/// <summary>Alerts as messages of the server.</summary>
public static class AlertMessages
{
    /// <summary>The message that tells of an alert.</summary>
    public static MessageRecord Of(AlertRecord alert) =>
        new($"{alert.Alert.Header} {alert.Alert.Text}", MessageFlags.Alert, (uint)(alert.Microseconds / 1_000_000));
}
