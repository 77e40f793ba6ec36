using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using KismetOrleans.Api.Tests.Events;

namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>Who asks, logins of pages, and the administrator's sessions over HTTP: they are listed, and what is ended opens nothing any more.</summary>
public sealed class SessionListTests
{
    private const string Who = "/session/who.json";
    private const string LogIn = "/session/login";
    private const string LogOut = "/session/logout";
    private const string List = "/session/sessions.json";
    private const string End = "/session/end.cmd";
    private const string EndAll = "/session/end_all.cmd";
    private const string Status = "/system/status.json";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Who_asks_is_told_to_everybody()
    {
        await using TestServer server = await TestServer.StartAsync("--Auth:Reads", "login", "--Auth:SessionHours", "2");
        Assert.Equal(("", "", 0L, 0L, 1L, 1L), Told((await server.Anonymous.AskAsync(Who)).Ok().Json));
        string session = await NewAsync(server, "page");
        JsonElement who = (await server.Anonymous.AskAsync($"{Who}?{session}")).Ok().Json;
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Assert.InRange(who.Number("kismet.session.expires"), now + 7100, now + 7200);
        Assert.Equal(("admin", "administrator", 1L, 1L, 1L), (who.Text("kismet.session.role"), who.Text("kismet.session.name"),
            who.Number("kismet.session.may_read"), who.Number("kismet.session.configured"), who.Number("kismet.session.fixed")));
        string key = await NewKeyAsync(server, "scanreport");
        Assert.Equal(("scanreport", "made", 0L, 0L, 1L, 1L), Told((await SendAsync(server, HttpMethod.Get, Who, ("Authorization", $"Bearer {key}"))).Ok().Json));
        // Whether reads are open, and that a password alone says nothing: it is not looked at.
        await using TestServer open = await TestServer.StartAsync("--Auth:Username", "", "--Auth:Password", "");
        Assert.Equal(("", "", 0L, 1L, 0L, 0L), Told((await open.Client.AskAsync(Who)).Ok().Json));

        static (string, string, long, long, long, long) Told(JsonElement who) => (
            who.Text("kismet.session.role"), who.Text("kismet.session.name"), who.Number("kismet.session.expires"),
            who.Number("kismet.session.may_read"), who.Number("kismet.session.configured"), who.Number("kismet.session.fixed"));
    }

    [Fact]
    public async Task A_page_logs_in_by_key_or_password_and_out_again()
    {
        await using TestServer server = await TestServer.StartAsync("--Auth:Reads", "login");
        Assert.Equal(401, (int)(await SendAsync(server, HttpMethod.Post, LogIn)).Status);
        Assert.Equal(405, (int)(await SendAsync(server, HttpMethod.Get, LogIn)).Status);
        Assert.Equal(405, (int)(await SendAsync(server, HttpMethod.Get, LogOut)).Status);
        string key = await NewKeyAsync(server, "readonly");
        Assert.Equal($"KISMET={key}", Cookie(await SendAsync(server, HttpMethod.Post, LogIn, ("Authorization", $"Bearer {key}"))));
        string session = Cookie(await SendAsync(server, HttpMethod.Post, LogIn, ("Authorization", Requests.Login.ToString())));
        (await SendAsync(server, HttpMethod.Get, Status, ("Cookie", session))).Ok();

        // Not by a page from elsewhere.
        (await SendAsync(server, HttpMethod.Post, LogOut, ("Cookie", session), ("Sec-Fetch-Site", "cross-site"))).Page(HttpStatusCode.Forbidden, "403 Forbidden");
        (await SendAsync(server, HttpMethod.Get, Status, ("Cookie", session))).Ok();
        Answer left = await SendAsync(server, HttpMethod.Post, LogOut, ("Cookie", session));
        Assert.Equal((HttpStatusCode.OK, "Logged out\n", "text/plain"), (left.Status, left.Body, left.ContentType));
        Assert.Equal(["KISMET=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"], left.Message.Headers.GetValues("Set-Cookie"));
        Assert.Equal(401, (int)(await SendAsync(server, HttpMethod.Get, Status, ("Cookie", session))).Status);
        // Again, and without any: nothing to end. A key is not a session, and stays.
        Assert.Equal(200, (int)(await SendAsync(server, HttpMethod.Post, LogOut, ("Cookie", session))).Status);
        Assert.Equal(200, (int)(await SendAsync(server, HttpMethod.Post, LogOut)).Status);
        Assert.Equal(200, (int)(await SendAsync(server, HttpMethod.Post, LogOut, ("Cookie", $"KISMET={key}"))).Status);
        (await SendAsync(server, HttpMethod.Get, Status, ("Cookie", $"KISMET={key}"))).Ok();

        // The password is still right, and makes another.
        string next = Cookie(await SendAsync(server, HttpMethod.Post, LogIn, ("Authorization", Requests.Login.ToString())));
        Assert.NotEqual(session, next);
        (await SendAsync(server, HttpMethod.Get, Status, ("Cookie", next))).Ok();
    }

    [Fact]
    public async Task Sessions_are_listed_and_ended_by_number()
    {
        await using TestServer server = await TestServer.StartAsync("--Auth:Reads", "login", "--Auth:SessionHours", "1");
        long before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        const string Hostile = "<b>\"x\"</b> \\ {0}";
        string mine = await NewAsync(server, "mine");
        string yours = await NewAsync(server, Hostile);
        JsonElement[] list = (await server.Anonymous.AskAsync($"{List}?{mine}")).Ok().List;
        Assert.Equal(2, list.Length);
        JsonElement first = list.Single(static one => one.Text("kismet.session.agent") == "mine");
        JsonElement second = list.Single(static one => one.Text("kismet.session.agent") == Hostile);
        Assert.Equal(
            ["kismet.session.id", "kismet.session.made", "kismet.session.expires", "kismet.session.address", "kismet.session.agent", "kismet.session.current"],
            first.EnumerateObject().Select(static field => field.Name));
        Assert.Matches("^[0-9A-F]{16}$", first.Text("kismet.session.id"));
        Assert.Equal((1L, 0L), (first.Number("kismet.session.current"), second.Number("kismet.session.current")));
        Assert.Equal("127.0.0.1", first.Text("kismet.session.address"));
        Assert.InRange(first.Number("kismet.session.made"), before, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        Assert.Equal(3600, first.Number("kismet.session.expires") - first.Number("kismet.session.made"));
        // Never what opens.
        Answer all = await server.Anonymous.AskAsync($"{List}?{yours}");
        Assert.DoesNotContain(mine["KISMET=".Length..], all.Body, StringComparison.Ordinal);
        Assert.Equal(1, all.List.Single(static one => one.Text("kismet.session.agent") == Hostile).Number("kismet.session.current"));

        string id = second.Text("kismet.session.id");
        Assert.Equal("Session ended", (await server.Anonymous.CommandAsync($"{End}?{mine}", $$"""{"id":"{{id.ToLowerInvariant()}}"}""")).Ok().Body);
        Assert.Equal(401, (int)(await server.Anonymous.AskAsync($"{Status}?{yours}")).Status);
        Assert.Equal(["mine"], (await server.Anonymous.AskAsync($"{List}?{mine}")).Ok().List.Select(static one => one.Text("kismet.session.agent")));
        (await server.Anonymous.CommandAsync($"{End}?{mine}", $$"""{"id":"{{id}}"}""")).Error(HttpStatusCode.NotFound, "ERROR: no such session");
        // One's own, as a variable.
        (await server.Anonymous.CommandAsync($"{End}?{mine}", "{}", ("id", first.Text("kismet.session.id")))).Ok();
        Assert.Equal(401, (int)(await server.Anonymous.AskAsync($"{Status}?{mine}")).Status);
        // The password that was found right a moment ago does not bring it back.
        string again = await NewAsync(server, "mine");
        Assert.NotEqual(mine, again);
        (await server.Anonymous.AskAsync($"{Status}?{again}")).Ok();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"id":""}""")]
    [InlineData("""{"id":"0123456789ABCDE"}""")]
    [InlineData("""{"id":"0123456789ABCDEFG"}""")]
    [InlineData("""{"id":"0123456789ABCDEG"}""")]
    [InlineData("""{"id":"' OR 1=1; --AAAA"}""")]
    public async Task What_is_no_number_is_refused(string json)
    {
        await using TestServer server = await TestServer.StartAsync();
        (await server.Client.CommandAsync(End, json)).Refused("id: expected the 16 hexadecimal digits of a session");
        (await server.Client.CommandAsync(End, """{"id":7}""")).Refused("id: expected a text, got Number");
        (await server.Client.CommandAsync(End, """{"id":"0123456789ABCDEF"}""")).Error(HttpStatusCode.NotFound, "ERROR: no such session");
    }

    [Fact]
    public async Task Only_the_administrator_deals_with_sessions()
    {
        await using TestServer server = await TestServer.StartAsync();
        string key = await NewKeyAsync(server, "readonly");
        foreach (string path in (string[])[List, End, EndAll])
        {
            (await server.Anonymous.CommandAsync(path, """{"id":"0123456789ABCDEF"}""")).Page(HttpStatusCode.Unauthorized, "401 Permission denied");
            (await server.Anonymous.CommandAsync($"{path}?KISMET={key}", """{"id":"0123456789ABCDEF"}""")).Page(HttpStatusCode.Forbidden, "403 Forbidden");
        }
        (await server.Client.AskAsync(End)).Page(HttpStatusCode.MethodNotAllowed, "405 Method Not Allowed");
        (await server.Client.AskAsync(EndAll)).Page(HttpStatusCode.MethodNotAllowed, "405 Method Not Allowed");
        // A program that sends its password with each request has one session.
        await server.Client.AskAsync(Status);
        JsonElement only = Assert.Single((await server.Client.AskAsync(List)).Ok().List);
        Assert.Equal((1L, ""), (only.Number("kismet.session.current"), only.Text("kismet.session.agent")));
        Assert.Equal(["current"], (await server.Client.CommandAsync(List, """{"fields":[["kismet.session.current","current"]]}""")).Ok().List[0]
            .EnumerateObject().Select(static field => field.Name));
    }

    [Fact]
    public async Task All_others_end()
    {
        await using TestServer server = await TestServer.StartAsync("--Auth:Reads", "login");
        string[] others = [await NewAsync(server, "a"), await NewAsync(server, "b")];
        string mine = await NewAsync(server, "mine");
        string key = await NewKeyAsync(server, "admin");
        Assert.Equal("All other sessions ended", (await server.Anonymous.CommandAsync($"{EndAll}?{mine}", "{}")).Ok().Body);
        foreach (string other in others)
        {
            Assert.Equal(401, (int)(await server.Anonymous.AskAsync($"{Status}?{other}")).Status);
        }
        Assert.Equal(["mine"], (await server.Anonymous.AskAsync($"{List}?{mine}")).Ok().List.Select(static one => one.Text("kismet.session.agent")));
        // One that is made in the same second holds.
        string next = await NewAsync(server, "next");
        (await server.Anonymous.AskAsync($"{Status}?{next}")).Ok();
        // A key asks without a session.
        (await server.Anonymous.CommandAsync($"{EndAll}?KISMET={key}", "{}")).Ok();
        Assert.Equal("[]", (await server.Anonymous.AskAsync($"{List}?KISMET={key}")).Ok().Body);
        Assert.Equal(401, (int)(await server.Anonymous.AskAsync($"{Status}?{mine}")).Status);
        Assert.Equal(401, (int)(await server.Anonymous.AskAsync($"{Status}?{next}")).Status);
        (await server.Anonymous.AskAsync($"{Status}?KISMET={key}")).Ok();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_ends_with_its_session_and_the_others_go_on(bool byLogout)
    {
        await using TestServer server = await TestServer.StartAsync("--Auth:Reads", "login");
        string mine = await NewAsync(server, "mine");
        string yours = await NewAsync(server, "yours");
        using HttpResponseMessage goesOn = await OpenAsync(server, mine);
        using HttpResponseMessage ends = await OpenAsync(server, yours);
        Task<byte[]> on = goesOn.Content.ReadAsByteArrayAsync();
        Task<byte[]> rest = ends.Content.ReadAsByteArrayAsync();
        Assert.Equal(HttpStatusCode.OK, (await (byLogout
            ? SendAsync(server, HttpMethod.Post, LogOut, ("Cookie", yours))
            : server.Anonymous.CommandAsync($"{EndAll}?{mine}", "{}"))).Status);
        await Assert.ThrowsAnyAsync<Exception>(() => rest.WaitAsync(s_patience));
        Assert.True(rest.IsFaulted);
        Assert.False(on.IsCompleted);
        (await server.Anonymous.AskAsync($"{Status}?{mine}")).Ok();
    }

    [Fact]
    public async Task A_websocket_ends_with_its_session()
    {
        await using TestServer server = await TestServer.StartAsync("--Auth:Reads", "login");
        string mine = await NewAsync(server, "mine");
        using SocketClient client = await SocketClient.OpenAsync(server, $"/eventbus/events.ws?{await NewAsync(server, "yours")}", static _ => { });
        await client.SubscribeAsync("TIMESTAMP");
        Assert.NotNull(await client.ReceiveAsync());
        (await server.Anonymous.CommandAsync($"{EndAll}?{mine}", "{}")).Ok();
        Exception end = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            while (await client.ReceiveAsync() is not null)
            {
            }
            throw new WebSocketException("closed");
        });
        Assert.False(end is OperationCanceledException, "it goes on");
    }

    private static async Task<HttpResponseMessage> OpenAsync(TestServer server, string session)
    {
        using HttpRequestMessage ask = new(HttpMethod.Get, "/pcap/all_packets.pcapng");
        ask.Headers.Add("Cookie", session);
        HttpResponseMessage stream = await server.Anonymous.SendAsync(ask, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
        return stream;
    }

    // A session of its own: an agent is one client.
    private static async Task<string> NewAsync(TestServer server, string agent) =>
        Cookie(await SendAsync(server, HttpMethod.Get, "/session/check_login", ("Authorization", Requests.Login.ToString()), ("User-Agent", agent)));

    private static string Cookie(Answer answer)
    {
        Assert.Equal((HttpStatusCode.OK, "Login valid\n"), (answer.Status, answer.Body));
        return answer.Message.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private static async Task<string> NewKeyAsync(TestServer server, string role) =>
        (await server.Client.CommandAsync("/auth/apikey/generate.cmd", $$"""{"name":"made","role":"{{role}}","duration":0}""")).Ok().Body;

    private static async Task<Answer> SendAsync(TestServer server, HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(method, path);
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        using HttpResponseMessage response = await server.Anonymous.SendAsync(request);
        return new(response.StatusCode, response.Content.Headers.ContentType?.ToString(), await response.Content.ReadAsStringAsync(), response);
    }
}
