using System.Net;
using KismetOrleans.Engine.Auth;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Api.Tests.Attacks;

/// <summary>Who guesses waits, at passwords and at keys, and keeps those who share an address with him from nothing that they had before.</summary>
public sealed class GuessTests
{
    private const string Login = "/session/check_login";
    private const string Report = "/phy/phy80211/scan/scan_report.cmd";
    private const string Key = "the-key-of-the-phones";
    private static readonly string[] s_keyed = ["--Auth:Reads", "login", "--Ingest:Keys:0:Name", "phones", "--Ingest:Keys:0:Key", Key];

    [Fact]
    public async Task A_browser_that_had_a_session_logs_in_while_its_address_waits()
    {
        await using TestServer server = await TestServer.StartAsync(s_keyed);
        string cookie = (await LogInAsync(server, "kismet")).Message.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        await GuessPasswordsAsync(server);
        Assert.Equal(429, (int)(await LogInAsync(server, "kismet")).Status);
        Assert.Equal(200, (int)(await LogInAsync(server, "kismet", ("Cookie", cookie))).Status);
        // It has guesses of its own, and no more than others.
        for (int i = 0; i < FailedLogins.Free; i++)
        {
            Assert.Equal(401, (int)(await LogInAsync(server, $"mine {i}", ("Cookie", cookie))).Status);
        }
        Assert.Equal(429, (int)(await LogInAsync(server, "kismet", ("Cookie", cookie))).Status);
        // A token that was not made here is nothing known.
        Assert.Equal(429, (int)(await LogInAsync(server, "kismet", ("Cookie", cookie[..^4] + "AAAA"))).Status);
    }

    [Fact]
    public async Task A_program_with_an_old_password_locks_nobody_out()
    {
        await using TestServer server = await TestServer.StartAsync(s_keyed);
        for (int i = 0; i < 4 * FailedLogins.Free; i++)
        {
            Assert.Equal(401, (int)(await LogInAsync(server, i % 2 == 0 ? "old" : "older")).Status);
        }
        Assert.Equal(200, (int)(await LogInAsync(server, "kismet")).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_anybody_may_read_nobody_is_told_a_key_either(bool isKnown)
    {
        const string Status = "/system/status.json";
        await using TestServer server = await TestServer.StartAsync("--Auth:Reads", "open", "--Ingest:Keys:0:Name", "phones", "--Ingest:Keys:0:Key", Key);
        if (isKnown)
        {
            Assert.Equal(200, (int)(await server.Anonymous.AskAsync($"{Status}?KISMET={Key}")).Status);
        }
        List<int> statuses = [];
        for (int i = 0; i < FailedLogins.Free + 3; i++)
        {
            statuses.Add((int)(await server.Anonymous.AskAsync($"{Status}?KISMET=a-guess-at-a-key-{i}")).Status);
        }
        Assert.Equal([.. Enumerable.Repeat(401, FailedLogins.Free), 429, 429, 429], statuses);
        Assert.Equal(isKnown ? 200 : 429, (int)(await server.Anonymous.AskAsync($"{Status}?KISMET={Key}")).Status);
        // Who says nothing reads, and the administrator is kept from nothing.
        Assert.Equal(200, (int)(await server.Anonymous.AskAsync(Status)).Status);
        Assert.Equal(200, (int)(await LogInAsync(server, "kismet")).Status);
    }

    [Theory]
    [InlineData(Report, "Bearer")]
    [InlineData(Report, "Basic")]
    [InlineData(Report, "Cookie")]
    [InlineData(EdgeProtocol.Path, "Bearer")]
    public async Task Guesses_at_keys_are_slowed_down_and_lock_no_administrator_out(string path, string form)
    {
        await using TestServer server = await TestServer.StartAsync(s_keyed);
        Assert.Equal(400, await FeedAsync(server, Report, "Bearer", Key));
        List<int> statuses = [];
        for (int i = 0; i < FailedLogins.Free + 3; i++)
        {
            statuses.Add(await FeedAsync(server, path, form, $"a-guess-at-a-key-{i}"));
        }
        Assert.Equal([.. Enumerable.Repeat(401, FailedLogins.Free), 429, 429, 429], statuses);
        Assert.Equal(200, (int)(await LogInAsync(server, "kismet")).Status);
        // The phone that sent before goes on.
        Assert.Equal(400, await FeedAsync(server, Report, "Bearer", Key));
    }

    [Fact]
    public async Task A_key_that_is_guessed_while_its_guesser_waits_is_not_told()
    {
        await using TestServer server = await TestServer.StartAsync(s_keyed);
        for (int i = 0; i < FailedLogins.Free; i++)
        {
            await FeedAsync(server, Report, "Bearer", $"a-guess-at-a-key-{i}");
        }
        Assert.Equal(429, await FeedAsync(server, Report, "Bearer", Key));
    }

    [Fact]
    public async Task A_phone_with_a_mistyped_key_keeps_no_other_from_sending()
    {
        await using TestServer server = await TestServer.StartAsync(s_keyed);
        foreach (string form in (string[])["Bearer", "Basic", "Cookie"])
        {
            for (int i = 0; i < 2 * FailedLogins.Free; i++)
            {
                Assert.Equal(401, await FeedAsync(server, Report, form, "the-key-of-the-phone"));
            }
        }
        Assert.Equal(400, await FeedAsync(server, Report, "Bearer", Key));
        Assert.Equal(200, (int)(await LogInAsync(server, "kismet")).Status);
    }

    [Fact]
    public async Task Guesses_at_the_password_keep_no_phone_from_sending()
    {
        await using TestServer server = await TestServer.StartAsync(s_keyed);
        await GuessPasswordsAsync(server);
        Assert.Equal(400, await FeedAsync(server, Report, "Bearer", Key));
        Assert.Equal(400, await FeedAsync(server, Report, "Basic", Key));
    }

    [Fact]
    public async Task A_short_key_in_the_settings_is_refused_at_the_start()
    {
        ArgumentException told = await Assert.ThrowsAsync<ArgumentException>(
            () => TestServer.StartAsync("--Ingest:Keys:0:Name", "phones", "--Ingest:Keys:0:Key", "fifteen letters"));
        Assert.StartsWith("Ingest:Keys: phones: Key has 15 characters, and 16 are the least", told.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("fifteen", told.Message, StringComparison.Ordinal);
    }

    private static async Task GuessPasswordsAsync(TestServer server)
    {
        for (int i = 0; i < FailedLogins.Free; i++)
        {
            Assert.Equal(401, (int)(await LogInAsync(server, $"{i}")).Status);
        }
    }

    private static async Task<Answer> LogInAsync(TestServer server, string password, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Login);
        request.Headers.Authorization = Requests.Basic("kismet", password);
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        using HttpResponseMessage response = await server.Anonymous.SendAsync(request);
        return new(response.StatusCode, null, "", response);
    }

    // A report that is none, so that 400 says that the key was let in.
    private static async Task<int> FeedAsync(TestServer server, string path, string form, string key)
    {
        using HttpRequestMessage request = new(path == Report ? HttpMethod.Post : HttpMethod.Get, path) { Content = path == Report ? new StringContent("{}") : null };
        request.Headers.TryAddWithoutValidation(form == "Cookie" ? "Cookie" : "Authorization", form switch
        {
            "Cookie" => $"KISMET={key}",
            "Basic" => Requests.Basic("phone", key).ToString(),
            _ => $"Bearer {key}",
        });
        using HttpResponseMessage response = await server.Anonymous.SendAsync(request);
        Assert.Equal(response.StatusCode == HttpStatusCode.TooManyRequests, response.Headers.RetryAfter is not null);
        return (int)response.StatusCode;
    }
}
