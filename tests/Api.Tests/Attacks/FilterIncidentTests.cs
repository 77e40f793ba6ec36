using System.Text;

namespace KismetOrleans.Api.Tests.Attacks;

/// <summary>What logs leave out and what becomes of incidents is the administrator's: no page of another site, no key that reads and nobody without a key changes it.</summary>
public sealed class FilterIncidentTests
{
    private const string Packets = "/filters/packet/kismetdb_packets/";
    private const string Devices = "/filters/class/kismetdb_devices/";

    /// <summary>Commands, with what they take.</summary>
    public static TheoryData<string, string> Commands { get; } = new()
    {
        { Packets + "IEEE802.11/source/set_filter.cmd", """{"filter": {"*": true}}""" },
        { Packets + "set_default.cmd", """{"default": "block"}""" },
        { Devices + "IEEE802.11/set_filter.cmd", """{"filter": {"*": true}}""" },
        { Devices + "set_default.cmd", """{"default": "block"}""" },
        { "/incidents/change.json", """{"ids": [], "state": "muted"}""" },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task None_but_the_administrator_changes_what_is_left_out_or_muted(string path, string command)
    {
        await using TestServer server = await TestServer.StartAsync();
        string reader = (await server.Client.CommandAsync("/auth/apikey/generate.cmd", """{"name": "reader","role": "readonly","duration": 0}""")).Ok().Body;
        string before = await FiltersAsync(server);
        Assert.Equal(401, await PostAsync(server.Anonymous, path, command));
        Assert.InRange(await PostAsync(server.Anonymous, $"{path}?KISMET={reader}", command), 401, 403);
        Assert.Equal(403, await PostAsync(server.Client, path, command, ("Origin", "http://evil.example")));
        Assert.Equal(403, await PostAsync(server.Client, path, command, ("Referer", "http://evil.example/page")));
        Assert.Equal(403, await PostAsync(server.Client, path, command, ("Sec-Fetch-Site", "cross-site")));
        Assert.Equal(403, await PostAsync(server.Client, path, command, ("Origin", "null")));
        Assert.Equal(before, await FiltersAsync(server));
        // The command is one that the administrator may.
        Assert.NotInRange(await PostAsync(server.Client, path, command), 401, 405);
    }

    [Theory]
    [InlineData(Packets + "filter.json")]
    [InlineData(Devices + "filter.json")]
    [InlineData("/incidents/incidents.json")]
    public async Task Who_has_a_key_reads_and_a_page_of_another_site_does_not_by_its_own_name(string path)
    {
        await using TestServer server = await TestServer.StartAsync();
        string reader = (await server.Client.CommandAsync("/auth/apikey/generate.cmd", """{"name": "reader","role": "readonly","duration": 0}""")).Ok().Body;
        string sender = (await server.Client.CommandAsync("/auth/apikey/generate.cmd", """{"name": "sender","role": "scanreport","duration": 0}""")).Ok().Body;
        // From elsewhere, since programs of this machine read without a key.
        Assert.Equal(200, await GetAsync(server.Anonymous, $"{path}?KISMET={reader}", ("X-Forwarded-For", "192.0.2.1")));
        Assert.InRange(await GetAsync(server.Anonymous, $"{path}?KISMET={sender}", ("X-Forwarded-For", "192.0.2.1")), 401, 403);
        Assert.InRange(await GetAsync(server.Anonymous, path, ("Host", "evil.example")), 401, 403);
        Assert.InRange(await GetAsync(server.Anonymous, path, ("X-Forwarded-For", "192.0.2.1")), 401, 403);
    }

    private static async Task<string> FiltersAsync(TestServer server) =>
        (await server.Client.AskAsync(Packets + "filter.json")).Ok().Body + (await server.Client.AskAsync(Devices + "filter.json")).Ok().Body;

    private static Task<int> GetAsync(HttpClient client, string path, params (string Name, string Value)[] headers) => SendAsync(client, new(HttpMethod.Get, path), headers);

    private static Task<int> PostAsync(HttpClient client, string path, string command, params (string Name, string Value)[] headers) =>
        SendAsync(client, new(HttpMethod.Post, path) { Content = new StringContent(command, Encoding.UTF8, "application/json") }, headers);

    private static async Task<int> SendAsync(HttpClient client, HttpRequestMessage request, (string Name, string Value)[] headers)
    {
        using (request)
        {
            foreach ((string name, string value) in headers)
            {
                Assert.True(request.Headers.TryAddWithoutValidation(name, value));
            }
            using HttpResponseMessage answer = await client.SendAsync(request);
            return (int)answer.StatusCode;
        }
    }
}
