using System.Net;
using KismetOrleans.Api.Tests.Sensors;
using KismetOrleans.Storage.Tests.Postgres;

namespace KismetOrleans.Silo.Tests.Processes;

/// <summary>What users set for all (fingerprints, places, profiles, the search for SSIDs) is the same on all API servers at once, and after all programs were started again.</summary>
public sealed class SettingsKeptTests
{
    private const string Fingerprints = "/phy/phy80211/fingerprints/all_fingerprints.json";
    private const string Places = "/places/all.json";
    private const string Profiles = "/datasource/profiles/all_profiles.json";
    private const string SsidScan = "/phy/phy80211/ssidscan/status.json";
    private const string Campus = """{"sites":[{"name":"Campus"}]}""";

    [OwnPostgresFact]
    public async Task What_one_server_was_told_another_knows_and_a_restart_keeps()
    {
        using ClusterOfProcesses cluster = new();
        await cluster.ApplySchemaAsync();
        (ProgramProcess silo, string siloUrl) = cluster.StartSilo("silo");
        await cluster.ReadyAsync(siloUrl);
        string[] apis = [$"http://127.0.0.1:{ClusterOfProcesses.FreePort()}", $"http://127.0.0.1:{ClusterOfProcesses.FreePort()}"];
        ProgramProcess[] servers = [.. apis.Select((url, i) => cluster.StartApi($"api {i}", url))];
        await cluster.ReadyAsync(apis[0]);
        await cluster.ReadyAsync(apis[1]);

        await SetAsync(cluster, apis[0], "/phy/phy80211/fingerprints/new/insert.cmd", """{"macaddr":"00:11:22:33:44:01","beacon_hash":1}""");
        await SetAsync(cluster, apis[1], "/phy/phy80211/fingerprints/by-mac/00:11:22:33:44:01/update.cmd", """{"allowed":true}""");
        await SetAsync(cluster, apis[0], "/datasource/profiles/by-name/hq/set.json", """{"sites":["hq*"],"sources":["wlan*:channels=\"1,6,11\""]}""");
        await SetAsync(cluster, apis[1], "/datasource/profiles/by-name/hq/set.json", """{"sites":["hq*"],"sources":["wlan*:channels=\"1,6\""]}""");
        await SetAsync(cluster, apis[0], "/phy/phy80211/ssidscan/config.cmd", """{"ssidscan_enabled":true,"target_ssids":["^campus$"],"locking_datasources":["11111111-2222-3333-4444-555555555555"]}""");
        await SetAsync(cluster, apis[1], "/phy/phy80211/ssidscan/config.cmd", """{"max_capture_seconds":40}""");
        Assert.Equal(HttpStatusCode.OK, await SendAsync(cluster, HttpMethod.Put, apis[0] + Places, Campus));
        // Of two who had read the same places, one is second.
        Assert.Equal(HttpStatusCode.Conflict, await SendAsync(cluster, HttpMethod.Put, apis[1] + Places, Campus));

        string[] kept = await AllAsync(cluster, apis[1]);
        Assert.Equal(kept, await AllAsync(cluster, apis[0]));
        Assert.Contains("\"dot11.fingerprint.allowed\": 1", kept[0], StringComparison.Ordinal);
        Assert.Contains("\"name\":\"Campus\"", kept[1], StringComparison.Ordinal);
        Assert.Contains("\"kismet.profile.version\": 2", kept[2], StringComparison.Ordinal);
        Assert.Contains("channels=\\\"1,6\\\"", kept[2], StringComparison.Ordinal);
        Assert.Contains("\"dot11.ssidscan.enabled\": 1", kept[3], StringComparison.Ordinal);
        Assert.Contains("^campus$", kept[3], StringComparison.Ordinal);
        Assert.Contains("\"dot11.ssidscan.max_cap_seconds\": 40", kept[3], StringComparison.Ordinal);

        foreach (ProgramProcess program in (ProgramProcess[])[.. servers, silo])
        {
            await cluster.StopAsync(program);
        }
        (_, siloUrl) = cluster.StartSilo("silo again");
        await cluster.ReadyAsync(siloUrl);
        string again = $"http://127.0.0.1:{ClusterOfProcesses.FreePort()}";
        _ = cluster.StartApi("api again", again);
        await cluster.ReadyAsync(again);
        Assert.Equal(kept, await AllAsync(cluster, again));
        Assert.Equal(HttpStatusCode.Conflict, await SendAsync(cluster, HttpMethod.Put, again + Places, Campus));
    }

    private static async Task<string[]> AllAsync(ClusterOfProcesses cluster, string server)
    {
        List<string> all = [];
        foreach (string path in (string[])[Fingerprints, Places, Profiles, SsidScan])
        {
            all.Add(await cluster.Http.GetStringAsync(server + path));
        }
        return [.. all];
    }

    private static async Task SetAsync(ClusterOfProcesses cluster, string server, string command, string json) =>
        Assert.Equal((command, HttpStatusCode.OK), (command, await SendAsync(cluster, HttpMethod.Post, server + command, json)));

    private static async Task<HttpStatusCode> SendAsync(ClusterOfProcesses cluster, HttpMethod method, string url, string json)
    {
        using HttpRequestMessage request = new(method, url) { Content = new StringContent(json, null, "application/json") };
        request.Headers.Authorization = ClusterOfProcesses.Login;
        using HttpResponseMessage answer = await cluster.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
