using System.Globalization;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>Windows over views: DataTables' form of the seeds, and the pages of the current web UI.</summary>
public sealed class WindowTests(Crowd crowd) : IClassFixture<Crowd>
{
    private const string View = "/devices/views/all/devices.json";
    private const string Mac = "kismet.device.base.macaddr";
    private const string Time = "kismet.device.base.last_time";
    private const string Type = "kismet.device.base.type";
    private const int MaxWindow = 500;
    private readonly HttpClient _client = crowd.Client;

    [Fact]
    public async Task Datatable_answers_with_counts_and_the_draw()
    {
        JsonElement table = await TableAsync("{}", ("start", "0"), ("length", "10"), ("draw", "7"));
        Assert.Equal(["draw", "recordsTotal", "recordsFiltered", "data"], table.EnumerateObject().Select(static m => m.Name));
        Assert.Equal((7, Crowd.Count, Crowd.Count), (table.Number("draw"), table.Number("recordsTotal"), table.Number("recordsFiltered")));
        Assert.Equal(10, table.GetProperty("data").GetArrayLength());
        Assert.Equal(0, (await TableAsync("{}", ("length", "1"))).Number("draw"));
    }

    [Theory]
    [InlineData("/devices/views/all/devices")]
    [InlineData("/devices/summary/devices")]
    [InlineData("/devices/by-phy/IEEE802.11/devices")]
    [InlineData("/devices/views/phy-IEEE802.11/devices")]
    [InlineData("/devices/views/phy/IEEE802.11/devices")]
    public async Task Every_view_and_format_has_windows(string path)
    {
        foreach ((string format, string name) in (List<(string, string)>)[
            ("json", Mac), ("cmd", Mac), ("itjson", Mac), ("prettyjson", Mac), ("tjson", "kismet_device_base_macaddr"), ("ekjson", "kismet_device_base_macaddr")])
        {
            Answer table = await _client.CommandAsync($"{path}.{format}", Command("true"), ("start", "1"), ("length", "2"), ("order[0][column]", "0"), ("order[0][dir]", "asc"));
            Assert.Equal([Crowd.Mac(1), Crowd.Mac(2)], table.Ok().Json.GetProperty("data").EnumerateArray().Select(d => d.Text(name)));
            Answer page = await _client.CommandAsync($"{path}.{format}", Command("false"), ("page", "0"), ("length", "2"), ("sort", Mac), ("sort_dir", "desc"));
            Assert.Equal([Crowd.Mac(0), Crowd.Mac(1)], page.Ok().Json.GetProperty("data").EnumerateArray().Select(d => d.Text(name)));
        }
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("1", true)]
    [InlineData("false", false)]
    [InlineData("0", false)]
    [InlineData("null", false)]
    public async Task Datatable_is_a_switch(string value, bool on)
    {
        Answer answer = (await _client.CommandAsync(View, Command(value), ("start", "0"), ("draw", "1"))).Ok();
        Assert.Equal(on ? JsonValueKind.Object : JsonValueKind.Array, answer.Json.ValueKind);
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("500", 500)]
    [InlineData("501", 500)]
    [InlineData("2147483647", 500)]
    [InlineData("-1", 500)]
    [InlineData("0", Crowd.Count)]
    [InlineData("", 500)]
    public async Task Length_is_bounded(string length, int expected)
    {
        JsonElement table = await TableAsync("{}", ("start", "0"), ("length", length));
        Assert.Equal((expected, Crowd.Count), (table.GetProperty("data").GetArrayLength(), table.Number("recordsFiltered")));
    }

    [Theory]
    [InlineData("613")]
    [InlineData("100000")]
    [InlineData("2147483647")]
    [InlineData("-5")]
    public async Task A_start_outside_the_rows_is_the_first_window(string start)
    {
        foreach (string length in (string[])["10", "0", "-1"])
        {
            Assert.Equal(
                Macs(await TableAsync("{}", ("start", "0"), ("length", length), ("order[0][column]", "0"))),
                Macs(await TableAsync("{}", ("start", start), ("length", length), ("order[0][column]", "0"))));
        }
    }

    [Theory]
    [InlineData("start", "x")]
    [InlineData("length", "1.5")]
    [InlineData("draw", "99999999999")]
    public async Task A_variable_that_is_no_number_is_refused(string name, string value) =>
        (await _client.CommandAsync(View, Command("true"), (name, value))).Refused($"{name}: expected a number, got '{value}'");

    [Fact]
    public async Task Datatable_means_the_direction_that_it_says()
    {
        string[] rising = [.. Enumerable.Range(0, 20).Select(Crowd.Mac)];
        string[] falling = [.. Enumerable.Range(0, 20).Select(static i => Crowd.Mac(Crowd.Count - 1 - i))];
        foreach (string column in (string[])["0", "1", "2"])
        {
            (string, string)[] variables = [("start", "0"), ("length", "20"), ("order[0][column]", column)];
            Assert.Equal(rising, Macs(await TableAsync("{}", [.. variables, ("order[0][dir]", "asc")])));
            Assert.Equal(falling, Macs(await TableAsync("{}", [.. variables, ("order[0][dir]", "desc")])));
            Assert.Equal(rising, Macs(await TableAsync("{}", variables)));
        }
    }

    [Theory]
    [InlineData("""["kismet.device.base.macaddr"]""", "0")]
    [InlineData("""[["kismet.device.base.name"], [["kismet.device.base.macaddr", "mac"]]]""", "1")]
    [InlineData("""{"7": "kismet.device.base.macaddr"}""", "7")]
    public async Task Columns_are_named_by_number_or_listed(string map, string column)
    {
        Answer table = await _client.CommandAsync(
            View, $$"""{"datatable":true,"fields":["{{Mac}}"],"colmap":{{map}}}""",
            ("start", "0"), ("length", "3"), ("order[0][column]", column), ("order[0][dir]", "desc"));
        string[] last = [.. Enumerable.Range(1, 3).Select(static i => Crowd.Mac(Crowd.Count - i))];
        Assert.Equal(last, Macs(table.Ok().Json));
    }

    [Theory]
    [InlineData("""{"0":5}""", "colmap.0: expected a field path")]
    [InlineData("""{"0":[]}""", "colmap.0: expected a field path")]
    [InlineData("""{"0":[{"a":1}]}""", "colmap.0: expected a field path")]
    public async Task A_column_map_without_a_path_is_refused(string map, string error) =>
        (await _client.CommandAsync(View, $$"""{"datatable":true,"colmap":{{map}}}""", ("order[0][column]", "0"))).Refused(error);

    [Theory]
    [InlineData("99")]
    [InlineData("x")]
    [InlineData("")]
    public async Task A_column_that_is_not_mapped_leaves_the_order_of_first_sight(string column) =>
        Assert.Equal(
            Macs(await TableAsync("{}", ("length", "0"))),
            Macs(await TableAsync("{}", ("length", "0"), ("order[0][column]", column), ("order[0][dir]", "desc"))));

    [Fact]
    public async Task Search_looks_at_the_fields_asked_for_in_either_case()
    {
        // 02:00:00:00:01:0x
        JsonElement table = await TableAsync("{}", ("start", "0"), ("length", "5"), ("search[value]", ":00:01:0"));
        Assert.Equal((16, Crowd.Count, 5), (table.Number("recordsFiltered"), table.Number("recordsTotal"), table.GetProperty("data").GetArrayLength()));
        Assert.Equal(Crowd.Count, (await TableAsync("{}", ("length", "1"), ("search[value]", "wI-fI"))).Number("recordsFiltered"));
        Assert.Equal(Crowd.Count, (await TableAsync("{}", ("length", "1"), ("search[value]", ""))).Number("recordsFiltered"));
        // Numbers do not match, nor do fields that were not asked for.
        Assert.Equal(0, (await TableAsync("{}", ("length", "1"), ("search[value]", "17000"))).Number("recordsFiltered"));
        Assert.Equal(0, (await TableAsync("{}", ("length", "1"), ("search[value]", "IEEE802"))).Number("recordsFiltered"));
        Assert.Equal("[]", (await TableAsync("{}", ("start", "100"), ("search[value]", "nothing like it"))).GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task Filters_and_windows_go_together()
    {
        long time = ProbeFile.FirstSecond + 600;
        JsonElement table = await TableAsync(
            $$"""{"last_time":{{time}},"regex":[["{{Mac}}","[02468ACE]$"]]}""", ("start", "2"), ("length", "3"), ("order[0][column]", "0"));
        Assert.Equal((7, Crowd.Count), (table.Number("recordsFiltered"), table.Number("recordsTotal")));
        Assert.Equal([Crowd.Mac(604), Crowd.Mac(606), Crowd.Mac(608)], Macs(table));
    }

    [Fact]
    public async Task Page_mode_has_the_web_uis_sense_of_direction()
    {
        JsonElement page = await PageAsync(("page", "0"), ("length", "20"), ("sort", Time), ("sort_dir", "asc"));
        Assert.Equal(["data", "last_page", "last_row", "total_row"], page.EnumerateObject().Select(static m => m.Name));
        Assert.Equal((31, Crowd.Count, Crowd.Count), (page.Number("last_page"), page.Number("last_row"), page.Number("total_row")));
        Assert.Equal(Enumerable.Range(0, 20).Select(static i => Crowd.Mac(Crowd.Count - 1 - i)), Macs(page));
        page = await PageAsync(("page", "1"), ("size", "20"), ("sort", Time), ("sort_dir", "desc"));
        Assert.Equal(Enumerable.Range(20, 20).Select(Crowd.Mac), Macs(page));
    }

    [Fact]
    public async Task A_table_that_says_which_page_it_shows_gets_that_page()
    {
        JsonElement table = await TableAsync("{}", ("page", "2"), ("size", "20"), ("order[0][column]", "0"));
        Assert.Equal((Crowd.Count, 0), (table.Number("recordsFiltered"), table.Number("draw")));
        Assert.Equal(Enumerable.Range(40, 20).Select(Crowd.Mac), Macs(table));
        Assert.Equal(Enumerable.Range(5, 3).Select(Crowd.Mac), Macs(await TableAsync("{}", ("page", "2"), ("start", "5"), ("length", "3"), ("order[0][column]", "0"))));
        Assert.Equal(7, Macs(await TableAsync("{}", ("size", "7"))).Length);
    }

    [Fact]
    public async Task A_size_without_a_page_is_a_list()
    {
        Answer answer = await _client.CommandAsync(View, $$"""{"fields":["{{Mac}}"]}""", ("size", "20"));
        Assert.Equal(Crowd.Count, answer.Ok().List.Length);
    }

    [Theory]
    [InlineData("1", 613, 1)]
    [InlineData("500", 2, 500)]
    [InlineData("9999", 2, 500)]
    [InlineData("0", 2, 500)]
    [InlineData("-3", 2, 500)]
    public async Task Page_sizes_are_bounded(string size, int pages, int rows)
    {
        JsonElement page = await PageAsync(("page", "0"), ("size", size));
        Assert.Equal((pages, rows), (page.Number("last_page"), page.GetProperty("data").GetArrayLength()));
    }

    [Fact]
    public async Task A_page_outside_the_rows_is_the_first()
    {
        string[] first = Macs(await PageAsync(("page", "0"), ("length", "50"), ("sort", Mac)));
        foreach (string number in (string[])["13", "2147483647", "-1"])
        {
            Assert.Equal(first, Macs(await PageAsync(("page", number), ("length", "50"), ("sort", Mac))));
        }
    }

    [Fact]
    public async Task A_page_can_be_searched_and_asked_for_by_query()
    {
        Answer answer = await _client.AskAsync("/devices/views/all/devices.json?page=0&length=4&search=02:00:00:00:01&sort=" + Mac);
        Assert.Equal((256, Crowd.Count), (answer.Ok().Json.Number("last_row"), answer.Json.Number("total_row")));
        Assert.Equal(Enumerable.Range(256, 4).Select(Crowd.Mac), Macs(answer.Json));
        JsonElement nothing = await PageAsync(("page", "0"), ("search", "nothing like it"));
        Assert.Equal((0, 0, "[]"), (nothing.Number("last_page"), nothing.Number("last_row"), nothing.GetProperty("data").GetRawText()));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(306)]
    [InlineData(307)]
    [InlineData(500)]
    public async Task Windows_neither_overlap_nor_leave_anything_out(int size)
    {
        string[] everything = [.. Enumerable.Range(0, Crowd.Count).Select(Crowd.Mac)];
        // By a field that differs, by one that is the same for all, by one that none has, and by first sight.
        foreach (string? path in (string?[])[Time, Type, "uav.device/uav.model", "no.such.field", null])
        {
            foreach (string direction in (string[])["asc", "desc"])
            {
                List<string> windows = [];
                List<string> pages = [];
                string colmap = path is null ? "{}" : $$$"""{"colmap":{"5":["{{{path}}}"]}}""";
                for (int start = 0; start < Crowd.Count; start += size)
                {
                    windows.AddRange(Macs(await TableAsync(
                        colmap, ("start", Text(start)), ("length", Text(size)), ("order[0][column]", "5"), ("order[0][dir]", direction))));
                    pages.AddRange(Macs(await PageAsync(
                        ("page", Text(start / size)), ("length", Text(size)), ("sort", path ?? ""), ("sort_dir", direction))));
                }
                Assert.Equal(everything, windows.Order(StringComparer.Ordinal));
                Assert.Equal(everything, pages.Order(StringComparer.Ordinal));
                if (path is not null)
                {
                    // Page mode turns the direction around, ties included.
                    Assert.Equal(windows, Enumerable.Reverse(pages));
                }
            }
        }
        Assert.True(size <= MaxWindow);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Command(string datatable) =>
        $$$"""{"datatable":{{{datatable}}},"fields":["{{{Mac}}}","{{{Type}}}"],"colmap":{"0":["{{{Mac}}}"]}}""";

    private static string[] Macs(JsonElement window) => [.. window.GetProperty("data").EnumerateArray().Select(static d => d.Text(Mac))];

    // The command's own keys come last: they replace those given here.
    private async Task<JsonElement> TableAsync(string command, params (string, string)[] variables)
    {
        string all = $$$"""
            {"datatable":true,"fields":["{{{Mac}}}","{{{Type}}}","{{{Time}}}"],
             "colmap":{"0":["{{{Mac}}}"],"1":[["{{{Time}}}","renamed"]],"2":"{{{Time}}}"},{{{command.TrimStart('{')}}}
            """.Replace(",}", "}", StringComparison.Ordinal);
        return (await _client.CommandAsync(View, all, variables)).Ok().Json;
    }

    private async Task<JsonElement> PageAsync(params (string, string)[] variables) =>
        (await _client.CommandAsync(View, $$"""{"fields":["{{Mac}}","{{Type}}"]}""", variables)).Ok().Json;
}
