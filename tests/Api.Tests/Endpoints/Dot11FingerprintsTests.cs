using System.Net;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>Fingerprints: listed, changed and removed by command, and alerts about devices that look otherwise.</summary>
public sealed class Dot11FingerprintsTests
{
    private const string Base = "/phy/phy80211/fingerprints/";
    private const string All = Base + "all_fingerprints.json";
    private const string Insert = Base + "new/insert.cmd";
    private const string BulkInsert = Base + "bulk/insert.cmd";
    private const string BulkDelete = Base + "bulk/delete.cmd";
    private const string First = """{"dot11.fingerprint.macaddr": "00:11:22:33:44:01","dot11.fingerprint.beacon_hash": 1,"dot11.fingerprint.probe_hash": 2,"dot11.fingerprint.response_hash": 4294967295,"dot11.fingerprint.allowed": 0}""";
    private const string Second = """{"dot11.fingerprint.macaddr": "00:11:22:33:44:02","dot11.fingerprint.beacon_hash": 0,"dot11.fingerprint.probe_hash": 0,"dot11.fingerprint.response_hash": 0,"dot11.fingerprint.allowed": 1}""";

    [Fact]
    public async Task Fingerprints_come_change_and_go()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        Assert.Equal("[]", (await client.AskAsync(All)).Ok().Body);
        Done("Fingerprint inserted", await client.CommandAsync(Insert, """{"macaddr": "00:11:22:33:44:01","beacon_hash": 1,"probe_hash": "2","response_hash": 4294967295}"""));
        Done("Fingerprints inserted", await client.CommandAsync(BulkInsert, """{"fingerprints": [{"macaddr": "00-11-22-33-44-02","allowed": true},{"macaddr": "00:11:22:33:44:03","beacon_hash": 9}]}"""));
        Assert.Equal(
            $"[{First},{Second},{Second.Replace(":02\"", ":03\"", StringComparison.Ordinal).Replace("beacon_hash\": 0", "beacon_hash\": 9", StringComparison.Ordinal).Replace("allowed\": 1", "allowed\": 0", StringComparison.Ordinal)}]",
            (await client.AskAsync(All)).Ok().Body);
        Assert.Equal(3, (await client.AskAsync(Base + "all_fingerprints.itjson")).Ok().Lines.Length);
        Assert.Contains("\"description.dot11.fingerprint.macaddr\": \"mac_addr, ", (await client.AskAsync(Base + "all_fingerprints.prettyjson")).Ok().Body, StringComparison.Ordinal);
        Assert.Equal("""[{"m": "00:11:22:33:44:01"},{"m": "00:11:22:33:44:02"},{"m": "00:11:22:33:44:03"}]""", (await client.CommandAsync(All, """{"fields": [["dot11.fingerprint.macaddr","m"]]}""")).Ok().Body);

        Done("Fingerprint updated", await client.CommandAsync(Base + "by-mac/00:11:22:33:44:03/update.cmd", """{"response_hash": 7,"allowed": 1}"""));
        JsonElement changed = (await client.AskAsync(All)).Ok().List[2];
        Assert.Equal(
            (9, 0, 7, 1),
            (changed.Number("dot11.fingerprint.beacon_hash"), changed.Number("dot11.fingerprint.probe_hash"), changed.Number("dot11.fingerprint.response_hash"), changed.Number("dot11.fingerprint.allowed")));
        Done("Fingerprint deleted", await client.CommandAsync(Base + "by-mac/00-11-22-33-44-03/delete.cmd", "{}"));
        Assert.Equal($"[{First},{Second}]", (await client.AskAsync(All)).Ok().Body);
        // Who is not there is no fault.
        Done("Fingerprints deleted", await client.CommandAsync(BulkDelete, """{"fingerprints": ["00:11:22:33:44:02","00:11:22:33:44:09"]}"""));
        Assert.Equal($"[{First}]", (await client.AskAsync(All)).Ok().Body);
    }

    [Fact]
    public async Task What_is_of_no_use_is_refused_and_changes_nothing()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        Done("Fingerprint inserted", await client.CommandAsync(Insert, """{"macaddr": "00:11:22:33:44:01","beacon_hash": 1,"probe_hash": 2,"response_hash": 4294967295}"""));
        foreach ((string path, string command, string text) in new[]
        {
            ("new/insert", "{}", "macaddr: expected an address"),
            ("new/insert", """{"macaddr": "nonsense"}""", "macaddr: 'nonsense' is no device's address"),
            ("new/insert", """{"macaddr": "FF:FF:FF:FF:FF:FF"}""", "macaddr: 'FF:FF:FF:FF:FF:FF' is no device's address"),
            ("new/insert", """{"macaddr": "00:11:22:33:44:01"}""", "macaddr: there is a fingerprint of 00:11:22:33:44:01 already"),
            ("new/insert", """{"macaddr": "00:11:22:33:44:05","beacon_hash": 4294967296}""", "beacon_hash: expected a whole number up to 4294967295"),
            ("new/insert", """{"macaddr": "00:11:22:33:44:05","probe_hash": -1}""", "probe_hash: expected a whole number up to 4294967295"),
            ("new/insert", """{"macaddr": "00:11:22:33:44:05","response_hash": "x"}""", "response_hash: expected a whole number up to 4294967295"),
            ("new/insert", """{"macaddr": "00:11:22:33:44:05","allowed": "x"}""", "allowed: expected true or false"),
            ("by-mac/nonsense/update", """{"beacon_hash": 1}""", "mac: 'nonsense' is no address"),
            ("by-mac/00:11:22:33:44:01/update", "{}", "beacon_hash, probe_hash, response_hash or allowed: one of them is needed"),
            ("by-mac/00:11:22:33:44:01/update", """{"beacon_hash": []}""", "beacon_hash: expected a whole number up to 4294967295"),
            ("by-mac/nonsense/delete", "{}", "mac: 'nonsense' is no address"),
            ("bulk/insert", "{}", "fingerprints: expected an array"),
            ("bulk/insert", """{"fingerprints": [1]}""", "fingerprints[0]: expected a dictionary"),
            ("bulk/insert", """{"fingerprints": [{"macaddr": "00:11:22:33:44:06"},{"macaddr": 7}]}""", "fingerprints[1].macaddr: expected an address"),
            ("bulk/insert", """{"fingerprints": [{"macaddr": "00:11:22:33:44:06"},{"macaddr": "00:11:22:33:44:01"}]}""", "fingerprints[1].macaddr: there is a fingerprint of 00:11:22:33:44:01 already"),
            ("bulk/insert", """{"fingerprints": [{"macaddr": "00:11:22:33:44:07"},{"macaddr": "00:11:22:33:44:06"},{"macaddr": "00:11:22:33:44:07"}]}""", "fingerprints[2].macaddr: there is a fingerprint of 00:11:22:33:44:07 already"),
            ("bulk/delete", """{"fingerprints": "all"}""", "fingerprints: expected an array"),
            ("bulk/delete", """{"fingerprints": ["nonsense"]}""", "fingerprints[0]: 'nonsense' is no device's address"),
        })
        {
            (await client.CommandAsync($"{Base}{path}.cmd", command)).Refused(text);
        }
        (await client.CommandAsync(Base + "by-mac/00:11:22:33:44:09/update.cmd", """{"beacon_hash": 1}""")).Error(HttpStatusCode.NotFound, "ERROR: there is no fingerprint of 00:11:22:33:44:09");
        (await client.CommandAsync(Base + "by-mac/00:11:22:33:44:09/delete.cmd", "{}")).Error(HttpStatusCode.NotFound, "ERROR: there is no fingerprint of 00:11:22:33:44:09");
        (await client.AskAsync(Insert)).Page(HttpStatusCode.MethodNotAllowed, "405 Method Not Allowed");
        (await client.CommandAsync(Base + "new/insert.nosuch", "{}")).NotFound();
        Assert.Equal($"[{First}]", (await client.AskAsync(All)).Ok().Body);
    }

    [Fact]
    public async Task Only_the_administrator_changes_them()
    {
        await using TestServer server = await TestServer.StartAsync("--Auth:Reads", "login");
        string key = (await server.Client.CommandAsync("/auth/apikey/generate.cmd", """{"name": "reader","role": "readonly","duration": 0}""")).Ok().Body.Trim();
        foreach (string path in (string[])["new/insert", "by-mac/00:11:22:33:44:01/update", "by-mac/00:11:22:33:44:01/delete", "bulk/insert", "bulk/delete"])
        {
            (await server.Anonymous.CommandAsync($"{Base}{path}.cmd", "{}")).Page(HttpStatusCode.Unauthorized, "401 Permission denied");
            (await server.Anonymous.CommandAsync($"{Base}{path}.cmd?KISMET={key}", "{}")).Page(HttpStatusCode.Forbidden, "403 Forbidden");
        }
        (await server.Anonymous.AskAsync(All)).Page(HttpStatusCode.Unauthorized, "401 Permission denied");
        (await server.Anonymous.AskAsync($"{All}?KISMET={key}")).Ok();
    }

    [Theory]
    [InlineData("beacon", "beacons of ")]
    [InlineData("probe", "probe requests of ")]
    [InlineData("response", "probe responses of ")]
    public async Task A_device_that_looks_otherwise_raises_an_alert_unless_it_is_allowed(string hash, string word)
    {
        await using TestServer server = await TestServer.ReplayAsync(Repository.Campus);
        HttpClient client = server.Client;
        JsonElement[] devices = [.. (await client.AskAsync("/devices/all_devices.itjson")).Ok().Lines.Where(d => Of(d, hash) != 0)];
        Assert.True(devices.Length >= 3);
        (string same, string allowed, string other) = (Mac(devices[0]), Mac(devices[1]), Mac(devices[2]));
        // One as it is, one that may be otherwise, one with another hash: the last is told of.
        Done("Fingerprints inserted", await client.CommandAsync(BulkInsert,
            $$"""{"fingerprints": [{"macaddr": "{{same}}","{{hash}}_hash": {{Of(devices[0], hash)}}},{"macaddr": "{{allowed}}","{{hash}}_hash": 1,"allowed": true},{"macaddr": "{{other}}","{{hash}}_hash": 1}]}"""));
        JsonElement[] alerts = await AlertsAsync(client, "FINGERPRINT", 1);
        Assert.Equal(
            ("SPOOF", 15, other, devices[2].Text("kismet.device.base.key")),
            (alerts[0].Text("kismet.alert.class"), alerts[0].Number("kismet.alert.severity"), alerts[0].Text("kismet.alert.source_mac"), alerts[0].Text("kismet.alert.device_key")));
        Assert.StartsWith(word, alerts[0].Text("kismet.alert.text"), StringComparison.Ordinal);
        Assert.Contains($"have fingerprint {Of(devices[2], hash)}, and 1 is listed", alerts[0].Text("kismet.alert.text"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_access_point_that_leaves_the_list_is_told_of_where_all_should_be_listed()
    {
        await using TestServer server = await TestServer.StartAsync("-c", Repository.Campus, "--Alerts:UnlistedAccessPoints", "true");
        await server.WaitForSourcesAsync(1);
        HttpClient client = server.Client;
        string[] points = [.. (await client.AskAsync("/devices/views/phydot11_accesspoints/devices.json")).Ok().List.Take(2).Select(Mac)];
        Done("Fingerprints inserted", await client.CommandAsync(BulkInsert, $$"""{"fingerprints": [{"macaddr": "{{points[0]}}"},{"macaddr": "{{points[1]}}"}]}"""));
        Assert.Empty(await AlertsAsync(client, "UNLISTEDAP", 0));
        await KnownAsync(server, 2);
        Done("Fingerprint deleted", await client.CommandAsync($"{Base}by-mac/{points[0]}/delete.cmd", "{}"));
        Assert.Equal(points[0], (await AlertsAsync(client, "UNLISTEDAP", 1)).Single().Text("kismet.alert.source_mac"));
    }

    private static string Mac(JsonElement device) => device.Text("kismet.device.base.macaddr");

    private static long Of(JsonElement device, string hash) =>
        device.TryGetProperty("dot11.device", out JsonElement wifi) && wifi.TryGetProperty($"dot11.device.{hash}_fingerprint", out JsonElement value) ? value.GetInt64() : 0;

    // Alerts go their way in some tenths of a second.
    private static async Task<JsonElement[]> AlertsAsync(HttpClient client, string name, int count)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        JsonElement[] found;
        do
        {
            found = [.. (await client.AskAsync("/alerts/all_alerts.json")).Ok().List.Where(alert => alert.Text("kismet.alert.header") == name)];
        }
        while (found.Length < count && await timer.WaitForNextTickAsync(patience.Token));
        Assert.Equal(count, found.Length);
        return found;
    }

    // What a silo does not know yet it cannot miss: in a cluster lists are a second old.
    private static async Task KnownAsync(TestServer server, int count)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        while (!server.Knows(count) && await timer.WaitForNextTickAsync(patience.Token))
        {
        }
    }

    private static void Done(string text, Answer answer) => Assert.Equal((HttpStatusCode.OK, text), (answer.Status, answer.Body));
}
