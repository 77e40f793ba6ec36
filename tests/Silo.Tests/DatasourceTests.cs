using System.Text;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Grains.Channels;
using KismetOrleans.Grains.Datasources;
using KismetOrleans.Grains.Sources;
using KismetOrleans.Packets;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace KismetOrleans.Silo.Tests;

/// <summary>A sensor's batches reach the partitions through its grain exactly once, and its record, counts and messages the whole cluster.</summary>
public sealed class DatasourceTests
{
    private static readonly Guid s_uuid = Guid.Parse("5FE308BD-0000-0000-0000-0123456789AC");

    [Fact]
    public async Task A_sensors_batches_are_applied_once_and_known_everywhere()
    {
        await using TwoSilos silos = await TwoSilos.StartAsync();
        using SourceCache cache = new(silos.Client, TimeProvider.System, NullLogger<SourceCache>.Instance);
        ClusterSources sources = new(silos.Client, cache);
        IDatasource sensor = await sources.RemoteAsync(s_uuid);
        SensorWelcome welcome = await sensor.OpenAsync(new() { Uuid = s_uuid, Name = "lobby", Driver = "linuxwifi", Interface = "wlan0", BootId = 7 });
        Assert.Equal((1, default), (welcome.Number, welcome.Saved));

        ulong packets = 0;
        FrameDissector alone = new();
        ObservationBatch scratch = new();
        foreach (PacketBatch batch in Campus.Batches(bootId: 7))
        {
            packets += (ulong)batch.Count;
            scratch.Reset(1, 1);
            alone.Dissect(batch, [scratch]);
            Assert.Equal(AcceptOutcome.Accepted, await sensor.AcceptAsync(welcome.Connection, Campus.Pack(batch)));
            // As a sensor does that did not hear of the acknowledgement.
            Assert.Equal(AcceptOutcome.Accepted, await sensor.AcceptAsync(welcome.Connection, Campus.Pack(batch)));
        }
        long[] expectedByPhy = alone.PacketsByPhy.ToArray();
        Assert.Equal(AcceptOutcome.Superseded, await sensor.AcceptAsync(welcome.Connection + 1, Campus.Pack(Campus.Batches(7).First())));
        await sensor.CloseAsync(welcome.Connection, null);

        foreach (Orleans.TestingHost.InProcessSiloHandle silo in silos.Cluster.Silos)
        {
            await silo.ServiceProvider.GetRequiredService<TotalsReporter>().DoNowAsync();
        }
        await cache.DoNowAsync();
        DatasourceRecord record = Assert.Single(cache.All);
        Assert.Equal(("lobby", packets, true), (record.Name, record.Packets, record.Remote));
        Assert.Equal(expectedByPhy, record.PacketsByPhy);
        Assert.NotEmpty((await silos.Client.GetGrain<ITotalsGrain>(0).ChannelsAsync()).Frequencies);
        Assert.NotEmpty(await silos.Client.GetGrain<ITotalsGrain>(0).MessagesAsync(-1));

        IReadOnlyList<IDevicePartition> embedded = await Campus.EmbeddedAsync(record, cache.ServerUuid);
        for (int i = 0; i < TwoSilos.Partitions; i++)
        {
            PartitionCounts expected = await embedded[i].CountAsync();
            PartitionCounts actual = await silos.All[i].CountAsync();
            Assert.Equal((expected.Devices, expected.Duplicates), (actual.Devices, actual.Duplicates));
            Assert.Equal(expected.BySource, actual.BySource);
        }
    }

    [Fact]
    public async Task Three_sensors_that_hear_the_same_count_as_one_and_are_all_seen()
    {
        await using TwoSilos silos = await TwoSilos.StartAsync();
        using SourceCache cache = new(silos.Client, TimeProvider.System, NullLogger<SourceCache>.Instance);
        ClusterSources sources = new(silos.Client, cache);
        Guid[] uuids = [.. Enumerable.Range(0, 3).Select(static i => new Guid(i + 1, 0, 0, new byte[8]))];
        // Each is a few batches behind the one before.
        await Task.WhenAll(uuids.Select(async uuid =>
        {
            IDatasource sensor = await sources.RemoteAsync(uuid);
            SensorWelcome welcome = await sensor.OpenAsync(new() { Uuid = uuid, Name = $"{uuid}", Driver = "linuxwifi", Interface = "wlan0", BootId = 1 });
            foreach (PacketBatch batch in Campus.Batches(bootId: 1))
            {
                Assert.Equal(AcceptOutcome.Accepted, await sensor.AcceptAsync(welcome.Connection, Campus.Pack(batch)));
            }
            await sensor.CloseAsync(welcome.Connection, null);
        }));
        await cache.DoNowAsync();
        Assert.Equal(3, cache.All.Count);

        IReadOnlyList<IDevicePartition> one = await Campus.EmbeddedAsync(cache.All[0], cache.ServerUuid);
        DeviceShape shape = new(RecordFormat.ItJson, new([new("kismet.device.base.key", null), new("kismet.device.base.packets.total", null)]));
        int devices = 0;
        for (int i = 0; i < TwoSilos.Partitions; i++)
        {
            using DeviceChunk expected = await one[i].ReadAsync(new(), shape, 0);
            using DeviceChunk actual = await silos.All[i].ReadAsync(new(), shape, 0);
            Assert.Equal(Lines(expected), Lines(actual));
            PartitionCounts counts = await silos.All[i].CountAsync();
            Assert.All(cache.All, source => Assert.Equal(counts.Devices, counts.BySource.GetValueOrDefault(source.Number)));
            devices += counts.Devices;
        }
        Assert.True(devices > 50, $"{devices} devices");

        static string[] Lines(DeviceChunk chunk) => [.. Encoding.UTF8.GetString(chunk.Body.WrittenSpan).Split('\n').Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task An_order_is_done_when_the_sensor_says_so()
    {
        await using TwoSilos silos = await TwoSilos.StartAsync();
        IDatasource sensor = new GrainDatasource(silos.Client.GetGrain<IDatasourceGrain>(s_uuid));
        SensorWelcome welcome = await sensor.OpenAsync(new() { Uuid = s_uuid, Name = "lobby", Driver = "linuxwifi", Interface = "wlan0" });
        Task<string?> done = sensor.OrderAsync(new() { Command = SensorCommand.SetChannel, Channel = "6" }).AsTask();
        SensorOrders orders;
        do
        {
            orders = await sensor.TendAsync(welcome.Connection, new() { Running = true });
        }
        while (orders.Orders.Count == 0);
        SensorOrder order = Assert.Single(orders.Orders);
        Assert.Equal((SensorCommand.SetChannel, "6"), (order.Command, order.Channel));
        await sensor.OrderDoneAsync(welcome.Connection, order.Id, "no such channel");
        Assert.Equal("no such channel", await done);
    }

    [Fact]
    public async Task A_sensors_source_that_moves_begins_with_the_counters_of_its_saved_batch()
    {
        await using TwoSilos silos = await TwoSilos.StartAsync();
        ISourceDirectoryGrain directory = silos.Client.GetGrain<ISourceDirectoryGrain>(0);
        SourceRow row = await directory.AddAsync(SourceRows.OfRemote(s_uuid));
        await directory.SaveAsync(row with { Packets = 100, ErrorPackets = 2, Saved = new(7, 3) });
        // Its silo counts on, and dies: what comes again is counted again.
        await directory.PublishAsync(SourceRows.ToRecord(row) with { Name = "lobby", Packets = 160, ErrorPackets = 5 });

        SourceRow again = await directory.AddAsync(SourceRows.OfRemote(s_uuid));
        Assert.Equal((100ul, 2ul, new Watermark(7, 3)), (again.Packets, again.ErrorPackets, again.Saved));
        Assert.Equal((row.Number, "lobby"), (again.Number, again.Name));
    }

    [Fact]
    public async Task A_spoiled_batch_is_refused_and_the_next_one_taken()
    {
        await using TwoSilos silos = await TwoSilos.StartAsync();
        IDatasource sensor = new GrainDatasource(silos.Client.GetGrain<IDatasourceGrain>(s_uuid));
        SensorWelcome welcome = await sensor.OpenAsync(new() { Uuid = s_uuid, Name = "lobby", Driver = "linuxwifi", Interface = "wlan0", BootId = 3 });
        ReadOnlyMemory<byte> batch = Campus.Pack(Campus.Batches(bootId: 3).First());
        InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(async () => await sensor.AcceptAsync(welcome.Connection, batch[..^1]));
        Assert.Equal("a batch that cannot be unpacked", refused.Message);
        Assert.Equal(AcceptOutcome.Accepted, await sensor.AcceptAsync(welcome.Connection, batch));
    }
}
