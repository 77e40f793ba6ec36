using System.Globalization;
using KismetOrleans.Capture.Edge.Joining;
using KismetOrleans.Capture.Edge.Sending;
using KismetOrleans.Capture.Edge.Spooling;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Packets.Tests;

namespace KismetOrleans.Capture.Tests.Edge.Sending;

/// <summary>One source's link against a scripted server: nothing is lost, nothing sent that is saved, and it comes back when it should.</summary>
public sealed partial class SensorLinkTests : IAsyncLifetime
{
    // All waits but those before another attempt.
    private static readonly double[] s_known = [1, 2, 15];

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly StringWriter _said = new(CultureInfo.InvariantCulture);
    private readonly CancellationTokenSource _stop = new();
    private ScriptedServer _server = null!;
    private Spool _spool = null!;
    private FakeSide _side = null!;
    private Task _running = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        _server = await ScriptedServer.StartAsync();
        _spool = Spool.Open(new() { Folder = _folder.Path, SegmentBytes = 1024, MaxBytes = 64 << 10 }, _time);
        _side = new(_spool);
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ContinueWith(static _ => { }, TaskScheduler.Default);
        await _server.DisposeAsync();
        _spool.Dispose();
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Everything_is_sent_once_and_forgotten_when_it_is_saved()
    {
        Append(0, 10);
        _side.Ended = true;
        Task script = _server.Next(async peer =>
        {
            Hello hello = await peer.WelcomeAsync();
            Assert.Equal((FakeSide.Uuid, 1UL, _spool.BootId), (hello.Uuid, hello.FirstSequence, hello.BootId));
            Assert.Equal(new(0, 1), await peer.ReceiveAsync<Continue>());
            await peer.ReceiveBatchesAsync(10);
            Assert.Equal(Expected(1, 10), peer.Batches.Select(static b => (b.Sequence, b.Numbers.Single())));
            await peer.SendAsync(new Ack(hello.BootId, 10));
            Bye bye = await peer.ReceiveAsync<Bye>();
            Assert.Equal(ByeReason.Done, bye.Reason);
            Assert.Equal(10, peer.Batches.Count);
        });
        Start(key: "secret");
        await script;
        await _running;
        Assert.True(_spool.IsSaved);
        Assert.Equal(["Bearer secret"], _server.Authorizations);
    }

    [Fact]
    public async Task What_the_server_has_saved_before_is_not_sent()
    {
        Append(0, 10);
        Task script = _server.Next(async peer =>
        {
            await peer.WelcomeAsync(_spool.BootId, 0);
            await peer.ReceiveBatchesAsync(10);
            peer.Abort();
        });
        Task again = _server.Next(async peer =>
        {
            await peer.WelcomeAsync(_spool.BootId, 7);
            Assert.Equal(new(0, 8), await peer.ReceiveAsync<Continue>());
            await peer.ReceiveBatchesAsync(3);
            Assert.Equal(Expected(8, 3), peer.Batches.Select(static b => (b.Sequence, b.Numbers.Single())));
        });
        Start();
        await script;
        await RetryAsync();
        await again;
    }

    [Fact]
    public async Task After_a_rewind_all_comes_again_behind_a_mark()
    {
        Append(0, 20);
        Task script = _server.Next(async peer =>
        {
            Hello hello = await peer.WelcomeAsync();
            await peer.ReceiveBatchesAsync(20);
            await peer.SendAsync(new Ack(hello.BootId, 5));
            await peer.SendAsync(new Rewind(1, 6));
            Assert.Equal(new(1, 6), await peer.ReceiveAsync<Continue>());
            peer.Batches.Clear();
            await peer.ReceiveBatchesAsync(15);
            Assert.Equal(Expected(6, 15), peer.Batches.Select(static b => (b.Sequence, b.Numbers.Single())));
            Append(20, 1);
            await peer.ReceiveBatchesAsync(16);
            Assert.Equal((21UL, 20), (peer.Batches[^1].Sequence, peer.Batches[^1].Numbers.Single()));
        });
        Start();
        await script;
    }

    [Fact]
    public async Task A_rewind_to_before_what_is_there_begins_with_what_is()
    {
        Append(0, 10);
        Task script = _server.Next(async peer =>
        {
            Hello hello = await peer.WelcomeAsync();
            await peer.ReceiveBatchesAsync(10);
            await peer.SendAsync(new Ack(hello.BootId, 4));
            await peer.SendAsync(new Rewind(1, 1));
            Assert.Equal(new(1, 5), await peer.ReceiveAsync<Continue>());
        });
        Start();
        await script;
    }

    [Fact]
    public async Task The_window_holds_back_what_is_not_saved()
    {
        Append(0, 10);
        Task script = _server.Next(async peer =>
        {
            Hello hello = await peer.WelcomeAsync(window: 3);
            await peer.ReceiveBatchesAsync(3);
            await AskAsync(peer);
            Assert.Equal(3, peer.Batches.Count);
            await peer.SendAsync(new Ack(hello.BootId, 1));
            await peer.ReceiveBatchesAsync(4);
            await AskAsync(peer);
            Assert.Equal(4, peer.Batches.Count);
        });
        Start();
        await script;

        // Were there another batch to send, it would come before the second of two answers.
        static async Task AskAsync(ScriptedServer.Peer peer)
        {
            for (int i = 0; i < 2; i++)
            {
                await peer.SendAsync(new Order { Kind = OrderKind.Pause });
                _ = await peer.ReceiveAsync<OrderResult>();
            }
        }
    }

    [Fact]
    public async Task Orders_are_answered_with_the_new_state_first()
    {
        _side.Orders = static order => order.Channel == "6" ? Task.FromResult<string?>(null) : throw new InvalidOperationException("no such channel");
        Task script = _server.Next(async peer =>
        {
            await peer.WelcomeAsync();
            await peer.SendAsync(new Order { Id = 7, Kind = OrderKind.SetChannel, Channel = "6" });
            List<EdgeMessageType> came = [];
            while (came.Count == 0 || came[^1] != EdgeMessageType.OrderResult)
            {
                came.Add(await peer.ReceiveAsync());
            }
            Assert.Equal([EdgeMessageType.Health, EdgeMessageType.OrderResult], came.TakeLast(2));
            await peer.SendAsync(new Order { Id = 8, Kind = OrderKind.SetChannel, Channel = "7" });
            Assert.Equal(new(8, "no such channel"), await peer.ReceiveAsync<OrderResult>());
        });
        Start();
        await script;
    }

    [Fact]
    public async Task Broken_connections_are_tried_again_after_growing_waits_that_are_never_the_same()
    {
        List<TimeSpan> waits = [];
        Task[] scripts = [.. Enumerable.Range(0, 12).Select(_ => _server.Next(500))];
        Start();
        for (int i = 0; i < scripts.Length; i++)
        {
            await scripts[i];
            waits.Add(await RetryAsync());
        }
        for (int i = 0; i < waits.Count; i++)
        {
            Assert.InRange(waits[i].TotalSeconds, 0, Math.Min(30, 0.5 * Math.Pow(2, i)));
        }
        Assert.Equal(waits.Count, waits.Distinct().Count());
        Assert.True(waits.Max() > TimeSpan.FromSeconds(5));
        Assert.Contains("answers 500; trying again in", _said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waits_are_short_again_once_something_was_saved()
    {
        Append(0, 1);
        Task[] scripts = [.. Enumerable.Range(0, 8).Select(_ => _server.Next(500))];
        Task saving = _server.Next(async peer =>
        {
            Hello hello = await peer.WelcomeAsync();
            await peer.SendAsync(new Ack(hello.BootId, 1));
            await peer.SendAsync(new Bye(ByeReason.Stopping, ""));
        });
        Start();
        foreach (Task script in scripts)
        {
            await script;
            await RetryAsync();
        }
        await saving;
        Assert.InRange(await RetryAsync(), TimeSpan.Zero, TimeSpan.FromSeconds(0.5));
    }

    [Theory]
    [InlineData(401, null, "asks for an ingest key (401)")]
    [InlineData(401, "wrong", "does not admit this key (401)")]
    [InlineData(403, "wrong", "does not admit this key (403)")]
    [InlineData(404, null, "does not exist (404)")]
    public async Task What_only_a_human_can_mend_is_said_and_tried_again_slowly(int status, string? key, string text)
    {
        Task script = _server.Next(status);
        Start(key);
        await script;
        Assert.InRange(await RetryAsync(), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));
        Assert.Contains(" fail fake: ", _said.ToString(), StringComparison.Ordinal);
        Assert.Contains(text, _said.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ByeReason.Refused, "the server refuses this source (it is full)")]
    [InlineData(ByeReason.Protocol, "the server does not understand this agent; is it of the same version? (it is full)")]
    public async Task A_server_that_refuses_a_source_is_tried_again_slowly(ByeReason reason, string text)
    {
        Task script = _server.Next(async peer =>
        {
            await peer.WelcomeAsync();
            await peer.SendAsync(new Bye(reason, "it is full"));
        });
        Start();
        await script;
        Assert.InRange(await RetryAsync(), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));
        Assert.Contains(text, _said.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429, "17", 17)]
    [InlineData(503, "3", 3)]
    [InlineData(429, null, 0)]
    [InlineData(429, "soon", 0)]
    [InlineData(429, "999999", 3600)]
    public async Task A_server_that_asks_for_a_pause_gets_it_and_a_little_more(int status, string? retryAfter, int seconds)
    {
        Task script = _server.Next(status, retryAfter);
        Start();
        await script;
        Assert.InRange(await RetryAsync(), TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds + 0.5));
    }

    [Fact]
    public async Task Superseded_once_it_comes_back_soon_and_twice_late()
    {
        Task first = _server.Next(SupersedeAsync);
        Task second = _server.Next(SupersedeAsync);
        Start();
        await first;
        Assert.InRange(await RetryAsync(), TimeSpan.Zero, TimeSpan.FromSeconds(0.5));
        await second;
        Assert.InRange(await RetryAsync(), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));
        Assert.Contains("another agent with this UUID", _said.ToString(), StringComparison.Ordinal);

        static async Task SupersedeAsync(ScriptedServer.Peer peer)
        {
            await peer.WelcomeAsync();
            await peer.SendAsync(new Bye(ByeReason.Superseded, ""));
        }
    }

    [Fact]
    public async Task A_server_that_knows_a_later_life_gets_all_of_it_under_a_new_one()
    {
        Append(0, 3);
        ulong later = _spool.BootId + 5_000;
        Task first = _server.Next(peer => peer.WelcomeAsync(later, 90));
        Task second = _server.Next(async peer =>
        {
            Hello hello = await peer.WelcomeAsync(later, 90);
            Assert.True(hello.BootId > later);
            await peer.ReceiveBatchesAsync(3);
            Assert.Equal(Expected(1, 3), peer.Batches.Select(static b => (b.Sequence, b.Numbers.Single())));
            Assert.Equal(hello.BootId, peer.LastHeader.BootId);
            await peer.SendAsync(new Ack(hello.BootId, 3));
        });
        Start();
        await first;
        await second;
    }

    [Fact]
    public async Task A_spool_whose_end_the_disk_lost_does_not_use_its_numbers_twice()
    {
        // The server has seen 9 batches of this life; we come up with 5 of them, and 2 new ones under numbers that it knows.
        Append(0, 5);
        _spool.Dispose();
        _spool = Spool.Open(new() { Folder = _folder.Path, SegmentBytes = 1024, MaxBytes = 64 << 10 }, _time);
        _side = new(_spool);
        ulong boot = _spool.BootId;
        Append(100, 2);
        Task first = _server.Next(peer => peer.WelcomeAsync(boot, 9));
        Task second = _server.Next(async peer =>
        {
            Hello hello = await peer.WelcomeAsync(boot, 9);
            Assert.True(hello.BootId > boot);
            await peer.ReceiveBatchesAsync(2);
            Assert.Equal([100, 101], peer.Batches.Select(static b => b.Numbers.Single()));
        });
        Start();
        await first;
        await second;
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_left()
    {
        Task script = _server.Next(async peer =>
        {
            Assert.Equal(EdgeMessageType.Hello, await peer.ReceiveAsync());
            _time.Advance(TimeSpan.FromSeconds(15));
            await Assert.ThrowsAnyAsync<Exception>(peer.ReceiveAsync);
        });
        Start();
        await script;
        Assert.Contains("did not answer within 15 s", await SaidAfterRetryAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_of_a_newer_server_are_passed_over()
    {
        Append(0, 1);
        Task script = _server.Next(async peer =>
        {
            byte[] unknown = MessageWriter.Frame(new Ack(1, 2));
            EdgeFrame.Seal(unknown, (EdgeMessageType)77);
            _ = await peer.ReceiveAsync<Hello>();
            await peer.SendAsync(unknown);
            byte[] longer = [.. MessageWriter.Frame(new Welcome(3, 0, 0, 1000, int.MaxValue)), 1, 2, 3];
            EdgeFrame.Seal(longer, EdgeMessageType.Welcome);
            await peer.SendAsync(longer);
            await peer.ReceiveBatchesAsync(1);
            await peer.SendAsync(unknown);
            await peer.SendAsync(new Order { Id = 7, Kind = OrderKind.Pause });
            _ = await peer.ReceiveAsync<OrderResult>();
        });
        Start();
        await script;
        Assert.Contains("2 messages of", await SaidAfterRetryAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_was_heard_of_every_few_seconds_and_then_no_more_is_left_within_20_s()
    {
        Task script = _server.Next(async peer =>
        {
            Task watching = _time.WaitOf(static wait => wait == TimeSpan.FromSeconds(2));
            Hello hello = await peer.WelcomeAsync(ackSeconds: 5);
            await watching;
            _time.Advance(TimeSpan.FromSeconds(14));
            await peer.SendAsync(new Ack(hello.BootId, 0));
            await peer.SendAsync(new Order { Kind = OrderKind.Pause });
            _ = await peer.ReceiveAsync<OrderResult>();
            // It waits for the next message already: its answer was made by another task than the one that reads.
            _time.Advance(TimeSpan.FromSeconds(14));
            await peer.SendAsync(new Order { Kind = OrderKind.Pause });
            _ = await peer.ReceiveAsync<OrderResult>();
            for (int i = 0; i < 10; i++)
            {
                _time.Advance(TimeSpan.FromSeconds(2));
            }
            await Assert.ThrowsAnyAsync<Exception>(async () =>
            {
                while (true)
                {
                    _ = await peer.ReceiveAsync();
                }
            });
        });
        Start();
        await script;
        Assert.Contains("nothing was heard of the server for 15 s", await SaidAfterRetryAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_from_before_such_signs_is_not_left_for_saying_nothing()
    {
        Task script = _server.Next(async peer =>
        {
            Task watching = _time.WaitOf(static wait => wait == TimeSpan.FromSeconds(2));
            await peer.WelcomeAsync();
            await watching;
            _time.Advance(TimeSpan.FromSeconds(50));
            await peer.SendAsync(new Order { Kind = OrderKind.Pause });
            _ = await peer.ReceiveAsync<OrderResult>();
        });
        Start();
        await script;
    }

    [Fact]
    public async Task A_server_that_talks_nonsense_is_left()
    {
        Task script = _server.Next(async peer =>
        {
            await peer.WelcomeAsync();
            await peer.SendAsync(new byte[] { 1, 2, 3 });
            await Assert.ThrowsAnyAsync<Exception>(async () =>
            {
                while (true)
                {
                    _ = await peer.ReceiveAsync();
                }
            });
        });
        Start();
        await script;
        Assert.Contains("a message of 3 bytes is shorter than its header", await SaidAfterRetryAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Told_to_stop_it_says_so_to_the_server()
    {
        Task script = _server.Next(async peer =>
        {
            await peer.WelcomeAsync();
            _ = await peer.ReceiveAsync<Continue>();
            await _stop.CancelAsync();
            Assert.Equal(ByeReason.Stopping, (await peer.ReceiveAsync<Bye>()).Reason);
        });
        Start();
        await script;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
    }

    private void Append(int first, int count)
    {
        for (int i = first; i < first + count; i++)
        {
            Assert.True(_spool.Append(SamplePackets.Collected(i, 1), default));
        }
    }

    private void Start(string? key = null, JoinedKey? joined = null)
    {
        SensorLink link = new(new([_server.Address], key) { Joined = joined }, _side, _spool, new(_said, _time), _time, new(42));
        _running = Task.Run(() => link.RunAsync(_stop.Token));
    }

    // Waits until the link waits for its next attempt, and lets that time go by.
    private async Task<TimeSpan> RetryAsync()
    {
        TimeSpan wait = await _time.WaitOf(static wait => !s_known.Contains(wait.TotalSeconds)).WaitAsync(TimeSpan.FromSeconds(30));
        _time.Advance(wait);
        return wait;
    }

    private async Task<string> SaidAfterRetryAsync()
    {
        await RetryAsync();
        return _said.ToString();
    }

    private static IEnumerable<(ulong, int)> Expected(int first, int count) =>
        Enumerable.Range(first, count).Select(static sequence => ((ulong)sequence, sequence - 1));
}
