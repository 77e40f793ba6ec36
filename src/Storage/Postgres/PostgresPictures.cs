using System.Text;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire.Hashing;
using Npgsql;

namespace KismetOrleans.Storage.Postgres;

/// <summary>Histograms and lists of the table of packets. The database counts and sorts; the index of times has all that a histogram without other filters needs.</summary>
internal sealed class PostgresPictures(PostgresConnections connections) : IPacketPictures
{
    private const long Micro = 1_000_000;
    private const string Columns = "at, phy, sourcemac, destmac, transmac, frequency, signal, packet_len, packet_full_len, source, dlt, lat, lon, tags, packet";

    private const int PacketColumn = 14;

    // What a log says of a packet of no phy.
    private const string UnknownPhy = "Unknown";

    public async ValueTask<PacketHistogram> HistogramAsync(PacketQuery query, double? from, double? to, int count, CancellationToken cancellation)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, connections.Closing);
        await using NpgsqlConnection connection = await connections.OpenAsync(either.Token);
        if (from is null || to is null)
        {
            (long First, long Last)? range = await RangeAsync(connection, either.Token);
            if (range is null && (from ?? to) is null)
            {
                return new(default, new long[count]);
            }
            from ??= range is { } begin ? Math.Max(0, begin.First / Micro) : to!.Value - 1;
            // The last packet is inside.
            to ??= range is { } end ? Math.Min(uint.MaxValue, (end.Last / Micro) + 1) : from.Value + 1;
        }
        PacketBuckets buckets = PacketBuckets.Of(from.Value, to.Value, count);
        long[] counts = new long[count];
        if (query.Nothing)
        {
            return new(buckets, counts);
        }
        await using NpgsqlCommand command = new() { Connection = connection, CommandTimeout = 0 };
        // As PacketBuckets has it.
        string time = buckets.WholeSeconds ? $"(at - at % {Micro})" : "at";
        string fromUs = PostgresHistory.Next(command.Parameters, (double)buckets.FromUs);
        string toUs = PostgresHistory.Next(command.Parameters, (double)buckets.ToUs);
        string parts = PostgresHistory.Next(command.Parameters, (double)count);
        StringBuilder sql = new(
            $"SELECT LEAST(floor(({time}::float8 - {fromUs}) / ({toUs} - {fromUs}) * {parts}), {parts} - 1)::int AS bucket, count(*) FROM packets WHERE true");
        PostgresHistory.Conditions(buckets.Inside(query), sql, command.Parameters);
        command.CommandText = sql.Append(" GROUP BY bucket").ToString();
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(either.Token);
        while (await row.ReadAsync(either.Token))
        {
            counts[row.GetInt32(0)] = row.GetInt64(1);
        }
        return new(buckets, counts);
    }

    public async ValueTask<IReadOnlyList<LoggedPacket>> NewestAsync(PacketQuery query, int count, CancellationToken cancellation)
    {
        if (query.Nothing)
        {
            return [];
        }
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, connections.Closing);
        await using NpgsqlConnection connection = await connections.OpenAsync(either.Token);
        await using NpgsqlCommand command = new() { Connection = connection, CommandTimeout = 0 };
        StringBuilder sql = new($"SELECT {Columns} FROM packets WHERE true");
        PostgresHistory.Conditions(query, sql, command.Parameters);
        // One more than fits tells whether the page ends where a time does.
        command.CommandText = sql.Append(" ORDER BY at DESC LIMIT ").Append(PostgresHistory.Next(command.Parameters, (long)count + 1)).ToString();
        List<LoggedPacket> packets = [];
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(either.Token);
        while (await row.ReadAsync(either.Token))
        {
            packets.Add(Packet(row));
        }
        return PacketPages.Cut(packets, count);
    }

    public async ValueTask<StoredPacket?> FindAsync(PacketId id, CancellationToken cancellation)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, connections.Closing);
        await using NpgsqlConnection connection = await connections.OpenAsync(either.Token);
        await using NpgsqlCommand command = new($"SELECT {Columns} FROM packets WHERE at = $1 AND source = $2", connection)
        {
            CommandTimeout = 0,
            Parameters = { new() { Value = id.TimeUs }, new() { Value = id.Source } },
        };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(either.Token);
        while (await row.ReadAsync(either.Token))
        {
            byte[] bytes = row.GetFieldValue<byte[]>(PacketColumn);
            if (FrameHash.Compute(bytes) == id.Hash)
            {
                return new(Packet(row), bytes);
            }
        }
        return null;
    }

    private static async Task<(long First, long Last)?> RangeAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using NpgsqlCommand select = new("SELECT min(at), max(at) FROM packets", connection);
        await using NpgsqlDataReader row = await select.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) && !row.IsDBNull(0) ? (row.GetInt64(0), row.GetInt64(1)) : null;
    }

    private static LoggedPacket Packet(NpgsqlDataReader row) => new(row.GetInt64(0), Phy.All.FirstOrDefault(phy => phy.Id == row.GetInt16(1))?.Name ?? UnknownPhy)
    {
        Source = new((ulong)row.GetInt64(2)),
        Destination = new((ulong)row.GetInt64(3)),
        Transmitter = new((ulong)row.GetInt64(4)),
        FrequencyKhz = row.GetDouble(5),
        SignalDbm = row.GetInt32(6),
        Length = row.GetInt32(7),
        FullLength = row.GetInt32(8),
        Datasource = row.GetGuid(9),
        LinkType = row.GetInt32(10),
        Latitude = row.GetDouble(11),
        Longitude = row.GetDouble(12),
        Tags = row.GetString(13),
        Hash = FrameHash.Compute(row.GetFieldValue<byte[]>(PacketColumn)),
    };
}
