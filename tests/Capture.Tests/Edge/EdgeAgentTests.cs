using KismetOrleans.Capture.Edge;
using KismetOrleans.Capture.Tests.Edge.Sending;
using KismetOrleans.Packets.Channels;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Packets.Sources;
using KismetOrleans.Packets.Tests;
using KismetOrleans.Packets.Tests.Files;
using KismetOrleans.Wire;

namespace KismetOrleans.Capture.Tests.Edge;

/// <summary>Whole agents: from a file or a radio to a server, with everything in between.</summary>
public sealed class EdgeAgentTests : AgentFixture
{
    [Fact]
    public async Task A_file_is_sent_whole_and_the_agent_ends()
    {
        using TemporaryFile file = NumberedFile(10_000);
        Task script = _server.Next(async peer =>
        {
            Hello hello = await peer.WelcomeAsync();
            Assert.Equal(("walk", "pcapfile", file.Path), (hello.Name, hello.Driver, hello.Interface));
            await TakeAllAsync(peer, hello, 10_000);
            Assert.Equal(Enumerable.Range(0, 10_000), Numbers(peer));
            Assert.InRange(peer.Batches.Count, 3, 10);
            Health health = await peer.ReceiveAsync<Health>();
            Assert.Equal((true, 1.0, (uint)LinkType.Ieee80211, ""), (health.Ended, health.Progress, health.LinkType, health.Error));
            Assert.Equal(ByeReason.Done, (await peer.ReceiveAsync<Bye>()).Reason);
        });
        int code = await RunAsync(file.Path + ":name=walk");
        await script;
        Assert.Equal(EdgeAgent.Good, code);
    }

    [Fact]
    public async Task A_replay_that_was_interrupted_goes_on_and_loses_and_repeats_nothing()
    {
        // 8 MB that do not compress, through a spool of 2 MiB: reading waits in the middle of the file when the agent is stopped.
        const int Packets = 8_000;
        using TemporaryFile file = NumberedFile(Packets, length: 1000);
        List<int> got = [];
        ulong saved = 0;
        for (int life = 0; life < 3; life++)
        {
            using CancellationTokenSource kill = new();
            bool last = life == 2;
            Task script = _server.Next(async peer =>
            {
                Hello hello = await peer.ReceiveAsync<Hello>();
                await peer.SendAsync(new Welcome(3, hello.BootId, saved, 1000, int.MaxValue));
                if (last)
                {
                    await TakeAllAsync(peer, hello, Packets - got.Count);
                    Assert.Equal(ByeReason.Done, (await peer.ReceiveAsync<Bye>()).Reason);
                }
                else
                {
                    await peer.ReceiveBatchesAsync(1);
                    saved = peer.Batches[0].Sequence;
                    await kill.CancelAsync();
                }
                got.AddRange(peer.Batches.Where(batch => last || batch.Sequence <= saved).SelectMany(static b => b.Numbers));
            });
            int code = await RunAsync(file.Path, kill.Token, spool: 4 << 20, grace: TimeSpan.Zero);
            await script;
            Assert.Equal(EdgeAgent.Good, code);
        }
        Assert.Equal(Enumerable.Range(0, Packets), got);
        Assert.Contains("packets of an interrupted replay", Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_slowly_is_sent_within_the_fifth_of_a_second_in_one_batch()
    {
        FakeRadio radio = new();
        radio.Give(SamplePackets.Numbered(0, 2));
        radio.Give(SamplePackets.Numbered(2, 1));
        Task script = _server.Next(async peer =>
        {
            await peer.WelcomeAsync();
            await peer.ReceiveBatchesAsync(1);
            Assert.Equal([0, 1, 2], Numbers(peer));
            radio.Give(SamplePackets.Numbered(3, 1));
            await peer.ReceiveBatchesAsync(2);
            Assert.Equal([0, 1, 2, 3], Numbers(peer));
            await _stop.CancelAsync();
        });
        Task<int> running = RunAsync("wlan0", radio: radio);
        await script;
        Assert.Equal(EdgeAgent.Good, await running);
    }

    [SmallDiskFact]
    public async Task A_full_disk_is_an_error_in_the_log_and_at_the_server_until_there_is_room()
    {
        using SmallDisk disk = new(256 << 10);
        FakeRadio radio = new();
        Task script = _server.Next(async peer =>
        {
            await peer.WelcomeAsync();
            disk.Fill();
            radio.Give(SamplePackets.NoisePacket(0));
            Health health;
            do
            {
                health = await peer.ReceiveAsync<Health>();
            }
            while (health.Error.Length == 0);
            Assert.StartsWith("the spool cannot be written: ", health.Error, StringComparison.Ordinal);
            Assert.Equal((1UL, true), (health.SpoolLost, health.Running));
            Assert.Contains(" fail wlan0: the spool cannot be written: ", Log, StringComparison.Ordinal);
            disk.Free();
            radio.Give(SamplePackets.NoisePacket(1));
            await peer.ReceiveBatchesAsync(1);
            do
            {
                health = await peer.ReceiveAsync<Health>();
            }
            while (health.Error.Length > 0);
            Assert.Contains(" info wlan0: the spool can be written again", Log, StringComparison.Ordinal);
            await _stop.CancelAsync();
        });
        Task<int> running = RunAsync("wlan0", radio: radio, folder: disk.Path);
        await script;
        Assert.Equal(EdgeAgent.Good, await running);
    }

    [Fact]
    public async Task A_radio_is_paused_tuned_and_resumed_by_orders()
    {
        FakeRadio radio = new();
        Task script = _server.Next(async peer =>
        {
            Hello hello = await peer.WelcomeAsync();
            Assert.Equal(["1", "6"], hello.Channels);
            Assert.Equal("linuxwifi", hello.Driver);
            Assert.Equal("", await OrderAsync(peer, new() { Id = 1, Kind = OrderKind.Pause }));
            radio.Give(SamplePackets.Numbered(0, 10));
            await radio.Taken;
            Assert.Equal("", await OrderAsync(peer, new() { Id = 2, Kind = OrderKind.SetChannel, Channel = "6" }));
            Assert.Equal("'six' is no channel: 6, 6HT40+, 36VHT80, 5W6e and 2437 are", await OrderAsync(peer, new() { Id = 3, Kind = OrderKind.SetChannel, Channel = "six" }));
            Assert.Equal("", await OrderAsync(peer, new() { Id = 4, Kind = OrderKind.Resume }));
            radio.Give(SamplePackets.Numbered(10, 2));
            await peer.ReceiveBatchesAsync(1);
            Assert.Equal([10, 11], Numbers(peer));
            Assert.Equal("source already running", await OrderAsync(peer, new() { Id = 5, Kind = OrderKind.Open }));
            Assert.Equal("", await OrderAsync(peer, new() { Id = 6, Kind = OrderKind.Close }));
            Assert.Equal("", await OrderAsync(peer, new() { Id = 7, Kind = OrderKind.Close }));
            Assert.Equal(1, radio.Opened);
            Assert.Equal("", await OrderAsync(peer, new() { Id = 8, Kind = OrderKind.Open }));
            Assert.Equal(2, radio.Opened);
            // Once a second; the agent does not say how it does when it is about to go.
            Health health = await peer.ReceiveAsync<Health>();
            await _stop.CancelAsync();
            Assert.Equal(("6", false, false), (health.Channel, health.Hopping, health.Paused));
        });
        Task<int> running = RunAsync("wlan0:channel=1", radio: radio);
        await script;
        await running;

        static async Task<string> OrderAsync(ScriptedServer.Peer peer, Order order)
        {
            await peer.SendAsync(order);
            OrderResult result = await peer.ReceiveAsync<OrderResult>();
            Assert.Equal(order.Id, result.Id);
            return result.Error;
        }
    }

    [Fact]
    public async Task A_radio_that_fails_is_opened_again()
    {
        FakeRadio radio = new() { Failures = 1 };
        radio.Give(SamplePackets.Numbered(0, 1));
        Task script = _server.Next(async peer =>
        {
            await peer.WelcomeAsync();
            await peer.ReceiveBatchesAsync(1);
            await _stop.CancelAsync();
        });
        Task<int> running = RunAsync("wlan0", radio: radio);
        await script;
        await running;
        Assert.Equal(2, radio.Opened);
        Assert.Contains("fail wlan0: unplugged", Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_told_to_the_server_and_by_the_exit_code()
    {
        Task script = _server.Next(async peer =>
        {
            await peer.WelcomeAsync();
            Health health = await peer.ReceiveAsync<Health>();
            while (health.Error.Length == 0)
            {
                health = await peer.ReceiveAsync<Health>();
            }
            Assert.Contains("there is no such file", health.Error, StringComparison.Ordinal);
            Assert.Equal(ByeReason.Done, (await peer.ReceiveAsync<Bye>()).Reason);
        });
        Assert.Equal(EdgeAgent.SourceFailed, await RunAsync("/no/such/file.pcap"));
        await script;
    }

    [Fact]
    public async Task A_wrong_option_of_one_source_does_not_keep_the_others_from_going_on()
    {
        using TemporaryFile file = NumberedFile(1);
        Task script = _server.Next(async peer =>
        {
            Hello hello = await peer.WelcomeAsync();
            await TakeAllAsync(peer, hello, 1);
            _ = await peer.ReceiveAsync<Bye>();
        });
        Assert.Equal(EdgeAgent.SourceFailed, await RunAsync(["wlan0:channel=six", file.Path]));
        await script;
        Assert.Contains("'six' is no channel", Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Captures_go_on_without_a_server_and_are_sent_later()
    {
        FakeRadio radio = new();
        Task<int> running = RunAsync("wlan0", radio: radio);
        for (int i = 0; i < 20; i++)
        {
            radio.Give(SamplePackets.Numbered(i * 100, 100));
            await radio.Taken;
        }
        Task script = _server.Next(async peer =>
        {
            Hello hello = await peer.WelcomeAsync();
            await TakeAllAsync(peer, hello, 2000);
            Assert.Equal(Enumerable.Range(0, 2000), Numbers(peer));
            await _stop.CancelAsync();
        });
        await script;
        await running;
    }

    [Fact]
    public void Uuids_are_the_same_at_every_start_and_differ_by_host_and_source()
    {
        Guid one = HostIdentity.UuidOf("host a", "wlan0");
        Assert.Equal(Guid.Parse("b5f37d0a-f13b-8cbb-be9d-6ba5ca6f9b6f").Version, one.Version);
        Assert.Equal(one, HostIdentity.UuidOf("host a", "wlan0"));
        Assert.Equal(3, new[] { one, HostIdentity.UuidOf("host b", "wlan0"), HostIdentity.UuidOf("host a", "wlan1") }.Distinct().Count());
        Assert.Equal(HostIdentity.Read(), HostIdentity.Read());
        Assert.NotEqual("", HostIdentity.Read().Trim());
    }

    private static async Task TakeAllAsync(ScriptedServer.Peer peer, Hello hello, int packets)
    {
        while (peer.Batches.Sum(static b => b.Numbers.Length) < packets)
        {
            if (await peer.ReceiveAsync() == EdgeMessageType.Batch)
            {
                await peer.SendAsync(new Ack(hello.BootId, peer.Batches[^1].Sequence));
            }
        }
    }

    private static int[] Numbers(ScriptedServer.Peer peer) => [.. peer.Batches.SelectMany(static b => b.Numbers)];

    private Task<int> RunAsync(string definition, CancellationToken stop = default, long spool = 64 << 20, TimeSpan? grace = null, FakeRadio? radio = null, string? folder = null) =>
        RunAsync([definition], stop, spool, grace, radio, folder);

    private async Task<int> RunAsync(string[] definitions, CancellationToken stop = default, long spool = 64 << 20, TimeSpan? grace = null, FakeRadio? radio = null, string? folder = null)
    {
        AgentOptions options = new()
        {
            Link = new([_server.Address], null),
            Sources = [.. definitions.Select(SourceDefinition.Parse)],
            SpoolFolder = folder ?? _folder.Path,
            SpoolBytes = spool,
            HostId = "test",
            Grace = grace ?? TimeSpan.FromSeconds(1),
            Tuner = new TwoChannels(),
            Open = radio is null ? PacketSources.Open : (_, _) => radio.Open(),
        };
        EdgeAgent agent = new(options, new(_log, TimeProvider.System), TimeProvider.System, new(7));
        try
        {
            return await agent.RunAsync(stop == default ? _stop.Token : stop).WaitAsync(s_timeout);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The agent does not end: {_log}");
        }
    }

    private static TemporaryFile NumberedFile(int packets, int length = 4)
    {
        Random random = new(1);
        SampleFile file = new SampleFile(bigEndian: false).PcapHeader(type: LinkType.Ieee80211);
        for (int i = 0; i < packets; i++)
        {
            byte[] packet = new byte[length];
            random.NextBytes(packet);
            BitConverter.TryWriteBytes(packet, i);
            _ = file.Record(1_700_000_000, (uint)i, packet);
        }
        return new(file.Bytes);
    }

    private sealed class TwoChannels : IChannelTuner
    {
        public Task<(IReadOnlyList<RadioChannel> Channels, string? Problem)> ListAsync(string interfaceName, CancellationToken cancellation) =>
            Task.FromResult<(IReadOnlyList<RadioChannel>, string?)>(([new("1", 2412), new("6", 2437)], null));

        public Task<TuneResult> SetAsync(string interfaceName, WifiChannel channel, CancellationToken cancellation) => Task.FromResult(default(TuneResult));
    }
}
