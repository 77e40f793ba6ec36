using System.Diagnostics;
using System.Net;
using System.Text.Json;
using KismetOrleans.Api.Tests;
using KismetOrleans.Capture.Edge;
using KismetOrleans.Engine.Auth;
using KismetOrleans.Silo.Schema;
using KismetOrleans.Silo.Tests.Processes;
using KismetOrleans.Storage.Postgres;
using KismetOrleans.Storage.Tests.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace KismetOrleans.Silo.Tests;

/// <summary>Two API servers of one cluster: a session and a key of one hold on the other, and what is changed on one is changed on both within five seconds.</summary>
public sealed class LoginTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static readonly TimeSpan s_stale = TimeSpan.FromSeconds(5);

    [PostgresFact]
    public async Task Logins_hold_on_every_API_server()
    {
        await using Cluster cluster = await Cluster.StartAsync(server.NewDatabase());
        (HttpClient one, HttpClient two) = (cluster.One, cluster.Two);

        // What one server printed the other takes.
        string secret = cluster.First.Services.GetRequiredService<Accounts>().SetupSecret!;
        Assert.Equal(HttpStatusCode.OK, await SetPasswordAsync(two, "first", secret));
        await UntilAsync(async () => await LoginAsync(one, "first") is not null);
        string session = (await LoginAsync(one, "first"))!;
        Assert.Equal(200, (int)(await two.AskAsync($"/system/status.json?{session}")).Status);
        Assert.Equal(403, (int)await SetPasswordAsync(one, "again", secret));

        string key = (await one.CommandAsync($"/auth/apikey/generate.cmd?{session}", """{"name":"reader","role":"readonly","duration":0}""")).Ok().Body;
        await UntilAsync(async () => (await two.AskAsync($"/system/status.json?KISMET={key}")).Status == HttpStatusCode.OK);
        (await two.CommandAsync($"/auth/apikey/generate.cmd?{session}", """{"name":"reader","role":"admin","duration":0}""")).QueryError("cannot create duplicate auth");
        Assert.Single((await two.AskAsync($"/auth/apikey/list.json?{session}")).Ok().List);
        (await two.CommandAsync($"/auth/apikey/revoke.cmd?{session}", """{"name":"reader"}""")).Ok();
        await UntilAsync(async () => (await one.AskAsync($"/system/status.json?KISMET={key}")).Status == HttpStatusCode.Unauthorized);

        // Made on one, listed and ended on the other; it goes on for those two seconds at most on the first.
        string ended = (await LoginAsync(one, "first", "ended"))!;
        string id = "";
        await UntilAsync(async () => (id = await IdAsync(two, session, "ended")).Length > 0);
        (await two.CommandAsync($"/session/end.cmd?{session}", $$"""{"id":"{{id}}"}""")).Ok();
        Assert.Equal(401, (int)(await two.AskAsync($"/system/status.json?{ended}")).Status);
        await UntilAsync(async () => (await one.AskAsync($"/system/status.json?{ended}")).Status == HttpStatusCode.Unauthorized);
        string other = (await LoginAsync(two, "first", "other"))!;
        Assert.Equal(200, (int)(await one.AskAsync($"/system/status.json?{other}")).Status);
        (await one.CommandAsync($"/session/end_all.cmd?{session}", "{}")).Ok();
        await UntilAsync(async () => (await two.AskAsync($"/system/status.json?{other}")).Status == HttpStatusCode.Unauthorized);
        Assert.Equal(200, (int)(await two.AskAsync($"/system/status.json?{session}")).Status);

        Assert.Equal(HttpStatusCode.OK, await SetPasswordAsync(one, "second", null, session));
        Assert.Equal(401, (int)(await one.AskAsync($"/system/status.json?{session}")).Status);
        await UntilAsync(async () => (await two.AskAsync($"/system/status.json?{session}")).Status == HttpStatusCode.Unauthorized);
    }

    [PostgresFact]
    public async Task Sensors_join_and_renew_by_any_API_server_and_the_last_use_of_a_token_is_for_one()
    {
        await using Cluster cluster = await Cluster.StartAsync(server.NewDatabase(), "--Auth:Username", "me", "--Auth:Password", "first");
        (HttpClient one, HttpClient two) = (cluster.One, cluster.Two);
        string session = (await LoginAsync(one, "first"))!;
        string token = (await one.CommandAsync($"/auth/jointoken/generate.json?{session}", """{"duration":600,"uses":3}""")).Ok().Json.Text("kismet.jointoken.token");
        // At once, also by the server that has not heard of the token.
        Answer[] joined = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            (i % 2 == 0 ? one : two).CommandAsync("/auth/join.json", $$"""{"token":"{{token}}","name":"sensor {{i}}"}""")));
        Assert.Equal(3, joined.Count(static answer => answer.Status == HttpStatusCode.OK));
        Assert.Equal(5, joined.Count(static answer => answer.Status == HttpStatusCode.Forbidden));

        JsonElement key = joined.First(static answer => answer.Status == HttpStatusCode.OK).Json;
        string old = key.Text("kismet.sensorkey.key");
        await UntilAsync(async () => (await two.AskAsync($"/session/check_session?KISMET={old}")).Status == HttpStatusCode.OK);
        string renewed = (await two.CommandAsync($"/auth/renew.json?KISMET={old}", "{}")).Ok().Json.Text("kismet.sensorkey.key");
        Assert.Equal(200, (int)(await one.AskAsync($"/session/check_session?KISMET={old}")).Status);
        await UntilAsync(async () => (await one.AskAsync($"/session/check_session?KISMET={renewed}")).Status == HttpStatusCode.OK);
        Assert.Equal(200, (int)(await one.AskAsync($"/session/check_session?KISMET={old}")).Status);

        // A whole agent joins by one and sends to the other, which hears of the key a moment later.
        token = (await one.CommandAsync($"/auth/jointoken/generate.json?{session}", """{"duration":600}""")).Ok().Json.Text("kismet.jointoken.token");
        DirectoryInfo spool = Directory.CreateTempSubdirectory("ko-join-");
        try
        {
            string[] agent = ["--join", $"{one.BaseAddress}#{token}", "--server", $"{two.BaseAddress}", "--name", "lobby", "--spool", spool.FullName, "-c", $"{Repository.Campus}:name=lobby"];
            Assert.Equal(0, await AgentCommand.InvokeAsync(agent).WaitAsync(ClusterOfProcesses.Patience));
            await UntilAsync(async () => (await one.AskAsync($"/datasource/all_sources.json?{session}")).Ok().List
                .Any(static source => source.Text("kismet.datasource.name") == "lobby" && source.Number("kismet.datasource.num_packets") == 3549));
        }
        finally
        {
            spool.Delete(recursive: true);
        }

        (await two.CommandAsync($"/auth/apikey/revoke.cmd?{session}", $$"""{"name":"{{key.Text("kismet.sensorkey.name")}}"}""")).Ok();
        await UntilAsync(async () => (await one.AskAsync($"/session/check_session?KISMET={renewed}")).Status == HttpStatusCode.Unauthorized);
        Assert.Equal(401, (int)(await one.AskAsync($"/session/check_session?KISMET={old}")).Status);
    }

    [OwnPostgresFact]
    public async Task A_login_does_not_wait_for_the_database_and_what_was_ended_is_ended_everywhere_when_it_is_back()
    {
        await using Cluster cluster = await Cluster.StartAsync(server.NewDatabase(), "--Auth:Username", "me", "--Auth:Password", "first");
        (HttpClient one, HttpClient two) = (cluster.One, cluster.Two);
        string before = (await LoginAsync(one, "first", "before"))!;
        server.Kill();
        Stopwatch clock = Stopwatch.StartNew();
        string during = (await LoginAsync(one, "first", "during"))!;
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, s_stale);
        Assert.Equal(200, (int)(await one.AskAsync($"/session/check_session?{during}")).Status);
        (await one.AskAsync($"/session/sessions.json?{during}")).Error(HttpStatusCode.ServiceUnavailable, "ERROR: The database does not answer.");
        // What was logged out is out where it was, whatever the database says.
        Assert.Equal(200, (int)(await one.SendAsync(HttpMethod.Post, $"/session/logout?{before}", null)).Status);
        Assert.Equal(401, (int)(await one.AskAsync($"/session/check_session?{before}")).Status);
        Assert.Equal(200, (int)(await two.AskAsync($"/session/check_session?{before}")).Status);
        server.Start();
        await UntilAsync(async () => (await two.AskAsync($"/session/check_session?{before}")).Status == HttpStatusCode.Unauthorized, ClusterOfProcesses.Patience);
        await UntilAsync(async () => await IdAsync(two, during, "during") != "", ClusterOfProcesses.Patience);
        Assert.Equal("", await IdAsync(two, during, "before"));
    }

    private static async Task<HttpStatusCode> SetPasswordAsync(HttpClient client, string password, string? secret, string session = "") =>
        (await client.SendAsync(HttpMethod.Post, $"/session/set_password?{session}", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["username"] = "me",
            ["password"] = password,
            ["secret"] = secret ?? "",
            // Who is logged in says what the password was.
            ["old_password"] = session.Length > 0 ? "first" : "",
        }))).Status;

    // The session's cookie, as it may stand in an address.
    private static async Task<string?> LoginAsync(HttpClient client, string password, string agent = "test")
    {
        using HttpRequestMessage ask = new(HttpMethod.Get, $"/session/check_login?user=me&password={password}");
        ask.Headers.UserAgent.ParseAdd(agent);
        using HttpResponseMessage answer = await client.SendAsync(ask);
        return answer.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? cookies) ? cookies.Single().Split(';')[0] : null;
    }

    private static async Task<string> IdAsync(HttpClient client, string session, string agent) =>
        (await client.AskAsync($"/session/sessions.json?{session}")).Ok().List
            .Where(one => one.Text("kismet.session.agent") == agent).Select(static one => one.Text("kismet.session.id")).SingleOrDefault("");

    private static async Task UntilAsync(Func<Task<bool>> ask, TimeSpan? patience = null)
    {
        Stopwatch clock = Stopwatch.StartNew();
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(100));
        while (!await ask())
        {
            Assert.True(clock.Elapsed < (patience ?? s_stale), $"not within {patience ?? s_stale}");
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>A silo and two API servers.</summary>
    private sealed class Cluster(WebApplication silo, WebApplication first, WebApplication second) : IAsyncDisposable
    {
        public WebApplication First => first;

        public HttpClient One { get; } = Requests.NewClient(new(first.Urls.Single()), ClusterOfProcesses.Patience);

        public HttpClient Two { get; } = Requests.NewClient(new(second.Urls.Single()), ClusterOfProcesses.Patience);

        public static async Task<Cluster> StartAsync(string postgres, params string[] settings)
        {
            await OrleansSchema.ApplyAsync(postgres);
            await PostgresSchema.ApplyAsync(postgres, 4);
            string[] common = ["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default=None", "--Storage:Postgres", postgres];
            WebApplication silo = Entry.BuildSilo(
                [.. common, "--Silo:Port", $"{ClusterOfProcesses.FreePort()}", "--Silo:GatewayPort", $"{ClusterOfProcesses.FreePort()}"]);
            await silo.StartAsync();
            WebApplication first = Program.Build([.. common, "--Auth:Reads", "login", .. settings]);
            await first.StartAsync();
            WebApplication second = Program.Build([.. common, "--Auth:Reads", "login", .. settings]);
            await second.StartAsync();
            return new(silo, first, second);
        }

        public async ValueTask DisposeAsync()
        {
            One.Dispose();
            Two.Dispose();
            foreach (WebApplication app in (WebApplication[])[second, first, silo])
            {
                await app.StopAsync();
                await app.DisposeAsync();
            }
        }
    }
}
