using System.Diagnostics;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Sensors;

/// <summary>Profiles with real processes: a site's profile is applied within five seconds, taken back by itself when the server is lost, and outlives both.</summary>
public sealed class AgentProfileProcessTests : IDisposable
{
    private readonly Site _site = new();

    public AgentProfileProcessTests() => _site.Client.DefaultRequestHeaders.Authorization = Requests.Login;

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task A_sites_profile_is_applied_taken_back_when_the_server_is_lost_and_outlives_both()
    {
        ProgramProcess server = await _site.ServeAsync(Requests.LoginSettings);
        string token = (await _site.Client.CommandAsync("/auth/jointoken/generate.json", """{"duration":600,"uses":1,"site":"hq"}""")).Ok().Json.Text("kismet.jointoken.token");
        string[] join = ["--join", $"{_site.Client.BaseAddress}#{token}", "--name", "lobby", "--profile-timeout", "20"];
        ProgramProcess agent = _site.Capture("lobby", $"{Repository.Campus}:name=hall,pps=5", join);
        await _site.UntilAsync(async () => await StateAsync() == ("none", "", 0));
        JsonElement source = Assert.Single(await _site.SourcesAsync());
        Assert.Equal(("lobby", "hq"), (source.Text("kismet.datasource.sensor.agent"), source.Text("kismet.datasource.sensor.site")));

        // On trial the server is killed: as if the profile had cut the agent off.
        await SetAsync("pps=6");
        Stopwatch since = Stopwatch.StartNew();
        await _site.UntilAsync(async () => await StateAsync() == ("trial", "quiet", 1) && (await DefinitionAsync()).EndsWith("name=hall,pps=6", StringComparison.Ordinal));
        Assert.InRange(since.Elapsed.TotalSeconds, 0, 5);
        await server.KillAsync(_site.Patience);
        await _site.UntilAsync(() => Task.FromResult(agent.Said.Contains("taken back, since no server was reached with it for 20 s; what the agent was started with holds again", StringComparison.Ordinal)));
        Assert.InRange(since.Elapsed.TotalSeconds, 15, 40);
        _ = await _site.ServeAsync(Requests.LoginSettings);
        await _site.UntilAsync(async () => await StateAsync() == ("rolled back", "", 0) && (await DefinitionAsync()).EndsWith("name=hall,pps=5", StringComparison.Ordinal));
        Assert.Equal("profile quiet, version 1: taken back, since no server was reached with it for 20 s", Assert.Single(await _site.SourcesAsync()).Text("kismet.datasource.sensor.profile.error"));

        // The server that has it still does not make the agent take it again; another state of it does.
        await Task.Delay(TimeSpan.FromSeconds(2), _site.Patience);
        Assert.Equal(("rolled back", "", 0), await StateAsync());
        await SetAsync("pps=7");
        await _site.UntilAsync(async () => await StateAsync() == ("applied", "quiet", 2));
        await agent.KillAsync(_site.Patience);
        agent = _site.Capture("lobby", $"{Repository.Campus}:name=hall,pps=5", join);
        await _site.UntilAsync(() => Task.FromResult(agent.Said.Contains("beginning with profile quiet, version 2", StringComparison.Ordinal) && agent.Said.Contains("connected to", StringComparison.Ordinal)));
        await _site.UntilAsync(async () => await StateAsync() == ("applied", "quiet", 2) && (await DefinitionAsync()).EndsWith("name=hall,pps=7", StringComparison.Ordinal));
        Assert.DoesNotContain("was applied", agent.Said, StringComparison.Ordinal);
    }

    private async Task SetAsync(string options) =>
        (await _site.Client.CommandAsync("/datasource/profiles/by-name/quiet/set.json", $$"""{"sites": ["hq"], "sources": ["*:{{options}}"]}""")).Ok();

    private async Task<(string State, string Name, long Version)> StateAsync()
    {
        JsonElement[] sources = await _site.SourcesAsync();
        return sources.Length == 1 && sources[0].TryGetProperty("kismet.datasource.sensor.profile.state", out JsonElement state)
            ? (state.GetString()!, sources[0].Text("kismet.datasource.sensor.profile.name"), sources[0].TryGetProperty("kismet.datasource.sensor.profile.version", out JsonElement version) ? version.GetInt64() : 0)
            : default;
    }

    private async Task<string> DefinitionAsync() => (await _site.SourcesAsync()).FirstOrDefault() is { ValueKind: JsonValueKind.Object } source ? source.Text("kismet.datasource.definition") : "";
}
