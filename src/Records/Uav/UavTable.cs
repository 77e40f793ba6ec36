using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Uav.UavDevice>;
using MatchField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Uav.UavMatch>;
using TelemetryField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Uav.UavTelemetry>;

namespace KismetOrleans.Records.Uav;

/// <summary>Fields of the drone part of a device.</summary>
internal static class UavDeviceTable
{
    /// <summary>The drone part of a device.</summary>
    public static readonly RecordTable<UavDevice> Table = new("uav_device",
    [
        Field.Text("uav.manufacturer", "maker", static d => d.Manufacturer),
        Field.Text("uav.model", "which of its maker's drones it is", static d => d.Model),
        Field.Text("uav.serialnumber", "number that its maker gave it", static d => d.SerialNumber),
        Field.Text("uav.operator_id", "its operator's registration; only where Open Drone ID tells it", static d => d.OperatorId),
        Field.Text("uav.match_type", "how it was recognised", static d => d.MatchType),
        Field.Record("uav.last_telemetry", "newest report", static d => d.LastTelemetry, UavTelemetryTable.Table, type: "alias"),
        Field.List("uav.telemetry_history", "reports, oldest first", static d => d.History, UavTelemetryTable.Table),
        Field.Record(
            "uav.telemetry.home_location", "where it started",
            static d => d.HomeLocation ?? GeoPoint.Unknown, GeoPointTable.Table),
        Field.Record(
            "uav.telemetry.app_location", "where its operator is",
            static d => d.AppLocation ?? GeoPoint.Unknown, GeoPointTable.Table),
        Field.Record(
            "uav.type", "rule that it was recognised by, an empty one where it was none",
            static d => d.Match ?? UavMatch.None, UavMatchTable.Table, type: "alias"),
    ]);
}

/// <summary>Fields of a drone's report.</summary>
internal static class UavTelemetryTable
{
    /// <summary>One report of a drone.</summary>
    public static readonly RecordTable<UavTelemetry> Table = new("uav_telemetry",
    [
        TelemetryField.Record("uav.telemetry.location", "position", static t => t.Location ?? GeoPoint.Unknown, GeoPointTable.Table),
        TelemetryField.Double("uav.telemetry.timestamp", "unix time with its fraction", static t => t.Timestamp),
        TelemetryField.Double("uav.telemetry.yaw", "turn about the vertical axis in degrees", static t => t.Yaw),
        TelemetryField.Double("uav.telemetry.pitch", "nose up in degrees", static t => t.Pitch),
        TelemetryField.Double("uav.telemetry.roll", "right side down in degrees", static t => t.Roll),
        TelemetryField.Double("uav.telemetry.height", "metres above its start", static t => t.Height),
        TelemetryField.Double("uav.telemetry.v_north", "speed to the north in m/s", static t => t.VNorth),
        TelemetryField.Double("uav.telemetry.v_east", "speed to the east in m/s", static t => t.VEast),
        TelemetryField.Double("uav.telemetry.v_up", "speed upwards in m/s", static t => t.VUp),
        TelemetryField.Flag("uav.telemetry.motor_on", "its motors run", static t => t.MotorOn),
        TelemetryField.Flag("uav.telemetry.airborne", "it flies", static t => t.Airborne),
    ]);
}

/// <summary>Fields of a rule that recognises drones.</summary>
public static class UavMatchTable
{
    /// <summary>A rule that recognises drones by address and SSID.</summary>
    public static readonly RecordTable<UavMatch> Table = new("uav_match",
    [
        MatchField.Text("uav_match_name", "identifies the rule", static m => m.Id),
        MatchField.Text("uav.manufmatch.name", "maker that it stands for", static m => m.Name),
        MatchField.Text("uav.manufmatch.model", "model that it stands for", static m => m.Model),
        MatchField.Mac("uav.manufmatch.mac", "beginning of the address, filled up with zeros", static m => m.Address),
        MatchField.Text("uav.manufmatch.ssid_regex", "pattern that the SSID has", static m => m.SsidRegex),
        MatchField.Flag("uav.manufmatch.partial", "one of address and SSID suffices", static m => m.Partial),
    ]);
}
