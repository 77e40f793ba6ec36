using System.Net;
using System.Text.Json;
using KismetOrleans.Api.Tests.Sensors;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Api.Tests.Control;

/// <summary>What the server sets for its agents: the commands, and how it comes to them.</summary>
public sealed class ProfilesTests
{
    private const string All = "/datasource/profiles/all_profiles.json";

    [Fact]
    public async Task Profiles_are_set_listed_and_deleted()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        Assert.Empty((await client.AskAsync(All)).Ok().List);
        JsonElement made = (await client.CommandAsync(Path("hq", "set"), """
            {"sites": ["hq*"], "sensors": [" lobby "], "sources": ["wlan*:channels=\"1,6,11\",hoprate=3", "wlan1"], "gps": "gpsd", "spool_bytes": 8388608}
            """)).Ok().Json;
        Assert.Equal(("hq", 1, "hq*", "lobby", "wlan1", "gpsd", 8_388_608), (
            made.Text("kismet.profile.name"), made.Number("kismet.profile.version"), made.GetProperty("kismet.profile.sites")[0].GetString(), made.GetProperty("kismet.profile.sensors")[0].GetString(),
            made.GetProperty("kismet.profile.sources")[1].GetString(), made.Text("kismet.profile.gps"), made.Number("kismet.profile.spool_bytes")));
        Assert.NotEqual("", made.Text("kismet.profile.maker"));
        Assert.Equal(made.GetRawText(), (await client.AskAsync("/datasource/profiles/by-name/hq/profile.json")).Ok().Json.GetRawText());
        Assert.Equal(2, (await client.CommandAsync(Path("air%20port", "set"), "{}")).Ok().Json.Number("kismet.profile.version"));
        Assert.Equal(3, (await client.CommandAsync(Path("hq", "set"), "{}")).Ok().Json.Number("kismet.profile.version"));
        Assert.Equal(["air port", "hq"], (await client.AskAsync(All)).Ok().List.Select(static one => one.Text("kismet.profile.name")));
        Assert.Equal("Profile deleted", (await client.CommandAsync(Path("hq", "delete"), "{}")).Body);
        Assert.Equal(HttpStatusCode.NotFound, (await client.CommandAsync(Path("hq", "delete"), "{}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await client.AskAsync("/datasource/profiles/by-name/hq/profile.json")).Status);
        Assert.Single((await client.AskAsync(All)).Ok().List);
    }

    [Fact]
    public async Task What_is_wrong_is_told_and_changes_nothing()
    {
        await using TestServer server = await TestServer.StartAsync();
        (string Body, string Error)[] wrong =
        [
            ("""{"sources": "wlan0"}""", "sources: expected a list of up to 32 texts"),
            ("""{"sources": [7]}""", "sources[0]: expected a text of 1 to 512 characters"),
            ("""{"sources": ["wlan*", "wlan*:channels=\"1,banana\""]}""", "sources[1]: source 'wlan*:channels=\"1,banana\"': "),
            ("""{"sources": ["/etc/passwd"]}""", "sources[0]: source '/etc/passwd': a profile adds network interfaces alone"),
            ("""{"sites": [""]}""", "sites[0]: expected a text of 1 to 64 characters"),
            ("""{"sensors": {"a": 1}}""", "sensors: expected a list of up to 64 texts"),
            ("""{"gps": "web"}""", "gps: gps 'web': positions are posted to a server"),
            ("""{"spool_bytes": 5}""", "spool_bytes: 4194304 are the least"),
            ("""{"spool_bytes": "much"}""", "spool_bytes: expected a whole number from 0 to 17592186044416"),
        ];
        foreach ((string body, string error) in wrong)
        {
            Answer answer = await server.Client.CommandAsync(Path("hq", "set"), body);
            Assert.Equal((body, HttpStatusCode.BadRequest), (body, answer.Status));
            Assert.StartsWith("Invalid request: " + error, answer.Body, StringComparison.Ordinal);
        }
        Assert.StartsWith("Invalid request: name: expected a text of 1 to 64", (await server.Client.CommandAsync(Path(new string('a', 65), "set"), "{}")).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Anonymous.CommandAsync(Path("hq", "set"), "{}")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Anonymous.CommandAsync(Path("hq", "delete"), "{}")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await server.Client.AskAsync(Path("hq", "set"))).Status);
        Assert.Empty((await server.Client.AskAsync(All)).Ok().List);
    }

    [Fact]
    public async Task An_agent_has_what_is_set_for_it_within_five_seconds_and_what_became_of_it_stands_with_its_source()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        (await client.CommandAsync(Path("other", "set"), """{"sensors": ["roof"], "sources": ["wlan*:hoprate=1"]}""")).Ok();
        Hello hello = RawSensor.Hello(Guid.NewGuid(), RawSensor.Now());
        await using RawSensor sensor = await RawSensor.ConnectAsync(server.Address, null, hello with { Agent = "lobby" });
        // What an agent holds of an earlier time is over when it hears that there is none for it.
        Assert.Equal(Profile.None, await ProfileAsync(sensor));
        long changed = Environment.TickCount64;
        (await client.CommandAsync(Path("hq", "set"), """{"sensors": ["lob*"], "sources": ["wlan*:channels=\"1,6\""], "gps": "gpsd", "spool_bytes": 8388608}""")).Ok();
        Profile profile = await ProfileAsync(sensor);
        Assert.InRange(Environment.TickCount64 - changed, 0, 5000);
        Assert.Equal(new() { Name = "hq", Version = 2, Sources = ["wlan*:channels=\"1,6\""], Gps = "gpsd", SpoolBytes = 8 << 20 }, profile);

        await sensor.SendAsync(new Health { Running = true, Profile = new(ProfileStage.RolledBack, "old", 1, "profile hq, version 2: taken back") });
        JsonElement source = await UntilAsync(server, sensor.Uuid, static s => s.TryGetProperty("kismet.datasource.sensor.profile.error", out _));
        Assert.Equal(("lobby", "rolled back", "old", 1, "profile hq, version 2: taken back"), (
            source.Text("kismet.datasource.sensor.agent"), source.Text("kismet.datasource.sensor.profile.state"), source.Text("kismet.datasource.sensor.profile.name"),
            source.Number("kismet.datasource.sensor.profile.version"), source.Text("kismet.datasource.sensor.profile.error")));
        (await client.CommandAsync(Path("hq", "delete"), "{}")).Ok();
        Assert.Equal(Profile.None, await ProfileAsync(sensor));

        // One that says no name is older, and is told nothing that it would not know.
        await using RawSensor old = await RawSensor.ConnectAsync(server.Address, null, RawSensor.Hello(Guid.NewGuid(), RawSensor.Now()));
        (await client.CommandAsync(Path("everybody", "set"), "{}")).Ok();
        Assert.Equal("everybody", (await ProfileAsync(sensor)).Name);
        await old.SendAsync(new Health { Running = true });
        source = await UntilAsync(server, old.Uuid, static s => s.TryGetProperty("kismet.datasource.sensor.dropped", out _));
        Assert.False(source.TryGetProperty("kismet.datasource.sensor.agent", out _));
    }

    private static string Path(string name, string command) => $"/datasource/profiles/by-name/{name}/{command}.json";

    private static async Task<Profile> ProfileAsync(RawSensor sensor)
    {
        ReadOnlyMemory<byte> payload = await sensor.ReceiveAsync(EdgeMessageType.Profile);
        Assert.True(MessageReader.TryRead(payload.Span, out Profile profile));
        return profile;
    }

    private static async Task<JsonElement> UntilAsync(TestServer server, Guid uuid, Func<JsonElement, bool> isIt)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        while (true)
        {
            JsonElement source = Assert.Single(await RawSensor.KnownAsync(server, uuid));
            if (isIt(source))
            {
                return source;
            }
            await Task.Delay(50, patience.Token);
        }
    }
}
