using System.Text.Json;

namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>Views: what there is, whole lists, and lists by time.</summary>
[Collection(CampusCollection.Name)]
public sealed class ViewsTests(Campus campus)
{
    private const string KeyField = "kismet.device.base.key";
    private const string Keys = """{"fields":["kismet.device.base.key"]}""";
    private readonly HttpClient _client = campus.Client;

    [Fact]
    public async Task Every_view_has_as_many_devices_as_it_says()
    {
        JsonElement[] views = (await _client.AskAsync("/devices/views/all_views.json")).Ok().List;
        string[] ids = [.. views.Select(static v => v.Text("kismet.devices.view.id"))];
        Assert.Equal(
            [
                "phydot11_accesspoints", "phy-IEEE802.11", "phy-RFSENSOR", "phy-Z-Wave", "phy-Bluetooth", "phy-UAV", "phy-NrfMousejack", "phy-BTLE",
                "phy-METER", "phy-ADSB", "phy-802.15.4", "phy-RADIATION", "all", "seenby-" + campus.Uuid,
            ],
            ids);
        foreach (JsonElement view in views.Skip(1))
        {
            string id = view.Text("kismet.devices.view.id");
            JsonElement[] devices = (await _client.CommandAsync($"/devices/views/{id}/devices.json", Keys)).Ok().List;
            Assert.Equal(view.Number("kismet.devices.view.size"), devices.Length);
            Assert.Equal(devices.Length, devices.Select(static d => d.Text(KeyField)).Distinct().Count());
        }
    }

    [Fact]
    public async Task The_access_point_view_has_as_many_devices_as_it_says()
    {
        JsonElement view = (await _client.AskAsync("/devices/views/all_views.json")).Ok().List[0];
        JsonElement[] devices = (await _client.CommandAsync("/devices/views/phydot11_accesspoints/devices.json", Keys)).Ok().List;
        Assert.Equal(view.Number("kismet.devices.view.size"), devices.Length);
    }

    [Theory]
    [InlineData("phy/IEEE802.11", "phy-IEEE802.11")]
    [InlineData("phy/802.15.4", "phy-802.15.4")]
    [InlineData("seenby-uuid/{uuid}", "seenby-{uuid}")]
    public async Task Views_of_both_generations_are_the_same(string old, string current)
    {
        foreach (string tail in (string[])["devices", "last-time/1714982500/devices", "by-time/1714982500/devices"])
        {
            string[] expected = await KeysAsync($"/devices/views/{campus.Fill(current)}/{tail}.json");
            Assert.Equal(expected, await KeysAsync($"/devices/views/{campus.Fill(old)}/{tail}.json"));
        }
    }

    [Theory]
    [InlineData("nosuch")]
    [InlineData("ALL")]
    [InlineData("phy-ieee802.11")]
    [InlineData("phy-")]
    [InlineData("phy/nosuch")]
    [InlineData("seenby-nonsense")]
    [InlineData("seenby-00000000-0000-0000-0000-000000000001")]
    [InlineData("seenby-uuid/00000000-0000-0000-0000-000000000001")]
    public async Task An_unknown_view_is_not_found(string view)
    {
        foreach (string tail in (string[])["devices", "last-time/0/devices", "by-time/0/devices"])
        {
            (await _client.AskAsync($"/devices/views/{view}/{tail}.json")).NotFound();
            (await _client.CommandAsync($"/devices/views/{view}/{tail}.json", """{"datatable":true}""")).NotFound();
        }
    }

    [Fact]
    public async Task Times_are_inclusive()
    {
        foreach (long time in campus.Devices.Values.Select(LastTime).Distinct())
        {
            string[] expected = Sorted(campus.Devices.Where(d => LastTime(d.Value) >= time).Select(static d => d.Key));
            Assert.Equal(expected, await KeysAsync($"/devices/views/all/last-time/{time}/devices.json"));
            Assert.Equal(expected, await KeysAsync($"/devices/views/all/by-time/{time}/devices.json"));
            Assert.Equal(expected, await KeysAsync("/devices/views/all/devices.json", $$"""{"last_time":{{time}},"fields":["{{KeyField}}"]}"""));
            Assert.Equal(expected, await KeysAsync("/devices/views/all/devices.json", $$"""{"last_time":"{{time}}","fields":["{{KeyField}}"]}"""));
            Assert.Equal(expected, await KeysAsync("/devices/views/all/devices.json", $$"""{"last_time":{{time}}.75,"fields":["{{KeyField}}"]}"""));
        }
    }

    [Theory]
    [InlineData("-60", 0)]
    [InlineData("\"-60\"", 0)]
    [InlineData("-0.5", 0)]
    [InlineData("-4294967295", int.MaxValue)]
    [InlineData("-1e300", int.MaxValue)]
    [InlineData("1e300", 0)]
    [InlineData("0", int.MaxValue)]
    public async Task A_last_time_may_be_relative(string time, int atMost)
    {
        string[] keys = await KeysAsync("/devices/views/all/devices.json", $$"""{"last_time":{{time}},"fields":["{{KeyField}}"]}""");
        Assert.Equal(Math.Min(atMost, campus.Devices.Count), keys.Length);
    }

    [Fact]
    public async Task A_search_without_a_window_filters_the_list()
    {
        string[] expected = Sorted(campus.Devices.Where(static d => d.Value.Text("kismet.device.base.type") == "Wi-Fi WDS").Select(static d => d.Key));
        Answer answer = await _client.CommandAsync(
            "/devices/views/all/devices.json", $$"""{"fields":["{{KeyField}}","kismet.device.base.type"]}""", ("search", "fi wd"));
        Assert.Equal(expected, Sorted(answer.Ok().List.Select(static d => d.Text(KeyField))));
    }

    private static long LastTime(JsonElement device) => device.Number("kismet.device.base.last_time");

    private static string[] Sorted(IEnumerable<string> texts) => [.. texts.Order(StringComparer.Ordinal)];

    private async Task<string[]> KeysAsync(string path, string command = Keys) =>
        Sorted((await _client.CommandAsync(path, command)).Ok().List.Select(static d => d.Text(KeyField)));
}
