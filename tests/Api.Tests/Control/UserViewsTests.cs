using System.Net;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Control;

/// <summary>Views of users: defined by command or settings, kept up, used wherever a view is named, and removed.</summary>
public sealed class UserViewsTests
{
    private const string Define = "/devices/views/user/define.cmd";
    private const string Remove = "/devices/views/user/remove.cmd";

    [Fact]
    public async Task A_view_is_defined_kept_up_used_and_removed()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        string key = await Posted.AccessPointAsync(client, "00:11:22:33:44:01", "campus");
        _ = await Posted.AccessPointAsync(client, "00:11:22:33:44:02", "guests");
        Text("View defined", await client.CommandAsync(
            Define, """{"id":"campus","description":"Our network","filter":{"phy":"IEEE802.11","regex":[["kismet.device.base.name","^campus"]]}}"""));
        Text("View defined", await client.CommandAsync(Define, """{"id":"rack","filter":{"devices":["00:11:22:33:44:00/FF:FF:FF:FF:FF:FC"],"tag":"rack"}}"""));
        Text("View defined", await client.CommandAsync(Define, $$$"""{"id":"phone","filter":{"seenby":"{{{Posted.Phone}}}","type":"Wi-Fi AP"}}"""));
        Assert.Equal(("Our network", 1L), await ViewAsync(client, "campus"));
        Assert.Equal(("rack", 0L), await ViewAsync(client, "rack"));
        Assert.Equal(("phone", 2L), await ViewAsync(client, "phone"));
        Text("View defined", await client.CommandAsync(
            Define, """{"id":"strong","filter":{"view":"phydot11_accesspoints","where":[["kismet.device.base.signal/kismet.common.signal.last_signal","between",[-50,-40]]]}}"""));
        Assert.Equal(2, (await ViewAsync(client, "strong")).Size);
        Text("View removed", await client.CommandAsync(Remove, """{"id":"strong"}"""));
        Assert.Equal(["00:11:22:33:44:01"], await DevicesAsync(client, "campus"));

        Text("View defined", await client.CommandAsync(
            Define, """{"id":"guests","filter":{"where":[["kismet.device.base.name","contains","GUEST"],["kismet.device.base.tags/rack","has",false]]}}"""));
        Assert.Equal(["00:11:22:33:44:02"], await DevicesAsync(client, "guests"));

        // What changes comes and goes.
        _ = await Posted.AccessPointAsync(client, "00:11:22:33:44:03", "campus-5");
        _ = await client.CommandAsync($"/devices/by-key/{key}/set_tag.cmd", """{"tagname":"rack","tagvalue":"3"}""");
        Assert.Equal(("Our network", 2L), await ViewAsync(client, "campus"));
        Assert.Equal(["00:11:22:33:44:01", "00:11:22:33:44:03"], await DevicesAsync(client, "campus"));
        Assert.Equal(["00:11:22:33:44:01"], await DevicesAsync(client, "rack"));
        _ = await client.CommandAsync($"/devices/by-key/{key}/set_tag.cmd", """{"tagname":"rack","tagvalue":""}""");
        Assert.Equal(("rack", 0L), await ViewAsync(client, "rack"));
        Answer page = await client.CommandAsync("/devices/views/campus/devices.json", "{}", ("page", "0"), ("length", "1"));
        Assert.Equal((2, 2, 1), (page.Ok().Json.Number("total_row"), page.Json.Number("last_page"), page.Json.GetProperty("data").GetArrayLength()));
        Assert.Equal(2, (await client.AskAsync("/devices/views/campus/last-time/0/devices.json")).Ok().List.Length);

        // Another definition takes the place of the one before.
        Text("View defined", await client.CommandAsync(Define, """{"id":"campus","filter":{"regex":[["kismet.device.base.name","^guests$"]]}}"""));
        Assert.Equal(["00:11:22:33:44:02"], await DevicesAsync(client, "campus"));
        JsonElement[] definitions = (await client.AskAsync("/devices/views/user/definitions.json")).Ok().List;
        Assert.Equal(["rack", "phone", "guests", "campus"], definitions.Select(static d => d.Text("id")));
        Text("View removed", await client.CommandAsync(Remove, """{"id":"campus"}"""));
        (await client.AskAsync("/devices/views/campus/devices.json")).NotFound();
        (await client.CommandAsync(Remove, """{"id":"campus"}""")).Refused("there is no view 'campus' of a user's");
    }

    [Theory]
    [InlineData("""{}""", "id: expected 1 to 64 letters, digits, _, - or .")]
    [InlineData("""{"id":"a b","filter":{"phy":"BTLE"}}""", "id: expected 1 to 64 letters, digits, _, - or .")]
    [InlineData("""{"id":"all","filter":{"phy":"BTLE"}}""", "id: 'all' is one of the server's own views")]
    [InlineData("""{"id":"phy-x","filter":{"phy":"BTLE"}}""", "id: 'phy-x' is one of the server's own views")]
    [InlineData("""{"id":"x"}""", "filter: expected a dictionary of view, phy, type, devices, seenby, tag, tagvalue, regex, where")]
    [InlineData("""{"id":"x","filter":{"colour":"red"}}""", "filter.colour: expected one of view, phy, type, devices, seenby, tag, tagvalue, regex, where")]
    [InlineData("""{"id":"x","filter":{"phy":"WiFi"}}""", "filter.phy: there is no 'WiFi'")]
    [InlineData("""{"id":"x","filter":{"view":"all"}}""", "filter.view: expected phydot11_accesspoints")]
    [InlineData("""{"id":"x","filter":{"type":5}}""", "filter.type: expected a string")]
    [InlineData("""{"id":"x","filter":{"devices":["00:11"]}}""", "filter.devices[0]: not a MAC address")]
    [InlineData("""{"id":"x","filter":{"seenby":"me"}}""", "filter.seenby: expected a datasource's UUID")]
    [InlineData("""{"id":"x","filter":{"where":[["kismet.device.base.packets.total",">","5"]]}}""", "filter.where[0]: expected a number")]
    [InlineData("""{"id":"x","filter":{"tagvalue":"me"}}""", "filter.tag: missing beside tagvalue")]
    public async Task A_definition_of_no_use_is_refused(string command, string reason)
    {
        await using TestServer server = await TestServer.StartAsync();
        (await server.Client.CommandAsync(Define, command)).Refused(reason);
        Assert.Equal("[]", (await server.Client.AskAsync("/devices/views/user/definitions.json")).Ok().Body);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Anonymous.CommandAsync(Define, command)).Status);
    }

    [Fact]
    public async Task A_view_of_the_settings_is_there_and_no_command_changes_it()
    {
        await using TestServer server = await TestServer.StartAsync(
            "--Views:0:Id", "lobby", "--Views:0:Description", "Lobby", "--Views:0:Filter:Regex:0:0", "kismet.device.base.name", "--Views:0:Filter:Regex:0:1", "^lobby");
        HttpClient client = server.Client;
        _ = await Posted.AccessPointAsync(client, "00:11:22:33:44:01", "lobby-2");
        Assert.Equal(("Lobby", 1L), await ViewAsync(client, "lobby"));
        (await client.CommandAsync(Remove, """{"id":"lobby"}""")).Refused("view 'lobby' is defined in the server's settings");
        (await client.CommandAsync(Define, """{"id":"lobby","filter":{"phy":"BTLE"}}""")).Refused("view 'lobby' is defined in the server's settings");
    }

    private static async Task<(string Description, long Size)> ViewAsync(HttpClient client, string id)
    {
        JsonElement view = (await client.AskAsync("/devices/views/all_views.json")).Ok().List.Single(v => v.Text("kismet.devices.view.id") == id);
        return (view.Text("kismet.devices.view.description"), view.Number("kismet.devices.view.size"));
    }

    private static async Task<string[]> DevicesAsync(HttpClient client, string id) =>
        [.. (await client.AskAsync($"/devices/views/{id}/devices.json")).Ok().List.Select(static d => d.Text("kismet.device.base.macaddr")).Order()];

    private static void Text(string expected, Answer answer)
    {
        Assert.Equal(expected, answer.Body);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }
}
