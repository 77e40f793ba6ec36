using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using PhyField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.PhyRecord>;
using PluginField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.PluginRecord>;
using StatsField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.PacketStats>;
using ViewField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.ViewRecord>;

namespace KismetOrleans.Records.Server;

public static class PhyTable
{
    public static readonly RecordTable<PhyRecord> Table = new("phy",
    [
        PhyField.Text("kismet.phy.phy_name", "radio technology", static p => p.Phy.Name),
        PhyField.UInt32("kismet.phy.phy_id", "its number", static p => (ulong)p.Phy.Id),
        PhyField.UInt64("kismet.phy.device_count", "devices that use it", static p => p.Devices),
        PhyField.UInt64("kismet.phy.packet_count", "packets of it", static p => p.Packets),
    ]);
}

public static class ViewTable
{
    public static readonly RecordTable<ViewRecord> Table = new("view",
    [
        ViewField.Text("kismet.devices.view.id", "identifies the view in requests", static v => v.Id),
        ViewField.Text("kismet.devices.view.description", "what it holds", static v => v.Description),
        ViewField.UInt64("kismet.devices.view.size", "devices in it", static v => v.Size),
        ViewField.Flag("kismet.devices.view.indexed", "is kept up rather than searched", static v => v.Indexed),
    ]);
}

public static class PluginTable
{
    public static readonly RecordTable<PluginRecord> Table = new("plugin",
    [
        PluginField.Text("kismet.plugin.name", "name", static p => p.Name),
        PluginField.Text("kismet.plugin.description", "what it does", static p => p.Description),
        PluginField.Text("kismet.plugin.author", "who wrote it", static p => p.Author),
        PluginField.Text("kismet.plugin.version", "version", static p => p.Version),
        PluginField.Text("kismet.plugin.shared_object", "always empty: plugins are no shared objects here", static _ => ""),
        PluginField.Text("kismet.plugin.http_helper", "always empty, kept for older clients", static _ => ""),
        PluginField.Text("kismet.plugin.dirname", "always empty, kept for older clients", static _ => ""),
        PluginField.Text("kismet.plugin.path", "always empty, kept for older clients", static _ => ""),
        PluginField.Text("kismet.plugin.jsmodule", "always empty, kept for older clients", static _ => ""),
    ]);
}

/// <summary>Fields of the packet rates of the whole server.</summary>
public static class PacketStatsTable
{
    /// <summary>Packet rates of the whole server.</summary>
    public static readonly RecordTable<PacketStats> Table = new("packet_stats",
    [
        StatsField.Record("kismet.packetchain.peak_packets_rrd", "most packets in a second", static s => s.Peak, RrdTable.Table),
        StatsField.Record("kismet.packetchain.packets_rrd", "all packets", static s => s.Packets, RrdTable.Table),
        StatsField.Record("kismet.packetchain.error_packets_rrd", "damaged packets", static s => s.Errors, RrdTable.Table),
        StatsField.Record(
            "kismet.packetchain.dupe_packets_rrd", "packets that another source had already seen",
            static s => s.Duplicates, RrdTable.Table),
        StatsField.Record("kismet.packetchain.queued_packets_rrd", "packets that wait", static s => s.Queued, RrdTable.Table),
        StatsField.Record(
            "kismet.packetchain.dropped_packets_rrd", "packets dropped because too many waited",
            static s => s.Dropped, RrdTable.Table),
        StatsField.Record(
            "kismet.packetchain.processed_packets_rrd", "packets that reached the devices",
            static s => s.Processed, RrdTable.Table),
    ]);
}
