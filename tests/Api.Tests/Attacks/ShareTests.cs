using System.Net;
using System.Net.Sockets;
using System.Text;
using KismetOrleans.Api.Ingest;
using KismetOrleans.Api.Tests.Events;
using KismetOrleans.Api.Tests.Streams;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Silo.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KismetOrleans.Api.Tests.Attacks;

/// <summary>One caller does not take what is for all: streams, websockets, connections, memory.</summary>
public sealed class ShareTests
{
    private const string All = "/pcap/all_packets.pcapng";
    private const string Events = "/eventbus/events.ws";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Streams_have_a_share_for_each_caller()
    {
        await using TestServer server = await TestServer.StartAsync("--Streams:MaxOpenEach", "2");
        string key = await KeyAsync(server);
        using PcapngClient first = await PcapngClient.OpenAsync(server, All);
        using (PcapngClient second = await PcapngClient.OpenAsync(server, All))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, (await server.Client.AskAsync(All)).Status);
            using HttpResponseMessage other = await server.Anonymous.GetAsync($"{All}?KISMET={key}", HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(HttpStatusCode.OK, other.StatusCode);
            (await server.Client.AskAsync("/streams/by-id/2/close_stream.cmd")).Ok();
            await second.ReadToEndAsync();
        }
        using PcapngClient next = await PcapngClient.OpenAsync(server, All);
    }

    [Fact]
    public async Task Websockets_have_a_share_for_each_caller()
    {
        await using TestServer server = await TestServer.StartAsync("--Events:MaxSocketsEach", "1");
        string key = await KeyAsync(server);
        using SocketClient first = await SocketClient.OpenAsync(server, Events);
        Assert.Equal(HttpStatusCode.TooManyRequests, await SocketClient.RefusedAsync(server, Events, static options => options.SetRequestHeader("Authorization", Requests.Login.ToString())));
        using SocketClient other = await SocketClient.OpenAsync(server, $"{Events}?KISMET={key}", static _ => { });
        Assert.Equal(System.Net.WebSockets.WebSocketState.Open, other.Socket.State);
    }

    [Fact]
    public async Task The_administrator_has_places_of_his_own_beside_those_who_share_his_address()
    {
        await using TestServer server = await TestServer.StartAsync("--Events:MaxSocketsEach", "1", "--Streams:MaxOpenEach", "1");
        using SocketClient anybody = await SocketClient.OpenAsync(server, Events, static _ => { });
        Assert.Equal(HttpStatusCode.TooManyRequests, await SocketClient.RefusedAsync(server, Events, static _ => { }));
        using SocketClient administrator = await SocketClient.OpenAsync(server, Events);
        Assert.Equal(System.Net.WebSockets.WebSocketState.Open, administrator.Socket.State);
        using HttpResponseMessage stream = await server.Anonymous.GetAsync(All, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
        using PcapngClient own = await PcapngClient.OpenAsync(server, All);
    }

    [Theory]
    [InlineData(Events)]
    [InlineData("/devices/monitor.ws")]
    public async Task What_a_client_sends_for_nothing_fills_no_log(string path)
    {
        Lines log = new();
        await using TestServer server = await TestServer.StartAsync("--Logging:LogLevel:Default=None", "--Logging:LogLevel:Events=Information");
        server.App.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        using SocketClient socket = await SocketClient.OpenAsync(server, path);
        for (int i = 0; i < 200; i++)
        {
            await socket.SendAsync($"nonsense {i}");
        }
        await socket.Socket.CloseAsync(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, null, socket.Patience);
        Assert.Equal(10, log.Count);
    }

    [Fact]
    public async Task Logs_take_no_readers_place()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ko-share-");
        await using (TestServer server = await TestServer.StartAsync("--Streams:MaxOpen", "1", "--Log:Types", "pcapng", "--Log:Prefix", folder.FullName))
        {
            using PcapngClient reader = await PcapngClient.OpenAsync(server, All);
            Assert.Equal(HttpStatusCode.TooManyRequests, (await server.Client.AskAsync(All)).Status);
            (await server.Client.CommandAsync("/logging/by-class/kismet/start.cmd", """{"title":"second"}""")).Ok();
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_a_sender_announces_costs_him_nothing_until_it_comes()
    {
        MemoryBudget budget = new(1 << 20);
        System.IO.Pipelines.Pipe pipe = new();
        DefaultHttpContext http = new();
        http.Request.ContentLength = 400_000;
        http.Request.Body = pipe.Reader.AsStream();
        Task<IngestBody> reading = IngestBody.ReadAsync(http.Request, 10 << 20, budget).AsTask();
        Assert.InRange(budget.Taken, 1, 8 * 1024);
        byte[] part = new byte[1000];
        for (int i = 0; i < 400; i++)
        {
            _ = await pipe.Writer.WriteAsync(part);
        }
        await pipe.Writer.CompleteAsync();
        using (IngestBody body = await reading.WaitAsync(s_patience))
        {
            Assert.Equal(400_000, body.Length);
            Assert.InRange(budget.Taken, 400_000, 800_000);
        }
        Assert.Equal(0, budget.Taken);
    }

    [Fact]
    public async Task Two_hundred_slow_senders_hold_next_to_nothing_and_are_cut()
    {
        await using TestServer server = await TestServer.StartAsync();
        MemoryBudget budget = server.App.Services.GetRequiredService<MemoryBudget>();
        List<TcpClient> senders = [];
        try
        {
            byte[] request = Encoding.ASCII.GetBytes(
                "POST /phy/phy80211/scan/scan_report.cmd HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 400000\r\n\r\n{");
            for (int i = 0; i < 200; i++)
            {
                TcpClient sender = new();
                senders.Add(sender);
                await sender.ConnectAsync(IPAddress.Loopback, server.Address.Port);
                await sender.GetStream().WriteAsync(request);
            }
            long most = 0;
            foreach (TcpClient sender in senders)
            {
                most = Math.Max(most, budget.Taken);
                // Until the server has had enough of it: an answer or none, and the end.
                using CancellationTokenSource patience = new(s_patience);
                byte[] answer = new byte[4096];
                try
                {
                    while (await sender.GetStream().ReadAsync(answer, patience.Token) > 0)
                    {
                    }
                }
                catch (IOException)
                {
                    // Reset, which is an end, too.
                }
            }
            Assert.InRange(most, 1, 200 * 8 * 1024);
        }
        finally
        {
            senders.ForEach(static sender => sender.Dispose());
        }
        Assert.Equal(200, (int)(await server.Client.AskAsync("/system/status.json")).Status);
    }

    [Fact]
    public void Connections_have_a_share_for_each_address_but_for_proxies()
    {
        (IPAddress one, IPAddress other, IPAddress proxy) = (IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2"), IPAddress.Parse("10.1.2.3"));
        ConnectionCount count = new(new() { Most = 6, Each = 2 }, [System.Net.IPNetwork.Parse("10.0.0.0/8")]);
        Assert.True(count.TryEnter(one) && count.TryEnter(one) && !count.TryEnter(one));
        Assert.True(count.TryEnter(other) && count.TryEnter(proxy) && count.TryEnter(proxy) && count.TryEnter(proxy));
        Assert.False(count.TryEnter(other));
        count.Leave(one);
        Assert.Equal(5, count.Open);
        (IPAddress six, IPAddress neighbour) = (IPAddress.Parse("2001:db8::1"), IPAddress.Parse("2001:db8::ffff:2"));
        ConnectionCount networks = new(new() { Most = 9, Each = 2 }, []);
        Assert.True(networks.TryEnter(six) && networks.TryEnter(neighbour) && !networks.TryEnter(IPAddress.Parse("2001:db8::3")) && networks.TryEnter(IPAddress.Parse("2001:db8:0:1::3")));
        Assert.True(count.TryEnter(other));
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _ = Interlocked.Add(ref _count, formatter(state, exception).Contains("was ignored", StringComparison.Ordinal) ? 1 : 0);

        public void Dispose()
        {
        }
    }

    private static async Task<string> KeyAsync(TestServer server) =>
        (await server.Client.CommandAsync("/auth/apikey/generate.cmd", """{"name":"reader","role":"readonly","duration":0}""")).Ok().Body;
}
