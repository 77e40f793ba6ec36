using System.Text.Json;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>Alerts and incidents outlive a restart of an embedded server, whole.</summary>
public sealed class KeptAlertsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ko-alerts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Alerts_beyond_the_backlog_are_there_after_a_restart_and_their_incident_goes_on()
    {
        string[] settings = ["--Storage:Sqlite", Path.Combine(_folder, "server.db"), "--Alerts:Backlog", "1"];
        string id;
        await using (TestServer server = await TestServer.StartAsync(settings))
        {
            _ = await server.Client.CommandAsync("/alerts/definitions/define_alert.cmd", """{"name":"DOOR","description":"a door","throttle":"100/min","burst":"100/sec","severity":15}""");
            await RaiseAsync(server, "one");
            await RaiseAsync(server, "two");
            JsonElement incident = await IncidentAsync(server);
            Assert.Equal(2, incident.Number("kismet.incident.count"));
            id = incident.GetProperty("kismet.incident.id").GetRawText();
            _ = (await server.Client.CommandAsync("/incidents/change.json", $$"""{"ids":[{{id}}],"state":"acknowledged"}""")).Ok();
            await RaiseAsync(server, "three");
        }
        await using (TestServer server = await TestServer.StartAsync(settings))
        {
            await RaiseAsync(server, "four");
            JsonElement incident = await IncidentAsync(server);
            Assert.Equal((4, id, "acknowledged"), (incident.Number("kismet.incident.count"), incident.GetProperty("kismet.incident.id").GetRawText(), incident.Text("kismet.incident.state")));
            Assert.Equal(
                ["four", "three", "two", "one"], (await server.Client.AskAsync("/alerts/kept/alerts.json?header=DOOR")).Ok().List.Select(static alert => alert.Text("kismet.alert.text")));
        }
    }

    private static async Task RaiseAsync(TestServer server, string text) =>
        _ = (await server.Client.CommandAsync("/alerts/raise_alert.cmd", $$"""{"name":"DOOR","text":"{{text}}","source":"00:11:22:33:44:01"}""")).Ok();

    private static async Task<JsonElement> IncidentAsync(TestServer server) => Assert.Single((await server.Client.AskAsync("/incidents/incidents.json?header=DOOR")).Ok().List);
}
