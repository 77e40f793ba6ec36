using System.Text.Json;

namespace KismetOrleans.Api.Tests.Http;

/// <summary>Conditions choose devices wherever patterns do, in lists and windows; what is no condition is refused.</summary>
[Collection(CampusCollection.Name)]
public sealed class WhereTests(Campus campus)
{
    private const string Key = "kismet.device.base.key";
    private const string Type = "kismet.device.base.type";
    private const string Packets = "kismet.device.base.packets.total";
    private const string Ssid = "dot11.device/dot11.device.advertised_ssid_map/dot11.advertisedssid.ssid";
    private readonly HttpClient _client = campus.Client;

    /// <summary>Every list of devices that takes patterns.</summary>
    public static TheoryData<string> Lists =>
    [
        "/devices/views/all/devices.json",
        "/devices/last-time/0/devices.json",
        "/devices/views/all/last-time/0/devices.json",
        "/devices/views/phy/IEEE802.11/by-time/0/devices.json",
        "/devices/views/seenby-uuid/{uuid}/devices.json",
        "/devices/summary/devices.json",
        "/devices/by-phy/IEEE802.11/devices.json",
    ];

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Every_list_takes_conditions(string path)
    {
        string[] expected = [.. campus.Devices.Where(static d => IsLoudAccessPoint(d.Value)).Select(static d => d.Key).Order()];
        Assert.InRange(expected.Length, 2, campus.Devices.Count - 1);
        JsonElement[] found = (await _client.CommandAsync(campus.Fill(path), Command("""["kismet.device.base.type","=","wi-fi ap"],["kismet.device.base.packets.total",">=",10]"""))).Ok().List;
        Assert.Equal(expected, found.Select(static d => d.Text(Key)).Order());
        (await _client.CommandAsync(campus.Fill(path), Command("""["kismet.device.base.type","=","wi-fi ap"],["no.such.field","has",true]"""))).Refused("where[1]: there is no field 'no.such.field'");
    }

    [Fact]
    public async Task Windows_and_pages_count_what_passes()
    {
        int expected = campus.Devices.Values.Count(IsLoudAccessPoint);
        const string where = """ "where":[["kismet.device.base.type","=","Wi-Fi AP"],["kismet.device.base.packets.total",">",9]] """;
        JsonElement page = (await _client.CommandAsync(
            "/devices/views/all/devices.json", $$"""{"fields":["{{Key}}","{{Packets}}"],{{where}}}""", ("page", "0"), ("size", "2"), ("sort", Packets), ("sort_dir", "asc"))).Ok().Json;
        Assert.Equal((expected, campus.Devices.Count), (page.Number("last_row"), page.Number("total_row")));
        Assert.Equal(
            campus.Devices.Values.Where(IsLoudAccessPoint).Select(static d => d.Number(Packets)).OrderDescending().Take(2),
            page.GetProperty("data").EnumerateArray().Select(static d => d.Number(Packets)));
        JsonElement table = (await _client.CommandAsync(
            "/devices/views/all/devices.json", $$"""{"datatable":true,"fields":["{{Key}}"],{{where}}}""", ("start", "0"), ("length", "1"))).Ok().Json;
        Assert.Equal((expected, campus.Devices.Count), (table.Number("recordsFiltered"), table.Number("recordsTotal")));
    }

    [Theory]
    [InlineData("""["{ssid}","~","^campus"],["{ssid}","contains","CAMPUS"]""", "campus")]
    [InlineData("""["{ssid}","=","LIBRARY"]""", "Library")]
    public async Task Paths_go_through_lists(string conditions, string ssid)
    {
        string[] expected = [.. campus.Devices.Where(d => Ssids(d.Value).Any(s => s.StartsWith(ssid, StringComparison.Ordinal))).Select(static d => d.Key).Order()];
        Assert.NotEmpty(expected);
        Assert.Equal(expected, await KeysAsync(conditions.Replace("{ssid}", Ssid, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_is_absent_is_not_equal_and_not_there()
    {
        string[] all = [.. campus.Devices.Keys.Order()];
        string[] drones = [.. campus.Devices.Where(static d => d.Value.TryGetProperty("uav.device", out _)).Select(static d => d.Key).Order()];
        Assert.Equal(drones, await KeysAsync("""["uav.device","has",true]"""));
        Assert.Equal(all.Except(drones), await KeysAsync("""["uav.device","has",false]"""));
        Assert.Equal(all, await KeysAsync("""["uav.device/uav.manufacturer","!=","nobody"]"""));
        Assert.Empty(await KeysAsync("""["uav.device/uav.manufacturer","=","nobody"]"""));
    }

    [Fact]
    public async Task Conditions_patterns_and_time_go_together()
    {
        string[] expected = [.. campus.Devices
            .Where(static d => IsLoudAccessPoint(d.Value) && d.Value.Text("kismet.device.base.macaddr").EndsWith('1')).Select(static d => d.Key).Order()];
        JsonElement[] found = (await _client.CommandAsync("/devices/views/all/devices.json", $$"""
            {"fields":["{{Key}}"],"last_time":1,"regex":[["kismet.device.base.macaddr","1$"]],"where":[["{{Type}}","=","Wi-Fi AP"],["{{Packets}}",">=",10]]}
            """)).Ok().List;
        Assert.Equal(expected, found.Select(static d => d.Text(Key)).Order());
    }

    [Fact]
    public async Task Ssids_take_conditions()
    {
        JsonElement[] all = (await _client.AskAsync("/phy/phy80211/ssids/views/ssids.json")).Ok().List;
        string[] expected = [.. all.Where(static s => s.Number("dot11.ssidgroup.advertising_devices_len") > 1).Select(static s => s.Text("dot11.ssidgroup.ssid")).Order()];
        Assert.InRange(expected.Length, 1, all.Length - 1);
        JsonElement[] found = (await _client.CommandAsync(
            "/phy/phy80211/ssids/views/ssids.json", """{"where":[["dot11.ssidgroup.advertising_devices_len",">",1]]}""")).Ok().List;
        Assert.Equal(expected, found.Select(static s => s.Text("dot11.ssidgroup.ssid")).Order());
    }

    [Fact]
    public async Task A_pattern_that_takes_too_long_is_refused()
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(10));
        Answer slow = await _client.CommandAsync(
            "/devices/views/all/devices.json", Command("""["kismet.device.base.macaddr","~","^(([0-9A-F:]+)+)+(?=!)"]""")).WaitAsync(patience.Token);
        slow.Refused("where[0]: takes too long");
    }

    private static bool IsLoudAccessPoint(JsonElement device) => device.Text(Type) == "Wi-Fi AP" && device.Number(Packets) >= 10;

    private static IEnumerable<string> Ssids(JsonElement device) =>
        device.TryGetProperty("dot11.device", out JsonElement dot11) && dot11.TryGetProperty("dot11.device.advertised_ssid_map", out JsonElement map)
            ? map.EnumerateArray().Select(static s => s.Text("dot11.advertisedssid.ssid"))
            : [];

    private static string Command(string conditions) => $$"""{"fields":["{{Key}}"],"where":[{{conditions}}]}""";

    private async Task<IEnumerable<string>> KeysAsync(string conditions) =>
        (await _client.CommandAsync("/devices/views/all/devices.json", Command(conditions))).Ok().List.Select(static d => d.Text(Key)).Order();
}
