using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Alerts;

public static class AlertMessages
{
    public static MessageRecord Of(AlertRecord alert) =>
        new($"{alert.Alert.Header} {alert.Alert.Text}", MessageFlags.Alert, (uint)(alert.Microseconds / 1_000_000));
}
