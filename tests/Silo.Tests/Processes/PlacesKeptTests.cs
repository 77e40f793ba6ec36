using System.Net;
using KismetOrleans.Api.Tests.Sensors;
using KismetOrleans.Storage.Tests.Postgres;

namespace KismetOrleans.Silo.Tests.Processes;

/// <summary>Places are the same on all API servers at once, and after all programs were started again.</summary>
public sealed class PlacesKeptTests
{
    private const string Places = "/places/all.json";

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
        Assert.Equal(HttpStatusCode.OK, await PutAsync(cluster, apis[0]));
        string expected = await cluster.Http.GetStringAsync(apis[1] + Places);
        Assert.Contains("\"name\":\"Campus\"", expected, StringComparison.Ordinal);
        // Of two who had read the same, one is second.
        Assert.Equal(HttpStatusCode.Conflict, await PutAsync(cluster, apis[1]));
        Assert.Equal(expected, await cluster.Http.GetStringAsync(apis[0] + Places));

        foreach (ProgramProcess program in (ProgramProcess[])[.. servers, silo])
        {
            await cluster.StopAsync(program);
        }
        (_, siloUrl) = cluster.StartSilo("silo again");
        await cluster.ReadyAsync(siloUrl);
        string again = $"http://127.0.0.1:{ClusterOfProcesses.FreePort()}";
        _ = cluster.StartApi("api again", again);
        await cluster.ReadyAsync(again);
        Assert.Equal(expected, await cluster.Http.GetStringAsync(again + Places));
        Assert.Equal(HttpStatusCode.Conflict, await PutAsync(cluster, again));
    }

    private static async Task<HttpStatusCode> PutAsync(ClusterOfProcesses cluster, string server)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, server + Places) { Content = new StringContent("""{"sites":[{"name":"Campus"}]}""", null, "application/json") };
        request.Headers.Authorization = ClusterOfProcesses.Login;
        using HttpResponseMessage answer = await cluster.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
