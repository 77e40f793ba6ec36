using System.Collections.Concurrent;
using KismetOrleans.Capture.Edge;
using KismetOrleans.Capture.Tests.Edge.Sending;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Packets.Sources;
using KismetOrleans.Packets.Tests;

namespace KismetOrleans.Capture.Tests.Edge;

/// <summary>What an agent does with the profiles that its server gives it.</summary>
public sealed class AgentProfileTests : AgentFixture
{
    private readonly ConcurrentDictionary<string, FakeRadio> _radios = [];
    private readonly ConcurrentQueue<string> _opened = [];
    private string? _broken;

    [Fact]
    public async Task A_profile_is_applied_kept_and_begun_with_after_a_restart()
    {
        Profile profile = new() { Name = "hq", Version = 7, Sources = ["wlan*:channel=11"], SpoolBytes = 8 << 20 };
        Radio("wlan0").Give(SamplePackets.Numbered(0, 1));
        Task first = _server.Next(async peer =>
        {
            Hello hello = await peer.WelcomeAsync();
            Assert.Equal(("lobby", "wlan0"), (hello.Agent, hello.Definition));
            await peer.ReceiveBatchesAsync(1);
            Assert.Equal(new ProfileReport(ProfileStage.None, "", 0, ""), (await peer.ReceiveAsync<Health>()).Profile);
            await peer.SendAsync(new Ack(hello.BootId, 1));
            await peer.SendAsync(profile);
            // The source ends in order: all that it had is saved.
            Assert.Equal(ByeReason.Done, (await peer.ReceiveAsync<Bye>()).Reason);
        });
        Task second = _server.Next(async peer =>
        {
            Hello hello = await peer.WelcomeAsync();
            Assert.Equal("wlan0:channel=11", hello.Definition);
            Health health = await UntilAsync(peer, static health => health.Profile!.Stage != ProfileStage.None);
            Assert.Equal(new ProfileReport(ProfileStage.Trial, "hq", 7, ""), health.Profile);
            // It came from where it is: no reason to begin anew.
            await peer.SendAsync(profile);
            Task saying = SayAsync(peer, hello);
            health = await UntilAsync(peer, static health => health.Profile!.Stage == ProfileStage.Applied);
            Assert.Equal(new ProfileReport(ProfileStage.Applied, "hq", 7, ""), health.Profile);
            await _stop.CancelAsync();
            await saying;
        });
        Task<int> running = RunAsync("wlan0");
        await first;
        await second;
        Assert.Equal(EdgeAgent.Good, await running);
        Assert.Equal(["wlan0", "wlan0:channel=11"], _opened);

        using CancellationTokenSource again = new();
        Task third = _server.Next(async peer =>
        {
            Assert.Equal("wlan0:channel=11", (await peer.WelcomeAsync()).Definition);
            Assert.Equal(new ProfileReport(ProfileStage.Applied, "hq", 7, ""), (await peer.ReceiveAsync<Health>()).Profile);
            // None is what holds when the profile was deleted.
            await peer.SendAsync(Profile.None);
            _ = await peer.ReceiveAsync<Bye>();
        });
        Task fourth = _server.Next(async peer =>
        {
            Assert.Equal("wlan0", (await peer.WelcomeAsync()).Definition);
            await again.CancelAsync();
        });
        running = RunAsync("wlan0", again.Token);
        await third;
        await fourth;
        Assert.Equal(EdgeAgent.Good, await running);
        Assert.Contains("beginning with profile hq, version 7", Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_with_which_no_server_is_reached_is_taken_back_and_not_taken_again()
    {
        Profile good = new() { Name = "hq", Version = 1, Sources = ["wlan0:channel=1"] };
        Profile wrong = new() { Name = "hq", Version = 2, Sources = ["wlan0:channel=2"] };
        Task first = GiveAsync("wlan0", good);
        Task proven = _server.Next(async peer =>
        {
            Hello hello = await peer.WelcomeAsync();
            Task saying = SayAsync(peer, hello);
            _ = await UntilAsync(peer, static health => health.Profile!.Stage == ProfileStage.Applied);
            await peer.SendAsync(wrong);
            _ = await peer.ReceiveAsync<Bye>();
            await saying;
        });
        Task<int> running = RunAsync("wlan0");
        await first;
        await proven;
        // Whoever asks now is answered with 503, as if the way to the server were gone.
        while (!Log.Contains("taken back", StringComparison.Ordinal))
        {
            await Task.Delay(20);
        }
        Task back = _server.Next(async peer =>
        {
            Assert.Equal("wlan0:channel=1", (await peer.WelcomeAsync()).Definition);
            await peer.SendAsync(wrong);
            Health health = await UntilAsync(peer, static _ => true);
            health = await UntilAsync(peer, static _ => true);
            Assert.Equal(
                new ProfileReport(ProfileStage.RolledBack, "hq", 1, "profile hq, version 2: taken back, since no server was reached with it for 2 s"), health.Profile);
            // A newer one is another matter.
            await peer.SendAsync(wrong with { Version = 3, Sources = ["wlan0:channel=3"] });
            _ = await peer.ReceiveAsync<Bye>();
        });
        Task last = _server.Next(async peer =>
        {
            Assert.Equal("wlan0:channel=3", (await peer.WelcomeAsync()).Definition);
            await _stop.CancelAsync();
        });
        await back;
        await last;
        Assert.Equal(EdgeAgent.Good, await running);
        Assert.Equal(["wlan0", "wlan0:channel=1", "wlan0:channel=2", "wlan0:channel=1", "wlan0:channel=3"], _opened);
    }

    [Theory]
    [InlineData("wlan0:channel=9", "wlan0 takes no such thing")]
    [InlineData("nosuch0:name=roof", "this host has no interface nosuch0")]
    [InlineData("wlan0:capture=false", "it leaves this agent without a source, and so without a way to the server")]
    public async Task What_cannot_be_applied_is_told_and_what_held_before_holds(string source, string reason)
    {
        _broken = "wlan0:channel=9";
        Task first = _server.Next(async peer =>
        {
            _ = await peer.WelcomeAsync();
            await peer.SendAsync(new Profile { Name = "hq", Version = 5, Sources = [source] });
            await LookAsync(peer, isAnew: source == _broken);
        });
        // Where the source had to be opened anew it comes again as it was, and may have come as it should not be before.
        Task second = _server.Next(ComeAsync), third = _server.Next(ComeAsync);
        Task<int> running = RunAsync("wlan0");
        await first;
        Assert.Equal(EdgeAgent.Good, await running.WaitAsync(s_timeout));
        Assert.Equal("wlan0", _opened.Last());
        Assert.Contains($"profile hq, version 5 was not applied: {reason}", Log, StringComparison.Ordinal);
        Assert.All([second, third], static task => Assert.False(task.IsFaulted));

        async Task ComeAsync(ScriptedServer.Peer peer) => await LookAsync(peer, isAnew: (await peer.WelcomeAsync()).Definition == _broken);

        async Task LookAsync(ScriptedServer.Peer peer, bool isAnew)
        {
            if (isAnew)
            {
                _ = await peer.ReceiveAsync<Bye>();
                return;
            }
            Health health = await UntilAsync(peer, static health => health.Profile!.Stage == ProfileStage.Failed);
            Assert.Equal(new ProfileReport(ProfileStage.Failed, "", 0, $"profile hq, version 5: {reason}"), health.Profile);
            await _stop.CancelAsync();
        }
    }

    [Fact]
    public async Task One_that_is_damaged_on_disk_is_none()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "profile.json"), "{\"current\":5");
        Task script = _server.Next(async peer =>
        {
            Assert.Equal("wlan0", (await peer.WelcomeAsync()).Definition);
            await _stop.CancelAsync();
        });
        Task<int> running = RunAsync("wlan0");
        await script;
        Assert.Equal(EdgeAgent.Good, await running);
        Assert.Contains("profile.json cannot be read, and what the agent was started with holds", Log, StringComparison.Ordinal);
    }

    private Task GiveAsync(string definition, Profile profile) => _server.Next(async peer =>
    {
        Assert.Equal(definition, (await peer.WelcomeAsync()).Definition);
        await peer.SendAsync(profile);
        _ = await peer.ReceiveAsync<Bye>();
    });

    // As servers do every five seconds, and a trial is that of a minute.
    private static async Task SayAsync(ScriptedServer.Peer peer, Hello hello)
    {
        for (int i = 0; i < 12; i++)
        {
            await Task.Delay(150);
            try
            {
                await peer.SendAsync(new Ack(hello.BootId, 0));
            }
            catch (Exception e) when (e is System.Net.WebSockets.WebSocketException or InvalidOperationException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static async Task<Health> UntilAsync(ScriptedServer.Peer peer, Func<Health, bool> isIt)
    {
        while (true)
        {
            Health health = await peer.ReceiveAsync<Health>();
            if (isIt(health))
            {
                return health;
            }
        }
    }

    private FakeRadio Radio(string name) => _radios.GetOrAdd(name, static _ => new());

    private Task<int> RunAsync(string definition, CancellationToken? stop = null)
    {
        AgentOptions options = new()
        {
            Link = new([_server.Address], null) { HealthEvery = TimeSpan.FromMilliseconds(50) },
            Sources = [SourceDefinition.Parse(definition)],
            SpoolFolder = _folder.Path,
            HostId = "host",
            Name = "lobby",
            ProfileTimeout = TimeSpan.FromSeconds(2),
            Tuner = new NoTuner(),
            Open = (source, _) =>
            {
                _opened.Enqueue(source.Definition);
                return source.Definition == _broken ? throw new PacketSourceException("wlan0 takes no such thing") : Radio(source.Interface).Open();
            },
        };
        return new EdgeAgent(options, new(_log, TimeProvider.System), TimeProvider.System, new(1)).RunAsync(stop ?? _stop.Token);
    }

    private sealed class NoTuner : Packets.Channels.IChannelTuner
    {
        public Task<(IReadOnlyList<Packets.Channels.RadioChannel> Channels, string? Problem)> ListAsync(string interfaceName, CancellationToken cancellation) =>
            Task.FromResult<(IReadOnlyList<Packets.Channels.RadioChannel>, string?)>(([], null));

        public Task<Packets.Channels.TuneResult> SetAsync(string interfaceName, Packets.Channels.WifiChannel channel, CancellationToken cancellation) =>
            Task.FromResult(new Packets.Channels.TuneResult(null));
    }
}
