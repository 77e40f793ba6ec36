using KismetOrleans.Capture.Edge;
using KismetOrleans.Capture.Tests.Edge.Sending;
using KismetOrleans.Engine.Tests.Gps;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Gps;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Packets.Sources;
using KismetOrleans.Packets.Tests;

namespace KismetOrleans.Capture.Tests.Edge;

/// <summary>The GPS beside an agent: which one counts, and what goes to the server when it knows, does not know, and is gone.</summary>
public sealed class AgentGpsTests : AgentFixture
{
    [Fact]
    public async Task A_gpsd_beside_the_agent_is_told_with_each_batch_and_with_its_health()
    {
        using FakeReceiver gpsd = new();
        FakeRadio radio = new();
        Task script = _server.Next(async peer =>
        {
            _ = await peer.WelcomeAsync();
            // Before it has a fix there is no place, and that is told.
            radio.Give(SamplePackets.Numbered(0, 1));
            await peer.ReceiveBatchesAsync(1);
            Assert.Null(peer.LastPosition);
            Assert.Equal("GPS gpsd has no fix", (await UntilAsync(peer, static health => health.Warning.Contains("no fix", StringComparison.Ordinal))).Warning);

            await gpsd.SayAsync("{\"class\":\"TPV\",\"mode\":3,\"lat\":52.5,\"lon\":13.25,\"altMSL\":35.5}\n");
            Health health = await UntilAsync(peer, static health => health.Position is not null);
            Assert.Equal((new PacketPosition(52.5, 13.25, 35.5, 3), ""), (health.Position, health.Warning));
            radio.Give(SamplePackets.Numbered(1, 1));
            await peer.ReceiveBatchesAsync(2);
            Assert.Equal(new PacketPosition(52.5, 13.25, 35.5, 3), peer.LastPosition);

            gpsd.HangUp();
            health = await UntilAsync(peer, static health => health.Warning.Length > 0);
            Assert.Equal("GPS gpsd: the connection was closed", health.Warning);
            await _stop.CancelAsync();
        });
        Task<int> running = RunAsync($"wlan0:gps=\"gpsd:host=127.0.0.1,port={gpsd.Port}\"", "virtual:lat=1,lon=2", radio);
        await gpsd.AcceptAsync();
        Assert.StartsWith("?WATCH=", await gpsd.HearAsync(), StringComparison.Ordinal);
        await script;
        Assert.Equal(EdgeAgent.Good, await running);
    }

    [Fact]
    public async Task The_agents_own_counts_for_radios_that_name_none()
    {
        FakeRadio radio = new();
        radio.Give(SamplePackets.Numbered(0, 1));
        Task script = _server.Next(async peer =>
        {
            _ = await peer.WelcomeAsync();
            await peer.ReceiveBatchesAsync(1);
            Assert.Equal(new PacketPosition(1, 2, 0, 2), peer.LastPosition);
            await _stop.CancelAsync();
        });
        Task<int> running = RunAsync("wlan0", "virtual:lat=1,lon=2", radio);
        await script;
        Assert.Equal(EdgeAgent.Good, await running);
    }

    [Theory]
    [InlineData("virtual:lat=1,lon=2", null)]
    [InlineData("gpsd", null)]
    [InlineData("web", "gps 'web': positions are posted to a server; beside a sensor there is gpsd, tcp, serial or virtual")]
    [InlineData("meta:name=car", "gps 'meta:name=car': positions are posted")]
    [InlineData("virtual:lat=1", "gps 'virtual:lat=1': option lon is missing")]
    [InlineData("serial", "gps 'serial': option device is missing")]
    [InlineData("tcp:host=x", "gps 'tcp:host=x': option port is missing")]
    public void What_is_of_no_use_beside_a_sensor_is_refused_before_anything_runs(string definition, string? reason)
    {
        GpsException? refused = (GpsException?)Record.Exception(() => GpsReceiver.Check(GpsDefinition.Parse(definition)));
        Assert.Equal(reason is null, refused is null);
        Assert.StartsWith(reason ?? "", refused?.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_position_holds_for_ten_seconds_and_one_that_never_moves_for_good()
    {
        ManualTime time = new();
        await using GpsReceiver phone = new(GpsDefinition.Parse("tcp:host=192.0.2.1,port=1"), time);
        phone.Report(new() { Latitude = 5, Longitude = 6, Fix = 2 });
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(new PacketPosition(5, 6, 0, 2), phone.Current);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(phone.Current);
        phone.Report(new() { Latitude = 500, Longitude = 6, Fix = 2 });
        Assert.Null(phone.Current);
        await using GpsReceiver desk = new(GpsDefinition.Parse("virtual:lat=1,lon=2,alt=3"), time);
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal((new PacketPosition(1, 2, 3, 3), ""), (desk.Current, desk.Warning));
    }

    private static async Task<Health> UntilAsync(ScriptedServer.Peer peer, Func<Health, bool> there)
    {
        while (true)
        {
            Health health = await peer.ReceiveAsync<Health>();
            if (there(health))
            {
                return health;
            }
        }
    }

    private Task<int> RunAsync(string definition, string gps, FakeRadio radio) => new EdgeAgent(
        new()
        {
            Link = new([_server.Address], null),
            Sources = [SourceDefinition.Parse(definition)],
            SpoolFolder = _folder.Path,
            HostId = "test",
            Gps = GpsDefinition.Parse(gps),
            Open = (_, _) => radio.Open(),
        },
        new(_log, TimeProvider.System), TimeProvider.System, new(7)).RunAsync(_stop.Token).WaitAsync(s_timeout);
}
