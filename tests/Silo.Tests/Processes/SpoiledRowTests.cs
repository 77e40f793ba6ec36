using KismetOrleans.Api.Tests.Sensors;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Storage.Tests.Postgres;

namespace KismetOrleans.Silo.Tests.Processes;

/// <summary>A stored device that cannot be read costs nobody else anything, and is kept.</summary>
public sealed class SpoiledRowTests
{
    private const int AccessPoints = 100;

    [OwnPostgresFact]
    public async Task A_cluster_with_a_spoiled_row_answers_with_all_other_devices_and_says_so()
    {
        using ClusterOfProcesses cluster = new();
        await cluster.ApplySchemaAsync();
        (ProgramProcess silo, string url) = cluster.StartSilo("silo");
        await cluster.ReadyAsync(url);
        string api = $"http://127.0.0.1:{ClusterOfProcesses.FreePort()}";
        _ = cluster.StartApi("api", api);
        await cluster.ReadyAsync(api);
        string path = cluster.PathOf("sensor.pcap");
        using (FileStream file = File.Create(path))
        {
            CaptureFiles.WritePcap(file, BeaconFlood.Build(AccessPoints, 2));
        }
        await cluster.EndsWellAsync(cluster.StartAgent("sensor", api, $"{path}:name=sensor"));
        await cluster.StopAsync(silo);
        Assert.Equal(1, await cluster.ExecuteAsync("UPDATE devices SET state = '\\x00' WHERE place = (SELECT min(place) FROM devices)"));

        (_, url) = cluster.StartSilo("silo again");
        await cluster.ReadyAsync(url);
        await cluster.ReadyAsync(api);
        Assert.Equal(AccessPoints - 1, (await cluster.PacketsAsync(api)).Count);
        _ = await cluster.UntilAsync("it is told", async () => (await cluster.Http.GetStringAsync($"{api}/messagebus/last-time/0/messages.json"))
            .Contains("1 stored device could not be read", StringComparison.Ordinal));
        // As it was: nothing but its place has changed.
        Assert.Equal(1, await cluster.ExecuteAsync("UPDATE devices_set_aside SET found = found WHERE state = '\\x00'"));
    }
}
