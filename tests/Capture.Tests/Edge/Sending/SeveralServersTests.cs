using System.Globalization;
using System.Net;
using System.Net.Sockets;
using KismetOrleans.Capture.Edge.Sending;
using KismetOrleans.Capture.Edge.Spooling;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Packets.Tests;

namespace KismetOrleans.Capture.Tests.Edge.Sending;

/// <summary>One source's link with two servers that are one name's addresses: it goes to the other when one fails, and back to its own when that is there again.</summary>
public sealed class SeveralServersTests : IAsyncLifetime
{
    private static readonly IPAddress[] s_addresses = [IPAddress.Parse("127.0.0.1"), IPAddress.Parse("127.0.0.2")];
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly StringWriter _said = new(CultureInfo.InvariantCulture);
    private readonly CancellationTokenSource _stop = new();
    private ScriptedServer _own = null!;
    private ScriptedServer _other = null!;
    private Uri _name = null!;
    private Spool _spool = null!;
    private FakeSide _side = null!;
    private Task _running = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        ScriptedServer first = await ScriptedServer.StartAsync();
        ScriptedServer second = await ScriptedServer.StartAsync($"127.0.0.2:{first.Address.Port}");
        _name = new($"http://servers.test:{first.Address.Port}");
        ServerHost[] order = await ServerHost.ResolveAsync([_name], FakeSide.Uuid, Resolve, default);
        (_own, _other) = order[0].Address!.Equals(s_addresses[0]) ? (first, second) : (second, first);
        _spool = Spool.Open(new() { Folder = _folder.Path, SegmentBytes = 1024, MaxBytes = 64 << 10 }, _time);
        _side = new(_spool);
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ContinueWith(static _ => { }, TaskScheduler.Default);
        await _own.DisposeAsync();
        await _other.DisposeAsync();
        _spool.Dispose();
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task When_its_server_breaks_off_it_is_at_the_other_within_half_a_second()
    {
        Task<Hello> first = ServeAsync(_own, static peer =>
        {
            peer.Abort();
            return Task.CompletedTask;
        });
        Task<Hello> second = ServeAsync(_other);
        Start();
        await first;
        Assert.InRange(await RetryAsync(), TimeSpan.Zero, TimeSpan.FromSeconds(0.5));
        Assert.Equal(FakeSide.Uuid, (await second).Uuid);
    }

    [Fact]
    public async Task A_server_that_has_no_time_is_passed_over_at_once()
    {
        Task full = _own.Next(503, "60");
        Task<Hello> second = ServeAsync(_other);
        Start();
        await full;
        await second;
        Assert.Contains("is not ready (503)", _said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_hangs_is_passed_over_after_2_s()
    {
        IPEndPoint at = new(IPAddress.Parse(_own.Address.Host), _own.Address.Port);
        await _own.DisposeAsync();
        using TcpListener hung = new(at);
        hung.Start();
        Task<Hello> second = ServeAsync(_other);
        Start();
        using TcpClient knock = await hung.AcceptTcpClientAsync();
        _time.Advance(TimeSpan.FromSeconds(2));
        await second;
        Assert.Contains("does not answer", _said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_goes_back_to_its_own_server_once_that_is_there_again()
    {
        Append(3);
        Task away = _own.Next(503, "1");
        Task<Hello> first = ServeAsync(_other, async peer =>
        {
            await peer.ReceiveBatchesAsync(3);
            await peer.SendAsync(new Ack(_spool.BootId, 2));
            Task<Hello> back = ServeAsync(_own, async own =>
            {
                // What the server has not said that it saved comes again.
                await own.ReceiveBatchesAsync(1);
                Assert.Equal(3UL, own.Batches.Single().Sequence);
            }, saved: 2);
            // Nobody is told when it has read the acknowledgement; the batch that is saved is gone from its window.
            while (_spool.FirstFrom(0) != 3)
            {
                await Task.Delay(5);
            }
            TimeSpan wait = await _time.WaitOf(static wait => wait > TimeSpan.FromSeconds(29)).WaitAsync(TimeSpan.FromSeconds(30));
            Assert.InRange(wait, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(90));
            _time.Advance(wait);
            // It says farewell here before it speaks there.
            Assert.Equal(ByeReason.Stopping, (await peer.ReceiveAsync<Bye>()).Reason);
            await back;
        });
        Start();
        await away;
        await first;
    }

    [Fact]
    public async Task When_no_server_takes_it_all_are_named_and_tried_again()
    {
        Task[] refused = [_own.Next(500), _other.Next(503, "7")];
        Task<Hello> again = ServeAsync(_own);
        Start();
        await Task.WhenAll(refused);
        await RetryAsync();
        await again;
        Assert.Matches("answers 500; .* is not ready \\(503\\); trying again in", _said.ToString());
    }

    private async Task<Hello> ServeAsync(ScriptedServer server, Func<ScriptedServer.Peer, Task>? then = null, ulong saved = 0)
    {
        Hello came = default!;
        await server.Next(async peer =>
        {
            came = await peer.WelcomeAsync(saved > 0 ? _spool.BootId : 0, saved);
            await (then?.Invoke(peer) ?? Task.CompletedTask);
        });
        return came;
    }

    private void Append(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.True(_spool.Append(SamplePackets.Collected(i, 1), default));
        }
    }

    private void Start()
    {
        SensorLink link = new(new([_name], null), _side, _spool, new(_said, _time), _time, new(42)) { Resolve = Resolve };
        _running = Task.Run(() => link.RunAsync(_stop.Token));
    }

    private async Task<TimeSpan> RetryAsync()
    {
        TimeSpan wait = await _time.WaitOf(static wait => wait < TimeSpan.FromSeconds(1)).WaitAsync(TimeSpan.FromSeconds(30));
        _time.Advance(wait);
        return wait;
    }

    private static Task<IPAddress[]> Resolve(string name, CancellationToken cancellation) => Task.FromResult(s_addresses);
}
