using System.Buffers;
using System.Net;
using System.Text;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Bluetooth;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Records.Presence;
using KismetOrleans.Records.Server;
using KismetOrleans.Records.Uav;

namespace KismetOrleans.Records.Fields;

/// <summary>All record types and their fields: what the documentation page lists, and what makes a field name a known one.</summary>
public static class TrackedFields
{
    private static readonly Lock Changing = new();
    private static volatile Registry _registry = new(
    [
        DeviceTable.Table, SeenByTable.Table, SeenByTable.Signals, SignalTable.Table, RrdTable.Table,
        LocationTable.Table, LocationEstimateTable.Table, TrackTable.Table, TrackTable.Points, GeoPointTable.Corner, GeoPointTable.Table, GeoPointTable.WithMotion,
        Dot11DeviceTable.Table, AdvertisedSsidTable.Table, ProbedSsidTable.Table, Dot11ClientTable.Table, IpDataTable.Table,
        EapolTable.Table, NonceTable.Table, PacketTable.Table, SsidGroupTable.Table, FingerprintTable.Table,
        BluetoothDeviceTable.Table, BtleDeviceTable.Table, UavDeviceTable.Table, UavTelemetryTable.Table, UavMatchTable.Table,
        DatasourceTable.Table, DatasourceDriverTable.Table, DatasourceDefaultsTable.Table, CaptureInterfaceTable.Table,
        ChannelMapTable.Table, ChannelTable.Table, MessageTable.Table, MessageListTable.Table,
        PhyTable.Table, ViewTable.Table, PluginTable.Table, PacketStatsTable.Table, StreamTable.Table, LogDriverTable.Table, LogTable.Table,
        ApiKeyTable.Table, AdsbMapTable.Table, SessionTable.Table, LoginSessionTable.Table, JoinTokenTable.Table, SensorKeyTable.Table, ProfileTable.Table, CoverageTable.Table, CoverageTable.Sensors,
        SsidScanTable.Table, SsidScanTable.Locks,
        GpsTable.Table, GpsDriverTable.Table,
        SystemStatusTable.Table, TimestampTable.Table, UserStatusTable.Table,
        HistogramTable.Table, TrendTable.Table,
        .. PresenceTables.All,
        LoggedPacketTable.Table, PacketViewTable.Table, PacketViewTable.Layers, PacketViewTable.Fields,
        PacketFilterTable.Table, PacketFilterTable.Blocks, ClassFilterTable.Table,
        AlertTable.Table, AlertListTable.Table, AlertDefinitionTable.Table, IncidentTable.Table, IncidentTable.Changes,
    ]);

    public static IReadOnlyList<IRecordTable> Tables => _registry.Tables;

    /// <summary>Distinct field names.</summary>
    public static int FieldCount => _registry.Fields.Count;

    /// <summary>Adds a record type that is declared elsewhere. Adding it again changes nothing.</summary>
    internal static void Register(IRecordTable table)
    {
        lock (Changing)
        {
            if (!_registry.Tables.Contains(table))
            {
                _registry = new([.. _registry.Tables, table]);
            }
        }
    }

    /// <summary>Writes the page of all fields as HTML.</summary>
    public static void WriteHtml(IBufferWriter<byte> target)
    {
        StringBuilder page = new(
            "<html><head><title>Fields of all records</title></head><body><h2>Fields of all records</h2>"
            + "<table><tr><th>Name</th><th>ID</th><th>Type</th><th>Description</th></tr>\n");
        int id = 0;
        foreach (FieldInfo field in _registry.Fields.Values.OrderBy(static f => f.Name, StringComparer.Ordinal))
        {
            page.Append("<tr><td>").Append(WebUtility.HtmlEncode(field.Name))
                .Append("</td><td>").Append(++id)
                .Append("</td><td>").Append(WebUtility.HtmlEncode(field.Type))
                .Append("</td><td>").Append(WebUtility.HtmlEncode(field.Description)).Append("</td></tr>\n");
        }
        page.Append("</table></body></html>\n");
        target.Write(Encoding.UTF8.GetBytes(page.ToString()));
    }

    /// <summary>What a name stands for in whichever record has it first; null when none has it.</summary>
    internal static FieldInfo? Find(string name) => _registry.Fields.GetValueOrDefault(name);

    private sealed class Registry(IReadOnlyList<IRecordTable> tables)
    {
        public IReadOnlyList<IRecordTable> Tables { get; } = tables;

        public IReadOnlyDictionary<string, FieldInfo> Fields { get; } = tables.SelectMany(static t => t.FieldInfos)
            .DistinctBy(static f => f.Name, StringComparer.Ordinal).ToDictionary(static f => f.Name, StringComparer.Ordinal);
    }
}
