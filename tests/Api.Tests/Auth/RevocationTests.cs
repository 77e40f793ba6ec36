using System.Net;

namespace KismetOrleans.Api.Tests.Auth;

/// <summary>What a key opened for long ends when the key is worth nothing any more, and what is kept is kept over a restart.</summary>
public sealed class RevocationTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_stream_of_a_revoked_key_is_cut()
    {
        await using TestServer server = await TestServer.StartAsync("--Auth:Reads", "login");
        string key = await NewKeyAsync(server);
        using HttpRequestMessage ask = new(HttpMethod.Get, "/pcap/all_packets.pcapng");
        ask.Headers.Authorization = new("Bearer", key);
        using HttpResponseMessage stream = await server.Anonymous.SendAsync(ask, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
        Task<byte[]> rest = stream.Content.ReadAsByteArrayAsync();
        (await server.Client.CommandAsync("/auth/apikey/revoke.cmd", """{"name":"reader"}""")).Ok();
        await Assert.ThrowsAnyAsync<Exception>(() => rest.WaitAsync(s_patience));
        Assert.True(rest.IsFaulted);
    }

    [Fact]
    public async Task Sessions_keys_and_the_password_outlive_a_restart()
    {
        string folder = Directory.CreateTempSubdirectory("ko-auth-").FullName;
        string[] settings = ["--Storage:Sqlite", Path.Combine(folder, "server.db"), "--Auth:Reads", "login"];
        string key;
        string cookie;
        try
        {
            await using (TestServer server = await TestServer.StartAsync(settings))
            {
                key = await NewKeyAsync(server);
                using HttpResponseMessage login = await server.Client.GetAsync("/session/check_login");
                cookie = login.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
            }
            foreach (string file in Directory.GetFiles(folder))
            {
                // Only its digest is on disk.
                Assert.Equal(-1, (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(key)));
            }
            await using TestServer again = await TestServer.StartAsync(settings);
            (await again.Anonymous.AskAsync($"/system/status.json?KISMET={key}")).Ok();
            (await again.Anonymous.AskAsync($"/system/status.json?{cookie}")).Ok();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_session_that_was_ended_stays_so_over_a_restart_and_the_others_are_listed()
    {
        string folder = Directory.CreateTempSubdirectory("ko-auth-").FullName;
        string[] settings = ["--Storage:Sqlite", Path.Combine(folder, "server.db"), "--Auth:Reads", "login"];
        try
        {
            string ended;
            string held;
            string token;
            await using (TestServer server = await TestServer.StartAsync(settings))
            {
                ended = await LogInAsync(server, "ended");
                held = await LogInAsync(server, "held");
                token = held["KISMET=".Length..];
                (await server.Anonymous.SendAsync(HttpMethod.Post, $"/session/logout?{ended}", null)).Message.EnsureSuccessStatusCode();
            }
            foreach (string file in Directory.GetFiles(folder))
            {
                Assert.Equal(-1, (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(token)));
            }
            await using TestServer again = await TestServer.StartAsync(settings);
            Assert.Equal(HttpStatusCode.Unauthorized, (await again.Anonymous.AskAsync($"/system/status.json?{ended}")).Status);
            Answer list = (await again.Anonymous.AskAsync($"/session/sessions.json?{held}")).Ok();
            Assert.Equal(["held"], list.List.Select(static one => one.Text("kismet.session.agent")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> LogInAsync(TestServer server, string agent)
    {
        using HttpRequestMessage ask = new(HttpMethod.Get, "/session/check_login");
        ask.Headers.Authorization = Requests.Login;
        ask.Headers.UserAgent.ParseAdd(agent);
        using HttpResponseMessage login = await server.Anonymous.SendAsync(ask);
        return login.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private static async Task<string> NewKeyAsync(TestServer server) =>
        (await server.Client.CommandAsync("/auth/apikey/generate.cmd", """{"name":"reader","role":"readonly","duration":0}""")).Ok().Body;
}
