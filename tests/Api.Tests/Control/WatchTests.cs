using System.Net;

namespace KismetOrleans.Api.Tests.Control;

/// <summary>Devices whose coming and going raise alerts: the commands, and an alert that comes of them.</summary>
public sealed class WatchTests
{
    private const string First = "00:11:22:33:44:01";
    private const string Second = "00:11:22:33:44:02";

    [Fact]
    public async Task A_device_that_is_waited_for_raises_an_alert_and_one_that_is_gone_another()
    {
        await using TestServer server = await TestServer.StartAsync("--Alerts:LostAfter", "00:00:01", "--Alerts:Rates:DEVICEFOUND", "10/min,10/sec");
        HttpClient client = server.Client;
        Done(await client.CommandAsync("/devices/alerts/mac/both/add.cmd", $$"""{"mac":"{{First}}"}"""));
        _ = await Posted.AccessPointAsync(client, First, "campus");
        string[] headers = ["DEVICEFOUND", "DEVICELOST"];
        string[] told = await AlertsAsync(client, headers.Length);
        Assert.Equal(headers, told);
    }

    [Fact]
    public async Task Addresses_are_added_listed_and_removed()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        Done(await client.CommandAsync("/devices/alerts/mac/found/add.cmd", $$"""{"mac":"{{First}}","macs":["{{Second}}"]}"""));
        Done(await client.CommandAsync("/devices/alerts/mac/lost/add.json", $$"""{"macs":["{{Second}}"]}"""));
        Assert.Equal($"""["{First}","{Second}"]""", (await client.AskAsync("/devices/alerts/mac/found/macs.json")).Ok().Body);
        Assert.Equal($"""["{Second}"]""", (await client.AskAsync("/devices/alerts/mac/both/macs.json")).Ok().Body);
        Assert.Equal($"\"{Second}\"\n", (await client.AskAsync("/devices/alerts/mac/lost/macs.itjson")).Ok().Body);
        Assert.Equal(Second, Assert.Single((await client.AskAsync("/devices/alerts/mac/lost/macs.prettyjson")).Ok().List).GetString());
        Done(await client.CommandAsync("/devices/alerts/mac/both/remove.cmd", $$"""{"macs":["{{First}}","{{Second}}"]}"""));
        Assert.Equal("[]", (await client.AskAsync("/devices/alerts/mac/found/macs.json")).Ok().Body);
    }

    [Fact]
    public async Task What_is_wrong_is_told()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        foreach (string command in new[] { "add", "remove" })
        {
            string path = $"/devices/alerts/mac/found/{command}.cmd";
            (await client.CommandAsync(path, "{}")).QueryError("mac or macs is needed");
            (await client.CommandAsync(path, """{"mac":"x"}""")).QueryError("mac: not a MAC address");
            (await client.CommandAsync(path, """{"mac":5}""")).QueryError("mac: not a MAC address");
            (await client.CommandAsync(path, $$"""{"macs":["{{First}}","x"]}""")).QueryError("macs[1]: not a MAC address");
            (await client.CommandAsync(path, $$"""{"macs":"{{First}}"}""")).QueryError("macs: expected an array of addresses");
            (await client.CommandAsync($"/devices/alerts/mac/other/{command}.cmd", $$"""{"mac":"{{First}}"}""")).QueryError("'other' is none of found, lost, both");
            Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.AskAsync(path)).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.Anonymous.CommandAsync(path, $$"""{"mac":"{{First}}"}""")).Status);
        }
        (await client.AskAsync("/devices/alerts/mac/other/macs.json")).QueryError("'other' is none of found, lost, both");
        Assert.Equal("[]", (await client.AskAsync("/devices/alerts/mac/found/macs.json")).Ok().Body);
    }

    private static void Done(Answer answer)
    {
        Assert.Equal("", answer.Body);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    private static async Task<string[]> AlertsAsync(HttpClient client, int count)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            string[] headers = [.. (await client.AskAsync("/alerts/all_alerts.json")).Ok().List
                .Select(static alert => alert.Text("kismet.alert.header")).Where(static header => header.StartsWith("DEVICE", StringComparison.Ordinal))];
            if (headers.Length >= count)
            {
                return headers;
            }
            _ = await timer.WaitForNextTickAsync(patience.Token);
        }
    }
}
