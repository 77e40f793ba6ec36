using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using DefinitionField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Alerts.AlertDefinitionRecord>;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Alerts.AlertRecord>;
using ListField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Alerts.AlertList>;

namespace KismetOrleans.Records.Alerts;

public static class AlertTable
{
    public static readonly RecordTable<AlertRecord> Table = new("alert",
    [
        Field.Text("kismet.alert.device_key", "device that it is about", static a => a.Alert.Device is { } id ? DeviceKey.Format(id) : "00_0", "devicekey"),
        Field.Text("kismet.alert.header", "name of the kind of alert", static a => a.Alert.Header),
        Field.Text("kismet.alert.class", "class of alerts that it belongs to", static a => a.Class),
        Field.UInt32("kismet.alert.hash", "number by which it can be asked for", static a => a.Hash),
        Field.UInt8("kismet.alert.severity", "weight: information 0, low 5, medium 10, high 15, critical 20", static a => a.Severity),
        Field.UInt32("kismet.alert.phy_id", "number of the radio technology, 2^32 - 1 for any, 2^32 - 2 for none", static a => (uint)a.PhyId),
        Field.Double("kismet.alert.timestamp", "unix time with its fraction", static a => a.Seconds),
        Field.Mac("kismet.alert.transmitter_mac", "access point", static a => a.Alert.Bssid),
        Field.Mac("kismet.alert.source_mac", "sender", static a => a.Alert.Source),
        Field.Mac("kismet.alert.dest_mac", "receiver", static a => a.Alert.Destination),
        Field.Mac("kismet.alert.other_mac", "another address that takes part", static a => a.Alert.Other),
        Field.Text("kismet.alert.channel", "channel that the frame names", static a => a.Alert.Channel),
        Field.Whole("kismet.alert.frequency", "always 0, kept for older clients", static _ => 0),
        Field.Text("kismet.alert.text", "what happened", static a => a.Alert.Text),
        Field.Record("kismet.alert.location", "where it was seen", static a => a.Alert.Location ?? GeoPoint.Unknown, GeoPointTable.Table),
    ]);
}

/// <summary>Fields of alerts since a time.</summary>
public static class AlertListTable
{
    /// <summary>Alerts since a time, and the time of this answer.</summary>
    public static readonly RecordTable<AlertList> Table = new("alert_list_wrapped",
    [
        ListField.List("kismet.alert.list", "alerts, oldest first", static l => l.Alerts, AlertTable.Table),
        ListField.Double("kismet.alert.timestamp", "unix time of this answer", static l => l.Microseconds / 1e6),
    ]);
}

/// <summary>Fields of a kind of alert.</summary>
public static class AlertDefinitionTable
{
    /// <summary>A kind of alert and how often it was raised.</summary>
    public static readonly RecordTable<AlertDefinitionRecord> Table = new("alert_definition",
    [
        DefinitionField.Text("kismet.alert.definition.header", "name", static d => d.Definition.Header),
        DefinitionField.Text("kismet.alert.definition.class", "class", static d => d.Definition.Class),
        DefinitionField.UInt8("kismet.alert.definition.severity", "weight", static d => d.Definition.Severity),
        DefinitionField.Text("kismet.alert.definition.description", "what it means", static d => d.Definition.Description),
        DefinitionField.Int64("kismet.alert.definition.phyid", "number of the radio technology, -1 for any", static d => d.Definition.PhyId),
        DefinitionField.UInt64(
            "kismet.alert.definition.limit_unit", "unit of the limit: second 0, minute 1, hour 2, day 3", static d => (ulong)d.Definition.Limit.Unit),
        DefinitionField.UInt64("kismet.alert.definition.limit_rate", "alerts in that unit", static d => d.Definition.Limit.Count),
        DefinitionField.UInt64("kismet.alert.definition.burst_unit", "unit of a burst", static d => (ulong)d.Definition.Burst.Unit),
        DefinitionField.UInt64("kismet.alert.definition.limit_burst", "alerts in that unit", static d => d.Definition.Burst.Count),
        DefinitionField.UInt64("kismet.alert.definition.burst_sent", "alerts in the running burst", static d => d.BurstSent),
        DefinitionField.UInt64("kismet.alert.definition.total_sent", "alerts in the running unit of the limit", static d => d.TotalSent),
        DefinitionField.Double("kismet.alert.definition.time_last", "unix time of the newest", static d => d.LastMicroseconds / 1e6),
    ]);
}
