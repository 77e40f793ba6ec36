using System.Net;
using System.Net.WebSockets;
using System.Text;
using KismetOrleans.Api.Tests.Events;
using KismetOrleans.Engine.Auth;
using Microsoft.Extensions.DependencyInjection;

namespace KismetOrleans.Api.Tests.Attacks;

/// <summary>Pages of other sites, names that resolve to this machine and proxies get nothing of what is allowed because it is local, or because somebody is logged in.</summary>
public sealed class PageAttackTests
{
    private const string Status = "/system/status.json";
    private const string Events = "/eventbus/events.ws";
    private const string Report = "/phy/phy80211/scan/scan_report.cmd";
    private const string Command = "/datasource/by-uuid/5FE308BD-0000-0000-0000-0000AABB0001/close_source.cmd";
    private const string List = "/session/sessions.json";
    private const string Language = "en-GB,en;q=0.5";
    private const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    [Theory]
    [InlineData("rebound.example", false)]
    [InlineData("127.0.0.1.rebound.example", false)]
    [InlineData("localhost.rebound.example", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("[2001:db8::1]", false)]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST:99", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.8.8.8", true)]
    [InlineData("[::1]:2501", true)]
    [InlineData("kismet.lan", true)]
    [InlineData("Kismet.LAN:2501", true)]
    public async Task What_is_open_to_this_machine_is_so_by_a_name_of_this_machine(string host, bool isLocal)
    {
        await using TestServer server = await TestServer.StartAsync("--Api:HostNames:0", "kismet.lan");
        foreach (string path in (string[])[Status, "/devices/views/all/devices.json"])
        {
            Assert.Equal(isLocal ? 200 : 401, (int)(await SendAsync(server, HttpMethod.Get, path, ("Host", host))).Status);
        }
        Assert.Equal(isLocal ? 200 : 401, (int)(await SendAsync(server, HttpMethod.Post, Report, ("Host", host))).Status);
        if (!isLocal)
        {
            Assert.Equal(401, (int)(await SendAsync(server, HttpMethod.Get, "/pcap/all_packets.pcapng", ("Host", host))).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, await SocketClient.RefusedAsync(server, Events, options => options.SetRequestHeader("Host", host)));
        }
        // Who logs in may by any name.
        Assert.Equal(200, (int)(await SendAsync(server, HttpMethod.Get, Status, ("Host", host), Basic())).Status);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "192.0.2.1")]
    [InlineData("X-Forwarded-Host", "kismet.example")]
    [InlineData("x-forwarded-server", "proxy")]
    [InlineData("Forwarded", "for=192.0.2.1")]
    [InlineData("X-Real-IP", "192.0.2.1")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("CF-Connecting-IP", "192.0.2.1")]
    [InlineData("True-Client-IP", "192.0.2.1")]
    [InlineData("X-Original-For", "127.0.0.1:5")]
    [InlineData("Fly-Client-IP", "192.0.2.1")]
    [InlineData("X-Azure-ClientIP", "192.0.2.1")]
    [InlineData("x-envoy-external-address", "192.0.2.1")]
    [InlineData("CDN-Loop", "cloudflare")]
    public async Task Who_comes_through_a_proxy_is_not_this_machine(string header, string value)
    {
        await using TestServer server = await TestServer.StartAsync();
        Assert.Equal(401, (int)(await SendAsync(server, HttpMethod.Get, Status, (header, value))).Status);
        Assert.Equal(401, (int)(await SendAsync(server, HttpMethod.Post, Report, (header, value))).Status);
    }

    [Fact]
    public async Task A_proxy_that_is_trusted_does_not_make_its_clients_this_machine()
    {
        await using TestServer server = await TestServer.StartAsync("--Api:TrustedProxies:0", "127.0.0.0/8");
        Assert.Equal(401, (int)(await SendAsync(server, HttpMethod.Get, Status, ("X-Forwarded-For", "127.0.0.1"))).Status);
        Assert.Equal(401, (int)(await SendAsync(server, HttpMethod.Get, Status, ("X-Forwarded-For", "192.0.2.1"))).Status);
    }

    [Theory]
    [InlineData("Origin", "https://elsewhere.example")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "file://")]
    [InlineData("Referer", "https://elsewhere.example/page")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task A_page_from_elsewhere_changes_opens_and_feeds_nothing(string header, string value)
    {
        await using TestServer server = await TestServer.StartAsync();
        string cookie = await NewSessionAsync(server);
        // Nothing but what a browser adds by itself, nor without any.
        foreach ((string Name, string Value) login in ((string, string)[])[("Cookie", cookie), Basic()])
        {
            foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
            {
                Assert.Equal(403, (int)(await SendAsync(server, method, Command, (header, value), login)).Status);
            }
            Assert.Equal(403, (int)(await SendAsync(server, HttpMethod.Post, "/gps/web/update.cmd", (header, value), login)).Status);
            Assert.Equal(403, (int)(await SendAsync(server, HttpMethod.Post, "/session/logout", (header, value), login)).Status);
            Assert.InRange((int)(await SendAsync(server, HttpMethod.Post, Report, (header, value), login)).Status, 401, 403);
        }
        Assert.Equal(401, (int)(await SendAsync(server, HttpMethod.Post, Report, (header, value))).Status);
        Assert.Equal("[]", (await server.Client.AskAsync("/datasource/all_sources.json")).Body);
        if (header != "Referer")
        {
            foreach ((string Name, string Value)? login in ((string, string)?[])[("Cookie", cookie), Basic(), null])
            {
                Assert.Equal(HttpStatusCode.Forbidden, await SocketClient.RefusedAsync(server, Events, options =>
                {
                    options.SetRequestHeader(header, value);
                    options.SetRequestHeader(login?.Name ?? "Accept", login?.Value ?? "*/*");
                }));
            }
        }
        // Nor with the administrator's password in the address, or his session.
        foreach (string login in (string[])["user=kismet&password=kismet", cookie])
        {
            Assert.Equal(403, (int)(await SendAsync(server, HttpMethod.Post, $"{Command}?{login}", (header, value))).Status);
            if (header != "Referer")
            {
                Assert.Equal(HttpStatusCode.Forbidden, await SocketClient.RefusedAsync(server, $"{Events}?{login}", options => options.SetRequestHeader(header, value)));
            }
        }
        // A key that the page has itself is nobody else's.
        string key = (await server.Client.CommandAsync("/auth/apikey/generate.cmd", """{"name":"page","role":"admin","duration":0}""")).Ok().Body;
        Answer keyed = await SendAsync(server, HttpMethod.Post, $"{Command}?KISMET={key}", (header, value));
        keyed.QueryError("no such datasource");
        Assert.False(keyed.Message.Headers.Contains("Set-Cookie"));
        Assert.Equal(200, (int)(await SendAsync(server, HttpMethod.Post, Report, (header, value), ("Authorization", $"Bearer {key}"))).Status);
    }

    [Fact]
    public async Task The_servers_own_pages_and_programs_may()
    {
        await using TestServer server = await TestServer.StartAsync("--Api:HostNames:0", "kismet.example:8443");
        string own = server.Address.GetLeftPart(UriPartial.Authority);
        string cookie = await NewSessionAsync(server);
        foreach ((string, string)[] headers in ((string, string)[][])
        [
            [("Origin", own)], [("Referer", own + "/ui/sensors")], [("Sec-Fetch-Site", "same-origin")], [("Sec-Fetch-Site", "none")],
            [("Origin", "https://kismet.example"), ("X-Forwarded-Host", "kismet.example")], [("Origin", "https://kismet.example:8443")], [("User-Agent", "python-requests/2.32")],
            [("User-Agent", "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) PowerShell/7.5")],
        ])
        {
            foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
            {
                (await SendAsync(server, method, Command, [("Cookie", cookie), .. headers])).QueryError("no such datasource");
                (await SendAsync(server, method, Command, [Basic(), .. headers])).QueryError("no such datasource");
            }
        }
        Assert.Equal(200, (int)(await SendAsync(server, HttpMethod.Post, Report, ("Origin", own))).Status);
    }

    [Fact]
    public async Task A_link_that_names_no_page_gives_no_command()
    {
        await using TestServer server = await TestServer.StartAsync();
        (string, string)[] link = [("User-Agent", Browser), ("Accept-Language", Language)];
        (await SendAsync(server, HttpMethod.Get, Command, [Basic(), .. link])).Page(HttpStatusCode.Forbidden, "403 Forbidden");
        (await SendAsync(server, HttpMethod.Get, Command, [("Cookie", await NewSessionAsync(server)), .. link])).Page(HttpStatusCode.Forbidden, "403 Forbidden");
        // Reading changes nothing.
        (await SendAsync(server, HttpMethod.Get, Status, [Basic(), .. link])).Ok();
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("Sec-Fetch-Dest", "document", false)]
    [InlineData("Sec-Fetch-Dest", "empty", false)]
    [InlineData("Accept-Language", Language, false)]
    public async Task No_browser_is_asked_for_a_password_that_it_would_keep_for_every_page(string? header, string? value, bool asks)
    {
        await using TestServer server = await TestServer.StartAsync("--Auth:Reads", "login");
        foreach ((HttpMethod method, string path) in ((HttpMethod, string)[])[(HttpMethod.Get, Status), (HttpMethod.Get, "/session/check_login"), (HttpMethod.Get, List)])
        {
            Answer answer = await SendAsync(server, method, path, ("User-Agent", Browser), (header ?? "Accept", value ?? "*/*"));
            Assert.Equal((401, asks), ((int)answer.Status, answer.Message.Headers.WwwAuthenticate.Count > 0));
        }
        await server.Client.CommandAsync("/auth/apikey/generate.cmd", """{"name":"phones","role":"scanreport","duration":0}""");
        Answer report = await SendAsync(server, HttpMethod.Post, Report, ("User-Agent", Browser), (header ?? "Accept", value ?? "*/*"));
        Assert.Equal((401, asks), ((int)report.Status, report.Message.Headers.WwwAuthenticate.Count > 0));
    }

    [Theory]
    [InlineData(null, null, "")]
    [InlineData("X-Forwarded-Proto", "https", "; Secure")]
    [InlineData("Forwarded", "for=192.0.2.1;proto=https", "; Secure")]
    [InlineData("X-Forwarded-Proto", "http", "")]
    public async Task A_session_stays_with_the_servers_own_pages_and_with_TLS(string? header, string? value, string secure)
    {
        await using TestServer server = await TestServer.StartAsync();
        Answer login = await SendAsync(server, HttpMethod.Get, "/session/check_login", Basic(), (header ?? "Accept", value ?? "*/*"));
        Assert.EndsWith($"; Path=/; HttpOnly; SameSite=Strict{secure}", login.Message.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_was_left_open_changes_no_password()
    {
        await using TestServer server = await TestServer.StartAsync("--Auth:Username", "", "--Auth:Password", "");
        string secret = server.App.Services.GetRequiredService<Accounts>().SetupSecret!;
        Assert.Equal(200, (int)(await SetAsync(server, "first", ("secret", secret))).Status);
        (string, string) basic = ("Authorization", Requests.Basic("me", "first").ToString());
        string cookie = (await SendAsync(server, HttpMethod.Get, "/session/check_login", basic)).Message.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        foreach ((string, string)[] variables in ((string, string)[][])[[], [("old_password", "")], [("old_password", "no")]])
        {
            Answer refused = await SetAsync(server, "second", variables, ("Cookie", cookie));
            Assert.Equal((403, "old_password: expected the present password\n"), ((int)refused.Status, refused.Body));
        }
        // A page from elsewhere not even by what is kept of the password.
        Assert.Equal(403, (int)(await SetAsync(server, "second", [], basic, ("Origin", "https://elsewhere.example"))).Status);
        Assert.Equal(200, (int)(await SetAsync(server, "second", [("old_password", "first")], ("Cookie", cookie))).Status);
        // Who sends the password with the request has said it.
        Assert.Equal(200, (int)(await SetAsync(server, "third", [], ("Authorization", Requests.Basic("me", "second").ToString()))).Status);
    }

    [Fact]
    public async Task Behind_a_trusted_proxy_each_client_counts_by_its_own_address_and_nobody_elses_word_does()
    {
        await using TestServer server = await TestServer.StartAsync("--Auth:Reads", "login", "--Api:TrustedProxies:0", "127.0.0.1");
        await FailAsync(server, "203.0.113.1");
        Assert.Equal(429, (int)(await LogInAsync(server, "203.0.113.1")).Status);
        // What the client wrote itself stands before what the proxy adds.
        Assert.Equal(429, (int)(await LogInAsync(server, "203.0.113.9, 203.0.113.1")).Status);
        Answer other = await LogInAsync(server, "203.0.113.2");
        string cookie = other.Message.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        Assert.Equal("203.0.113.2", (await SendAsync(server, HttpMethod.Get, List, ("Cookie", cookie))).Ok().List.Single().Text("kismet.session.address"));

        await using TestServer direct = await TestServer.StartAsync("--Auth:Reads", "login");
        await FailAsync(direct, "203.0.113.1");
        Assert.Equal(429, (int)(await LogInAsync(direct, "203.0.113.2")).Status);

        static async Task FailAsync(TestServer server, string from)
        {
            for (int i = 0; i < FailedLogins.Free; i++)
            {
                Assert.Equal(401, (int)(await SendAsync(
                    server, HttpMethod.Get, "/session/check_login", ("Authorization", Requests.Basic("kismet", $"{i}").ToString()), ("X-Forwarded-For", from))).Status);
            }
        }

        static Task<Answer> LogInAsync(TestServer server, string from) =>
            SendAsync(server, HttpMethod.Get, "/session/check_login", Basic(), ("X-Forwarded-For", from));
    }

    [Fact]
    public async Task Only_the_page_that_the_settings_name_may_use_what_a_browser_adds()
    {
        const string Named = "https://dashboard.example";
        await using TestServer server = await TestServer.StartAsync("--Api:AllowCors", "true", "--Api:AllowedOrigin", Named);
        await using TestServer any = await TestServer.StartAsync("--Api:AllowCors", "true");
        (await SendAsync(server, HttpMethod.Post, Command, Basic(), ("Origin", Named), ("Sec-Fetch-Site", "cross-site"))).QueryError("no such datasource");
        foreach (TestServer one in (TestServer[])[server, any])
        {
            Assert.Equal(403, (int)(await SendAsync(one, HttpMethod.Post, Command, Basic(), ("Origin", "https://elsewhere.example"))).Status);
            Assert.Equal(HttpStatusCode.Forbidden, await SocketClient.RefusedAsync(one, Events, static options => options.SetRequestHeader("Origin", "https://elsewhere.example")));
        }
        using SocketClient socket = await SocketClient.OpenAsync(server, Events, static options => options.SetRequestHeader("Origin", Named));
        Assert.Equal(WebSocketState.Open, socket.Socket.State);
    }

    [Theory]
    [InlineData("Api:AllowedOrigin", "example")]
    [InlineData("Api:HostNames:0", "a b")]
    [InlineData("Api:TrustedProxies:0", "proxy")]
    public async Task A_setting_of_no_use_is_told_at_the_start(string name, string value)
    {
        ArgumentException told = await Assert.ThrowsAsync<ArgumentException>(() => TestServer.StartAsync("--" + name, value));
        Assert.StartsWith(name.Replace(":0", "", StringComparison.Ordinal), told.Message, StringComparison.Ordinal);
    }

    private static (string Name, string Value) Basic() => ("Authorization", Requests.Login.ToString());

    private static async Task<string> NewSessionAsync(TestServer server) =>
        (await server.Client.AskAsync("/session/check_login")).Message.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

    private static Task<Answer> SetAsync(TestServer server, string password, params (string, string)[] variables) => SetAsync(server, password, variables, []);

    private static Task<Answer> SetAsync(TestServer server, string password, (string, string)[] variables, params (string, string)[] headers) =>
        SendAsync(
            server, HttpMethod.Post, "/session/set_password",
            new FormUrlEncodedContent([new("username", "me"), new("password", password), .. variables.Select(static one => KeyValuePair.Create(one.Item1, one.Item2))]), headers);

    // A scan report in the form that needs no preflight; nothing where the path takes none.
    private static Task<Answer> SendAsync(TestServer server, HttpMethod method, string path, params (string Name, string Value)[] headers) =>
        SendAsync(
            server, method, path,
            path.StartsWith(Report, StringComparison.Ordinal)
                ? new StringContent("""{"source_name":"x","source_uuid":"AAAAAAAA-0000-0000-0000-AABBCCDD0001","reports":[]}""", Encoding.UTF8, "text/plain")
                : null,
            headers);

    private static async Task<Answer> SendAsync(TestServer server, HttpMethod method, string path, HttpContent? content, (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(method, path) { Content = content };
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        using HttpResponseMessage response = await server.Anonymous.SendAsync(request);
        return new(response.StatusCode, response.Content.Headers.ContentType?.ToString(), await response.Content.ReadAsStringAsync(), response);
    }
}
