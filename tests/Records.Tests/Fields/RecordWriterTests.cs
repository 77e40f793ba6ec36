using System.Text.Json;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Records.Tests.Fields;

/// <summary>A selection prints what was asked for, in that order, and 0 for what is not there.</summary>
public class RecordWriterTests
{
    [Fact]
    public void Fields_are_printed_in_the_order_of_the_request() => Assert.Equal(
        """{"kismet.device.base.type": "Wi-Fi AP","kismet.device.base.macaddr": "AA:BB:CC:DD:EE:01"}""",
        Select("""["kismet.device.base.type", "kismet.device.base.macaddr"]"""));

    [Fact]
    public void A_path_prints_under_its_last_name_or_under_its_new_one() => Assert.Equal(
        """{"kismet.common.signal.last_signal": -82,"signal": -82}""",
        Select("""
            ["kismet.device.base.signal/kismet.common.signal.last_signal",
             ["kismet.device.base.signal/kismet.common.signal.last_signal", "signal"]]
            """));

    [Fact]
    public void Empty_names_of_a_path_are_skipped() =>
        Assert.Equal("""{"kismet.device.base.channel": "6"}""", Select("""["//kismet.device.base.channel/"]"""));

    [Fact]
    public void A_known_field_that_is_absent_is_0()
    {
        string fields = """
            ["kismet.device.base.signal/kismet.common.signal.last_signal", "kismet.device.base.username", ["uav.device", "u"]]
            """;
        Assert.Equal(
            """{"kismet.common.signal.last_signal": 0,"kismet.device.base.username": 0,"u": 0}""", Select(fields, Samples.Bare()));
    }

    [Fact]
    public void An_absent_field_that_can_have_a_fraction_is_0_with_a_point() => Assert.Equal(
        """{"uav.telemetry.yaw": 0.0,"kismet.device.base.frequency": 0}""",
        Select("""["uav.device/uav.last_telemetry/uav.telemetry.yaw", "kismet.device.base.frequency"]""", Samples.Bare()));

    [Fact]
    public void A_known_field_of_another_record_is_0() => Assert.Equal(
        """{"kismet.common.signal.last_signal": 0,"kismet.datasource.name": 0}""",
        Select("""["dot11.device/kismet.common.signal.last_signal", "kismet.datasource.name"]"""));

    [Fact]
    public void An_unknown_field_has_Kismets_key_for_it() => Assert.Equal(
        """{"field.unknown.not.registered": 0,"mine": 0}""", Select("""["no.such.field", "another.one", ["no.such.field", "mine"]]"""));

    [Fact]
    public void Of_fields_with_the_same_name_the_first_stays() => Assert.Equal(
        """{"a": "6","b": "Wi-Fi AP"}""",
        Select("""[["kismet.device.base.channel", "a"], ["kismet.device.base.type", "b"], ["kismet.device.base.macaddr", "a"]]"""));

    [Fact]
    public void Lists_do_not_open_in_paths() => Assert.Equal(
        """{"dot11.advertisedssid.ssid": 0,"kismet.common.seenby.uuid": 0}""",
        Select("""
            ["dot11.device/dot11.device.advertised_ssid_map/dot11.advertisedssid.ssid",
             "kismet.device.base.seenby/kismet.common.seenby.uuid"]
            """));

    [Fact]
    public void Maps_open_by_key() => Assert.Equal(
        "{\"2437000\": 54,\"5180000\": 0,\"56:9F:84:76:8B:8C\": \"4202770D00000000_8C8B76849F56\","
        + "\"room\": \"A.1\",\"dot11.client.dhcp_host\": \"printer-7\",\"none\": 0}",
        Select("""
            ["kismet.device.base.freq_khz_map/2437000", "kismet.device.base.freq_khz_map/5180000",
             "dot11.device/dot11.device.associated_client_map/56:9F:84:76:8B:8C", "kismet.device.base.tags/room",
             "dot11.device/dot11.device.client_map/e8:de:27:f3:fe:39/dot11.client.dhcp_host",
             ["dot11.device/dot11.device.client_map/00:00:00:00:00:01", "none"]]
            """));

    [Fact]
    public void A_whole_record_can_be_selected() => Assert.Equal(
        """{"clients": {"56:9F:84:76:8B:8C": "4202770D00000000_8C8B76849F56"},"dot11.device.supported_channels": [1,11]}""",
        Select("""
            [["dot11.device/dot11.device.associated_client_map", "clients"], "dot11.device/dot11.device.supported_channels"]
            """));

    [Fact]
    public void Underscored_formats_change_names_and_renames_but_no_keys() => Assert.Equal(
        """{"kismet_device_base_tags": {"room": "A.1"},"my_name": "6","field_unknown_not_registered": 0}""",
        Select("""["kismet.device.base.tags", ["kismet.device.base.channel", "my.name"], "no.such.field"]""", format: RecordFormat.EkJson));

    [Fact]
    public void A_new_name_is_escaped() => Assert.Equal(
        """{"a\"\\\n": "6"}""", Select("""[["kismet.device.base.channel", "a\"\\\n"]]"""));

    [Fact]
    public void An_indented_selection_describes_its_fields() => Assert.Equal(
        "{\r\n \"description.c\": \"string, channel, empty when unknown\",\r\n \"c\": \"6\",\r\n\r\n"
        + " \"description.kismet.device.base.username\": \"string, name that a user gave it\",\r\n \"kismet.device.base.username\": 0\r\n}",
        Select("""[["kismet.device.base.channel", "c"], "kismet.device.base.username"]""", format: RecordFormat.PrettyJson));

    [Fact]
    public void One_part_of_a_history_is_what_the_whole_shows()
    {
        Device device = Samples.AccessPoint();
        JsonElement whole = Samples.Json(device).GetProperty("kismet.device.base.packets.rrd");
        foreach (string name in Samples.Names(whole))
        {
            JsonElement part = Samples.Parse(Select($"""["kismet.device.base.packets.rrd/{name}"]""", device));
            Assert.Equal(whole.GetProperty(name).GetRawText(), part.GetProperty(name).GetRawText());
        }
    }

    [Fact]
    public void A_bare_value_at_a_path()
    {
        Assert.Equal("-82", Path("kismet.device.base.signal/kismet.common.signal.last_signal"));
        Assert.Equal("\"Wi-Fi AP\"", Path("kismet.device.base.type"));
        Assert.Equal("""{"2437000": 54}""", Path("/kismet.device.base.freq_khz_map"));
        Assert.Equal("{", Path("kismet.device.base.signal")?[..1]);
        Assert.Equal("54", Path("kismet.device.base.freq_khz_map/2437000"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("no.such.field")]
    [InlineData("kismet.device.base.type/kismet.common.signal.last_signal")]
    [InlineData("kismet.device.base.username")]
    [InlineData("kismet.device.base.location/kismet.common.location.last")]
    [InlineData("dot11.device/dot11.device.advertised_ssid_map/dot11.advertisedssid.ssid")]
    public void Nothing_at_a_path(string path) => Assert.Null(Path(path));

    [Fact]
    public void A_path_of_any_length_is_harmless()
    {
        Assert.Null(Path(string.Concat(Enumerable.Repeat("kismet.device.base.signal/", 100_000))));
        Assert.Null(Path(new string('/', 100_000)));
    }

    [Fact]
    public void A_writer_serves_many_threads()
    {
        RecordWriter<Device> writer = DeviceTable.Table.Writer(RecordFormat.Json);
        Device device = Samples.Full();
        string expected = Samples.Print(json => writer.Write(device, json));
        Parallel.For(0, 200, _ => Assert.Equal(expected, Samples.Print(json => writer.Write(device, json))));
    }

    [Fact]
    public void A_source_that_is_gone_is_an_empty_record()
    {
        Device device = Samples.AccessPoint();
        device.SeenBy[0].SourceNumber = 9;
        JsonElement seen = Samples.Json(device).GetProperty("kismet.device.base.seenby")[0];
        Assert.Equal("{}", seen.GetProperty("kismet.common.seenby.source").GetRawText());
        Assert.Equal(Guid.Empty, seen.GetProperty("kismet.common.seenby.uuid").GetGuid());
    }

    private static string Select(string fields, Device? device = null, RecordFormat format = RecordFormat.Json)
    {
        RecordWriter<Device> writer = DeviceTable.Table.Writer(format, FieldSelection.Parse(Samples.Parse(fields)));
        return Samples.Print(json => writer.Write(device ?? Samples.AccessPoint(), json));
    }

    private static string? Path(string path)
    {
        bool found = false;
        string printed = Samples.Print(
            json => found = DeviceTable.Table.TryWritePath(Samples.AccessPoint(), path, json, RecordFormat.Json));
        Assert.Equal(found, printed.Length > 0);
        return found ? printed : null;
    }
}
