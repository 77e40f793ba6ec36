using System.Text;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Grains.Sources;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;
using KismetOrleans.Storage.Postgres;
using KismetOrleans.Storage.Tests.Postgres;
using Microsoft.Extensions.DependencyInjection;

namespace KismetOrleans.Silo.Tests;

/// <summary>Partitions with PostgreSQL behind them: a silo that stops hands them over, one that joins gets its share, and only one host writes each.</summary>
public sealed class StoredPartitionTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    // Histories go on with the clock; these do not.
    private static readonly DeviceShape s_shape = new(
        RecordFormat.ItJson,
        new([.. new[] { "key", "commonname", "crypt", "packets.total", "first_time", "last_time", "type" }.Select(
            static name => new SelectedField($"kismet.device.base.{name}", null))]));
    private static readonly SourceRow s_row = new(
        0, Guid.Parse("5FE308BD-0000-0000-0000-0123456789AB"), "campus", SourceDrivers.File.Type, "campus.pcapng", "campus.pcapng", "", 0, 0, default);

    [PostgresFact]
    public async Task A_silo_that_stops_hands_its_devices_over_and_one_that_joins_gets_its_share()
    {
        await using PostgresStorage storage = await OpenAsync();
        await using TwoSilos silos = await StartAsync(storage);
        await FeedAsync(silos);
        string before = await ReadAsync(silos);
        Assert.Contains("kismet.device.base.key", before, StringComparison.Ordinal);

        // Nothing was flushed: what the silo has not saved by itself it saves now.
        await silos.Cluster.StopSiloAsync(silos.Cluster.Silos[1]);
        Assert.Equal(before, await ReadAsync(silos));

        Orleans.TestingHost.InProcessSiloHandle joined = await silos.Cluster.StartAdditionalSiloAsync();
        IManagementGrain management = silos.Client.GetGrain<IManagementGrain>(0);
        int share = 0;
        using CancellationTokenSource patience = new(s_patience);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(100));
        do
        {
            Assert.Equal(before, await ReadAsync(silos));
            share = (await management.GetDetailedGrainStatistics()).Count(grain => grain.SiloAddress.Equals(joined.SiloAddress)
                && grain.GrainType.Contains(nameof(DevicePartitionGrain), StringComparison.Ordinal));
        }
        while (share != TwoSilos.Partitions / 2 && await timer.WaitForNextTickAsync(patience.Token));
        Assert.Equal(before, await ReadAsync(silos));
    }

    [PostgresFact]
    public async Task A_partition_that_another_host_took_over_saves_nothing_more_and_begins_anew()
    {
        await using PostgresStorage storage = await OpenAsync();
        await using TwoSilos silos = await StartAsync(storage);
        DatasourceRecord record = await FeedAsync(silos);
        PartitionCounts[] counts = await Task.WhenAll(silos.All.Select(static partition => partition.CountAsync().AsTask()));
        int busy = Array.FindIndex(counts, static count => count.Devices > 0);
        Assert.True(await silos.All[busy].FlushAsync(record.Number, 1, 1));

        PartitionImage taken = await storage.Devices.LoadAsync(busy);
        Assert.Equal(counts[busy].Devices, taken.Devices.Count);
        // It has nothing new, so that it need not know; with something new it is refused, and says so.
        await Campus.ReplayAsync(silos.All, record, bootId: 2);
        Assert.False(await silos.All[busy].FlushAsync(record.Number, 2, 1));
        using CancellationTokenSource patience = new(s_patience);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        while (await silos.All[busy].FlushAsync(record.Number, 2, 1))
        {
            Assert.True(await timer.WaitForNextTickAsync(patience.Token));
        }
        // As it was saved last, and able to go on.
        PartitionCounts after = await silos.All[busy].CountAsync();
        Assert.Equal((counts[busy].Devices, counts[busy].AccessPoints), (after.Devices, after.AccessPoints));
        await Campus.ReplayAsync(silos.All, record, bootId: 3);
        Assert.True(await silos.All[busy].FlushAsync(record.Number, 3, 1));
    }

    private async Task<PostgresStorage> OpenAsync()
    {
        string database = server.NewDatabase();
        _ = await PostgresSchema.ApplyAsync(database, TwoSilos.Partitions);
        return await PostgresStorage.OpenAsync(database);
    }

    private static Task<TwoSilos> StartAsync(PostgresStorage storage) => TwoSilos.StartAsync(services =>
    {
        services.AddSingleton(storage.Devices);
        services.AddSingleton(storage.Sources);
    });

    private static async Task<DatasourceRecord> FeedAsync(TwoSilos silos)
    {
        SourceRow row = await silos.Client.GetGrain<ISourceDirectoryGrain>(0).AddAsync(s_row);
        DatasourceRecord record = SourceRows.ToRecord(row);
        await Campus.ReplayAsync(silos.All, record);
        return record;
    }

    private static async Task<string> ReadAsync(TwoSilos silos)
    {
        List<string> devices = [];
        foreach (IDevicePartition partition in silos.All)
        {
            using DeviceChunk chunk = await partition.ReadAsync(new(), s_shape, 0);
            devices.AddRange(Encoding.UTF8.GetString(chunk.Body.WrittenSpan).Split('\n'));
        }
        return string.Join('\n', devices.Order(StringComparer.Ordinal));
    }
}
