using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Events;

/// <summary>A client that does not read holds up nobody, costs no more than its queue, and is not kept for ever.</summary>
public sealed class SlowClientTests
{
    private const string Events = "/eventbus/events.ws";

    [Fact]
    public async Task It_loses_its_own_events_others_get_all_and_everybody_is_told()
    {
        await using TestServer server = await TestServer.StartAsync("--Events:QueueEvents", "64");
        using SocketClient slow = await SocketClient.OpenAsync(server, Events);
        using SocketClient quick = await SocketClient.OpenAsync(server, Events);
        await slow.SendAsync("""{"SUBSCRIBE":"NEW_DEVICE","format":"prettyjson"}""");
        await quick.UntilSeenAsync(server);
        // More than the system keeps for a connection: some ten megabytes.
        for (int round = 0; round < 60; round++)
        {
            // Forty at a time, and not before those are read: what a client that reads may have waiting is bounded as well.
            HashSet<string> missing = [.. Enumerable.Range(0, 40).Select(i => $"02:DD:00:{round:X2}:00:{i:X2}")];
            await SocketClient.PostAsync(server, [.. missing]);
            while (missing.Count > 0)
            {
                JsonElement happened = await quick.EventAsync("NEW_DEVICE");
                _ = missing.Remove(happened.GetProperty("NEW_DEVICE").Text("kismet.device.base.macaddr"));
            }
        }
        slow.Socket.Abort();
        string? told = null;
        while (told is null)
        {
            quick.Patience.ThrowIfCancellationRequested();
            told = (await server.Client.AskAsync("/messagebus/all_messages.json")).List.Select(static m => m.Text("kismet.messagebus.message_string"))
                .FirstOrDefault(static text => text.Contains("reads too slowly", StringComparison.Ordinal));
        }
        Assert.Matches("^Live events: [^ ]+ reads too slowly, [1-9][0-9]* of its events were dropped$", told);
    }

    [Fact]
    public async Task One_that_answers_no_ping_makes_room()
    {
        await using TestServer server = await TestServer.StartAsync("--Events:MaxSockets", "1", "--Events:PingEvery", "00:00:00.2", "--Events:PongWithin", "00:00:00.2");
        // By hand: clients of the framework answer pings by themselves.
        using TcpClient dead = new();
        await dead.ConnectAsync(server.Address.Host, server.Address.Port);
        await dead.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {Events} HTTP/1.1\r\nHost: {server.Address.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"));
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        byte[] buffer = new byte[4096];
        int first = await dead.GetStream().ReadAsync(buffer, patience.Token);
        Assert.StartsWith("HTTP/1.1 101 ", Encoding.ASCII.GetString(buffer, 0, first), StringComparison.Ordinal);
        // Pings, and then its end.
        try
        {
            while (await dead.GetStream().ReadAsync(buffer, patience.Token) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Cut.
        }
        SocketClient? next = null;
        while (next is null)
        {
            try
            {
                next = await SocketClient.OpenAsync(server, Events);
            }
            catch (WebSocketException)
            {
                await Task.Delay(20, patience.Token);
            }
        }
        next.Dispose();
    }

    [Fact]
    public async Task A_server_that_stops_says_farewell()
    {
        TestServer server = await TestServer.StartAsync();
        using SocketClient events = await SocketClient.OpenAsync(server, Events);
        using SocketClient monitor = await SocketClient.OpenAsync(server, "/devices/monitor.ws");
        using SocketClient echo = await SocketClient.OpenAsync(server, "/debug/echo.ws");
        Task stopping = server.DisposeAsync().AsTask();
        foreach (SocketClient client in (SocketClient[])[events, monitor, echo])
        {
            Assert.Null(await client.ReceiveAsync());
            Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, client.Socket.CloseStatus);
            await client.Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", client.Patience);
        }
        await stopping.WaitAsync(TimeSpan.FromSeconds(60));
    }
}
