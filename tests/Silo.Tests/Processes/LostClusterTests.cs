using KismetOrleans.Api.Tests.Sensors;
using KismetOrleans.Storage.Tests.Postgres;
using Xunit.Abstractions;

namespace KismetOrleans.Silo.Tests.Processes;

/// <summary>A cluster of which every silo has died at once, as by a loss of power.</summary>
public sealed class LostClusterTests(ITestOutputHelper output)
{
    [OwnPostgresFact]
    public async Task A_cluster_that_lost_all_its_silos_begins_with_those_that_come_back()
    {
        using ClusterOfProcesses cluster = new();
        await cluster.ApplySchemaAsync();
        (ProgramProcess Process, string Url)[] lost = [cluster.StartSilo("silo 1"), cluster.StartSilo("silo 2")];
        foreach ((_, string url) in lost)
        {
            await cluster.ReadyAsync(url);
        }
        await Task.WhenAll(lost.Select(static silo => silo.Process.KillAsync(CancellationToken.None)));
        // At other ports, so that nothing tells that these are the same ones again.
        (_, string first) = cluster.StartSilo("silo 3");
        (_, string second) = cluster.StartSilo("silo 4");
        TimeSpan back = await cluster.UntilAsync("the silos that came back are ready", async () =>
        {
            using HttpResponseMessage one = await cluster.Http.GetAsync($"{first}/healthz/ready");
            using HttpResponseMessage other = await cluster.Http.GetAsync($"{second}/healthz/ready");
            return one.IsSuccessStatusCode && other.IsSuccessStatusCode;
        });
        output.WriteLine($"ready after {back.TotalSeconds:0.0} s");
    }
}
