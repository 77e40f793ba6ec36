using KismetOrleans.Engine.Persistence;
using Npgsql;

namespace KismetOrleans.Storage.Postgres;

/// <summary>Datasources in PostgreSQL.</summary>
internal sealed class PostgresSourceStore(PostgresConnections connections) : ISourceStore
{
    private const string Columns =
        "number, uuid, name, driver, interface, definition, hardware, packets, error_packets, saved_boot_id, saved_sequence, packets_by_phy, owner, used";

    public async ValueTask<Guid> ServerUuidAsync(CancellationToken cancellation = default) => await connections.RunAsync(
        static async (connection, stop) =>
        {
            await using NpgsqlBatch batch = new(connection)
            {
                BatchCommands =
                {
                    new("INSERT INTO facts (name, value) VALUES ('server_uuid', $1) ON CONFLICT (name) DO NOTHING")
                    {
                        Parameters = { new() { Value = Guid.NewGuid().ToString() } },
                    },
                    new("SELECT value FROM facts WHERE name = 'server_uuid'"),
                },
            };
            return Guid.Parse((string)(await batch.ExecuteScalarAsync(stop))!);
        },
        cancellation);

    public async ValueTask<IReadOnlyList<SourceRow>> LoadAsync(CancellationToken cancellation = default) => await connections.RunAsync(
        static async (connection, stop) =>
        {
            List<SourceRow> rows = [];
            await using NpgsqlCommand select = new($"SELECT {Columns} FROM sources ORDER BY number", connection);
            await using NpgsqlDataReader row = await select.ExecuteReaderAsync(stop);
            while (await row.ReadAsync(stop))
            {
                rows.Add(Read(row));
            }
            return rows;
        },
        cancellation);

    public async ValueTask<IReadOnlyList<SourceRow>> AddAsync(IReadOnlyList<SourceRow> rows, CancellationToken cancellation = default) => await connections.RunAsync(
        async (connection, stop) =>
        {
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(stop);
            // Numbers are given one after the other.
            await using (NpgsqlCommand alone = new("LOCK TABLE sources IN SHARE ROW EXCLUSIVE MODE", connection))
            {
                await alone.ExecuteNonQueryAsync(stop);
            }
            await using NpgsqlBatch add = new(connection);
            foreach (SourceRow row in rows)
            {
                NpgsqlBatchCommand one = new(
                    $"INSERT INTO sources ({Columns}) SELECT CASE WHEN $14 > 0 AND NOT EXISTS (SELECT 1 FROM sources WHERE number = $14) THEN $14 "
                    + "ELSE (SELECT coalesce(max(number), 0) + 1 FROM sources) END, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 "
                    + "ON CONFLICT (uuid) DO UPDATE SET name = excluded.name, driver = excluded.driver, interface = excluded.interface, "
                    + "definition = excluded.definition, hardware = excluded.hardware, owner = coalesce(nullif(excluded.owner, ''), sources.owner), "
                    + $"used = greatest(excluded.used, sources.used) RETURNING {Columns}");
                one.Parameters.Add(new() { Value = row.Uuid });
                AddValues(one.Parameters, row);
                one.Parameters.Add(new() { Value = (int)row.Number });
                add.BatchCommands.Add(one);
            }
            List<SourceRow> added = new(rows.Count);
            await using (NpgsqlDataReader reader = await add.ExecuteReaderAsync(stop))
            {
                do
                {
                    await reader.ReadAsync(stop);
                    if (reader.GetInt32(0) > ushort.MaxValue)
                    {
                        throw new StorageException($"There are as many datasources as there are numbers for them: {ushort.MaxValue}.");
                    }
                    added.Add(Read(reader));
                }
                while (await reader.NextResultAsync(stop));
            }
            await transaction.CommitAsync(stop);
            return added;
        },
        cancellation);

    public async ValueTask SaveAsync(IReadOnlyList<SourceRow> rows, CancellationToken cancellation = default)
    {
        if (rows.Count == 0)
        {
            return;
        }
        await connections.RunAsync(
            async (connection, stop) =>
            {
                await using NpgsqlBatch batch = new(connection);
                // In the order in which the journal counts, so that neither waits for the other.
                foreach (SourceRow row in rows.OrderBy(static row => row.Number))
                {
                    NpgsqlBatchCommand update = new(
                        "UPDATE sources SET name = $2, driver = $3, interface = $4, definition = $5, hardware = $6, "
                        + "packets = coalesce(nullif($7, 0), packets), error_packets = $8, saved_boot_id = $9, saved_sequence = $10, packets_by_phy = $11, owner = $12, used = $13 "
                        + "WHERE number = $1");
                    update.Parameters.Add(new() { Value = (int)row.Number });
                    AddValues(update.Parameters, row);
                    batch.BatchCommands.Add(update);
                }
                return await batch.ExecuteNonQueryAsync(stop);
            },
            cancellation);
    }

    public async ValueTask RemoveAsync(IReadOnlyList<ushort> numbers, CancellationToken cancellation = default) => await connections.RunAsync(
        async (connection, stop) =>
        {
            await using NpgsqlCommand delete = new("DELETE FROM sources WHERE number = ANY($1)", connection)
            {
                Parameters = { new() { Value = numbers.Select(static number => (int)number).ToArray() } },
            };
            return await delete.ExecuteNonQueryAsync(stop);
        },
        cancellation);

    /// <summary>Adds reports to the counts of their sources, in the transaction of the connection.</summary>
    internal static async Task CountAsync(NpgsqlConnection connection, IReadOnlyDictionary<int, long> counts)
    {
        if (counts.Count == 0)
        {
            return;
        }
        // Several servers count the same sources: each locks them in the same order.
        await using NpgsqlCommand add = new(
            "UPDATE sources SET packets = packets + own.reports, used = extract(epoch FROM now())::bigint FROM (SELECT number, reports FROM sources "
            + "JOIN unnest($1::integer[], $2::bigint[]) AS counted (number, reports) USING (number) ORDER BY number FOR UPDATE OF sources) AS own "
            + "WHERE sources.number = own.number",
            connection)
        {
            Parameters = { new() { Value = counts.Keys.ToArray() }, new() { Value = counts.Values.ToArray() } },
        };
        await add.ExecuteNonQueryAsync();
    }

    // $2 to $13, as both statements have them.
    private static void AddValues(NpgsqlParameterCollection parameters, SourceRow row)
    {
        parameters.Add(new() { Value = row.Name });
        parameters.Add(new() { Value = row.Driver });
        parameters.Add(new() { Value = row.Interface });
        parameters.Add(new() { Value = row.Definition });
        parameters.Add(new() { Value = row.Hardware });
        parameters.Add(new() { Value = (long)row.Packets });
        parameters.Add(new() { Value = (long)row.ErrorPackets });
        parameters.Add(new() { Value = (long)row.Saved.BootId });
        parameters.Add(new() { Value = (long)row.Saved.Sequence });
        parameters.Add(new() { Value = row.PacketsByPhy });
        parameters.Add(new() { Value = row.Owner });
        parameters.Add(new() { Value = row.Used });
    }

    private static SourceRow Read(NpgsqlDataReader row) => new(
        (ushort)row.GetInt32(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6),
        (ulong)row.GetInt64(7), (ulong)row.GetInt64(8), new((ulong)row.GetInt64(9), (ulong)row.GetInt64(10)), row.GetString(11),
        row.GetString(12), row.GetInt64(13));
}
