using System.Net;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>Keys for programs over HTTP: made, listed without their text, bound to a role, a sensor and a time, revoked.</summary>
public sealed class KeysTests
{
    private const string Generate = "/auth/apikey/generate.cmd";
    private const string Revoke = "/auth/apikey/revoke.cmd";
    private const string List = "/auth/apikey/list.json";
    private const string Scan = "/phy/phy80211/scan/scan_report.cmd";
    private const string Sensor = "00000000-0000-0000-0000-AABBCCDD0001";

    [Fact]
    public async Task A_key_is_told_once_listed_and_revoked()
    {
        await using TestServer server = await TestServer.StartAsync("--Auth:Reads", "login");
        string key = await NewAsync(server, "dashboard", "readonly");
        Assert.Equal(
            """[{"kismet.httpd.auth.name": "dashboard","kismet.httpd.auth.role": "readonly","kismet.httpd.auth.expiration": 0}]""",
            (await server.Client.AskAsync(List)).Ok().Body);
        (await server.Anonymous.AskAsync($"/system/status.json?KISMET={key}")).Ok();
        Assert.Equal(HttpStatusCode.OK, (await server.Anonymous.AskAsync($"/session/check_session?KISMET={key}")).Status);
        (await server.Anonymous.AskAsync($"/system/status.json?KISMET={key.ToLowerInvariant()}")).Page(HttpStatusCode.Unauthorized, "401 Permission denied");

        Assert.Equal("revoked\n", (await server.Client.CommandAsync(Revoke, """{"name": "dashboard"}""")).Ok().Body);
        (await server.Anonymous.AskAsync($"/system/status.json?KISMET={key}")).Page(HttpStatusCode.Unauthorized, "401 Permission denied");
        Assert.Equal("[]", (await server.Client.AskAsync(List)).Ok().Body);
        (await server.Client.CommandAsync(Revoke, """{"name": "dashboard"}""")).QueryError("cannot delete unknown auth record");
        (await server.Client.CommandAsync(Revoke, """{"name": "web logon"}""")).QueryError("cannot remove autoprovisioned web logon");
    }

    [Fact]
    public async Task Roles_do_not_include_each_other_but_the_administrators()
    {
        await using TestServer server = await TestServer.StartAsync("--Auth:Reads", "login");
        foreach ((string role, int read, int scan, int command) in new[]
        {
            ("admin", 200, 200, 500), ("readonly", 200, 403, 403), ("scanreport", 403, 200, 403), ("datasource", 403, 403, 403), ("of our own", 403, 403, 403),
        })
        {
            string key = await NewAsync(server, role, role);
            Assert.Equal(read, (int)(await server.Anonymous.AskAsync($"/system/status.json?KISMET={key}")).Status);
            Assert.Equal(scan, (int)(await ScanAsync(server, key)).Status);
            Assert.Equal(command, (int)(await server.Anonymous.AskAsync($"/streams/by-id/9/close_stream.cmd?KISMET={key}")).Status);
            Assert.Equal(200, (int)(await server.Anonymous.AskAsync($"/session/check_session?KISMET={key}")).Status);
            // Keys are no logins.
            Assert.Equal(401, (int)(await server.Anonymous.AskAsync($"/session/check_login?KISMET={key}")).Status);
        }
    }

    [Fact]
    public async Task Only_the_administrator_deals_with_keys()
    {
        await using TestServer server = await TestServer.StartAsync();
        string key = await NewAsync(server, "dashboard", "readonly");
        foreach (string path in (string[])[Generate, Revoke, List])
        {
            (await server.Anonymous.CommandAsync(path, """{"name": "dashboard"}""")).Page(HttpStatusCode.Unauthorized, "401 Permission denied");
            (await server.Anonymous.CommandAsync($"{path}?KISMET={key}", """{"name": "dashboard"}""")).Page(HttpStatusCode.Forbidden, "403 Forbidden");
        }
        (await server.Client.AskAsync(Generate)).Page(HttpStatusCode.MethodNotAllowed, "405 Method Not Allowed");
        Assert.Single((await server.Client.AskAsync(List)).Ok().List);
    }

    [Theory]
    [InlineData("""{"role": "readonly","duration": 0}""", "name: expected a text of 1 to 128 characters")]
    [InlineData("""{"name": 7,"role": "readonly","duration": 0}""", "name: expected a text of 1 to 128 characters")]
    [InlineData("""{"name": "","role": "readonly","duration": 0}""", "name: expected a text of 1 to 128 characters")]
    [InlineData("""{"name": "a","duration": 0}""", "role: expected a text of 1 to 128 characters")]
    [InlineData("""{"name": "a","role": "readonly"}""", "duration: expected seconds, 0 for a key that does not expire")]
    [InlineData("""{"name": "a","role": "readonly","duration": -1}""", "duration: expected seconds, 0 for a key that does not expire")]
    [InlineData("""{"name": "a","role": "readonly","duration": 1.5}""", "duration: expected seconds, 0 for a key that does not expire")]
    [InlineData("""{"name": "a","role": "readonly","duration": 99999999999999}""", "duration: expected seconds, 0 for a key that does not expire")]
    [InlineData("""{"name": "a","role": "datasource","duration": 0,"scope": "lobby"}""", "scope: expected the UUID of a sensor")]
    [InlineData("""{"name": "a","role": "readonly","duration": 0,"scope": "00000000-0000-0000-0000-AABBCCDD0001"}""", "scope: only keys of role datasource and scanreport can be bound to a sensor")]
    public async Task What_is_wrong_with_a_key_is_told(string json, string message)
    {
        await using TestServer server = await TestServer.StartAsync();
        (await server.Client.CommandAsync(Generate, json)).Refused(message);
        Assert.Equal("[]", (await server.Client.AskAsync(List)).Ok().Body);
    }

    [Fact]
    public async Task A_name_is_given_once_and_making_keys_can_be_switched_off()
    {
        await using (TestServer server = await TestServer.StartAsync())
        {
            string first = await NewAsync(server, "a", "readonly");
            (await server.Client.CommandAsync(Generate, """{"name": "a","role": "admin","duration": 0}""")).QueryError("cannot create duplicate auth");
            (await server.Client.CommandAsync(Generate, """{"name": "web logon","role": "admin","duration": 0}""")).QueryError("cannot create duplicate auth");
            Assert.Equal(403, (int)(await server.Anonymous.AskAsync($"{List}?KISMET={first}")).Status);
        }
        await using TestServer closed = await TestServer.StartAsync("--Auth:AllowKeyCreation", "false");
        (await closed.Client.CommandAsync(Generate, """{"name": "a","role": "admin","duration": 0}""")).QueryError("auth creation is disabled in the kismet configuration");
        (await closed.Client.CommandAsync(Revoke, """{"name": "a"}""")).QueryError("auth creation is disabled in the kismet configuration");
    }

    [Fact]
    public async Task A_key_ends_when_it_said_it_would()
    {
        await using TestServer server = await TestServer.StartAsync();
        long before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        string key = await NewAsync(server, "short", "scanreport", 2);
        JsonElement listed = (await server.Client.AskAsync(List)).Ok().List.Single();
        Assert.InRange(listed.Number("kismet.httpd.auth.expiration"), before + 2, before + 4);
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        Assert.Equal(HttpStatusCode.OK, (await ScanAsync(server, key)).Status);
        while ((await ScanAsync(server, key)).Status == HttpStatusCode.OK)
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
        Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeSeconds(), listed.Number("kismet.httpd.auth.expiration"), before + 19);
        Assert.Equal(HttpStatusCode.Unauthorized, (await ScanAsync(server, key)).Status);
        // It stays in the list, and keeps this machine's programs out, until it is revoked.
        Assert.Single((await server.Client.AskAsync(List)).Ok().List);
        Assert.Equal(HttpStatusCode.Unauthorized, (await ScanAsync(server, null)).Status);
        (await server.Client.CommandAsync(Revoke, """{"name": "short"}""")).Ok();
        Assert.Equal(HttpStatusCode.OK, (await ScanAsync(server, null)).Status);
    }

    [Fact]
    public async Task A_key_may_be_bound_to_one_sensor()
    {
        await using TestServer server = await TestServer.StartAsync();
        Answer made = await server.Client.CommandAsync(Generate, $$"""{"name": "lobby","role": "scanreport","duration": "3600","scope": "{{Sensor}}"}""");
        string key = made.Ok().Body;
        Assert.Equal(Sensor, (await server.Client.AskAsync(List)).Ok().List.Single().Text("kismet.httpd.auth.scope"));
        Assert.Equal(HttpStatusCode.OK, (await ScanAsync(server, key)).Status);
        Answer other = await ScanAsync(server, key, "00000000-0000-0000-0000-AABBCCDD0002");
        Assert.Equal((HttpStatusCode.Forbidden, "source_uuid: the key lobby is for another source"), (other.Status, other.Json.Text("status")));
        Assert.Equal("the role of reader is not for this", (await ScanAsync(server, await NewAsync(server, "reader", "readonly"))).Json.Text("status"));
    }

    private static async Task<string> NewAsync(TestServer server, string name, string role, int seconds = 0)
    {
        string key = (await server.Client.CommandAsync(Generate, $$"""{"name": "{{name}}","role": "{{role}}","duration": {{seconds}}}""")).Ok().Body;
        Assert.Matches("^[0-9A-F]{32}$", key);
        return key;
    }

    private static Task<Answer> ScanAsync(TestServer server, string? key, string sensor = Sensor) => server.Anonymous.CommandAsync(
        key is null ? Scan : $"{Scan}?KISMET={key}", $$"""{"source_uuid": "{{sensor}}","source_name": "lobby","reports": []}""");
}
