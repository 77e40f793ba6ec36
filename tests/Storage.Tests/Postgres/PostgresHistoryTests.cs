using KismetOrleans.Engine.Filters;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Json;
using KismetOrleans.Storage.Postgres;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Link;
using Npgsql;

namespace KismetOrleans.Storage.Tests.Postgres;

/// <summary>Packets of a silo are kept in the database and given back as they are asked for; days that are over are dropped as a whole.</summary>
[Collection(nameof(PostgresServer))]
public sealed class PostgresHistoryTests(PostgresServer server)
{
    internal const int Packets = 300;
    internal const long Second = 1_700_000_000;

    [PostgresFact]
    public async Task What_was_written_is_found_by_every_filter()
    {
        string database = server.NewDatabase();
        await PostgresSchema.ApplyAsync(database);
        await using PostgresStorage storage = await PostgresStorage.OpenAsync(database);
        await WriteAsync(storage);
        Assert.Equal(Packets, await CountAsync(storage));
        Assert.Equal(7, await CountAsync(storage, ("limit", "7")));
        Assert.Equal(1, await CountAsync(storage, ("address_source", "02:00:00:00:00:05")));
        Assert.Equal(16, await CountAsync(storage, ("address_source", "02:00:00:00:00:1_")));
        Assert.Equal(Packets, await CountAsync(storage, ("address_dest", "ff:ff:ff:ff:ff:ff")));
        Assert.Equal(0, await CountAsync(storage, ("address_trans", "02:00:00:00:00:05")));
        Assert.Equal(1, await CountAsync(storage, ("device_id", "4202770D00000000_50000000002")));
        Assert.Equal(0, await CountAsync(storage, ("device_id", "0_0")));
        Assert.Equal(Packets, await CountAsync(storage, ("device_id", "0")));
        Assert.Equal(3, await CountAsync(storage, ("timestamp_start", $"{Second + 10}"), ("timestamp_end", $"{Second + 12}")));
        Assert.Equal(Packets, await CountAsync(storage, ("tag", "%probe%"), ("dlt", "105"), ("size_min", "32"), ("size_max", "32")));
        Assert.Equal(0, await CountAsync(storage, ("tag", "PROBE")));
        Assert.Equal(0, await CountAsync(storage, ("signal_max", "-1")));
        Assert.Equal(Packets, await CountAsync(storage, ("frequency_min", "0"), ("location_lat_max", "0.5"), ("datasource", "0%")));

        Assert.Equal(100, await storage.Packets.DropBeforeAsync(Second + 100));
        Assert.Equal(Packets - 100, await CountAsync(storage));
    }

    [PostgresFact]
    public async Task Pages_are_asked_for_ahead_where_the_server_may()
    {
        await using NpgsqlConnection connection = new(server.NewDatabase());
        await connection.OpenAsync();
        foreach ((int set, int expected) in ((int, int)[])[(1, 64), (16, 64), (200, 200), (0, 0)])
        {
            await using NpgsqlCommand command = new($"SET effective_io_concurrency = {set}", connection);
            _ = await command.ExecuteNonQueryAsync();
            await PostgresReadAhead.ApplyAsync(connection, default);
            await using NpgsqlCommand show = new("SELECT current_setting('effective_io_concurrency')::integer", connection);
            Assert.Equal(expected, await show.ExecuteScalarAsync());
        }
    }

    [PostgresFact]
    public async Task Days_are_made_ahead_and_dropped_when_they_are_over()
    {
        string database = server.NewDatabase();
        await PostgresSchema.ApplyAsync(database);
        await using NpgsqlConnection connection = new(database);
        await connection.OpenAsync();
        DateTimeOffset noon = new(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);
        TimeSpan keep = TimeSpan.FromDays(2);
        Assert.Equal(0, await PostgresPacketDays.TendAsync(connection, noon, keep, default));
        Assert.Equal(["packets_20260309", "packets_20260310"], await DaysAsync(connection));
        Assert.Equal(0, await PostgresPacketDays.TendAsync(connection, noon, keep, default));
        Assert.Equal(0, await PostgresPacketDays.TendAsync(connection, noon.AddDays(2), keep, default));
        Assert.Equal(1, await PostgresPacketDays.TendAsync(connection, noon.AddDays(3), keep, default));
        Assert.Equal(["packets_20260310", "packets_20260311", "packets_20260312", "packets_20260313"], await DaysAsync(connection));
    }

    internal static async Task WriteAsync(PostgresStorage storage)
    {
        PacketTaps taps = new(new());
        List<string> said = [];
        // One more is sent, and left out.
        FilterGate filters = new();
        Assert.True(FilterRule.TryParseRange("06:00:00:00:00:00", out MaskedAddress left));
        filters.Renew(new([FilterRules.SetLine(new(FilterOf.Packets, Phy.Dot11, FilterBlock.Source, left), blocks: true)]));
        PostgresPacketLog log = await PostgresPacketLog.StartAsync(storage, taps, new(), new NoSources(), TimeProvider.System, filters, (text, _) => said.Add(text),
            new(TimeProvider.System, static (_, _) => { }));
        // Probe request to everyone, wildcard SSID, rates 1 to 11 Mbit/s: bytes 10 to 15 are the sender.
        byte[] frame = Convert.FromHexString("40000000FFFFFFFFFFFF020000000000FFFFFFFFFFFF0000" + "0000" + "010402040B16");
        TapSession session = new(taps, 1);
        for (int i = 0; i <= Packets; i++)
        {
            (frame[10], frame[14], frame[15]) = i == Packets ? ((byte)6, (byte)0, (byte)0) : ((byte)2, (byte)(i >> 8), (byte)i);
            Assert.Equal(ParseStatus.Ok, Dot11Parser.TryParse(frame, false, out Dot11Frame dot11));
            Assert.Equal(ParseStatus.Ok, LinkHeader.TryParse(LinkType.Ieee80211, frame, frame.Length, out RadioHeader radio));
            Assert.NotNull(session.Begin(new(1, (ulong)i + 1)));
            session.Offer(
                new() { TimeNs = (Second + i) * 1_000_000_000, LinkType = LinkType.Ieee80211, Length = frame.Length, OriginalLength = frame.Length },
                frame, DissectedAs.Dot11, radio, dot11);
            session.End();
        }
        await log.DisposeAsync();
        Assert.Equal((Packets, 0UL, false, null), ((int)log.Record.Packets, log.Record.Dropped, log.Record.Open, log.Record.Error));
        Assert.Single(said);
        Assert.Equal((1, 0), filters.TakeCounts());
    }

    [PostgresFact]
    public async Task What_waits_for_filters_that_are_never_known_is_counted_as_lost()
    {
        string database = server.NewDatabase();
        await PostgresSchema.ApplyAsync(database);
        await using PostgresStorage storage = await PostgresStorage.OpenAsync(database);
        PacketTaps taps = new(new());
        List<string> said = [];
        PostgresPacketLog log = await PostgresPacketLog.StartAsync(storage, taps, new(), new NoSources(), TimeProvider.System, new(), (text, _) => said.Add(text),
            new(TimeProvider.System, static (_, _) => { }));
        byte[] frame = Convert.FromHexString("40000000FFFFFFFFFFFF020000000000FFFFFFFFFFFF0000" + "0000" + "010402040B16");
        Assert.Equal(ParseStatus.Ok, LinkHeader.TryParse(LinkType.Ieee80211, frame, frame.Length, out RadioHeader radio));
        TapSession session = new(taps, 1);
        Assert.NotNull(session.Begin(new(1, 1)));
        session.Offer(new() { LinkType = LinkType.Ieee80211, Length = frame.Length, OriginalLength = frame.Length }, frame, DissectedAs.Dot11, radio, default);
        session.End();
        await log.DisposeAsync();
        const string error = "1 packets were not written, since it was never known which are to be left out";
        Assert.Equal((0UL, 1UL, error), (log.Record.Packets, log.Record.Dropped, log.Record.Error));
        Assert.EndsWith(error, Assert.Single(said), StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync(storage));
    }

    private static async Task<int> CountAsync(PostgresStorage storage, params (string Name, string Value)[] filters)
    {
        PacketQuery query = PacketFilters.Read(name => filters.FirstOrDefault(filter => filter.Name == name).Value);
        HistoryExport export = new(new NoSources());
        await using IPacketHistoryReader reader = await storage.Packets.OpenAsync(query, export);
        while (await reader.ReadAsync(default))
        {
            export.Clear();
        }
        return (int)export.Packets;
    }

    private static async Task<List<string>> DaysAsync(NpgsqlConnection connection)
    {
        List<string> days = [];
        await using NpgsqlCommand select = new("SELECT relname FROM pg_class WHERE relname LIKE 'packets\\_2%' AND relkind = 'r' ORDER BY 1", connection);
        await using NpgsqlDataReader row = await select.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            days.Add(row.GetString(0));
        }
        return days;
    }

    private sealed class NoSources : ISourceDirectory
    {
        public IReadOnlyList<DatasourceRecord> All => [];

        public DatasourceRecord? Find(ushort number) => null;
    }
}
