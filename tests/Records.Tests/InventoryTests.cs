using System.Text.Json;
using System.Text.RegularExpressions;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Records.Tests;

/// <summary>The tables hold against the inventory of record types: names, types, presence; and their words are our own.</summary>
public partial class InventoryTests
{
    // What this server does not keep, all of it optional or behind a setting that Kismet ships switched off.
    private static readonly string[] NotKept =
    [
        "advertised_ssid dot11.advertisedssid.dot11d_list",
        "advertised_ssid dot11.advertisedssid.ie_tag_content",
        "advertised_ssid dot11.advertisedssid.ie_tag_list",
        "advertised_ssid dot11.advertisedssid.wps_uuid_e",
        "apikey kismet.httpd.auth.token",
        "probed_ssid dot11.probedssid.ie_tag_list",
        "probed_ssid dot11.probedssid.wps_uuid_e",
    ];

    // What this server says beyond Kismet, always optional, and what a later Kismet says.
    private static readonly string[] Added =
    [
        "advertised_ssid dot11.advertisedssid.channel_width",
        "apikey kismet.httpd.auth.scope",
        "apikey kismet.httpd.auth.site",
        "bluetooth_device bluetooth.device.manufacturer_data_bytes",
        "datasource kismet.datasource.check_sequences",
        "datasource kismet.datasource.place.building",
        "datasource kismet.datasource.place.floor",
        "datasource kismet.datasource.place.location",
        "datasource kismet.datasource.replay.ended",
        "datasource kismet.datasource.replay.rate",
        "datasource kismet.datasource.replay.share",
        "datasource kismet.datasource.sensor.agent",
        "datasource kismet.datasource.sensor.clock_correction",
        "datasource kismet.datasource.sensor.clock_skew",
        "datasource kismet.datasource.sensor.dropped",
        "datasource kismet.datasource.sensor.host.cpu",
        "datasource kismet.datasource.sensor.host.disk_free",
        "datasource kismet.datasource.sensor.host.disk_size",
        "datasource kismet.datasource.sensor.host.queue",
        "datasource kismet.datasource.sensor.host.radio_gone",
        "datasource kismet.datasource.sensor.host.temperature",
        "datasource kismet.datasource.sensor.problems",
        "datasource kismet.datasource.sensor.profile.error",
        "datasource kismet.datasource.sensor.profile.name",
        "datasource kismet.datasource.sensor.profile.state",
        "datasource kismet.datasource.sensor.profile.version",
        "datasource kismet.datasource.sensor.site",
        "datasource kismet.datasource.sensor.spool_batches",
        "datasource kismet.datasource.sensor.spool_bytes",
        "datasource kismet.datasource.sensor.spool_lost",
        "device 802154.device",
        "device adsb.device",
        "device kismet.device.base.location_estimate",
        "device kismet.device.base.seenby_left_out",
        "device kismet.device.base.seenby_signal",
        "device meter.device",
        "device sensor.device",
        "gps kismet.gps.error",
        "gps kismet.gps.type_driver",
        "interface kismet.datasource.probed.host",
        "interface kismet.datasource.type_driver",
        "log kismet.logfile.dropped",
        "log kismet.logfile.packets",
        // While partitions of a cluster do not answer, which a Kismet has none of.
        "system_status kismet.system.partitions.missing",
        "uav_device uav.operator_id",
    ];

    [SharedFact]
    public void Every_table_has_the_fields_of_the_inventory()
    {
        JsonElement records = Load();
        List<string> missing = [];
        List<string> extra = [];
        List<string> types = [];
        foreach ((string name, IRecordTable table) in Inventory.Tables)
        {
            Dictionary<string, FieldInfo> ours = table.FieldInfos.ToDictionary(static f => f.Name);
            Dictionary<string, JsonElement> theirs =
                records.GetProperty(name).GetProperty("fields").EnumerateObject().ToDictionary(static p => p.Name, static p => p.Value);
            if (name == "location_full")
            {
                // The inventory gives only what it adds.
                foreach (JsonProperty field in records.GetProperty("location_triplet").GetProperty("fields").EnumerateObject())
                {
                    theirs.Add(field.Name, field.Value);
                }
            }
            missing.AddRange(theirs.Keys.Except(ours.Keys).Select(field => $"{name} {field}"));
            extra.AddRange(ours.Keys.Except(theirs.Keys).Select(field => $"{name} {field}"));
            types.AddRange(
                from pair in ours
                where theirs.ContainsKey(pair.Key)
                let type = theirs[pair.Key].GetProperty("type").GetString()!
                where !Compatible(type, pair.Value.Type)
                select $"{name} {pair.Key}: {type} is not {pair.Value.Type}");
        }
        Assert.Equal(Added, extra.Order(StringComparer.Ordinal));
        Assert.Empty(types);
        Assert.Equal(NotKept, missing.Order(StringComparer.Ordinal));
    }

    [SharedFact]
    public void What_is_always_present_is_always_printed()
    {
        JsonElement records = Load();
        // Goldens win: a device without a radio header has no signal.
        HashSet<string> device = Always(records, "device");
        device.Remove("kismet.device.base.signal");
        Assert.Equal(device.Order(), Samples.Names(Samples.Json(Samples.Bare())).Order());
    }

    [SharedFact]
    public void Types_are_those_of_the_original_page()
    {
        Dictionary<string, (string Type, string Description)> tracked = LoadTracked();
        IEnumerable<string> different =
            from table in Inventory.Own
            from field in table.FieldInfos
            where tracked.ContainsKey(field.Name) && tracked[field.Name].Type != field.Type
            select $"{field.Name}: {tracked[field.Name].Type} is not {field.Type}";
        Assert.Empty(different);
        // The original describes plugins and API keys nowhere, GPS not where it had none, of 802.15.4 has an empty record, and no fingerprints; others are ours.
        string[] nowhere = ["plugin", "apikey", "gps", "gps_type", "802154_device", "fingerprint", .. Inventory.Ours.Select(static table => table.Name)];
        // A name that the original has for another record, and one that the inventory leaves out.
        string[] elsewhere = ["interface kismet.datasource.type_driver", "device 802154.device", "device adsb.device", "device meter.device", "device sensor.device"];
        IEnumerable<string> undescribed =
            from table in Inventory.Own
            from field in table.FieldInfos
            where !nowhere.Contains(table.Name) && !tracked.ContainsKey(field.Name)
            select $"{table.Name} {field.Name}";
        Assert.Equal(Added.Where(field => !nowhere.Contains(field.Split(' ')[0]) && !elsewhere.Contains(field)), undescribed.Order(StringComparer.Ordinal));
    }

    [SharedFact]
    public void Descriptions_are_our_own()
    {
        Dictionary<string, (string Type, string Description)> tracked = LoadTracked();
        IEnumerable<string> copied =
            from table in Inventory.Own
            from field in table.FieldInfos
            where tracked.TryGetValue(field.Name, out (string Type, string Description) theirs)
                && string.Equals(theirs.Description.Trim(), field.Description, StringComparison.OrdinalIgnoreCase)
            select $"{field.Name}: {field.Description}";
        Assert.Empty(copied);
    }

    private static HashSet<string> Always(JsonElement records, string name) =>
    [
        .. records.GetProperty(name).GetProperty("fields").EnumerateObject()
            .Where(static f => f.Value.GetProperty("present").GetString() == "always").Select(static f => f.Name),
    ];

    private static bool Compatible(string inventory, string ours) => inventory.Split(' ', '<', ':', '(')[0] switch
    {
        "string" => ours is "string" or "string-pointer",
        "mac" => ours == "mac_addr",
        "bytes" => ours == "bytearray",
        "geopoint" => ours == "pair[double, double]",
        "uuid" => ours is "uuid" or "alias",
        "devicekey" or "float" or "double" => ours == inventory,
        "record" => ours is "map[field, x]" or "alias",
        "array" => ours.StartsWith("vector[") || ours is "map[size_t, x]" or "map[int, x]" or "map[key, x]",
        "map" => ours.StartsWith("map["),
        string number => ours == number + "_t",
    };

    private static JsonElement Load() => Samples.Parse(SharedFiles.Read("docs/spec/records.json")).GetProperty("records");

    private static Dictionary<string, (string Type, string Description)> LoadTracked() =>
        Row().Matches(SharedFiles.Read("golden/campus-6k/tracked_fields.txt")).DistinctBy(static m => m.Groups[1].Value)
            .ToDictionary(static m => m.Groups[1].Value, static m => (m.Groups[2].Value, m.Groups[3].Value));

    [GeneratedRegex("<tr><td>([^<]+)</td><td>[0-9]+</td><td>([^<]+?)/[0-9]+</td><td>([^<]*)</td></tr>")]
    private static partial Regex Row();
}
