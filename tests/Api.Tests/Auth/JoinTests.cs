using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Api.Tests.Auth;

/// <summary>Sensors join over HTTP: a token is exchanged for a key of the sensor's own, which is renewed, and revoked by one command.</summary>
public sealed class JoinTests
{
    private const string Generate = "/auth/jointoken/generate.json";
    private const string Revoke = "/auth/jointoken/revoke.cmd";
    private const string List = "/auth/jointoken/list.json";
    private const string Join = "/auth/join.json";
    private const string Renew = "/auth/renew.json";

    [Fact]
    public async Task A_token_is_told_once_and_lets_in_as_many_as_it_says()
    {
        await using TestServer server = await TestServer.StartAsync("--Auth:Reads", "login");
        Answer made = await server.Client.CommandAsync(Generate, """{"duration": 3600,"uses": 2,"site": "hq"}""");
        JsonElement token = made.Ok().Json;
        Assert.Equal("no-store", made.Message.Headers.CacheControl!.ToString());
        // No TLS, no pin.
        Assert.Matches("^[0-9A-F]{32}$", token.Text("kismet.jointoken.token"));
        Assert.Equal(("hq", "administrator", 2, 2), (token.Text("kismet.jointoken.site"), token.Text("kismet.jointoken.maker"), token.Number("kismet.jointoken.uses"), token.Number("kismet.jointoken.uses_left")));
        Assert.Equal(3600, token.Number("kismet.jointoken.expires") - token.Number("kismet.jointoken.made"));

        JsonElement first = (await JoinAsync(server, token.Text("kismet.jointoken.token"), "lobby")).Ok().Json;
        Assert.Equal(("lobby", "hq", "", 90 * 86400), (first.Text("kismet.sensorkey.name"), first.Text("kismet.sensorkey.site"), first.Text("kismet.sensorkey.pins"), first.Number("kismet.sensorkey.life")));
        JsonElement second = (await JoinAsync(server, token.Text("kismet.jointoken.token"), "lobby")).Ok().Json;
        Assert.Matches("^lobby-[0-9A-F]{4}$", second.Text("kismet.sensorkey.name"));
        Assert.NotEqual(first.Text("kismet.sensorkey.key"), second.Text("kismet.sensorkey.key"));
        (await JoinAsync(server, token.Text("kismet.jointoken.token"), "roof"))
            .Error(HttpStatusCode.Forbidden, "ERROR: the join token is spent: as many sensors have joined by it as may");

        Answer list = (await server.Client.AskAsync(List)).Ok();
        Assert.DoesNotContain(token.Text("kismet.jointoken.token"), list.Body, StringComparison.Ordinal);
        Assert.Equal((token.Text("kismet.jointoken.id"), 0), (list.List.Single().Text("kismet.jointoken.id"), list.List.Single().Number("kismet.jointoken.uses_left")));
        JsonElement key = (await server.Client.AskAsync("/auth/apikey/list.json")).Ok().List.Single(static one => one.Text("kismet.httpd.auth.name") == "lobby");
        Assert.Equal(("datasource", "hq", first.Number("kismet.sensorkey.expires")), (key.Text("kismet.httpd.auth.role"), key.Text("kismet.httpd.auth.site"), key.Number("kismet.httpd.auth.expiration")));
        // It feeds packets and reads nothing.
        Assert.Equal(403, (int)(await server.Anonymous.AskAsync($"/system/status.json?KISMET={first.Text("kismet.sensorkey.key")}")).Status);
    }

    [Fact]
    public async Task A_token_that_is_not_there_or_not_any_more_opens_nothing_and_who_guesses_waits()
    {
        await using TestServer server = await TestServer.StartAsync();
        JsonElement token = (await server.Client.CommandAsync(Generate, """{"duration": 3600}""")).Ok().Json;
        (await JoinAsync(server, new string('A', 32), "lobby")).Error(HttpStatusCode.Unauthorized, "ERROR: no such join token: it was revoked, or is mistyped");
        Assert.Equal("Token revoked", (await server.Client.CommandAsync(Revoke, $$"""{"id": "{{token.Text("kismet.jointoken.id")}}"}""")).Ok().Body);
        (await server.Client.CommandAsync(Revoke, $$"""{"id": "{{token.Text("kismet.jointoken.id")}}"}""")).Error(HttpStatusCode.NotFound, "ERROR: no such token");
        // The same once more is no other guess.
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(401, (int)(await JoinAsync(server, token.Text("kismet.jointoken.token"), "lobby")).Status);
        }
        HttpStatusCode status = HttpStatusCode.Unauthorized;
        for (int i = 0; i < 5 && status == HttpStatusCode.Unauthorized; i++)
        {
            status = (await JoinAsync(server, $"{i}", "lobby")).Status;
        }
        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Answer wait = await JoinAsync(server, "another", "lobby");
        wait.Error(HttpStatusCode.TooManyRequests, "ERROR: too many wrong tokens or keys");
        Assert.NotNull(wait.Message.Headers.RetryAfter);
        // Logging in is another matter.
        (await server.Client.AskAsync(List)).Ok();
    }

    [Fact]
    public async Task An_expired_token_says_so()
    {
        await using TestServer server = await TestServer.StartAsync();
        string token = (await server.Client.CommandAsync(Generate, """{"duration": 1,"uses": 1000}""")).Ok().Json.Text("kismet.jointoken.token");
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(100));
        Answer answer;
        while ((answer = await JoinAsync(server, token, "lobby")).Status == HttpStatusCode.OK)
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
        answer.Error(HttpStatusCode.Forbidden, "ERROR: the join token has expired");
    }

    [Theory]
    [InlineData(Generate, """{"uses": 1}""", "duration: expected a whole number from 1 to 31622400")]
    [InlineData(Generate, """{"duration": 31622401}""", "duration: expected a whole number from 1 to 31622400")]
    [InlineData(Generate, """{"duration": "soon"}""", "duration: expected a whole number from 1 to 31622400")]
    [InlineData(Generate, """{"duration": 10,"uses": 0}""", "uses: expected a whole number from 1 to 1000")]
    [InlineData(Generate, """{"duration": 10,"uses": 1.5}""", "uses: expected a whole number from 1 to 1000")]
    [InlineData(Generate, """{"duration": 10,"site": "a\nb"}""", "site: expected a text of 0 to 64 characters")]
    [InlineData(Join, """{"token": "A"}""", "name: expected a text of 1 to 64 characters")]
    [InlineData(Join, """{"token": "A","name": "a\u0000b"}""", "name: expected a text of 1 to 64 characters")]
    [InlineData(Join, """{"name": "a"}""", "token: expected a text of 1 to 128 characters")]
    [InlineData(Join, """{"name": 7,"token": "A"}""", "name: expected a text, got Number")]
    public async Task What_is_wrong_is_told(string path, string json, string message)
    {
        await using TestServer server = await TestServer.StartAsync();
        (await server.Client.CommandAsync(path, json)).Refused(message);
        Assert.Equal("[]", (await server.Client.AskAsync(List)).Ok().Body);
    }

    [Fact]
    public async Task Only_the_administrator_makes_tokens_and_where_no_keys_are_made_nobody_joins()
    {
        await using (TestServer server = await TestServer.StartAsync())
        {
            string key = (await NewKeyAsync(server)).Text("kismet.sensorkey.key");
            foreach (string path in (string[])[Generate, Revoke, List])
            {
                (await server.Anonymous.CommandAsync(path, """{"duration": 10}""")).Page(HttpStatusCode.Unauthorized, "401 Permission denied");
                (await server.Anonymous.CommandAsync($"{path}?KISMET={key}", """{"duration": 10}""")).Page(HttpStatusCode.Forbidden, "403 Forbidden");
            }
            (await server.Client.AskAsync(Join)).Page(HttpStatusCode.MethodNotAllowed, "405 Method Not Allowed");
        }
        await using TestServer closed = await TestServer.StartAsync("--Auth:AllowKeyCreation", "false");
        (await closed.Client.CommandAsync(Generate, """{"duration": 10}""")).QueryError("auth creation is disabled in the kismet configuration");
        (await JoinAsync(closed, "A", "lobby")).Error(HttpStatusCode.Forbidden, "ERROR: this server makes no keys by command (Auth:AllowKeyCreation)");
    }

    [Fact]
    public async Task A_sensor_renews_its_own_key_and_others_do_not()
    {
        await using TestServer server = await TestServer.StartAsync("--Auth:SensorKeyDays", "0.5");
        JsonElement first = await NewKeyAsync(server);
        JsonElement second = (await server.Anonymous.CommandAsync($"{Renew}?KISMET={first.Text("kismet.sensorkey.key")}", "{}")).Ok().Json;
        Assert.Equal(("lobby", "hq", 43200), (second.Text("kismet.sensorkey.name"), second.Text("kismet.sensorkey.site"), second.Number("kismet.sensorkey.life")));
        Assert.NotEqual(first.Text("kismet.sensorkey.key"), second.Text("kismet.sensorkey.key"));
        Assert.Single((await server.Client.AskAsync("/auth/apikey/list.json")).Ok().List);
        foreach (JsonElement key in (JsonElement[])[first, second])
        {
            Assert.Equal(200, (int)(await server.Anonymous.AskAsync($"/session/check_session?KISMET={key.Text("kismet.sensorkey.key")}")).Status);
        }
        string given = (await server.Client.CommandAsync("/auth/apikey/generate.cmd", """{"name":"given","role":"datasource","duration":10}""")).Ok().Body;
        (await server.Anonymous.CommandAsync($"{Renew}?KISMET={given}", "{}")).Error(HttpStatusCode.Forbidden, "ERROR: only the key of a sensor that joined can be renewed");
        (await server.Client.CommandAsync(Renew, "{}")).Error(HttpStatusCode.Forbidden, "ERROR: only the key of a sensor that joined can be renewed");
        Assert.Equal(401, (int)(await server.Anonymous.CommandAsync(Renew, "{}")).Status);
    }

    [Fact]
    public async Task One_command_revokes_a_sensors_key_and_ends_its_connection()
    {
        await using TestServer server = await TestServer.StartAsync();
        string key = (await NewKeyAsync(server)).Text("kismet.sensorkey.key");
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        using ClientWebSocket socket = new();
        socket.Options.SetRequestHeader("Authorization", "Bearer " + key);
        await socket.ConnectAsync(new($"ws://127.0.0.1:{server.Address.Port}{EdgeProtocol.Path}"), patience.Token);
        using MessageSocket messages = new(socket, EdgeProtocol.MaxFrameBytes);
        await messages.SendAsync(new Hello { Uuid = Guid.NewGuid(), BootId = 1, FirstSequence = 1, LinkType = 105, Name = "lobby" }, patience.Token);
        Assert.True(EdgeFrame.TryOpen((await messages.ReceiveAsync(patience.Token)).Span, out EdgeMessageType type, out _, out _));
        Assert.Equal(EdgeMessageType.Welcome, type);
        (await server.Client.CommandAsync("/auth/apikey/revoke.cmd", """{"name":"lobby"}""")).Ok();
        Exception end = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            while (!(await messages.ReceiveAsync(patience.Token)).IsEmpty)
            {
            }
            throw new WebSocketException("closed");
        });
        Assert.False(end is OperationCanceledException, "it goes on");
        Assert.Equal(401, (int)(await server.Anonymous.CommandAsync($"{Renew}?KISMET={key}", "{}")).Status);
    }

    [Fact]
    public async Task A_name_of_the_settings_keys_is_not_for_who_joins()
    {
        await using TestServer server = await TestServer.StartAsync("--Ingest:Keys:0:Name", "campus", "--Ingest:Keys:0:Key", "0123456789abcdef");
        string token = (await server.Client.CommandAsync(Generate, """{"duration": 60}""")).Ok().Json.Text("kismet.jointoken.token");
        Assert.Matches("^campus-[0-9A-F]{4}$", (await JoinAsync(server, token, "campus")).Ok().Json.Text("kismet.sensorkey.name"));
    }

    private static async Task<JsonElement> NewKeyAsync(TestServer server)
    {
        string token = (await server.Client.CommandAsync(Generate, """{"duration": 3600,"site": "hq"}""")).Ok().Json.Text("kismet.jointoken.token");
        return (await JoinAsync(server, token, "lobby")).Ok().Json;
    }

    private static Task<Answer> JoinAsync(TestServer server, string token, string name) =>
        server.Anonymous.CommandAsync(Join, JsonSerializer.Serialize(new { token, name }));
}
