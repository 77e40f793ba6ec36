using System.Data;
using System.Text;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire;
using Npgsql;

namespace KismetOrleans.Storage.Postgres;

/// <summary>Answers from the table of packets: rows are read as the client takes them.</summary>
internal sealed class PostgresHistory(PostgresConnections connections) : IPacketHistory
{
    private const string Select = "SELECT at, source, dlt, packet_full_len, packet FROM packets WHERE true";
    private const long Micro = 1_000_000;

    public IPacketPictures Pictures { get; } = new PostgresPictures(connections);

    public async ValueTask<IPacketHistoryReader> OpenAsync(PacketQuery query, HistoryExport export)
    {
        NpgsqlCommand command = new();
        StringBuilder sql = new(Select);
        Conditions(query, sql, command.Parameters);
        sql.Append(" LIMIT ").Append(Next(command.Parameters, query.Nothing ? 0 : query.Limit));
        command.CommandText = sql.ToString();
        NpgsqlConnection connection = await connections.OpenAsync(connections.Closing);
        try
        {
            await PostgresReadAhead.ApplyAsync(connection, connections.Closing);
            command.Connection = connection;
            return new Reader(connection, command, await command.ExecuteReaderAsync(CommandBehavior.SingleResult), export);
        }
        catch
        {
            await command.DisposeAsync();
            await connection.DisposeAsync();
            throw;
        }
    }

    public async ValueTask<PacketLogRecord> StateAsync(CancellationToken cancellation) => await connections.RunAsync(
        async (connection, stop) =>
        {
            // Counting tens of millions takes seconds; the statistics are kept by each commit, and after a crash until the next ANALYZE by the planner alone.
            await using NpgsqlCommand select = new(
                "SELECT COALESCE(sum(GREATEST(s.n_live_tup, c.reltuples::bigint)), 0)::bigint, COALESCE(sum(pg_total_relation_size(c.oid)), 0)::bigint"
                + " FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid WHERE i.inhparent = 'packets'::regclass", connection);
            await using NpgsqlDataReader row = await select.ExecuteReaderAsync(stop);
            _ = await row.ReadAsync(stop);
            return new PacketLogRecord(IsOpen: true, (ulong)row.GetInt64(0), (ulong)row.GetInt64(1));
        },
        cancellation);

    public async ValueTask<long> DropBeforeAsync(long seconds) => await connections.RunAsync(
        async (connection, stop) =>
        {
            await using NpgsqlCommand delete = new("DELETE FROM packets WHERE at < $1", connection) { Parameters = { new() { Value = seconds * Micro } } };
            return (long)await delete.ExecuteNonQueryAsync(stop);
        },
        default);

    /// <summary>Appends what a query asks for, each after an AND.</summary>
    internal static void Conditions(PacketQuery query, StringBuilder sql, NpgsqlParameterCollection parameters)
    {
        if (query.FromUs != long.MinValue)
        {
            sql.Append(" AND at >= ").Append(Next(parameters, query.FromUs));
        }
        if (query.ToUs != long.MaxValue)
        {
            sql.Append(" AND at <= ").Append(Next(parameters, query.ToUs));
        }
        if (query.Device is { } device)
        {
            string value = Next(parameters, (long)device.Value);
            // Each of them has an index; that of transmitters leaves out who has none.
            sql.Append($" AND (sourcemac = {value} OR destmac = {value} OR (transmac = {value} AND transmac <> 0))");
        }
        foreach (PacketCondition condition in query.Conditions)
        {
            sql.Append(" AND ").Append(Condition(condition, parameters));
        }
    }

    // Columns are the names that PacketFilters knows, never a client's text.
    private static string Condition(PacketCondition condition, NpgsqlParameterCollection parameters) => (condition.Column, condition.Test) switch
    {
        ("phyname", _) => $"phy = {Next(parameters, (short)PhyOf((string)condition.Value))}",
        ("devkey", _) => $"'0' LIKE {Next(parameters, condition.Value)} ESCAPE ''",
        ("datasource", _) => $"source::text ILIKE {Next(parameters, condition.Value)} ESCAPE ''",
        ("sourcemac" or "destmac" or "transmac", PacketTest.Equal) =>
            $"{condition.Column} = {Next(parameters, (long)AddressOf((string)condition.Value).Value)}{(condition.Column == "transmac" && !AddressOf((string)condition.Value).IsZero ? " AND transmac <> 0" : "")}",
        ("sourcemac" or "destmac" or "transmac", _) =>
            $@"regexp_replace(lpad(to_hex({condition.Column}), 12, '0'), '(..)(?!$)', '\1:', 'g') ILIKE {Next(parameters, condition.Value)} ESCAPE ''",
        (_, PacketTest.Like) => $"{condition.Column} ILIKE {Next(parameters, condition.Value)} ESCAPE ''",
        (_, PacketTest.AtLeast) => $"{condition.Column} >= {Next(parameters, condition.Value)}",
        (_, PacketTest.AtMost) => $"{condition.Column} <= {Next(parameters, condition.Value)}",
        _ => $"{condition.Column} = {Next(parameters, condition.Value)}",
    };

    /// <summary>Appends a parameter.</summary>
    /// <returns>Its name in SQL.</returns>
    internal static string Next(NpgsqlParameterCollection parameters, object value)
    {
        parameters.Add(new() { Value = value });
        return $"${parameters.Count}";
    }

    private static int PhyOf(string name) => Phy.All.FirstOrDefault(phy => phy.Name == name)?.Id ?? -1;

    private static MacAddress AddressOf(string text) => MacAddress.TryParseAny(text, out MacAddress address) ? address : default;

    private sealed class Reader(NpgsqlConnection connection, NpgsqlCommand command, NpgsqlDataReader rows, HistoryExport export) : IPacketHistoryReader
    {
        public async ValueTask<bool> ReadAsync(CancellationToken cancellation)
        {
            while (!export.IsFull)
            {
                if (!await rows.ReadAsync(cancellation))
                {
                    return false;
                }
                export.Add(rows.GetGuid(1), (LinkType)rows.GetInt32(2), rows.GetInt64(0), rows.GetInt32(3), rows.GetFieldValue<byte[]>(4));
            }
            return true;
        }

        public async ValueTask DisposeAsync()
        {
            // A client that went away would else be sent the rest.
            command.Cancel();
            await rows.DisposeAsync();
            await command.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
