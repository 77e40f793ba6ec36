using System.Net;
using System.Net.WebSockets;

namespace KismetOrleans.Api.Tests.Events;

/// <summary>Who may open websockets, with what, and until when.</summary>
public sealed class SocketLoginTests
{
    private const string Events = "/eventbus/events.ws";

    [Theory]
    [InlineData("/eventbus/events.ws", "readonly", null)]
    [InlineData("/eventbus/events.ws", "admin", null)]
    [InlineData("/eventbus/events.ws", "scanreport", HttpStatusCode.Forbidden)]
    [InlineData("/devices/monitor.ws", "readonly", null)]
    [InlineData("/devices/views/all/monitor.ws", "WEBGPS", HttpStatusCode.Forbidden)]
    [InlineData("/gps/web/update.ws", "WEBGPS", null)]
    [InlineData("/gps/meta/car/update.ws", "admin", null)]
    [InlineData("/gps/meta/car/update.ws", "readonly", HttpStatusCode.Forbidden)]
    [InlineData("/debug/echo.ws", "admin", null)]
    [InlineData("/debug/echo.ws", "readonly", HttpStatusCode.Forbidden)]
    public async Task A_key_of_the_right_role_opens(string path, string role, HttpStatusCode? refusal)
    {
        await using TestServer server = await TestServer.StartAsync("--Auth:Reads", "login");
        string address = $"{path}?KISMET={await NewKeyAsync(server, role)}";
        if (refusal is { } status)
        {
            Assert.Equal(status, await SocketClient.RefusedAsync(server, address, static _ => { }));
        }
        else
        {
            using SocketClient client = await SocketClient.OpenAsync(server, address, static _ => { });
            Assert.Equal(WebSocketState.Open, client.Socket.State);
        }
        Assert.Equal(HttpStatusCode.Unauthorized, await SocketClient.RefusedAsync(server, path, static _ => { }));
    }

    [Fact]
    public async Task Every_form_of_login_opens()
    {
        await using TestServer server = await TestServer.StartAsync("--Auth:Reads", "login");
        using HttpResponseMessage login = await server.Client.GetAsync("/session/check_login");
        string cookie = login.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        (string Path, string? Header, string? Value)[] forms =
        [
            (Events, "Cookie", cookie),
            (Events, "Authorization", Requests.Login.ToString()),
            (Events + "?user=kismet&password=kismet", null, null),
        ];
        foreach ((string path, string? header, string? value) in forms)
        {
            using SocketClient client = await SocketClient.OpenAsync(server, path, options =>
            {
                if (header is not null)
                {
                    options.SetRequestHeader(header, value);
                }
            });
            await client.SubscribeAsync("TIMESTAMP");
            Assert.NotNull(await client.ReceiveAsync());
        }
        Assert.Equal(HttpStatusCode.Unauthorized, await SocketClient.RefusedAsync(server, Events + "?user=kismet&password=wrong", static _ => { }));
    }

    [Fact]
    public async Task A_socket_ends_with_its_key()
    {
        await using TestServer server = await TestServer.StartAsync("--Auth:Reads", "login");
        string key = await NewKeyAsync(server, "readonly");
        using SocketClient client = await SocketClient.OpenAsync(server, $"{Events}?KISMET={key}", static _ => { });
        await client.SubscribeAsync("TIMESTAMP");
        Assert.NotNull(await client.ReceiveAsync());
        (await server.Client.CommandAsync("/auth/apikey/revoke.cmd", """{"name":"sockets"}""")).Ok();
        Exception end = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            while (await client.ReceiveAsync() is not null)
            {
            }
            throw new WebSocketException("closed");
        });
        Assert.False(end is OperationCanceledException, "it goes on");
    }

    [Fact]
    public async Task Pages_from_elsewhere_may_not_with_what_a_browser_knows_by_itself()
    {
        await using TestServer server = await TestServer.StartAsync();
        Assert.Equal(HttpStatusCode.Forbidden, await SocketClient.RefusedAsync(server, Events, static options => options.SetRequestHeader("Origin", "https://elsewhere.example")));
        Assert.Equal(HttpStatusCode.Forbidden, await SocketClient.RefusedAsync(server, Events, static options => options.SetRequestHeader("Origin", "null")));
        Assert.Equal(HttpStatusCode.Forbidden, await SocketClient.RefusedAsync(server, Events, static options => options.SetRequestHeader("Origin", "http://127.0.0.1:1")));
        using SocketClient own = await SocketClient.OpenAsync(
            server, Events, options => options.SetRequestHeader("Origin", server.Address.GetLeftPart(UriPartial.Authority)));
        string key = await NewKeyAsync(server, "readonly");
        using SocketClient keyed = await SocketClient.OpenAsync(
            server, $"{Events}?KISMET={key}", static options => options.SetRequestHeader("Origin", "https://elsewhere.example"));
        Assert.Equal((WebSocketState.Open, WebSocketState.Open), (own.Socket.State, keyed.Socket.State));
    }

    [Fact]
    public async Task There_are_only_so_many_and_only_websockets()
    {
        await using TestServer server = await TestServer.StartAsync("--Events:MaxSockets", "2");
        using SocketClient first = await SocketClient.OpenAsync(server, Events);
        using (SocketClient second = await SocketClient.OpenAsync(server, "/devices/monitor.ws"))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, await SocketClient.RefusedAsync(server, Events, static _ => { }));
            await second.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", second.Patience);
        }
        Answer plain = await server.Client.AskAsync(Events);
        plain.Error(HttpStatusCode.UpgradeRequired, "Invalid request: this path is for websockets");
    }

    private static async Task<string> NewKeyAsync(TestServer server, string role) =>
        (await server.Client.CommandAsync("/auth/apikey/generate.cmd", $$"""{"name":"sockets","role":"{{role}}","duration":0}""")).Ok().Body;
}
