using System.Text.Json;

namespace KismetOrleans.Api.Tests.Http;

/// <summary>Field selections and regular expressions, as the seeds describe them.</summary>
[Collection(CampusCollection.Name)]
public sealed class SelectionTests(Campus campus)
{
    private const string Path = "/devices/views/all/devices.json";
    private const string Ssid = "dot11.device/dot11.device.advertised_ssid_map/dot11.advertisedssid.ssid";
    private readonly HttpClient _client = campus.Client;

    [Fact]
    public async Task Fields_come_in_the_order_asked_under_their_last_name_or_alias()
    {
        string key = campus.Devices.Keys.First();
        JsonElement device = (await _client.CommandAsync($"/devices/by-key/{key}/device.json", """
            {"fields": [
              "kismet.device.base.signal/kismet.common.signal.last_signal",
              "kismet.device.base.key",
              ["kismet.device.base.signal/kismet.common.signal.max_signal","best"],
              "/kismet.device.base.signal//kismet.common.signal.min_signal",
              ["kismet.device.base.packets.total","a.b/c"]]}
            """)).Ok().Json;
        JsonElement whole = campus.Devices[key];
        JsonElement signal = whole.GetProperty("kismet.device.base.signal");
        Assert.Equal(
            ["kismet.common.signal.last_signal", "kismet.device.base.key", "best", "kismet.common.signal.min_signal", "a.b/c"],
            device.EnumerateObject().Select(static m => m.Name));
        Assert.Equal(signal.Number("kismet.common.signal.last_signal"), device.Number("kismet.common.signal.last_signal"));
        Assert.Equal(signal.Number("kismet.common.signal.max_signal"), device.Number("best"));
        Assert.Equal(signal.Number("kismet.common.signal.min_signal"), device.Number("kismet.common.signal.min_signal"));
        Assert.Equal(whole.Number("kismet.device.base.packets.total"), device.Number("a.b/c"));
    }

    [Fact]
    public async Task Absent_and_unknown_fields_are_0()
    {
        string command = """
            {"fields": ["uav.device/uav.manufacturer",["uav.device","drone"],"no.such.field",["no.such.field","mine"],"kismet.device.base.key/deeper"]}
            """;
        string key = campus.Devices.First(static device => !device.Value.TryGetProperty("uav.device", out _)).Key;
        JsonElement device = (await _client.CommandAsync($"/devices/by-key/{key}/device.json", command)).Ok().Json;
        Assert.Equal(
            """{"uav.manufacturer": 0,"drone": 0,"field.unknown.not.registered": 0,"mine": 0}""", device.GetRawText());
    }

    [Fact]
    public async Task Of_two_fields_with_one_name_one_is_printed()
    {
        string command = """{"fields": [["kismet.device.base.key","x"],["kismet.device.base.macaddr","x"],"kismet.device.base.key","kismet.device.base.key"]}""";
        (string key, _) = campus.Devices.First();
        Assert.Equal(
            $$"""{"x": "{{key}}","kismet.device.base.key": "{{key}}"}""",
            (await _client.CommandAsync($"/devices/by-key/{key}/device.json", command)).Ok().Body);
    }

    [Theory]
    [InlineData("/system/status", "kismet.system.version")]
    [InlineData("/phy/all_phys", "kismet.phy.phy_name")]
    [InlineData("/messagebus/all_messages", "kismet.messagebus.message_string")]
    [InlineData("/datasource/all_sources", "kismet.datasource.type_driver/kismet.datasource.driver.type")]
    [InlineData("/datasource/types", "kismet.datasource.driver.type")]
    [InlineData("/devices/views/all_views", "kismet.devices.view.size")]
    [InlineData("/packetchain/packet_stats", "kismet.packetchain.packets_rrd/kismet.common.rrd.last_time")]
    public async Task Every_chapter_takes_a_selection_on_post_alone(string path, string field)
    {
        string command = $$"""{"fields": [["{{field}}","only"]]}""";
        JsonElement answer = (await _client.CommandAsync(path + ".json", command)).Ok().Json;
        JsonElement[] records = answer.ValueKind == JsonValueKind.Array ? [.. answer.EnumerateArray()] : [answer];
        Assert.NotEmpty(records);
        Assert.All(records, static r => Assert.Equal("only", Assert.Single(r.EnumerateObject()).Name));
        using StringContent body = new(command);
        JsonElement whole = (await _client.SendAsync(HttpMethod.Get, path + ".json", body)).Ok().Json;
        Assert.False((whole.ValueKind == JsonValueKind.Array ? whole[0] : whole).TryGetProperty("only", out _));
    }

    [Theory]
    [InlineData("^campus")]
    [InlineData("(?i)^CAMPUS-")]
    [InlineData("^[A-M]")]
    [InlineData("no such network")]
    [InlineData("a.*e|\\d")]
    public async Task A_regex_looks_through_lists_and_matches_as_it_stands(string pattern)
    {
        string[] expected = [.. campus.Devices.Where(d => Ssids(d.Value).Any(s => System.Text.RegularExpressions.Regex.IsMatch(s, pattern))).Select(static d => d.Key)];
        await ExpectAsync(expected, (Ssid, pattern));
    }

    [Fact]
    public async Task Any_of_several_patterns_is_enough()
    {
        string[] expected = [.. campus.Devices
            .Where(static d => Ssids(d.Value).Contains("Library") || d.Value.Text("kismet.device.base.type") == "Wi-Fi WDS").Select(static d => d.Key)];
        Assert.True(expected.Length > 1);
        await ExpectAsync(expected, (Ssid, "^Library$"), ("kismet.device.base.type", "WDS$"), ("no.such.field", "."));
    }

    [Fact]
    public async Task Numbers_and_unknown_fields_never_match()
    {
        await ExpectAsync([], ("kismet.device.base.packets.total", "."));
        await ExpectAsync([], ("no.such.field", ".*"));
        await ExpectAsync([.. campus.Devices.Keys], ("kismet.device.base.macaddr", "^..:"));
    }

    [Theory]
    [InlineData("/devices/last-time/0/devices.json")]
    [InlineData("/devices/views/all/last-time/0/devices.json")]
    [InlineData("/devices/views/phy/IEEE802.11/by-time/0/devices.json")]
    [InlineData("/devices/summary/devices.json")]
    [InlineData("/devices/by-phy/IEEE802.11/devices.json")]
    public async Task Every_list_takes_a_regex(string path)
    {
        int expected = campus.Devices.Values.Count(static d => d.Text("kismet.device.base.type") == "Wi-Fi WDS");
        string command = """{"regex": [["kismet.device.base.type","WDS"]],"fields": ["kismet.device.base.key"]}""";
        Assert.Equal(expected, (await _client.CommandAsync(path, command)).Ok().List.Length);
        Answer refused = await _client.CommandAsync(path, """{"regex": [["kismet.device.base.type","["]]}""");
        Assert.StartsWith("Invalid request: Invalid regex: regex[0]: ", refused.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/devices/summary/devices.json")]
    [InlineData("/devices/views/all/devices.json")]
    public async Task A_GET_has_fields_and_regex_in_its_query(string path)
    {
        int expected = campus.Devices.Values.Count(static d => d.Text("kismet.device.base.type") == "Wi-Fi WDS");
        string regex = Uri.EscapeDataString("""[["kismet.device.base.type","WDS"]]""");
        foreach (string fields in (string[])["kismet.device.base.key,kismet.device.base.type", Uri.EscapeDataString("""["kismet.device.base.key",["kismet.device.base.type","type"]]""")])
        {
            System.Text.Json.JsonElement[] list = (await _client.AskAsync($"{path}?fields={fields}&regex={regex}")).Ok().List;
            Assert.Equal(expected, list.Length);
            Assert.All(list, static device => Assert.Equal(2, device.EnumerateObject().Count()));
        }
        (await _client.AskAsync($"{path}?regex=WDS")).Refused("regex: expected a JSON list");
        Assert.StartsWith("json: line 1", (await _client.AskAsync($"{path}?fields=[")).Body.Replace("Invalid request: ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("^([0-9A-F:]+)+$")]
    [InlineData("^((([0-9A-F:])*)*)*!")]
    [InlineData("(.*.*.*.*.*.*)*!")]
    [InlineData("(a|b|ab)*(x{1,500}){1,500}$")]
    public async Task A_pattern_that_could_explode_is_answered_or_refused_in_time(string pattern)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(10));
        Answer answer = await _client.CommandAsync(Path, Command(("kismet.device.base.macaddr", pattern))).WaitAsync(patience.Token);
        Assert.True(answer.Status is System.Net.HttpStatusCode.OK or System.Net.HttpStatusCode.BadRequest, answer.Body);
    }

    [Fact]
    public async Task A_pattern_that_needs_backtracking_without_end_is_refused_and_holds_nobody_up()
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(10));
        Task<Answer> slow = _client.CommandAsync(Path, Command(("kismet.device.base.macaddr", "^(([0-9A-F:]+)+)+(?=!)")));
        (await _client.AskAsync("/system/timestamp.json").WaitAsync(patience.Token)).Ok();
        (await slow.WaitAsync(patience.Token)).Refused("Invalid regex: regex[0]: takes too long");
    }

    private static IEnumerable<string> Ssids(JsonElement device) =>
        device.TryGetProperty("dot11.device", out JsonElement dot11) && dot11.TryGetProperty("dot11.device.advertised_ssid_map", out JsonElement map)
            ? map.EnumerateArray().Select(static s => s.Text("dot11.advertisedssid.ssid"))
            : [];

    private static string Command(params (string Field, string Pattern)[] regex) => JsonSerializer.Serialize(new
    {
        fields = new[] { "kismet.device.base.key" },
        regex = regex.Select(static r => new[] { r.Field, r.Pattern }),
    });

    private async Task ExpectAsync(string[] keys, params (string Field, string Pattern)[] regex)
    {
        JsonElement[] found = (await _client.CommandAsync(Path, Command(regex))).Ok().List;
        Assert.Equal(keys.Order(), found.Select(static d => d.Text("kismet.device.base.key")).Order());
    }
}
