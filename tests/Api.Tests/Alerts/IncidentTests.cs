using System.Net;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Alerts;

/// <summary>Alerts are kept, they make incidents, and people work on these.</summary>
public sealed class IncidentTests
{
    private const string Define = """{"name":"DOOR","description":"a door","throttle":"2/hour","burst":"2/hour","severity":15}""";

    [Fact]
    public async Task Alerts_of_one_transmitter_are_an_incident_and_what_a_limit_holds_back_is_counted()
    {
        await using TestServer server = await TestServer.StartAsync("--Alerts:Backlog", "1");
        HttpClient client = server.Client;
        await DefineAsync(client);
        foreach (string from in (string[])["00:11:22:33:44:01", "00:11:22:33:44:02", "00:11:22:33:44:01", "00:11:22:33:44:03"])
        {
            _ = await client.CommandAsync("/alerts/raise_alert.cmd", $$"""{"name":"DOOR","text":"open {{from}}","source":"{{from}}","bssid":"00:11:22:33:44:09","channel":"6"}""");
        }
        JsonElement[] incidents = (await client.AskAsync("/incidents/incidents.json?header=door")).Ok().List;
        Assert.Equal(
            ["00:11:22:33:44:03 0 1", "00:11:22:33:44:01 1 1", "00:11:22:33:44:02 1 0"],
            incidents.Select(static i => $"{i.Text("kismet.incident.transmitter")} {i.Number("kismet.incident.count")} {i.Number("kismet.incident.held_back")}"));
        JsonElement newest = incidents[1];
        Assert.Equal(
            ("DOOR", "00:11:22:33:44:09", "new", "6", "open 00:11:22:33:44:01"),
            (newest.Text("kismet.incident.header"), newest.Text("kismet.incident.network"), newest.Text("kismet.incident.state"), newest.Text("kismet.incident.channel"), newest.Text("kismet.incident.text")));
        string id = newest.GetProperty("kismet.incident.id").GetRawText();
        Assert.Equal(newest.GetRawText(), (await client.AskAsync($"/incidents/by-id/{id}/incident.json")).Ok().Json.GetRawText());
        Assert.Equal(["open 00:11:22:33:44:01"], Texts(await client.AskAsync($"/incidents/by-id/{id}/alerts.json")));

        // The backlog of one alert has forgotten the first.
        Assert.Equal(["open 00:11:22:33:44:02", "open 00:11:22:33:44:01"], Texts(await client.AskAsync("/alerts/kept/alerts.json?header=DOOR")));
        Assert.Equal(["open 00:11:22:33:44:02"], Texts(await client.AskAsync("/alerts/kept/alerts.json?header=DOOR&limit=1")));
        Assert.Equal(["open 00:11:22:33:44:01"], Texts(await client.AskAsync("/alerts/kept/alerts.json?mac=001122334401")));
        Assert.Empty(Texts(await client.AskAsync("/alerts/kept/alerts.json?header=DOOR&severity=20")));
        Assert.Equal(2, Texts(await client.AskAsync("/alerts/kept/alerts.json?header=DOOR&from=-600")).Length);
        Assert.Empty(Texts(await client.AskAsync("/alerts/kept/alerts.json?header=DOOR&until=1000")));
    }

    [Fact]
    public async Task Incidents_are_acknowledged_owned_commented_muted_and_resolved()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        await DefineAsync(client);
        _ = await client.CommandAsync("/alerts/raise_alert.cmd", """{"name":"DOOR","text":"open","source":"00:11:22:33:44:01"}""");
        string id = Assert.Single((await client.AskAsync("/incidents/incidents.json?header=DOOR")).Ok().List).GetProperty("kismet.incident.id").GetRawText();

        JsonElement changed = Assert.Single((await client.CommandAsync(
            "/incidents/change.json", $$"""{"ids":[{{id}}],"state":"acknowledged","owner":"anna","comment":"I have a look"}""")).Ok().List);
        Assert.Equal(("acknowledged", "anna"), (changed.Text("kismet.incident.state"), changed.Text("kismet.incident.owner")));
        Assert.Equal(
            ["administrator state acknowledged", "administrator owner anna", "administrator comment I have a look"],
            changed.GetProperty("kismet.incident.changes").EnumerateArray().Select(static c =>
                $"{c.Text("kismet.incident.change.who")} {c.Text("kismet.incident.change.what")} {c.Text("kismet.incident.change.value")}"));
        Assert.Single((await client.AskAsync("/incidents/incidents.json?owner=anna")).Ok().List);
        Assert.Empty((await client.AskAsync("/incidents/incidents.json?owner=anna&state=new")).Ok().List);

        changed = Assert.Single((await client.CommandAsync("/incidents/change.json", $$"""{"ids":[{{id}},5],"state":"muted","muted_until":4000000000,"owner":""}""")).Ok().List);
        Assert.Equal(("muted", ""), (changed.Text("kismet.incident.state"), changed.Text("kismet.incident.owner")));
        Assert.Equal(4_000_000_000, changed.GetProperty("kismet.incident.muted_until").GetDouble());
        _ = await client.CommandAsync("/alerts/raise_alert.cmd", """{"name":"DOOR","text":"open again","source":"00:11:22:33:44:01"}""");
        JsonElement muted = Assert.Single((await client.AskAsync("/incidents/incidents.json?state=muted")).Ok().List);
        Assert.Equal((2, "open again"), (muted.Number("kismet.incident.count"), muted.Text("kismet.incident.text")));

        _ = (await client.CommandAsync("/incidents/change.json", $$"""{"ids":[{{id}}],"state":"resolved"}""")).Ok();
        _ = await client.CommandAsync("/alerts/raise_alert.cmd", """{"name":"DOOR","text":"once more","source":"00:11:22:33:44:01"}""");
        Assert.Equal(["new", "resolved"], (await client.AskAsync("/incidents/incidents.json?header=DOOR")).Ok().List.Select(static i => i.Text("kismet.incident.state")));
    }

    [Fact]
    public async Task What_is_wrong_is_told()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        foreach ((string body, string said) in new[]
        {
            ("{}", "ids: expected an array of 1 to 1000 numbers"), ("""{"ids":[]}""", "ids: expected an array of 1 to 1000 numbers"), ("""{"ids":[1,"x"]}""", "ids[1]: expected a number"),
            ("""{"ids":[1]}""", "state, owner or comment is needed"), ("""{"ids":[1],"state":"gone"}""", "state: 'gone' is none of new, acknowledged, resolved, muted"),
            ("""{"ids":[1],"state":"new","muted_until":5}""", "muted_until: is for state muted"), ("""{"ids":[1],"state":"muted","muted_until":"soon"}""", "muted_until: 'soon' is no time"),
        })
        {
            (await client.CommandAsync("/incidents/change.json", body)).Refused(said);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await client.CommandAsync("/incidents/change.json", """{"ids":[1],"state":"new"}""")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await client.AskAsync("/incidents/by-id/1/incident.json")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await client.AskAsync("/incidents/by-id/x/alerts.json")).Status);
        (await client.AskAsync("/incidents/incidents.json?limit=0")).Refused("limit: expected 1 to 10000, got '0'");
        (await client.AskAsync("/alerts/kept/alerts.json?from=yesterday")).Refused("from: 'yesterday' is no time");
        (await client.AskAsync("/alerts/kept/alerts.json?mac=x")).Refused("mac: 'x' is no address");
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Anonymous.CommandAsync("/incidents/change.json", """{"ids":[1],"state":"new"}""")).Status);
    }

    private static async Task DefineAsync(HttpClient client) => Assert.Equal(HttpStatusCode.OK, (await client.CommandAsync("/alerts/definitions/define_alert.cmd", Define)).Status);

    private static string[] Texts(Answer answer) => [.. answer.Ok().List.Select(static alert => alert.Text("kismet.alert.text"))];
}
