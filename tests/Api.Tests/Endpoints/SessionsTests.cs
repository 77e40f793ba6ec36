using System.Net;
using KismetOrleans.Engine.Auth;
using Microsoft.Extensions.DependencyInjection;

namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>Logins over HTTP: the ways in which credentials come, what they open, how the first password is set and the next one.</summary>
public sealed class SessionsTests
{
    private const string Session = "/session/check_session";
    private const string Login = "/session/check_login";
    private const string Setup = "/session/check_setup_ok";
    private const string Password = "/session/set_password";
    private static readonly string[] s_nobody = ["--Auth:Username", "", "--Auth:Password", ""];

    [Fact]
    public async Task A_password_makes_a_session_that_holds_by_itself()
    {
        await using TestServer server = await TestServer.StartAsync();
        Denied(await server.Anonymous.AskAsync(Session));
        Answer answer = Text(await server.Client.AskAsync(Session), "Session valid\n");
        string cookie = Assert.Single(answer.Message.Headers.GetValues("Set-Cookie"));
        Assert.Matches("^KISMET=[A-Za-z0-9_-]{76}; Path=/; HttpOnly; SameSite=Strict$", cookie);
        string session = cookie[7..cookie.IndexOf(';', StringComparison.Ordinal)];
        Answer again = Text(await AskAsync(server, Session, ("Cookie", $"a=b; KISMET={session}")), "Session valid\n");
        Assert.False(again.Message.Headers.Contains("Set-Cookie"));
        Text(await AskAsync(server, Session, ("Authorization", $"Bearer {session}")), "Session valid\n");
        // An address is seen by others: what stands in it is never made a cookie.
        Answer query = Text(await server.Anonymous.AskAsync($"{Session}?KISMET={session}"), "Session valid\n");
        Assert.False(query.Message.Headers.Contains("Set-Cookie"));
        // On the same connection, without any.
        Denied(await server.Anonymous.AskAsync(Session));
        // Where there is a cookie, the address's is not looked at, as in Kismet.
        Denied(await AskAsync(server, $"{Session}?KISMET={session}", ("Cookie", "a=b")));
        Denied(await AskAsync(server, Session, ("Cookie", $"KISMET={session[..^1]}{(session[^1] == 'A' ? 'B' : 'A')}")));
    }

    [Fact]
    public async Task User_and_password_may_stand_in_the_address_unless_a_header_speaks()
    {
        await using TestServer server = await TestServer.StartAsync();
        Text(await server.Anonymous.AskAsync($"{Session}?user=kismet&password=kismet"), "Session valid\n");
        Denied(await server.Anonymous.AskAsync($"{Session}?user=kismet&password=other"));
        Denied(await AskAsync(server, $"{Session}?user=kismet&password=kismet", ("Authorization", "Bearer x")));
        // A token that is worth nothing does not stand in a password's way.
        Text(await AskAsync(server, Session, ("Cookie", "KISMET=x"), ("Authorization", Requests.Login.ToString())), "Session valid\n");
    }

    [Fact]
    public async Task A_login_is_checked_by_its_password_or_its_session()
    {
        await using TestServer server = await TestServer.StartAsync();
        Answer answer = Text(await server.Client.AskAsync(Login), "Login valid\n");
        string cookie = answer.Message.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        Text(await AskAsync(server, Login, ("Cookie", cookie)), "Login valid\n");
        // A password that is given decides; a key is nobody's login.
        Denied(await AskAsync(server, Login, ("Cookie", cookie), ("Authorization", Requests.Basic("kismet", "no").ToString())));
        string key = (await server.Client.CommandAsync("/auth/apikey/generate.cmd", """{"name":"a","role":"admin","duration":0}""")).Body.Trim();
        Denied(await AskAsync(server, Login, ("Cookie", $"KISMET={key}")));
        Denied(await server.Anonymous.AskAsync(Login));
        Answer wrong = await AskAsync(server, Login, ("Authorization", Requests.Basic("kismet", "no").ToString()));
        Assert.Equal("Basic realm=\"Kismet\"", Denied(wrong).Message.Headers.WwwAuthenticate.ToString());
        // A page's script asks for the password itself.
        Assert.Empty(Denied(await AskAsync(server, Login, ("Sec-Fetch-Dest", "empty"))).Message.Headers.WwwAuthenticate);
    }

    [Theory]
    [InlineData(Session)]
    [InlineData(Login)]
    [InlineData(Setup)]
    public async Task Only_these_verbs_and_paths(string path)
    {
        await using TestServer server = await TestServer.StartAsync();
        (await server.Anonymous.AskAsync(path + ".json")).NotFound();
        (await server.Anonymous.SendAsync(HttpMethod.Post, path, null)).Page(HttpStatusCode.MethodNotAllowed, "405 Method Not Allowed");
        (await server.Anonymous.AskAsync(Password)).Page(HttpStatusCode.MethodNotAllowed, "405 Method Not Allowed");
    }

    [Fact]
    public async Task The_first_password_needs_the_secret_of_the_console()
    {
        await using TestServer server = await TestServer.StartAsync(s_nobody);
        string secret = server.App.Services.GetRequiredService<Accounts>().SetupSecret!;
        Text(await server.Anonymous.AskAsync(Setup), "Login not configured\n", HttpStatusCode.InternalServerError);
        Denied(await server.Client.AskAsync(Session));
        Text(await SetAsync(server.Anonymous, ("username", "me")), "Missing username or password in request\n", HttpStatusCode.BadRequest);
        Text(await SetAsync(server.Anonymous, ("username", ""), ("password", "x")), "Missing username or password in request\n", HttpStatusCode.BadRequest);
        const string Needed = "secret: the first password needs the one-time secret that the server printed on its console when it started\n";
        Text(await SetAsync(server.Anonymous, ("username", "me"), ("password", "first")), Needed, HttpStatusCode.Forbidden);
        Text(await SetAsync(server.Anonymous, ("username", "me"), ("password", "first"), ("secret", secret[1..])), Needed, HttpStatusCode.Forbidden);
        Text(await SetAsync(server.Anonymous, ("username", "me"), ("password", "first"), ("secret", secret.ToLowerInvariant())), "Login configured\n");
        Text(await server.Anonymous.AskAsync(Setup), "Login configured in user config\n");
        string first = Requests.Basic("me", "first").ToString();
        Answer answer = Text(await AskAsync(server, Session, ("Authorization", first)), "Session valid\n");
        string cookie = answer.Message.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

        // The secret is worth nothing any more; a session with the present password changes it, and ends by it.
        Text(
            await SetAsync(server.Anonymous, ("username", "me"), ("password", "mine"), ("secret", secret)),
            "There is a password already; only the administrator can change it\n", HttpStatusCode.Forbidden);
        using HttpRequestMessage change = new(HttpMethod.Post, Password)
        {
            Content = new StringContent("""{"username":"me","password":"second","old_password":"first"}""", null, "application/json"),
        };
        change.Headers.Add("Cookie", cookie);
        using HttpResponseMessage changed = await server.Anonymous.SendAsync(change);
        Assert.Equal((HttpStatusCode.OK, "Login configured\n"), (changed.StatusCode, await changed.Content.ReadAsStringAsync()));
        Denied(await AskAsync(server, Session, ("Cookie", cookie)));
        Denied(await AskAsync(server, Session, ("Authorization", first)));
        Text(await AskAsync(server, Session, ("Authorization", Requests.Basic("me", "second").ToString())), "Session valid\n");
    }

    [Fact]
    public async Task A_password_of_the_settings_stays_there()
    {
        await using TestServer server = await TestServer.StartAsync();
        Text(await server.Anonymous.AskAsync(Setup), "Login configured in global config\n", HttpStatusCode.NotAcceptable);
        Text(
            await SetAsync(server.Client, ("username", "me"), ("password", "first")),
            "The login stands in the server's settings and is changed there\n", HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Who_guesses_has_to_wait_and_sessions_go_on()
    {
        await using TestServer server = await TestServer.StartAsync();
        string cookie = (await server.Client.AskAsync(Login)).Message.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        for (int i = 0; i < FailedLogins.Free; i++)
        {
            Denied(await AskAsync(server, Session, ("Authorization", Requests.Basic("kismet", $"{i}").ToString())));
        }
        Answer waits = await server.Client.AskAsync(Session);
        waits.Page(HttpStatusCode.TooManyRequests, "429 Too Many Requests");
        Assert.Equal(TimeSpan.FromSeconds(1), waits.Message.Headers.RetryAfter!.Delta);
        Text(await AskAsync(server, Session, ("Cookie", cookie)), "Session valid\n");
        (await server.Client.AskAsync("/system/status.json")).Ok();
    }

    [Fact]
    public async Task A_password_makes_a_session_where_none_is_needed_and_a_wrong_one_is_refused_and_locks_out_nobody()
    {
        await using TestServer server = await TestServer.StartAsync();
        Answer answer = (await server.Client.AskAsync("/system/status.json")).Ok();
        string cookie = answer.Message.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        Text(await AskAsync(server, Session, ("Cookie", cookie)), "Session valid\n");
        for (int i = 0; i < 2 * FailedLogins.Free; i++)
        {
            Answer wrong = await AskAsync(server, "/system/status.json", ("Authorization", Requests.Basic("kismet", $"{i}").ToString()));
            Assert.False(wrong.Message.Headers.Contains("Set-Cookie"));
            // Told so, as long as it was looked at; more than that is not, and reads as anybody may.
            Assert.Equal(i < FailedLogins.Free ? HttpStatusCode.Unauthorized : HttpStatusCode.OK, wrong.Status);
            Denied(await AskAsync(server, "/system/status.json", ("Authorization", Requests.Basic("kismet", "0").ToString())));
        }
        // As many wrong ones of readers keep nobody from logging in.
        Text(await server.Client.AskAsync(Login), "Login valid\n");
    }

    [Fact]
    public async Task A_sensors_key_is_no_login_and_not_wrong_either()
    {
        const string key = "a key of the settings";
        await using TestServer server = await TestServer.StartAsync("--Ingest:Keys:0:Name", "lobby", "--Ingest:Keys:0:Key", key);
        (await AskAsync(server, "/system/status.json", ("Authorization", $"Bearer {key}"))).Ok();
        Denied(await AskAsync(server, "/system/status.json", ("Authorization", $"Bearer {key}s")));
        Denied(await AskAsync(server, Session, ("Authorization", $"Bearer {key}")));
    }

    [Fact]
    public async Task Reads_may_be_closed_and_unknown_paths_are_told_first()
    {
        await using TestServer server = await TestServer.StartAsync("--Auth:Reads", "login");
        Denied(await server.Anonymous.AskAsync("/system/status.json"));
        (await server.Client.AskAsync("/system/status.json")).Ok();
        Denied(await server.Anonymous.AskAsync("/pcap/all_packets.pcapng"));
        (await server.Anonymous.AskAsync("/system/user_status.json")).Ok();
        (await server.Anonymous.AskAsync("/healthz/live")).Ok();
        (await server.Anonymous.AskAsync("/system/status.xml")).NotFound();
        (await server.Anonymous.AskAsync("/no/such.json")).NotFound();
        (await server.Anonymous.AskAsync("/devices/multimac/devices.json")).Page(HttpStatusCode.MethodNotAllowed, "405 Method Not Allowed");
    }

    [Fact]
    public async Task Commands_need_a_login_even_where_reads_do_not()
    {
        await using TestServer server = await TestServer.StartAsync();
        (await server.Anonymous.AskAsync("/system/status.json")).Ok();
        string uuid = Guid.NewGuid().ToString();
        foreach (string path in (string[])["/streams/by-id/1/close_stream.cmd", $"/datasource/by-uuid/{uuid}/set_hop.cmd", $"/datasource/by-uuid/{uuid}/set_channel.cmd"])
        {
            Denied(await server.Anonymous.CommandAsync(path, """{"channel":"6"}"""));
            Answer answer = await server.Client.CommandAsync(path, """{"channel":"6"}""");
            Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
            // A page from elsewhere has the browser send what it knows; a key in the address it knows by itself.
            (await PostAsync(server, path, ("Authorization", Requests.Login.ToString()), ("Sec-Fetch-Site", "cross-site")))
                .Page(HttpStatusCode.Forbidden, "403 Forbidden");
        }
    }

    private static Task<Answer> SetAsync(HttpClient client, params (string Name, string Value)[] variables) => client.SendAsync(
        HttpMethod.Post, Password, new FormUrlEncodedContent(variables.Select(static v => KeyValuePair.Create(v.Name, v.Value))));

    private static Task<Answer> AskAsync(TestServer server, string path, params (string Name, string Value)[] headers) =>
        SendAsync(server, HttpMethod.Get, path, headers);

    private static Task<Answer> PostAsync(TestServer server, string path, params (string Name, string Value)[] headers) =>
        SendAsync(server, HttpMethod.Post, path, headers);

    private static async Task<Answer> SendAsync(TestServer server, HttpMethod method, string path, (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(method, path);
        foreach ((string name, string value) in headers)
        {
            request.Headers.Add(name, value);
        }
        using HttpResponseMessage response = await server.Anonymous.SendAsync(request);
        return new(response.StatusCode, response.Content.Headers.ContentType?.ToString(), await response.Content.ReadAsStringAsync(), response);
    }

    private static Answer Text(Answer answer, string text, HttpStatusCode status = HttpStatusCode.OK)
    {
        Assert.Equal((status, text, "text/plain"), (answer.Status, answer.Body, answer.ContentType));
        return answer;
    }

    private static Answer Denied(Answer answer)
    {
        answer.Page(HttpStatusCode.Unauthorized, "401 Permission denied");
        return answer;
    }
}
