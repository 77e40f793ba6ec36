using System.Text.Json;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Uav;

namespace KismetOrleans.Records.Tests;

/// <summary>Whatever a real Kismet answered can be said with the tables, and what it always says is always there.</summary>
public class GoldenTests
{
    public static TheoryData<string, string> Answers => new()
    {
        { "all_devices.json", "device" },
        { "all_sources.json", "datasource" },
        { "source_types.json", "datasource_driver" },
        { "source_defaults.json", "datasource_defaults" },
        { "system_status.json", "system_status" },
        { "system_timestamp.json", "timestamp" },
        { "all_phys.json", "phy" },
        { "all_views.json", "view" },
        { "channels.json", "channels" },
        { "all_messages.json", "message" },
        { "messages_last_time.json", "message_list" },
        { "uav_matchers.json", "uav_match" },
        { "packet_stats.json", "packet_stats" },
    };

    [SharedTheory]
    [MemberData(nameof(Answers))]
    public void Every_key_is_a_field_of_its_table(string file, string table)
    {
        SortedSet<string> unknown = [];
        foreach (string golden in SharedFiles.Goldens(file))
        {
            JsonElement answer = Samples.Parse(File.ReadAllText(golden));
            WalkNested(Inventory.Tables[table], answer, (field, _) => unknown.Add(field), null);
        }
        Assert.Empty(unknown);
    }

    [SharedFact]
    public void What_every_golden_record_has_ours_always_have_and_nothing_else_is_always_there()
    {
        Dictionary<IRecordTable, HashSet<string>> always = [];
        foreach (string golden in SharedFiles.Goldens("all_devices.json"))
        {
            foreach (JsonElement device in Samples.Parse(File.ReadAllText(golden)).EnumerateArray())
            {
                Walk(DeviceTable.Table, device, null, (table, record) =>
                {
                    if (always.TryGetValue(table, out HashSet<string>? names))
                    {
                        names.IntersectWith(Samples.Names(record));
                    }
                    else
                    {
                        always.Add(table, Samples.Names(record));
                    }
                });
            }
        }
        Assert.Equal(always[DeviceTable.Table].Order(), Samples.Names(Samples.Json(Samples.Bare())).Order());
        foreach ((IRecordTable table, JsonElement ours) in Smallest())
        {
            // A few records occur too seldom in the goldens to show what is optional; the key of an unseen BSSID differs on purpose.
            HashSet<string> expected = always[table];
            expected.ExceptWith([.. Seldom, .. Later]);
            HashSet<string> names = Samples.Names(ours);
            names.ExceptWith(["dot11.device.last_bssid", .. Later]);
            Assert.Equal(expected.Order(), names.Order());
        }
    }

    [SharedFact]
    public void Values_are_of_the_goldens_kind()
    {
        Dictionary<string, JsonValueKind> ours = [];
        WalkMembers(Samples.Json(Samples.Full()), (name, kind) => ours[name] = kind);
        SortedSet<string> different = [];
        foreach (string golden in SharedFiles.Goldens("all_devices.json"))
        {
            WalkMembers(Samples.Parse(File.ReadAllText(golden)), (name, kind) =>
            {
                if (name.Contains('.') && ours.TryGetValue(name, out JsonValueKind printed) && printed != kind)
                {
                    different.Add($"{name}: {printed} is not {kind}");
                }
            });
        }
        Assert.Empty(different);
    }

    [SharedFact]
    public void The_order_of_a_requests_fields_and_their_names_are_the_goldens()
    {
        foreach (string golden in SharedFiles.Goldens("devices_fields.json"))
        {
            string fields = """
                ["kismet.device.base.key", "kismet.device.base.macaddr", "kismet.device.base.type", "kismet.device.base.packets.total",
                 ["kismet.device.base.signal/kismet.common.signal.last_signal", "signal"],
                 "dot11.device/dot11.device.last_bssid", "no.such.field"]
                """;
            RecordWriter<Device> writer =
                DeviceTable.Table.Writer(Records.Json.RecordFormat.Json, FieldSelection.Parse(Samples.Parse(fields)));
            HashSet<string> ours = Samples.Names(Samples.Parse(Samples.Print(json => writer.Write(Samples.Bare(), json))));
            foreach (JsonElement device in Samples.Parse(File.ReadAllText(golden)).EnumerateArray())
            {
                Assert.Equal(Samples.Names(device).Order(), ours.Order());
            }
        }
    }

    // Fields that Kismet leaves out at times, though no device of the goldens lacks them.
    private static readonly string[] Seldom =
    [
        "kismet.common.signal.signal_rrd",
        "kismet.common.location.alt", "kismet.common.location.fix", "kismet.common.location.time_sec", "kismet.common.location.time_usec",
        "kismet.common.location.heading", "kismet.common.location.speed",
        "uav.last_telemetry",
    ];

    // Fields that a Kismet of after the goldens always has.
    private static readonly string[] Later = ["kismet.common.signal.peak_loc", "dot11.advertisedssid.channel_width", "uav.type"];

    private static IEnumerable<(IRecordTable, JsonElement)> Smallest()
    {
        yield return (Dot11.Dot11DeviceTable.Table, Print(Dot11.Dot11DeviceTable.Table, new()));
        yield return (Dot11.AdvertisedSsidTable.Table, Print(Dot11.AdvertisedSsidTable.Table, new()));
        yield return (Dot11.ProbedSsidTable.Table, Print(Dot11.ProbedSsidTable.Table, new()));
        yield return (Dot11.Dot11ClientTable.Table, Print(Dot11.Dot11ClientTable.Table, new()));
        yield return (Dot11.IpDataTable.Table, Print(Dot11.IpDataTable.Table, new()));
        yield return (SeenByTable.Table, Print(SeenByTable.Table, new() { SourceNumber = 1 }));
        yield return (SignalTable.Table, Print(SignalTable.Table, new()));
        yield return (GeoPointTable.Table, Print(GeoPointTable.Table, new()));
        yield return (GeoPointTable.Corner, Print(GeoPointTable.Corner, new()));
        yield return (GeoPointTable.WithMotion, Print(GeoPointTable.WithMotion, new()));
        yield return (DatasourceTable.Table, Print(DatasourceTable.Table, Samples.Source()));
        yield return (DatasourceDriverTable.Table, Print(DatasourceDriverTable.Table, Samples.Source().Driver));
        yield return (Bluetooth.BluetoothDeviceTable.Table, Print(Bluetooth.BluetoothDeviceTable.Table, new()));
        yield return (Bluetooth.BtleDeviceTable.Table, Print(Bluetooth.BtleDeviceTable.Table, new()));
        yield return (UavDeviceTable.Table, Print(UavDeviceTable.Table, new()));
        yield return (UavTelemetryTable.Table, Print(UavTelemetryTable.Table, new()));
    }

    private static JsonElement Print<T>(RecordTable<T> table, T record) =>
        Samples.Parse(Samples.Print(json => table.Writer(Records.Json.RecordFormat.Json).Write(record, json)));

    private static void WalkMembers(JsonElement value, Action<string, JsonValueKind> visit)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in value.EnumerateObject())
            {
                visit(member.Name, member.Value.ValueKind);
                WalkMembers(member.Value, visit);
            }
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement element in value.EnumerateArray())
            {
                WalkMembers(element, visit);
            }
        }
    }

    private static void Walk(
        IRecordTable table, JsonElement record, Action<string, JsonElement>? unknown, Action<IRecordTable, JsonElement>? visit = null)
    {
        visit?.Invoke(table, record);
        HashSet<string> fields = [.. table.FieldInfos.Select(static f => f.Name)];
        foreach (JsonProperty member in record.EnumerateObject())
        {
            if (!fields.Contains(member.Name))
            {
                unknown?.Invoke($"{table.Name}: {member.Name}", member.Value);
            }
            if (Inventory.Nested.TryGetValue(member.Name, out IRecordTable? nested))
            {
                WalkNested(nested, member.Value, unknown, visit);
            }
        }
    }

    // A record, or lists and maps of it.
    private static void WalkNested(
        IRecordTable table, JsonElement value, Action<string, JsonElement>? unknown, Action<IRecordTable, JsonElement>? visit)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement element in value.EnumerateArray())
            {
                WalkNested(table, element, unknown, visit);
            }
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            // Names of fields have dots; no key of a map of records has.
            if (value.EnumerateObject().Any(static p => p.Name.Contains('.') || p.Name == "uav_match_name"))
            {
                Walk(table, value, unknown, visit);
                return;
            }
            foreach (JsonProperty entry in value.EnumerateObject())
            {
                WalkNested(table, entry.Value, unknown, visit);
            }
        }
    }
}
