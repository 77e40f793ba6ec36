using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Api.Tests.Events;

/// <summary>What becomes of a sensor's source is told as it happens, in order.</summary>
public sealed class SensorEventTests
{
    private static readonly Guid s_uuid = Guid.Parse("5FE308BD-0000-0000-0000-0000AABB0007");

    [Fact]
    public async Task Each_state_of_a_source_has_its_event()
    {
        await using TestServer server = await TestServer.StartAsync();
        using SocketClient client = await SocketClient.OpenAsync(server, "/eventbus/events.ws");
        await client.SendAsync("""{"SUBSCRIBE":"NEW_DATASOURCE","fields":["kismet.datasource.uuid"]}""");
        await client.SubscribeAsync("DATASOURCE_OPENED", "DATASOURCE_CLOSED", "DATASOURCE_ERROR", "DATASOURCE_PAUSED", "DATASOURCE_RESUMED");
        await client.UntilSeenAsync(server);
        ClientWebSocket socket = new();
        await socket.ConnectAsync(new($"ws://127.0.0.1:{server.Address.Port}{EdgeProtocol.Path}"), client.Patience);
        using MessageSocket sensor = new(socket, EdgeProtocol.MaxFrameBytes);
        await sensor.SendAsync(new Hello { Uuid = s_uuid, BootId = 1, FirstSequence = 1, LinkType = 105, Name = "lobby" }, client.Patience);
        // The directory tells the first and the source the second: in a cluster from two silos, which do not wait for each other.
        Assert.Equal(["DATASOURCE_OPENED", "NEW_DATASOURCE"], new[] { await NextAsync(client), await NextAsync(client) }.Order());
        // What only a newer server knows is passed over.
        byte[] unknown = MessageWriter.Frame(new OrderResult(1, ""));
        EdgeFrame.Seal(unknown, (EdgeMessageType)77);
        await sensor.SendAsync(unknown, client.Patience);
        foreach ((Health health, string topic) in ((Health, string)[])
        [
            (new() { Running = true, Paused = true }, "DATASOURCE_PAUSED"),
            (new() { Running = true }, "DATASOURCE_RESUMED"),
            (new() { Running = true, Error = "the antenna fell off" }, "DATASOURCE_ERROR"),
            (new() { Error = Health.Disabled }, "DATASOURCE_CLOSED"),
            (new() { Running = true }, "DATASOURCE_OPENED"),
        ])
        {
            await sensor.SendAsync(health, client.Patience);
            await ToldAsync(client, topic);
        }
        await sensor.SendAsync(new Bye(ByeReason.Stopping, ""), client.Patience);
        await ToldAsync(client, "DATASOURCE_CLOSED");
    }

    [Fact]
    public async Task An_agent_hears_of_its_server_while_nothing_is_new_and_is_given_up_when_it_says_nothing()
    {
        await using TestServer server = await TestServer.StartAsync();
        using SocketClient client = await SocketClient.OpenAsync(server, "/eventbus/events.ws");
        await client.SubscribeAsync("DATASOURCE_OPENED", "DATASOURCE_ERROR");
        await client.UntilSeenAsync(server);
        ClientWebSocket socket = new();
        await socket.ConnectAsync(new($"ws://127.0.0.1:{server.Address.Port}{EdgeProtocol.Path}"), client.Patience);
        using MessageSocket sensor = new(socket, EdgeProtocol.MaxFrameBytes);
        await sensor.SendAsync(new Hello { Uuid = s_uuid, BootId = 1, FirstSequence = 1, LinkType = 105, Name = "lobby" }, client.Patience);
        Stopwatch clock = Stopwatch.StartNew();
        await ToldAsync(client, "DATASOURCE_OPENED");
        List<EdgeMessageType> came = [];
        try
        {
            while (!came.Contains(EdgeMessageType.Bye))
            {
                ReadOnlyMemory<byte> message = await sensor.ReceiveAsync(client.Patience);
                Assert.True(EdgeFrame.TryOpen(message.Span, out EdgeMessageType type, out _, out _));
                came.Add(type);
            }
        }
        catch (WebSocketException)
        {
            // The server does not wait for somebody who says nothing: its farewell may be lost with the connection.
        }
        Assert.Equal([EdgeMessageType.Welcome, EdgeMessageType.Ack, EdgeMessageType.Ack], came.Take(3));
        Assert.InRange(clock.Elapsed.TotalSeconds, 14, 22);
        await ToldAsync(client, "DATASOURCE_ERROR");
        // A cluster's list of sources is a second or two old.
        string sources;
        do
        {
            sources = await server.Client.GetStringAsync("/datasource/all_sources.json");
        }
        while (!sources.Contains("nothing was heard of the agent for 15 s", StringComparison.Ordinal) && clock.Elapsed < TimeSpan.FromSeconds(40));
        Assert.Contains("nothing was heard of the agent for 15 s", sources, StringComparison.Ordinal);
    }

    private static async Task ToldAsync(SocketClient client, string topic) => Assert.Equal(topic, await NextAsync(client));

    // The topic of the next event of the source; devices that were posted may still be on their way.
    private static async Task<string> NextAsync(SocketClient client)
    {
        string uuid = s_uuid.ToString().ToUpperInvariant();
        while (true)
        {
            JsonProperty content = (await client.ReceiveJsonAsync()).EnumerateObject().Single();
            string? about = content.Value.ValueKind == JsonValueKind.String ? content.Value.GetString()
                : content.Value.TryGetProperty("kismet.datasource.uuid", out JsonElement source) ? source.GetString()
                : null;
            if (about == uuid)
            {
                return content.Name;
            }
        }
    }
}
