using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Grains.Sources;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace KismetOrleans.Silo.Tests;

/// <summary>Partitions in two silos answer what partitions in one process answer, and answer again when one of the silos is gone.</summary>
public sealed partial class PartitionTests
{
    private static readonly DeviceShape s_whole = new(RecordFormat.Json, null);
    private static readonly SourceRow s_row = new(
        0, Guid.Parse("5FE308BD-0000-0000-0000-0123456789AB"), "campus", SourceDrivers.File.Type, "campus.pcapng", "campus.pcapng", "", 0, 0, default);

    [Fact]
    public async Task Partitions_of_two_silos_answer_as_embedded_ones()
    {
        await using TwoSilos silos = await TwoSilos.StartAsync();
        (DatasourceRecord record, Guid server) = await AddSourceAsync(silos);
        await Campus.ReplayAsync(silos.All, record);
        IReadOnlyList<IDevicePartition> embedded = await Campus.EmbeddedAsync(record, server);

        DeviceFilter[] filters =
        [
            new(),
            new() { View = new AccessPointView() },
            new() { View = new PhyView(Phy.Dot11), Since = 1 },
            new() { View = new SeenByView(record.Number) },
            new() { Regex = Spec("[[\"dot11.device/dot11.device.last_beaconed_ssid_record/dot11.advertisedssid.ssid\",\"a\"]]") },
            new() { Search = "02:" },
            new() { Addresses = [new(new(0x0200_0000_0000), 0xFF00_0000_0000)] },
        ];
        int devices = 0;
        foreach (DeviceFilter filter in filters)
        {
            for (int i = 0; i < TwoSilos.Partitions; i++)
            {
                using DeviceChunk expected = await embedded[i].ReadAsync(filter, s_whole, 0);
                using DeviceChunk actual = await silos.All[i].ReadAsync(filter, s_whole, 0);
                Assert.Equal((expected.Count, expected.Next), (actual.Count, actual.Next));
                Assert.Equal(Text(expected), Text(actual));
                devices += ReferenceEquals(filter, filters[0]) ? actual.Count : 0;
            }
        }
        Assert.True(devices > 50, $"{devices} devices");
    }

    [Fact]
    public async Task Windows_details_and_counts_are_those_of_embedded_partitions()
    {
        await using TwoSilos silos = await TwoSilos.StartAsync();
        (DatasourceRecord record, Guid server) = await AddSourceAsync(silos);
        await Campus.ReplayAsync(silos.All, record);
        IReadOnlyList<IDevicePartition> embedded = await Campus.EmbeddedAsync(record, server);

        DeviceOrder?[] orders = [null, new("kismet.device.base.commonname", true), new("kismet.device.base.packets.total", false)];
        for (int i = 0; i < TwoSilos.Partitions; i++)
        {
            foreach (DeviceOrder? order in orders)
            {
                DeviceWindow expected = await embedded[i].SelectAsync(new(), s_whole, order, 5);
                DeviceWindow actual = await silos.All[i].SelectAsync(new(), s_whole, order, 5);
                Assert.Equal((expected.Matching, expected.Total), (actual.Matching, actual.Total));
                Assert.Equal(expected.First, actual.First);
            }
            DeviceWindow window = await embedded[i].SelectAsync(new(), s_whole, null, 3);
            DeviceId[] ids = [.. window.First.Select(static device => device.Id), new DeviceId(Phy.Dot11, new(1))];
            DeviceShape some = new(
                RecordFormat.PrettyJson, new([new("kismet.device.base.macaddr", null), new("kismet.device.base.name", "name")]), 2);
            using DeviceChunk written = await embedded[i].WriteAsync(ids, some);
            using DeviceChunk same = await silos.All[i].WriteAsync(ids, some);
            Assert.Equal(Text(written), Text(same));
            Assert.Equal(written.Ends, same.Ends);
            Assert.Null(await silos.All[i].WritePathAsync(ids[^1], "kismet.device.base.name", s_whole));

            PartitionCounts counts = await embedded[i].CountAsync();
            PartitionCounts counted = await silos.All[i].CountAsync();
            Assert.Equal(counts.ByPhy, counted.ByPhy);
            Assert.Equal(counts.BySource, counted.BySource);
            Assert.Equal((counts.Devices, counts.AccessPoints, counts.Duplicates), (counted.Devices, counted.AccessPoints, counted.Duplicates));
            Assert.True(await silos.All[i].FlushAsync(record.Number, 1, 1) || counts.Devices == 0);
        }
    }

    [Fact]
    public async Task Partitions_answer_again_within_ten_seconds_of_a_silos_death()
    {
        await using TwoSilos silos = await TwoSilos.StartAsync();
        (DatasourceRecord record, _) = await AddSourceAsync(silos);
        await Campus.ReplayAsync(silos.All, record);
        int before = await CountAsync(silos.All);

        long death = TimeProvider.System.GetTimestamp();
        await silos.Cluster.KillSiloAsync(silos.Cluster.Silos[1]);
        int after = -1;
        while (after < 0 && TimeProvider.System.GetElapsedTime(death) < TimeSpan.FromSeconds(30))
        {
            try
            {
                after = await CountAsync(silos.All);
            }
            catch (Exception e) when (e is TimeoutException or Orleans.Runtime.OrleansException)
            {
                // Those of the silo that died, until it is voted out.
            }
        }
        Assert.InRange(TimeProvider.System.GetElapsedTime(death), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        // In memory a partition that moved begins anew; those of the silo that lives still have what they had.
        Assert.InRange(after, 1, before - 1);
    }

    private static async Task<(DatasourceRecord Record, Guid Server)> AddSourceAsync(TwoSilos silos)
    {
        ISourceDirectoryGrain directory = silos.Client.GetGrain<ISourceDirectoryGrain>(0);
        SourceRow row = await directory.AddAsync(s_row);
        Assert.Equal(1, row.Number);
        foreach (InProcessSiloHandle silo in silos.Cluster.Silos)
        {
            await silo.ServiceProvider.GetRequiredService<SourceCache>().DoNowAsync();
        }
        return (SourceRows.ToRecord(row), await directory.ServerUuidAsync());
    }

    private static async Task<int> CountAsync(IEnumerable<IDevicePartition> partitions) =>
        (await Task.WhenAll(partitions.Select(static partition => partition.CountAsync().AsTask()))).Sum(static counts => counts.Devices);

    private static RegexSpec Spec(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return RegexSpec.Parse(document.RootElement)!;
    }

    // Histories end with the second of the answer and the server's second of a batch: the two replays are not of one second.
    private static string Text(DeviceChunk chunk)
    {
        string text = Encoding.UTF8.GetString(chunk.Body.WrittenSpan);
        return Histories().Replace(Times().Replace(text, ""), "");
    }

    [GeneratedRegex("\"kismet.device.base.mod_time\": ?[0-9]+,")]
    private static partial Regex Times();

    // A history is an object without objects inside.
    [GeneratedRegex("\"[a-z._0-9]*rrd\":\\s*\\{\"kismet.common.rrd[^{}]*\\}")]
    private static partial Regex Histories();
}
