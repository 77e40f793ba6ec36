using System.Globalization;
using System.Net;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>Alerts: kinds, the newest ones in every form, and the commands that define and raise them.</summary>
public sealed class AlertsTests : IAsyncLifetime
{
    private const string Kind = "kismet.alert.definition.";
    private TestServer _server = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync() => _server = await TestServer.StartAsync("--Alerts:Backlog", "8");

    /// <inheritdoc/>
    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task All_kinds_are_listed_with_their_limits()
    {
        foreach (string form in (string[])["json", "prettyjson"])
        {
            JsonElement[] kinds = (await _server.Client.AskAsync($"/alerts/definitions.{form}")).Ok().List;
            Assert.Equal("KISMET", kinds[0].Text(Kind + "header"));
            JsonElement flood = kinds.Single(static kind => kind.Text(Kind + "header") == "DEAUTHFLOOD");
            Assert.Equal(("DENIAL", 10, 0), (flood.Text(Kind + "class"), flood.Number(Kind + "severity"), flood.Number(Kind + "phyid")));
            Assert.Equal((5, 1, 2, 0), (flood.Number(Kind + "limit_rate"), flood.Number(Kind + "limit_unit"), flood.Number(Kind + "limit_burst"), flood.Number(Kind + "burst_unit")));
        }
    }

    [Theory]
    [InlineData("raise_alert")]
    [InlineData("raise_alerts")]
    public async Task A_kind_is_defined_and_raised_and_listed_and_told(string raise)
    {
        Assert.Equal((HttpStatusCode.OK, ""), await PostAsync("definitions/define_alert.cmd", """{"name": "Visitor","description": "someone came","throttle": "10/min","burst": "2/sec","class": "OTHER","severity": 10,"phyname": "IEEE802.11"}"""));
        Assert.Equal((HttpStatusCode.OK, "Alert raised"), await PostAsync($"{raise}.cmd", """{"name": "VISITOR","text": "At the door","bssid": "00:11:22:33:44:55","source": "00:00:00:00:00:01","channel": "6"}"""));
        JsonElement alert = (await _server.Client.AskAsync("/alerts/all_alerts.json")).Ok().List.Single(IsVisitor);
        Assert.Equal(
            ("OTHER", "At the door", "00:11:22:33:44:55", "00:00:00:00:00:01", "00:00:00:00:00:00", "6", "00_0"),
            (alert.Text("kismet.alert.class"), alert.Text("kismet.alert.text"), alert.Text("kismet.alert.transmitter_mac"), alert.Text("kismet.alert.source_mac"),
                alert.Text("kismet.alert.dest_mac"), alert.Text("kismet.alert.channel"), alert.Text("kismet.alert.device_key")));
        Assert.Equal((10, 0, 0), (alert.Number("kismet.alert.severity"), alert.Number("kismet.alert.phy_id"), alert.Number("kismet.alert.frequency")));
        Assert.Equal("{\"kismet.common.location.geopoint\": [0.0,0.0]}", alert.GetProperty("kismet.alert.location").GetRawText());

        long hash = alert.Number("kismet.alert.hash");
        Assert.Equal("At the door", (await _server.Client.AskAsync($"/alerts/by-id/{hash}/alert.json")).Ok().Json.Text("kismet.alert.text"));
        Assert.Contains((await _server.Client.AskAsync("/alerts/definitions.json")).Ok().List, static kind => kind.Text(Kind + "header") == "VISITOR" && kind.Number(Kind + "total_sent") == 1);
        await EventuallyAsync(async () => (await _server.Client.AskAsync("/messagebus/all_messages.json")).Ok().List.Any(
            static message => message.Text("kismet.messagebus.message_string") == "VISITOR At the door" && message.Number("kismet.messagebus.message_flags") == 8));
    }

    [Fact]
    public async Task Newer_than_a_time_is_to_the_microsecond_and_in_both_shapes()
    {
        await DefineAsync();
        await RaiseAsync("one");
        await RaiseAsync("two");
        JsonElement[] all = [.. (await _server.Client.AskAsync("/alerts/all_alerts.json")).Ok().List.Where(IsVisitor)];
        string first = all[0].GetProperty("kismet.alert.timestamp").GetRawText();
        JsonElement wrapped = (await _server.Client.AskAsync($"/alerts/last-time/{first}/alerts.json")).Ok().Json;
        Assert.Equal(["two"], wrapped.GetProperty("kismet.alert.list").EnumerateArray().Where(IsVisitor).Select(static alert => alert.Text("kismet.alert.text")));
        Assert.True(wrapped.GetProperty("kismet.alert.timestamp").GetDouble() >= double.Parse(first, CultureInfo.InvariantCulture));
        wrapped = (await _server.Client.AskAsync($"/alerts/wrapped/last-time/{first}/alerts.json")).Ok().Json;
        Assert.Single(wrapped.GetProperty("kismet.alert.list").EnumerateArray(), IsVisitor);
        Assert.Single(
            (await _server.Client.AskAsync($"/alerts/last-time/{first}/alerts.ekjson")).Ok().Lines, static alert => alert.Text("kismet_alert_text") == "two");
        // Negative counts back from now.
        Assert.Equal(2, (await _server.Client.AskAsync("/alerts/last-time/-60/alerts.json")).Ok().Json.GetProperty("kismet.alert.list").EnumerateArray().Count(IsVisitor));
        Answer wrong = await _server.Client.AskAsync("/alerts/last-time/soon/alerts.json");
        Assert.Equal((HttpStatusCode.BadRequest, "{}"), (wrong.Status, wrong.Body));
    }

    [Fact]
    public async Task Limits_and_the_backlog_hold()
    {
        await DefineAsync();
        for (int i = 0; i < 10; i++)
        {
            await RaiseAsync($"number {i}");
        }
        Assert.Equal(
            (HttpStatusCode.BadRequest, "Invalid request: name: alert VISITOR is throttled\n"), await PostAsync("raise_alert.cmd", """{"name": "VISITOR","text": "too many"}"""));
        JsonElement[] kept = (await _server.Client.AskAsync("/alerts/all_alerts.json")).Ok().List;
        Assert.Equal(8, kept.Length);
        // The server's own alerts come when they come.
        string[] visitors = [.. kept.Where(IsVisitor).Select(static alert => alert.Text("kismet.alert.text"))];
        Assert.Equal(Enumerable.Range(10 - visitors.Length, visitors.Length).Select(static i => $"number {i}"), visitors);
    }

    [Theory]
    [InlineData("definitions/define_alert.cmd", """{"name": "A","description": "b","throttle": "1/min"}""", 500, "ERROR: name, description, throttle and burst are needed\n")]
    [InlineData("definitions/define_alert.cmd", """{"name": "A","description": "b","throttle": "often","burst": "1/sec"}""", 400, "Invalid request: throttle: expected a rate such as 10/min, got 'often'\n")]
    [InlineData("definitions/define_alert.cmd", """{"name": "A","description": "b","throttle": "1/min","burst": "1/sec","severity": 7}""", 400, "Invalid request: severity: expected 0, 5, 10, 15 or 20\n")]
    [InlineData("definitions/define_alert.cmd", """{"name": "A","description": "b","throttle": "1/min","burst": "1/sec","phyname": "Drum"}""", 400, "Invalid request: phyname: could not find phy Drum\n")]
    [InlineData("definitions/define_alert.json", """{"name": "A","description": "b","throttle": "1/sec","burst": "1/day"}""", 504, "ERROR: burst: its unit is longer than that of throttle\n")]
    [InlineData("definitions/define_alert.cmd", """{"name": "DEAUTHFLOOD","description": "b","throttle": "1/min","burst": "1/sec"}""", 503, "ERROR: Could not define alert\n")]
    [InlineData("raise_alerts.cmd", """{"name": "NOBODY","text": "b"}""", 400, "Invalid request: name: there is no alert NOBODY\n")]
    [InlineData("raise_alerts.cmd", """{"name": "KISMET"}""", 400, "Invalid request: text: is needed\n")]
    [InlineData("raise_alerts.cmd", """{"name": "KISMET","text": "b","dest": "here"}""", 400, "Invalid request: dest: 'here' is no address\n")]
    [InlineData("raise_alert.cmd", """{"name": ["KISMET"],"text": "b"}""", 400, "Invalid request: name: expected a text\n")]
    public async Task What_a_command_gets_wrong_is_said(string path, string json, int status, string body) =>
        Assert.Equal(((HttpStatusCode)status, body), await PostAsync(path, json));

    [Theory]
    [InlineData("/alerts/by-id/1/alert.json")]
    [InlineData("/alerts/by-id/none/alert.json")]
    public async Task An_unknown_alert_is_not_found(string path)
    {
        Answer answer = await _server.Client.AskAsync(path);
        Assert.Equal((HttpStatusCode.NotFound, "{}"), (answer.Status, answer.Body));
    }

    [Fact]
    public async Task The_view_has_pages_and_needs_a_dictionary()
    {
        await DefineAsync();
        await RaiseAsync("one");
        await RaiseAsync("two");
        await RaiseAsync("three");
        using FormUrlEncodedContent page = new(new Dictionary<string, string>
        {
            ["json"] = "{}",
            ["page"] = "0",
            ["size"] = "2",
            ["sort"] = "kismet.alert.text",
            ["sort_dir"] = "desc",
            ["search"] = "VISITOR",
        });
        using HttpResponseMessage response = await _server.Client.PostAsync("/alerts/alerts_view.json", page);
        JsonElement window = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(["one", "three"], window.GetProperty("data").EnumerateArray().Select(static alert => alert.Text("kismet.alert.text")));
        Assert.Equal((2, 3), (window.Number("last_page"), window.Number("last_row")));
        Assert.Equal(HttpStatusCode.BadRequest, (await _server.Client.AskAsync("/alerts/alerts_view.json")).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("alerts_view.json", "{}")).Status);
    }

    private static bool IsVisitor(JsonElement alert) => alert.Text("kismet.alert.header") == "VISITOR";

    private async Task DefineAsync() => Assert.Equal(
        HttpStatusCode.OK, (await PostAsync("definitions/define_alert.cmd", """{"name": "VISITOR","description": "someone came","throttle": "10/min","burst": "10/sec"}""")).Status);

    private async Task RaiseAsync(string text) =>
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("raise_alert.cmd", $$"""{"name": "VISITOR","text": "{{text}}"}""")).Status);

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(string path, string json)
    {
        using FormUrlEncodedContent form = new(new Dictionary<string, string> { ["json"] = json });
        using HttpResponseMessage response = await _server.Client.PostAsync("/alerts/" + path, form);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        while (!await holds())
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }
}
