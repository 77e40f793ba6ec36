using KismetOrleans.Records.Fields;

namespace KismetOrleans.Records.Server;

/// <summary>Parts of the server's state that live events carry; the whole is <see cref="SystemStatusTable"/>.</summary>
public static class EventTables
{
    public static readonly RecordTable<SystemStatus> Battery = new("battery_event", Fields(
        "kismet.system.battery.ac", "kismet.system.battery.percentage", "kismet.system.battery.charging", "kismet.system.battery.remaining"));

    /// <summary>The size of the server.</summary>
    public static readonly RecordTable<SystemStatus> Statistics = new("statistics_event", Fields(
        "kismet.system.num_fields", "kismet.system.num_components", "kismet.system.num_http_connections", "kismet.system.memory.rss",
        "kismet.system.devices.count"));

    private static IEnumerable<RecordField<SystemStatus>> Fields(params string[] names) => names.Select(static name => SystemStatusTable.Table.Find(name)!);
}
