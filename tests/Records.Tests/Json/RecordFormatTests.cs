using System.Text;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Json;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Records.Tests.Json;

/// <summary>Every format prints the same record in its own layout.</summary>
public class RecordFormatTests
{
    private static readonly ViewRecord All = new("all", "All devices", 2, true);
    private static readonly ViewRecord Aps = new("phydot11_accesspoints", "Access points", 1, true);

    [Theory]
    [InlineData("json", RecordFormat.Json)]
    [InlineData("cmd", RecordFormat.Json)]
    [InlineData("jcmd", RecordFormat.Json)]
    [InlineData("prettyjson", RecordFormat.PrettyJson)]
    [InlineData("ekjson", RecordFormat.EkJson)]
    [InlineData("itjson", RecordFormat.ItJson)]
    [InlineData("tjson", RecordFormat.TJson)]
    public void Suffixes_name_formats(string suffix, RecordFormat expected)
    {
        Assert.True(RecordFormats.TryParse(suffix, out RecordFormat format));
        Assert.Equal(expected, format);
    }

    [Theory]
    [InlineData("")]
    [InlineData("JSON")]
    [InlineData(".json")]
    [InlineData("xml")]
    [InlineData(null)]
    public void Other_suffixes_do_not(string? suffix) => Assert.False(RecordFormats.TryParse(suffix, out _));

    [Theory]
    [InlineData(RecordFormat.Json, '.')]
    [InlineData(RecordFormat.ItJson, '.')]
    [InlineData(RecordFormat.EkJson, '_')]
    [InlineData(RecordFormat.TJson, '_')]
    public void A_record(RecordFormat format, char dot) => Assert.Equal(
        "{'kismet.devices.view.id': 'all','kismet.devices.view.description': 'All devices',"
            .Replace('.', dot).Replace('\'', '"')
        + "'kismet.devices.view.size': 2,'kismet.devices.view.indexed': 1}".Replace('.', dot).Replace('\'', '"'),
        Samples.Print(json => ViewTable.Table.Writer(format).Write(All, json)));

    [Fact]
    public void An_indented_record_describes_each_field() => Assert.Equal(
        "{\r\n"
        + " \"description.kismet.messagebus.list\": \"vector[x], messages, oldest first\",\r\n"
        + " \"kismet.messagebus.list\": [\r\n"
        + "  {\r\n"
        + "   \"description.kismet.messagebus.message_string\": \"string, text\",\r\n"
        + "   \"kismet.messagebus.message_string\": \"hi\",\r\n"
        + "\r\n"
        + "   \"description.kismet.messagebus.message_flags\": "
        + "\"int32_t, weight: debug 1, information 2, error 4, alert 8, fatal 16\",\r\n"
        + "   \"kismet.messagebus.message_flags\": 2,\r\n"
        + "\r\n"
        + "   \"description.kismet.messagebus.message_time\": \"uint64_t, unix second\",\r\n"
        + "   \"kismet.messagebus.message_time\": 5\r\n"
        + "  }\r\n"
        + " ],\r\n"
        + "\r\n"
        + " \"description.kismet.messagebus.timestamp\": \"uint64_t, unix second of this answer\",\r\n"
        + " \"kismet.messagebus.timestamp\": 6\r\n"
        + "}\r\n",
        Samples.Print(static json => ObjectWriter.Write(
            json, MessageListTable.Table, new([new("hi", MessageFlags.Info, 5)], 6), RecordFormat.PrettyJson)));

    [Theory]
    [InlineData(RecordFormat.Json)]
    [InlineData(RecordFormat.PrettyJson)]
    [InlineData(RecordFormat.EkJson)]
    [InlineData(RecordFormat.ItJson)]
    [InlineData(RecordFormat.TJson)]
    public void A_full_device_is_the_same_JSON_in_each_format(RecordFormat format)
    {
        string plain = Samples.Json(Samples.Full()).GetRawText();
        string other = Strip(Samples.Json(Samples.Full(), format));
        bool underscored = format is RecordFormat.EkJson or RecordFormat.TJson;
        Assert.Equal(underscored ? Underscore(Samples.Parse(plain)) : Strip(Samples.Parse(plain)), other);
    }

    [Theory]
    [InlineData(RecordFormat.Json, 0, "[]")]
    [InlineData(RecordFormat.Json, 2, "[@,@]")]
    [InlineData(RecordFormat.TJson, 0, "[]")]
    [InlineData(RecordFormat.TJson, 2, "[@,@]")]
    [InlineData(RecordFormat.EkJson, 0, "")]
    [InlineData(RecordFormat.EkJson, 2, "@\n@\n")]
    [InlineData(RecordFormat.ItJson, 0, "")]
    [InlineData(RecordFormat.ItJson, 1, "@\n")]
    [InlineData(RecordFormat.PrettyJson, 2, "[\r\n @,\r\n @\r\n]\r\n")]
    public void A_list(RecordFormat format, int count, string layout)
    {
        string one = Samples.Print(json => ViewTable.Table.Writer(format).Write(Aps, json, ListWriter.ObjectDepth));
        string list = Samples.Print(json => ListWriter.Write(json, ViewTable.Table, Enumerable.Repeat(Aps, count), format));
        Assert.Equal(layout.Replace("@", one), list);
    }

    [Fact]
    public void Runs_of_objects_join_without_parsing()
    {
        foreach (RecordFormat format in Enum.GetValues<RecordFormat>())
        {
            string whole = Samples.Print(json => ListWriter.Write(json, ViewTable.Table, [All, Aps], format));
            string joined = Samples.Print(json =>
            {
                json.Raw(ListFraming.Begin(format));
                ViewTable.Table.Writer(format).Write(All, json, ListWriter.ObjectDepth);
                json.Raw(ListFraming.Separator(format));
                ViewTable.Table.Writer(format).Write(Aps, json, ListWriter.ObjectDepth);
                json.Raw(ListFraming.End(format, any: true));
            });
            Assert.Equal(whole, joined);
        }
    }

    [Theory]
    [InlineData(RecordFormat.Json, "")]
    [InlineData(RecordFormat.EkJson, "\n")]
    [InlineData(RecordFormat.ItJson, "\n")]
    public void A_single_object_is_one_line_where_the_format_has_lines(RecordFormat format, string end) => Assert.Equal(
        Samples.Print(json => UserStatusTable.Table.Writer(format).Write(new("root"), json)) + end,
        Samples.Print(json => ObjectWriter.Write(json, UserStatusTable.Table, new("root"), format)));

    [Fact]
    public void Keys_of_maps_keep_their_dots()
    {
        string printed = Samples.Print(static json => SystemStatusTable.Table.Writer(RecordFormat.EkJson).Write(Status(), json));
        Assert.Contains("\"kismet_system_sensors_temp\": {\"cpu.0\": 41.500000}", printed);
    }

    [Fact]
    public void A_device_takes_no_memory_once_the_buffer_has_its_size()
    {
        using JsonOut json = new() { Context = Samples.Context() };
        Device device = Samples.AccessPoint();
        device.Tags = null;
        var writer = DeviceTable.Table.Writer(RecordFormat.Json);
        // Twice: the second time finds the source already printed.
        writer.Write(device, json);
        writer.Write(device, json);
        // The least of some: a collection that another test causes can be charged to this thread.
        Assert.True(Enumerable.Range(0, 5).Min(_ =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
            {
                json.Clear();
                writer.Write(device, json);
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }) <= 0);
    }

    private static SystemStatus Status() => new()
    {
        Seconds = 1,
        Microseconds = 2,
        StartSeconds = 3,
        MemoryRss = 4,
        Devices = 5,
        User = "u",
        Version = "v",
        Git = "g",
        BuildTime = "b",
        MemoryRrd = new(),
        DevicesRrd = new(),
        Temperatures = new Dictionary<string, double> { ["cpu.0"] = 41.5 },
    };

    // Without descriptions, in the order of printing.
    private static string Strip(System.Text.Json.JsonElement element) => Rewrite(element, static name => name);

    private static string Underscore(System.Text.Json.JsonElement element) => Rewrite(element, static name => name.Replace('.', '_'));

    private static string Rewrite(System.Text.Json.JsonElement element, Func<string, string> rename)
    {
        StringBuilder text = new();
        switch (element.ValueKind)
        {
            case System.Text.Json.JsonValueKind.Object:
                text.AppendJoin(',', element.EnumerateObject()
                    .Where(static p => !p.Name.StartsWith("description."))
                    .Select(p => $"{rename(p.Name)}:{Rewrite(p.Value, rename)}"));
                return $"{{{text}}}";
            case System.Text.Json.JsonValueKind.Array:
                text.AppendJoin(',', element.EnumerateArray().Select(e => Rewrite(e, rename)));
                return $"[{text}]";
            default:
                return element.GetRawText();
        }
    }
}
