using KismetOrleans.Capture.Edge;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Live;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Packets.Sources;
using KismetOrleans.Packets.Tests;

namespace KismetOrleans.Capture.Tests.Edge;

/// <summary>What an agent says of its host: with its Hello, with each batch that its clock dated, and about once a second.</summary>
public sealed class AgentHealthTests : AgentFixture
{
    [Fact]
    public async Task The_clock_of_a_host_that_is_an_hour_ahead_goes_with_all_that_it_dates()
    {
        OffsetClock clock = new(TimeSpan.FromHours(1));
        FakeRadio radio = new();
        radio.Give(SamplePackets.Numbered(0, 1));
        Task script = _server.Next(async peer =>
        {
            Hello hello = await peer.WelcomeAsync();
            await peer.ReceiveBatchesAsync(1);
            Health health = await peer.ReceiveAsync<Health>();
            if (OperatingSystem.IsLinux())
            {
                HostClock right = HostClock.Read(TimeProvider.System)!.Value;
                Assert.All((HostClock?[])[hello.HostClock, peer.LastClock, health.Host!.Clock], one =>
                {
                    Assert.Equal(right.Boot, one!.Value.Boot);
                    Assert.Equal(3600, (one.Value.BaseNs - right.BaseNs) / 1e9, 0);
                });
            }
            Assert.InRange((health.ClockNs - TimeProvider.System.NowNs()) / 1e9, 3600 - 30, 3600);
            Assert.NotEqual(0u, health.Host!.DiskSize);
            await _stop.CancelAsync();
        });
        Task<int> running = RunAsync("wlan0", clock, (_, _) => radio.Open());
        await script;
        Assert.Equal(EdgeAgent.Good, await running);
    }

    [Fact]
    public async Task A_radio_that_was_pulled_out_is_told_and_what_a_capture_brings_has_its_own_clock()
    {
        Task script = _server.Next(async peer =>
        {
            _ = await peer.WelcomeAsync();
            Health health;
            do
            {
                health = await peer.ReceiveAsync<Health>();
            }
            while (health.Error.Length == 0);
            // No interface of this name is there.
            Assert.Equal(Directory.Exists("/sys/class/net"), health.Host!.RadioGone);
            await _stop.CancelAsync();
        });
        Task<int> running = RunAsync("nosuchradio0", TimeProvider.System, static (_, _) => throw new PacketSourceException("unplugged"));
        await script;
        _ = await running;

        using TemporaryFolder folder = new();
        using CancellationTokenSource stop = new();
        FakeRadio others = new();
        others.Give(SamplePackets.Numbered(0, 1));
        script = _server.Next(async peer =>
        {
            Assert.Null((await peer.WelcomeAsync()).HostClock);
            await peer.ReceiveBatchesAsync(1);
            Assert.Null(peer.LastClock);
            await stop.CancelAsync();
        });
        running = new EdgeAgent(Options("TCP@192.0.2.1:57012", folder.Path, (_, _) => others.Open()), new(_log, TimeProvider.System), TimeProvider.System, new(7)).RunAsync(stop.Token).WaitAsync(s_timeout);
        await script;
        _ = await running;
    }

    private Task<int> RunAsync(string definition, TimeProvider clock, Func<SourceDefinition, TimeProvider, IPacketSource> open) =>
        new EdgeAgent(Options(definition, _folder.Path, open), new(_log, clock), clock, new(7)).RunAsync(_stop.Token).WaitAsync(s_timeout);

    private AgentOptions Options(string definition, string folder, Func<SourceDefinition, TimeProvider, IPacketSource> open) => new()
    {
        Link = new([_server.Address], null),
        Sources = [SourceDefinition.Parse(definition)],
        SpoolFolder = folder,
        HostId = "test",
        Open = open,
    };

    private sealed class OffsetClock(TimeSpan offset) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + offset;
    }
}
