namespace KismetOrleans.Api.Tests.Sensors;

/// <summary>What an acknowledgement promises, with real processes that are killed: every packet counts, and counts once.</summary>
public sealed class AgentProcessTests : IAsyncLifetime, IDisposable
{
    private const int Packets = 3549;

    // Some four seconds of load, so that what is killed is in the middle of it.
    private const string Paced = ",pps=800";
    private readonly Site _site = new();
    private string[] _truth = [];
    private string[] _presence = [];

    public async Task InitializeAsync()
    {
        await using TestServer direct = await TestServer.ReplayAsync(Repository.Campus);
        _truth = await Site.DevicesAsync(direct.Client);
        _presence = await Site.PresenceAsync(direct.Client);
        Assert.InRange(_presence.Length, _truth.Length / 2, _truth.Length);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task Agent_and_server_are_killed_in_mid_load_and_nothing_is_lost_or_counted_twice()
    {
        ProgramProcess server = await _site.ServeAsync();
        ProgramProcess agent = _site.Sense("lobby", Paced);
        await _site.UntilCountedAsync("lobby", Packets / 5);
        await agent.KillAsync(_site.Patience);

        agent = _site.Sense("lobby", Paced);
        await _site.UntilCountedAsync("lobby", Packets / 3);
        await server.KillAsync(_site.Patience);

        server = await _site.ServeAsync();
        await _site.UntilCountedAsync("lobby", Packets / 2);
        await Task.WhenAll(server.KillAsync(_site.Patience), agent.KillAsync(_site.Patience));

        server = await _site.ServeAsync();
        Assert.Equal(0, await _site.Sense("lobby", Paced).EndAsync(_site.Patience));
        Assert.Equal(Packets, (await _site.PacketsAsync())!["lobby"]);
        Assert.Equal(_truth, await _site.DevicesAsync());
        Assert.Equal(_presence, await _site.PresenceAsync());

        // All was acknowledged, so all is on disk.
        await server.KillAsync(_site.Patience);
        _ = await _site.ServeAsync();
        Assert.Equal(Packets, (await _site.PacketsAsync())!["lobby"]);
        Assert.Equal(_truth, await _site.DevicesAsync());
        Assert.Equal(_presence, await _site.PresenceAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_sources_and_radios_have_counted_is_the_same_after_the_server_is_killed_or_stopped(bool killed)
    {
        ProgramProcess server = await _site.ServeAsync();
        Assert.Equal(0, await _site.Sense("lobby").EndAsync(_site.Patience));
        await _site.UntilCountedAsync("lobby", Packets);
        long phys = await _site.PhysAsync();
        Assert.InRange(phys, Packets / 2, Packets);
        for (int i = 0; i < 3; i++)
        {
            await _site.ReportAsync(i * 100, 100);
            await (killed ? server.KillAsync(_site.Patience) : server.StopAsync(_site.Patience));
            server = await _site.ServeAsync();
            await _site.UntilCountedAsync("phone", (i + 1) * 100);
            Assert.Equal([("lobby", Packets), ("phone", (i + 1) * 100)], (await _site.PacketsAsync())!.OrderBy(static p => p.Key).Select(static p => (p.Key, p.Value)));
            Assert.Equal(phys, await _site.PhysAsync());
        }
    }

    [Fact]
    public async Task Three_agents_that_hear_the_same_count_as_one_however_far_apart_they_are()
    {
        ProgramProcess server = await _site.ServeAsync();
        ProgramProcess paced = _site.Sense("lobby", Paced);
        Assert.Equal(0, await _site.Sense("roof").EndAsync(_site.Patience));
        Assert.Equal(0, await paced.EndAsync(_site.Patience));
        // What is remembered of frames outlives the server too.
        await server.KillAsync(_site.Patience);
        _ = await _site.ServeAsync();
        Assert.Equal(0, await _site.Sense("yard").EndAsync(_site.Patience));

        Dictionary<string, long> packets = (await _site.PacketsAsync())!;
        Assert.Equal([("lobby", Packets), ("roof", Packets), ("yard", Packets)], packets.OrderBy(static p => p.Key).Select(static p => (p.Key, p.Value)));
        Assert.All(await _site.SourcesAsync(), static source => Assert.Equal(
            ("pcapfile", Repository.Campus), (source.GetProperty("kismet.datasource.type_driver").Text("kismet.datasource.driver.type"), source.Text("kismet.datasource.interface"))));
        Assert.Equal(_truth, await _site.DevicesAsync());
        int[] sources = await _site.SourcesOfDevicesAsync();
        Assert.Equal([3], sources);
    }
}
