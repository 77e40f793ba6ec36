using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using ChangeField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Alerts.IncidentChange>;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Alerts.IncidentRecord>;

namespace KismetOrleans.Records.Alerts;

public static class IncidentTable
{
    public static readonly RecordTable<IncidentChange> Changes = new("incident_change",
    [
        ChangeField.Double("kismet.incident.change.timestamp", "unix time with its fraction", static c => c.Microseconds / 1e6),
        ChangeField.Text("kismet.incident.change.who", "name of the login or key", static c => c.Who),
        ChangeField.Text("kismet.incident.change.what", "state, owner or comment", static c => c.What),
        ChangeField.Text("kismet.incident.change.value", "what it was changed to, or the comment", static c => c.Value),
    ]);

    public static readonly RecordTable<IncidentRecord> Table = new("incident",
    [
        Field.UInt64("kismet.incident.id", "number by which it can be asked for", static i => (ulong)i.Id),
        Field.Text("kismet.incident.header", "kind of its alerts", static i => i.Header),
        Field.Text("kismet.incident.class", "class of its alerts", static i => i.Class),
        Field.UInt8("kismet.incident.severity", "weight: information 0, low 5, medium 10, high 15, critical 20", static i => i.Severity),
        Field.Mac("kismet.incident.transmitter", "who sent what the alerts are about, zero where they name nobody", static i => i.Transmitter),
        Field.Mac("kismet.incident.network", "access point, zero where the alerts name none", static i => i.Network),
        Field.Text("kismet.incident.device_key", "device that the newest alert is about", static i => i.Device is { } id ? DeviceKey.Format(id) : "00_0", "devicekey"),
        Field.Text("kismet.incident.channel", "channel of the newest alert", static i => i.Channel),
        Field.Text("kismet.incident.text", "the newest alert, in words", static i => i.Text),
        Field.Double("kismet.incident.first_time", "unix time of the first alert", static i => i.First / 1e6),
        Field.Double("kismet.incident.last_time", "unix time of the newest alert", static i => i.Last / 1e6),
        Field.UInt64("kismet.incident.count", "alerts that were raised", static i => (ulong)i.Count),
        Field.UInt64("kismet.incident.held_back", "alerts that a limit held back", static i => (ulong)i.HeldBack),
        Field.Text("kismet.incident.state", "new, acknowledged, resolved or muted", static i => NameOf(i.State)),
        Field.Double("kismet.incident.muted_until", "unix time at which its muting ends: 0 where it is not muted, -1 for never", static i => i.MutedUntil == long.MaxValue ? -1 : i.MutedUntil / 1e6),
        Field.Text("kismet.incident.owner", "who works on it", static i => i.Owner),
        Field.List("kismet.incident.changes", "what was changed, oldest first", static i => i.Changes, Changes),
    ]);

    public static string NameOf(IncidentState state) => state switch
    {
        IncidentState.Acknowledged => "acknowledged",
        IncidentState.Resolved => "resolved",
        IncidentState.Muted => "muted",
        _ => "new",
    };

    public static bool TryParse(string text, out IncidentState state)
    {
        foreach (IncidentState known in Enum.GetValues<IncidentState>())
        {
            if (NameOf(known) == text)
            {
                state = known;
                return true;
            }
        }
        state = default;
        return false;
    }
}
