using System.Globalization;
using System.Text.Json;
using KismetOrleans.Api.Tests.Sensors;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Storage.Tests.Postgres;

namespace KismetOrleans.Silo.Tests.Processes;

/// <summary>Who was where is there exactly once, whichever silo is killed while it is taken note of.</summary>
public sealed class PresenceKillTests
{
    private const int AccessPoints = 100;
    private const int Beacons = 600;
    private const int PacketsPerSecond = 800;
    private const ulong Slot = 300;

    // Two beacons of each in five minutes.
    private const ulong SecondsOfRound = Slot / 2;
    private const int Slots = Beacons / 2;

    [OwnPostgresFact]
    public async Task Silos_are_killed_in_mid_load_and_every_five_minutes_of_a_device_counts_once()
    {
        using ClusterOfProcesses cluster = new();
        await cluster.ApplySchemaAsync();
        (ProgramProcess first, string firstUrl) = cluster.StartSilo("silo 1");
        (ProgramProcess second, string secondUrl) = cluster.StartSilo("silo 2");
        await cluster.ReadyAsync(firstUrl);
        await cluster.ReadyAsync(secondUrl);
        string api = $"http://127.0.0.1:{ClusterOfProcesses.FreePort()}";
        _ = cluster.StartApi("api", api);
        await cluster.ReadyAsync(api);

        string path = cluster.PathOf("sensor.pcap");
        Packet[] flood = [.. BeaconFlood.Build(AccessPoints, Beacons)];
        ulong start = flood[0].Micros;
        using (FileStream file = File.Create(path))
        {
            CaptureFiles.WritePcap(file, flood.Select((packet, i) => packet with { Micros = start + (((ulong)i / AccessPoints * SecondsOfRound * 1_000_000) + ((ulong)i % AccessPoints)) }));
        }
        ProgramProcess agent = cluster.StartAgent("sensor", api, $"{path}:name=sensor,pps={PacketsPerSecond}");

        await LoadedAsync(cluster, api, 12_000);
        await second.KillAsync(CancellationToken.None);
        (_, secondUrl) = cluster.StartSilo("silo 2 again");
        await LoadedAsync(cluster, api, 30_000);
        await cluster.ReadyAsync(secondUrl);
        await first.KillAsync(CancellationToken.None);
        (_, firstUrl) = cluster.StartSilo("silo 1 again");
        await cluster.EndsWellAsync(agent);
        await cluster.ReadyAsync(firstUrl);

        ulong from = start / 1_000_000 / Slot * Slot;
        string range = string.Create(CultureInfo.InvariantCulture, $"from={from}&until={from + (Slots * Slot)}");
        await AssertAllAsync(cluster, api, range);
        // Partitions with two devices and more have filled a block.
        Assert.InRange(await cluster.ExecuteAsync("UPDATE presence SET last = last"), AccessPoints / 5, AccessPoints);
    }

    private static async Task AssertAllAsync(ClusterOfProcesses cluster, string api, string range)
    {
        JsonElement[] devices = await ListAsync(cluster, $"{api}/presence/devices.json?{range}");
        Assert.Equal(AccessPoints, devices.Length);
        Assert.All(devices, static device => Assert.Equal(
            (Beacons, Slots * (long)Slot, 1), (Number(device, "packets"), Number(device, "seen"), Number(device, "visits"))));
        JsonElement[] counts = await ListAsync(cluster, $"{api}/presence/counts.json?{range}&step={Slot}");
        Assert.Equal(Slots, counts.Length);
        Assert.All(counts, static count => Assert.Equal((AccessPoints, 2 * AccessPoints), (Number(count, "devices"), Number(count, "packets"))));
        string key = devices[0].GetProperty("kismet.presence.key").GetString()!;
        JsonElement[] slots = await ListAsync(cluster, $"{api}/presence/by-key/{key}/slots.json?{range}");
        Assert.Equal(Slots, slots.Length);
        Assert.All(slots, static slot => Assert.Equal((2, "sensor"), (Number(slot, "packets"), slot.GetProperty("kismet.presence.source.name").GetString())));
    }

    private static long Number(JsonElement record, string name) => record.GetProperty("kismet.presence." + name).GetInt64();

    private static async Task<JsonElement[]> ListAsync(ClusterOfProcesses cluster, string url)
    {
        using JsonDocument list = JsonDocument.Parse(await cluster.Http.GetByteArrayAsync(url));
        return [.. list.RootElement.EnumerateArray().Select(static record => record.Clone())];
    }

    private static async Task LoadedAsync(ClusterOfProcesses cluster, string api, long packets) => _ = await cluster.UntilAsync(
        $"{packets} packets have come", async () => (await cluster.SourcesAsync(api)).Sum(static source => source.Value) >= packets);
}
