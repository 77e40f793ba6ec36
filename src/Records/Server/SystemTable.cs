using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.SystemStatus>;
using TimeField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.Timestamp>;
using UserField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.UserStatus>;

namespace KismetOrleans.Records.Server;

/// <summary>Fields of the state of the server.</summary>
public static class SystemStatusTable
{
    /// <summary>State of the server.</summary>
    public static readonly RecordTable<SystemStatus> Table = new("system_status",
    [
        Field.Int32("kismet.system.battery.percentage", "charge of the battery, per cent", static s => s.BatteryPercentage),
        Field.Text("kismet.system.battery.charging", "charging, charged or discharging", static s => s.BatteryCharging),
        Field.Flag("kismet.system.battery.ac", "runs on mains", static s => s.BatteryAc),
        Field.UInt32("kismet.system.battery.remaining", "seconds that the battery lasts", static s => s.BatteryRemaining),
        Field.UInt64("kismet.system.timestamp.sec", "unix second by the server's clock", static s => s.Seconds),
        Field.UInt64("kismet.system.timestamp.usec", "microseconds within that second", static s => s.Microseconds),
        Field.UInt64("kismet.system.timestamp.start_sec", "unix second in which the server started", static s => s.StartSeconds),
        Field.UInt64("kismet.system.memory.rss", "resident memory in KiB", static s => s.MemoryRss),
        Field.UInt64("kismet.system.devices.count", "devices", static s => s.Devices),
        Field.Text("kismet.system.user", "account that the server runs as", static s => s.User),
        Field.Text("kismet.system.version", "version of the server", static s => s.Version),
        Field.Text("kismet.system.git", "commit that it was built from", static s => s.Git),
        Field.Text("kismet.system.build_time", "when it was built", static s => s.BuildTime),
        Field.Text("kismet.system.server_name", "name of this server", static s => s.ServerName),
        Field.Text("kismet.system.server_description", "what this server is for", static s => s.ServerDescription),
        Field.Text("kismet.system.server_location", "where this server is", static s => s.ServerLocation),
        Field.Record("kismet.system.memory.rrd", "history of memory", static s => s.MemoryRrd, RrdTable.Table),
        Field.Record("kismet.system.devices.rrd", "history of devices", static s => s.DevicesRrd, RrdTable.Table),
        Field.MapByText("kismet.system.sensors.fan", "fans by name, in turns a minute", static s => s.Fans, Kinds.Double),
        Field.MapByText("kismet.system.sensors.temp", "temperatures by name, in degrees Celsius", static s => s.Temperatures, Kinds.Double),
        Field.UInt64("kismet.system.num_fields", "fields that records can have", static s => s.Fields),
        Field.UInt64("kismet.system.num_components", "types of records", static s => s.Components),
        Field.UInt64("kismet.system.num_http_connections", "open HTTP connections", static s => s.HttpConnections),
        Field.UInt64("kismet.system.string_cache_size", "texts that records share", static s => s.StringCache),
        Field.ServerUuid("kismet.server.uuid", "identifies this server"),
        Field.List("kismet.system.partitions.missing", "parts of the devices that do not answer", static s => s.MissingPartitions, Kinds.Unsigned, when: static s => s.MissingPartitions.Count > 0),
    ]);
}

/// <summary>Fields of the server's clock.</summary>
public static class TimestampTable
{
    /// <summary>The server's clock.</summary>
    public static readonly RecordTable<Timestamp> Table = new("timestamp",
    [
        TimeField.UInt64("kismet.system.timestamp.sec", "unix second by the server's clock", static t => t.Seconds),
        TimeField.UInt64("kismet.system.timestamp.usec", "microseconds within that second", static t => t.Microseconds),
    ]);
}

/// <summary>Fields of the account that the server runs as.</summary>
public static class UserStatusTable
{
    /// <summary>The account that the server runs as.</summary>
    public static readonly RecordTable<UserStatus> Table = new("user_status",
    [
        UserField.Text("kismet.system.user", "account that the server runs as", static u => u.User),
    ]);
}
