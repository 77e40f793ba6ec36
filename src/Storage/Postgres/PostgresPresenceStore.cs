using System.Data;
using System.Runtime.CompilerServices;
using KismetOrleans.Engine.Presence;
using Npgsql;

namespace KismetOrleans.Storage.Postgres;

/// <summary>Reads who was where; it is written with the devices (<see cref="PostgresSave"/>).</summary>
internal sealed class PostgresPresenceStore(PostgresConnections connections) : IPresenceStore
{
    public async IAsyncEnumerable<StoredPresence> ReadAsync(PresenceQuery query, int? partition, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await connections.OpenAsync(cancellation);
        await using NpgsqlCommand select = new(
            "SELECT partition, number, entries FROM presence WHERE number >= $1 AND first <= $2 AND last >= $3" + (partition is null ? "" : " AND (partition = $4 OR partition < 0)"), connection)
        {
            Parameters = { new() { Value = PresenceNumbers.Earliest(query) }, new() { Value = Slot(query.Last) }, new() { Value = Slot(query.First) } },
        };
        if (partition is { } one)
        {
            select.Parameters.Add(new() { Value = one });
        }
        await using NpgsqlDataReader row = await select.ExecuteReaderAsync(CommandBehavior.SingleResult, cancellation);
        while (await row.ReadAsync(cancellation))
        {
            yield return new(row.GetInt32(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2));
        }
    }

    /// <summary>What is new of some partitions, for the transaction of their devices. Doing it again changes nothing.</summary>
    public static void Add(NpgsqlBatch batch, IReadOnlyList<(int Partition, PresenceChanges Changes)> all)
    {
        List<(int Partition, long Number, PresenceBlock Block)> blocks = [.. all.SelectMany(static one => one.Changes.Full.Select(full => (one.Partition, full.Number, full.Block)))];
        if (blocks.Count > 0)
        {
            batch.BatchCommands.Add(new(
                "INSERT INTO presence (partition, number, first, last, entries) SELECT * FROM unnest($1::int[], $2::bigint[], $3::int[], $4::int[], $5::bytea[]) ON CONFLICT DO NOTHING")
            {
                Parameters =
                {
                    new() { Value = blocks.ConvertAll(static one => one.Partition).ToArray() },
                    new() { Value = blocks.ConvertAll(static one => one.Number).ToArray() },
                    new() { Value = blocks.ConvertAll(static one => Slot(one.Block.First)).ToArray() },
                    new() { Value = blocks.ConvertAll(static one => Slot(one.Block.Last)).ToArray() },
                    new() { Value = blocks.ConvertAll(static one => one.Block.Bytes).ToArray() },
                },
            });
        }
        batch.BatchCommands.Add(new(
            "INSERT INTO presence_pending (partition, number, first, last, entries) SELECT * FROM unnest($1::int[], $2::bigint[], $3::int[], $4::int[], $5::bytea[]) "
            + "ON CONFLICT (partition) DO UPDATE SET number = excluded.number, first = excluded.first, last = excluded.last, entries = excluded.entries")
        {
            Parameters =
            {
                new() { Value = all.Select(static one => one.Partition).ToArray() },
                new() { Value = all.Select(static one => one.Changes.Last).ToArray() },
                new() { Value = all.Select(static one => Slot(one.Changes.Pending?.First ?? 0)).ToArray() },
                new() { Value = all.Select(static one => Slot(one.Changes.Pending?.Last ?? 0)).ToArray() },
                new() { Value = all.Select(static one => one.Changes.Pending?.Bytes ?? []).ToArray() },
            },
        });
    }

    public static async Task<PresenceImage> LoadAsync(NpgsqlConnection connection, int partition, CancellationToken cancellation)
    {
        await using NpgsqlCommand select = new("SELECT number, entries FROM presence_pending WHERE partition = $1", connection) { Parameters = { new() { Value = partition } } };
        await using NpgsqlDataReader row = await select.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? new(row.GetInt64(0), row.GetFieldValue<byte[]>(1)) : default;
    }

    // The last slot that there can be is of the year 2106.
    private static int Slot(uint slot) => (int)Math.Min(slot, int.MaxValue);
}
