using System.Net;
using System.Net.WebSockets;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Api.Tests.Auth;

/// <summary>Sensors connect with a key of their role, for the sensor that it is bound to, for as long as it stands.</summary>
public sealed class SensorLoginTests
{
    private static readonly Guid s_lobby = Guid.Parse("5FE308BD-0000-0000-0000-0000AABB0001");

    [Theory]
    [InlineData("datasource", null)]
    [InlineData("admin", null)]
    [InlineData("readonly", HttpStatusCode.Forbidden)]
    [InlineData("scanreport", HttpStatusCode.Forbidden)]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    public async Task Only_a_key_of_their_role_opens(string? role, HttpStatusCode? refusal)
    {
        await using TestServer server = await TestServer.StartAsync();
        // There is a key now, so being on this machine is not enough.
        string key = await NewKeyAsync(server, role ?? "datasource", null);
        using ClientWebSocket socket = new();
        Task connected = ConnectAsync(server, socket, role is null ? "" : key);
        if (refusal is null)
        {
            await connected;
            Assert.Equal(WebSocketState.Open, socket.State);
            return;
        }
        await Assert.ThrowsAsync<WebSocketException>(() => connected);
        Assert.Equal(refusal, socket.HttpStatusCode);
    }

    [Fact]
    public async Task A_key_bound_to_a_sensor_feeds_no_other_and_ends_with_its_revocation()
    {
        await using TestServer server = await TestServer.StartAsync();
        string key = await NewKeyAsync(server, "datasource", s_lobby);
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        using (MessageSocket other = await HelloAsync(server, key, Guid.NewGuid()))
        {
            Assert.True(EdgeFrame.TryOpen((await other.ReceiveAsync(patience.Token)).Span, out EdgeMessageType refused, out ReadOnlySpan<byte> payload, out _));
            Assert.Equal(EdgeMessageType.Bye, refused);
            Assert.True(MessageReader.TryRead(payload, out Bye bye));
            Assert.Equal((ByeReason.Refused, "the key sensor is for another source"), (bye.Reason, bye.Text));
        }
        using MessageSocket lobby = await HelloAsync(server, key, s_lobby);
        Assert.True(EdgeFrame.TryOpen((await lobby.ReceiveAsync(patience.Token)).Span, out EdgeMessageType type, out _, out _));
        Assert.Equal(EdgeMessageType.Welcome, type);
        (await server.Client.CommandAsync("/auth/apikey/revoke.cmd", """{"name":"sensor"}""")).Ok();
        Exception end = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            while (!(await lobby.ReceiveAsync(patience.Token)).IsEmpty)
            {
            }
            throw new WebSocketException("closed");
        });
        Assert.False(end is OperationCanceledException, "it goes on");
    }

    private static async Task<MessageSocket> HelloAsync(TestServer server, string key, Guid uuid)
    {
        ClientWebSocket socket = new();
        await ConnectAsync(server, socket, key);
        MessageSocket messages = new(socket, EdgeProtocol.MaxFrameBytes);
        await messages.SendAsync(new Hello { Uuid = uuid, BootId = 1, FirstSequence = 1, LinkType = 105, Name = "lobby" }, CancellationToken.None);
        return messages;
    }

    private static Task ConnectAsync(TestServer server, ClientWebSocket socket, string key)
    {
        socket.Options.CollectHttpResponseDetails = true;
        if (key.Length > 0)
        {
            socket.Options.SetRequestHeader("Authorization", "Bearer " + key);
        }
        return socket.ConnectAsync(new($"ws://127.0.0.1:{server.Address.Port}{EdgeProtocol.Path}"), CancellationToken.None);
    }

    private static async Task<string> NewKeyAsync(TestServer server, string role, Guid? scope)
    {
        string bound = scope is null ? "" : $",\"scope\":\"{scope}\"";
        return (await server.Client.CommandAsync("/auth/apikey/generate.cmd", $$"""{"name":"sensor","role":"{{role}}","duration":0{{bound}}}""")).Ok().Body;
    }
}
