using KismetOrleans.Api.Tests.Sensors;
using KismetOrleans.Storage.Tests.Postgres;

namespace KismetOrleans.Silo.Tests.Processes;

/// <summary>Fingerprints are the same on all API servers at once, and after all programs were started again.</summary>
public sealed class FingerprintsKeptTests
{
    private const string Base = "/phy/phy80211/fingerprints/";

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
        await PostAsync(cluster, apis[0], "new/insert.cmd", """{"macaddr":"00:11:22:33:44:01","beacon_hash":1}""");
        await PostAsync(cluster, apis[1], "by-mac/00:11:22:33:44:01/update.cmd", """{"allowed":true}""");
        string expected = await cluster.Http.GetStringAsync(apis[0] + Base + "all_fingerprints.json");
        Assert.Contains("\"dot11.fingerprint.allowed\": 1", expected, StringComparison.Ordinal);
        Assert.Equal(expected, await cluster.Http.GetStringAsync(apis[1] + Base + "all_fingerprints.json"));

        foreach (ProgramProcess program in (ProgramProcess[])[.. servers, silo])
        {
            await cluster.StopAsync(program);
        }
        (_, siloUrl) = cluster.StartSilo("silo again");
        await cluster.ReadyAsync(siloUrl);
        string again = $"http://127.0.0.1:{ClusterOfProcesses.FreePort()}";
        _ = cluster.StartApi("api again", again);
        await cluster.ReadyAsync(again);
        Assert.Equal(expected, await cluster.Http.GetStringAsync(again + Base + "all_fingerprints.json"));
    }

    private static async Task PostAsync(ClusterOfProcesses cluster, string server, string command, string json)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, server + Base + command) { Content = new StringContent(json, null, "application/json") };
        request.Headers.Authorization = ClusterOfProcesses.Login;
        using HttpResponseMessage answer = await cluster.Http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }
}
