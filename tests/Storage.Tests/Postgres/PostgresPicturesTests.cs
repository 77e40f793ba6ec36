using KismetOrleans.Engine.Logging;
using KismetOrleans.Records.Server;
using KismetOrleans.Storage.Postgres;
using KismetOrleans.Wire.Hashing;
using Npgsql;

namespace KismetOrleans.Storage.Tests.Postgres;

/// <summary>Histograms and lists of the packets of the database, with the filters of the packets themselves.</summary>
[Collection(nameof(PostgresServer))]
public sealed class PostgresPicturesTests(PostgresServer server)
{
    private const int Packets = PostgresHistoryTests.Packets;
    private const long Second = PostgresHistoryTests.Second;

    [PostgresFact]
    public async Task Packets_are_counted_by_time_and_listed()
    {
        string database = server.NewDatabase();
        await PostgresSchema.ApplyAsync(database);
        await using PostgresStorage storage = await PostgresStorage.OpenAsync(database);
        IPacketPictures pictures = storage.Packets.Pictures;
        PacketHistogram nothing = await pictures.HistogramAsync(PacketQuery.All, null, null, 3, default);
        Assert.Equal((0L, 0L), (nothing.Buckets.FromUs, nothing.Buckets.ToUs));
        Assert.Equal([0, 0, 0], nothing.Counts);
        Assert.Empty(await pictures.NewestAsync(PacketQuery.All, 10, default));
        Assert.Equal((true, 0UL), ((await storage.Packets.StateAsync(default)).IsOpen, (await storage.Packets.StateAsync(default)).Packets));
        // A packet a second.
        await PostgresHistoryTests.WriteAsync(storage);
        // Statistics are told within a second or two.
        using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(30));
        PacketLogRecord state;
        while ((state = await storage.Packets.StateAsync(default)).Packets != Packets)
        {
            await Task.Delay(100, timeout.Token);
        }
        Assert.InRange(state.Bytes, (ulong)Packets * 32, 10_000_000UL);

        PacketHistogram all = await pictures.HistogramAsync(PacketQuery.All, null, null, 3, default);
        Assert.Equal((Second * 1_000_000, (Second + Packets) * 1_000_000), (all.Buckets.FromUs, all.Buckets.ToUs));
        Assert.Equal([100, 100, 100], all.Counts);
        Assert.Equal([50, 50, 50, 0], await CountsAsync(pictures, Second + 150, Second + 350, 4));
        Assert.Equal([1, 0, 1, 0], await CountsAsync(pictures, Second + 10, Second + 12, 4));
        Assert.Equal([0, 1, 0, 0], await CountsAsync(pictures, Second - 0.25, Second + 0.75, 4));
        Assert.Equal([6, 6], await CountsAsync(pictures, Second, Second + 44, 2, ("address_source", "02:00:00:00:00:1_"), ("timestamp_start", $"{Second + 12}"), ("timestamp_end", $"{Second + 27}")));
        Assert.Equal([1], await CountsAsync(pictures, Second, Second + 400, 1, ("device_id", "4202770D00000000_50000000002")));
        Assert.Equal([0], await CountsAsync(pictures, Second, Second + 400, 1, ("device_id", "0_0")));
        Assert.Equal([0], await CountsAsync(pictures, Second, Second + 400, 1, ("location_lat_min", "1")));
        Assert.Equal([0], await CountsAsync(pictures, Second, Second + 400, 1, ("signal_min", "1")));
        LogException empty = await Assert.ThrowsAsync<LogException>(() => pictures.HistogramAsync(PacketQuery.All, Second, Second, 1, default).AsTask());
        Assert.Equal("to: expected more than from", empty.Message);

        IReadOnlyList<LoggedPacket> newest = await pictures.NewestAsync(PacketQuery.All, 3, default);
        Assert.Equal([Second + 299, Second + 298, Second + 297], newest.Select(static p => p.TimeUs / 1_000_000));
        Assert.Equal(
            ("IEEE802.11", 0x0200_0000_012BUL, 0xFFFF_FFFF_FFFFUL, 0UL, 105, 32, 32, "DOT11_PROBE_REQ"),
            (newest[0].PhyName, newest[0].Source.Value, newest[0].Destination.Value, newest[0].Transmitter.Value, newest[0].LinkType, newest[0].Length, newest[0].FullLength, newest[0].Tags.Trim()));
        foreach (LoggedPacket packet in newest)
        {
            StoredPacket found = (await pictures.FindAsync(packet.Id, default))!;
            Assert.Equal((packet, packet.Hash), (found.Packet, FrameHash.Compute(found.Bytes)));
            Assert.Equal(packet.Length, found.Bytes.Length);
            Assert.Null(await pictures.FindAsync(packet.Id with { Hash = packet.Hash + 1 }, default));
            Assert.Null(await pictures.FindAsync(packet.Id with { TimeUs = packet.TimeUs + 1 }, default));
            Assert.Null(await pictures.FindAsync(packet.Id with { Source = Guid.NewGuid() }, default));
        }
        IReadOnlyList<LoggedPacket> older = await pictures.NewestAsync(PacketQuery.All with { ToUs = newest[^1].TimeUs - 1 }, 1000, default);
        Assert.Equal((Packets - 3, Second + 296), (older.Count, older[0].TimeUs / 1_000_000));
    }

    [PostgresFact]
    public async Task Times_are_found_in_the_index_alone()
    {
        string database = server.NewDatabase();
        await PostgresSchema.ApplyAsync(database);
        await using (PostgresStorage storage = await PostgresStorage.OpenAsync(database))
        {
            await PostgresHistoryTests.WriteAsync(storage);
        }
        await using NpgsqlConnection connection = new(database);
        await connection.OpenAsync();
        // Three hundred rows are not worth an index, unless there is no other way.
        Assert.Contains("Index Only Scan", await ExplainAsync(connection, "SELECT at / 1000000, count(*) FROM packets WHERE true AND at >= 5 GROUP BY 1"), StringComparison.Ordinal);
        Assert.Contains("Index Scan Backward", await ExplainAsync(connection, "SELECT at, packet_len FROM packets WHERE true ORDER BY at DESC LIMIT 100"), StringComparison.Ordinal);
    }

    private static async Task<string> ExplainAsync(NpgsqlConnection connection, string sql)
    {
        await using NpgsqlCommand explain = new($"SET enable_seqscan = off; SET enable_bitmapscan = off; EXPLAIN {sql}", connection);
        await using NpgsqlDataReader row = await explain.ExecuteReaderAsync();
        List<string> plan = [];
        while (await row.ReadAsync())
        {
            plan.Add(row.GetString(0));
        }
        return string.Join('\n', plan);
    }

    private static async Task<IEnumerable<long>> CountsAsync(IPacketPictures pictures, double from, double to, int count, params (string Name, string Value)[] filters) =>
        (await pictures.HistogramAsync(PacketFilters.Read(name => filters.FirstOrDefault(filter => filter.Name == name).Value), from, to, count, default)).Counts;
}
