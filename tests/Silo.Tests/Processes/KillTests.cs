using KismetOrleans.Api.Tests.Sensors;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Sources;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Storage.Tests.Postgres;
using Xunit.Abstractions;

namespace KismetOrleans.Silo.Tests.Processes;

/// <summary>
/// Real processes under load: whatever is killed, everything that was acknowledged is there afterwards exactly once, and answers are back soon.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int AccessPoints = 100;
    private const int Beacons = 600;
    private const int PacketsPerSecond = 2000;
    private static readonly TimeSpan s_answersBack = TimeSpan.FromSeconds(10);

    [OwnPostgresFact]
    public async Task What_was_acknowledged_is_there_exactly_once_whatever_was_killed()
    {
        using ClusterOfProcesses cluster = new();
        await cluster.ApplySchemaAsync();
        (ProgramProcess first, string firstUrl) = cluster.StartSilo("silo 1");
        (ProgramProcess second, string secondUrl) = cluster.StartSilo("silo 2");
        await cluster.ReadyAsync(firstUrl);
        await cluster.ReadyAsync(secondUrl);
        string[] apis = [$"http://127.0.0.1:{ClusterOfProcesses.FreePort()}", $"http://127.0.0.1:{ClusterOfProcesses.FreePort()}"];
        ProgramProcess api1 = cluster.StartApi("api 1", apis[0]);
        _ = cluster.StartApi("api 2", apis[1]);
        await cluster.ReadyAsync(apis[0]);
        await cluster.ReadyAsync(apis[1]);

        ProgramProcess[] agents = [.. Enumerable.Range(0, 3).Select(i => StartAgent(cluster, i, apis[i % 2]))];
        PhoneReports phone = new(cluster.Http, "phone", 1);
        using CancellationTokenSource enough = new();
        Task posting = phone.RunAsync(apis, enough.Token);

        string exported = cluster.PathOf("all.pcapng");
        Task<bool> reading = ReadStreamAsync(cluster, apis[1], exported);

        // Each in the middle of the load; the load goes on until all of it is over.
        await LoadedAsync(cluster, apis[1], 4_000);
        await KillAsync(agents[1]);
        agents[1] = StartAgent(cluster, 1, apis[1]);

        await LoadedAsync(cluster, apis[1], 20_000);
        await KillAsync(second);
        TimeSpan back = await cluster.UntilAsync(
            "all devices are listed after the death of a silo", async () => (await cluster.PacketsAsync(apis[1])).Count >= 3 * AccessPoints, s_answersBack);
        output.WriteLine($"answers were back {back.TotalSeconds:0.0} s after a silo's death");
        (_, string again) = cluster.StartSilo("silo 2 again");
        await cluster.ReadyAsync(again);

        await LoadedAsync(cluster, apis[1], 50_000);
        await KillAsync(api1);
        _ = cluster.StartApi("api 1 again", apis[0]);
        await cluster.ReadyAsync(apis[0]);

        await LoadedAsync(cluster, apis[1], 80_000);
        cluster.Postgres.Kill();
        await Task.Delay(TimeSpan.FromSeconds(10));
        cluster.Postgres.Start();

        await LoadedAsync(cluster, apis[1], 110_000);
        await cluster.StopAsync(first);

        foreach (ProgramProcess agent in agents)
        {
            await cluster.EndsWellAsync(agent);
        }
        await enough.CancelAsync();
        await posting;

        // The stream of the API server that lived went on through all of it, and ends as a file should.
        Assert.False(reading.IsCompleted, "the stream has ended early");
        await cluster.CloseStreamsAsync(apis[1]);
        Assert.True(await reading.WaitAsync(ClusterOfProcesses.Patience));
        output.WriteLine($"{CheckStream(exported)} packets of {3 * AccessPoints * Beacons} in the stream");
        Assert.NotEmpty(phone.Acknowledged);
        output.WriteLine($"{phone.Acknowledged.Count} reports acknowledged, {phone.Failed} posts failed");

        // Reports are acknowledged once they are in the journal, from where they come to the devices.
        Dictionary<string, long> packets = [];
        _ = await cluster.UntilAsync("all acknowledged reports are at their devices", async () =>
        {
            packets = await cluster.PacketsAsync(apis[1]);
            return phone.Acknowledged.All(packets.ContainsKey);
        });
        foreach ((string address, long count) in packets)
        {
            long expected = address.StartsWith("50:C7:BF:", StringComparison.Ordinal) ? Beacons : 1;
            // What all programs said is megabytes: not made for each of thousands of devices that are right.
            if (count != expected)
            {
                Assert.Fail($"{address} has {count} packets, not {expected}\n{cluster.Said()}");
            }
        }
        Assert.Equal(3 * AccessPoints, packets.Keys.Count(static address => address.StartsWith("50:C7:BF:", StringComparison.Ordinal)));
        // What stands in the journal is counted with it: of a phone as many reports as there are devices that only it has named, acknowledged or not. Those that were not may still be on their way.
        long phones = 0;
        Dictionary<string, long> sources = [];
        _ = await cluster.UntilAsync("the phone's reports are counted once each", async () =>
        {
            phones = (await cluster.PacketsAsync(apis[0])).Keys.Count(static address => address.StartsWith("02:AA:", StringComparison.Ordinal));
            sources = await cluster.SourcesAsync(apis[0]);
            return sources.GetValueOrDefault("phone") == phones;
        });
        Assert.All(sources, source => Assert.Equal(source.Key == "phone" ? phones : AccessPoints * Beacons, source.Value));
        Assert.Equal(3 * AccessPoints * Beacons, await cluster.Dot11PacketsAsync(apis[0]));
    }

    // True when the answer has an end, and was not only cut off.
    private static async Task<bool> ReadStreamAsync(ClusterOfProcesses cluster, string api, string path)
    {
        using FileStream file = File.Create(path);
        using HttpResponseMessage answer = await cluster.Http.GetAsync($"{api}/pcap/all_packets.pcapng", HttpCompletionOption.ResponseHeadersRead);
        await answer.Content.CopyToAsync(file);
        return true;
    }

    // All packets whole, and none twice.
    private static int CheckStream(string path)
    {
        HashSet<string> seen = [];
        using FilePacketSource file = new(path);
        PacketBatch batch = new();
        while (file.TryRead(batch, CancellationToken.None))
        {
            for (int i = 0; i < batch.Count; i++)
            {
                Assert.True(seen.Add($"{batch.Packets[i].TimeNs} {Convert.ToHexString(batch.Span(i))}"), "a packet came twice");
            }
        }
        Assert.True(file.Error is null && file.Warning is null, $"{file.Error}{file.Warning}");
        Assert.InRange(seen.Count, AccessPoints * Beacons, 3 * AccessPoints * Beacons);
        return seen.Count;
    }

    private static Task KillAsync(ProgramProcess program) => program.KillAsync(CancellationToken.None);

    private static ProgramProcess StartAgent(ClusterOfProcesses cluster, int number, string server)
    {
        string path = cluster.PathOf($"sensor{number}.pcap");
        if (!File.Exists(path))
        {
            using FileStream file = File.Create(path);
            CaptureFiles.WritePcap(file, BeaconFlood.Build(AccessPoints, Beacons, number * AccessPoints));
        }
        return cluster.StartAgent($"sensor{number}", server, $"{path}:name=sensor{number},pps={PacketsPerSecond}");
    }

    // Sensors' packets, of all together.
    private static async Task LoadedAsync(ClusterOfProcesses cluster, string api, long packets) => _ = await cluster.UntilAsync(
        $"{packets} packets have come", async () => (await cluster.SourcesAsync(api)).Sum(static source => source.Value) >= packets);
}
