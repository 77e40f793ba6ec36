using System.Net;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>The rules by which drones are recognised.</summary>
[Collection(CampusCollection.Name)]
public sealed class DronesTests(Campus campus)
{
    private readonly HttpClient _client = campus.Client;

    [Fact]
    public async Task Rules_are_those_that_the_tracker_uses()
    {
        JsonElement[] rules = (await _client.AskAsync("/phy/phyuav/manuf_matchers.json")).Ok().List;
        Assert.Equal(34, rules.Length);
        Assert.Equal(
            ["uav.manufmatch.mac", "uav.manufmatch.model", "uav.manufmatch.name", "uav.manufmatch.partial", "uav.manufmatch.ssid_regex", "uav_match_name"],
            rules[0].EnumerateObject().Select(static m => m.Name).Order(StringComparer.Ordinal));
        JsonElement mavic = rules.Single(static rule => rule.Text("uav_match_name") == "dji_mavic");
        Assert.Equal(("60:60:1F:00:00:00", "DJI", "Mavic", "^Mavic_.*"), (
            mavic.Text("uav.manufmatch.mac"), mavic.Text("uav.manufmatch.name"), mavic.Text("uav.manufmatch.model"), mavic.Text("uav.manufmatch.ssid_regex")));
        Assert.Equal(0, mavic.Number("uav.manufmatch.partial"));
    }

    [Fact]
    public async Task Devices_that_are_drones_are_listed()
    {
        string[] drones = [.. campus.Devices.Where(static d => d.Value.TryGetProperty("uav.device", out _)).Select(static d => d.Key).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(drones);
        Assert.Equal(drones, Keys((await _client.AskAsync("/phy/phyuav/devices.json")).Ok().List));
        Assert.Equal(drones, Keys((await _client.AskAsync("/phy/phyuav/devices.itjson")).Ok().Lines));
        string maker = campus.Devices[drones[0]].GetProperty("uav.device").Text("uav.manufacturer");
        JsonElement[] made = (await _client.CommandAsync(
            "/phy/phyuav/devices.json", $$"""{"where": [["uav.device/uav.manufacturer", "=", "{{maker}}"]], "fields": ["kismet.device.base.key", "uav.device/uav.manufacturer"]}""")).Ok().List;
        Assert.Contains(drones[0], Keys(made));
        Assert.All(made, one => Assert.Equal(maker, one.Text("uav.manufacturer")));
        (await _client.CommandAsync("/phy/phyuav/devices.json", """{"where": [["no.such", "=", 1]]}""")).Refused("where[0]: there is no field 'no.such'");
    }

    private static string[] Keys(JsonElement[] devices) => [.. devices.Select(static d => d.Text("kismet.device.base.key")).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task Every_format_is_there_and_fields_can_be_chosen()
    {
        Assert.Equal(34, (await _client.AskAsync("/phy/phyuav/manuf_matchers.ekjson")).Ok().Body.TrimEnd('\n').Split('\n').Length);
        Assert.Contains("description.uav.manufmatch.mac", (await _client.AskAsync("/phy/phyuav/manuf_matchers.prettyjson")).Ok().Body, StringComparison.Ordinal);
        using StringContent command = new("""{"fields": ["uav_match_name"]}""", System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await _client.PostAsync(new Uri("/phy/phyuav/manuf_matchers.json", UriKind.Relative), command);
        string body = await answer.Content.ReadAsStringAsync();
        Assert.StartsWith("""[{"uav_match_name": "skyrider"}""", body, StringComparison.Ordinal);
        (await _client.AskAsync("/phy/phyuav/manuf_matchers.xml")).NotFound();
    }

    [Fact]
    public async Task A_malformed_command_is_told_by_its_place()
    {
        using StringContent command = new("""{"fields": [1]}""", System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await _client.PostAsync(new Uri("/phy/phyuav/manuf_matchers.json", UriKind.Relative), command);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("fields", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
