using System.Buffers;
using System.Text;
using System.Text.Json;
using KismetOrleans.Api.Http;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Api.Tests.Http;

/// <summary>Files of lists have what the list shows, in its order, as JSON and as a table that no spreadsheet runs.</summary>
[Collection(CampusCollection.Name)]
public sealed class ExportTests(Campus campus)
{
    private const string Name = "kismet.device.base.commonname";
    private const string Mac = "kismet.device.base.macaddr";
    private const string Packets = "kismet.device.base.packets.total";
    private const string Last = "kismet.device.base.last_time";
    private const string Path = "/devices/views/all/export";
    private readonly HttpClient _client = campus.Client;

    [Theory]
    [InlineData("/devices/views/all", "desc", "")]
    [InlineData("/devices/views/phydot11_accesspoints", "asc", ""","where":[["kismet.device.base.packets.total","between",[10,60]]]""")]
    [InlineData("/devices/views/seenby-uuid/{uuid}", "asc", ""","search":"campus","searched":["kismet.device.base.commonname"]""")]
    public async Task The_same_devices_in_the_order_of_the_list(string view, string dir, string more)
    {
        string path = campus.Fill(view);
        Answer file = (await _client.CommandAsync(path + "/export.json", $$"""{"fields":["{{Mac}}","{{Packets}}"],"sort":"{{Packets}}","dir":"{{dir}}"{{more}}}""")).Ok();
        List<(string, string)> window = [("draw", "1"), ("length", "0"), ("order[0][column]", "0"), ("order[0][dir]", dir)];
        if (more.Contains("search", StringComparison.Ordinal))
        {
            window.Add(("search[value]", "campus"));
        }
        string where = more.Contains("where", StringComparison.Ordinal) ? more : "";
        Answer list = (await _client.CommandAsync(
            path + "/devices.json", $$"""{"datatable":1,"colmap":{"0":["{{Packets}}"]},"fields":["{{Mac}}","{{Packets}}","{{Name}}"]{{where}}}""", [.. window])).Ok();
        string[] expected = [.. list.Json.GetProperty("data").EnumerateArray().Select(static d => d.Text(Mac))];
        Assert.True(expected.Length > 1);
        Assert.Equal(expected, file.List.Select(static d => d.Text(Mac)));

        using HttpResponseMessage table = await TableAsync(path + "/export", $$"""{"fields":[["{{Mac}}","MAC address"],["{{Packets}}","Packets"]],"sort":"{{Packets}}","dir":"{{dir}}"{{more}}}""");
        string[] lines = (await table.Content.ReadAsStringAsync()).Split("\r\n");
        Assert.Equal("MAC address,Packets", lines[0]);
        Assert.Equal(file.List.Select(static d => $"{d.Text(Mac)},{d.Number(Packets)}"), lines[1..^1]);
        Assert.Equal("", lines[^1]);
    }

    [Fact]
    public async Task It_says_how_many_come_and_what_it_is()
    {
        using HttpResponseMessage answer = await _client.GetAsync(new Uri(campus.Fill(Path + ".csv"), UriKind.Relative));
        Assert.Equal("Invalid request: fields: a table needs them\n", await answer.Content.ReadAsStringAsync());
        using HttpResponseMessage table = await TableAsync(Path, $$"""{"fields":["{{Last}}"]}""");
        Assert.Equal(campus.Devices.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), Assert.Single(table.Headers.GetValues("X-Devices")));
        Assert.Equal("text/csv; charset=utf-8", table.Content.Headers.ContentType!.ToString());
        string[] lines = (await table.Content.ReadAsStringAsync()).Split("\r\n");
        Assert.Equal(campus.Devices.Count + 2, lines.Length);
        Assert.Matches("^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-9:]{8}Z$", lines[1]);
    }

    [Theory]
    [InlineData("""{"dir":"up"}""", "dir: expected asc or desc, got 'up'")]
    [InlineData("""{"sort":5}""", "sort: expected a text, got Number")]
    [InlineData("""{"searched":"x"}""", "fields: expected an array")]
    public async Task What_is_of_no_use_is_refused(string command, string reason) => (await _client.CommandAsync(Path + ".json", command)).Refused(reason);

    [Fact]
    public async Task What_is_not_there_is_not_found() => (await _client.AskAsync("/devices/views/none/export.csv")).NotFound();

    private async Task<HttpResponseMessage> TableAsync(string path, string command)
    {
        using FormUrlEncodedContent form = new([new("json", command)]);
        return await _client.PostAsync(new Uri(path + ".csv", UriKind.Relative), form);
    }

    [Fact]
    public void A_text_is_no_formula_and_stays_within_its_cell()
    {
        ArrayBufferWriter<byte> output = new();
        CsvTable table = new(new FieldSelection([new(Name, "Name"), new(Mac, null), new(Mac, null), new(Last, "=last"), new(Packets, "Packets"), new("kismet.device.base.seenby", "Sensors")]), output);
        table.Header();
        foreach (string ssid in (string[])["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "a,b;\"c\"\r\nd", "a=1", "📡"])
        {
            table.Add(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["Name"] = ssid, ["=last"] = 0, ["Packets"] = -5 }));
        }
        table.Add("""{"Name": 0,"kismet.device.base.macaddr": "00:11:22:33:44:55","=last": 1700000000,"Packets": 0,"Sensors": [{"a": "x,y"}],"other": {"b": [1]}}"""u8);
        Assert.Equal(
            [
                "Name,kismet.device.base.macaddr,'=last,Packets,Sensors", "'=cmd|' /C calc'!A0,,,-5,", "'+1,,,-5,", "'-1,,,-5,", "'@SUM(A1),,,-5,", "'\t=1,,,-5,", "\"'\r=1\",,,-5,", "'＝1,,,-5,",
                "\"a,b;\"\"c\"\"\r\nd\",,,-5,", "a=1,,,-5,", "📡,,,-5,", ",00:11:22:33:44:55,2023-11-14T22:13:20Z,0,\"[{\"\"a\"\": \"\"x,y\"\"}]\"", "",
            ],
            Split(Encoding.UTF8.GetString(output.WrittenSpan)));

        // At line ends outside quotes.
        static string[] Split(string text) => System.Text.RegularExpressions.Regex.Split(text, "\r\n(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");
    }
}
