using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Engine.Presence;
using Npgsql;
using NpgsqlTypes;

namespace KismetOrleans.Storage.Postgres;

/// <summary>
/// A partition's changes on their way to PostgreSQL, and the transaction that those of several partitions share. Doing it again changes
/// nothing: rows are put, not added.
/// </summary>
internal sealed class PostgresSave(PartitionChanges changes, long upTo, long seen, CancellationToken cancellation) : StoreJob(cancellation)
{
    /// <summary>What a connection needs: a table of its own that devices are copied to, from which they are put into the real one.</summary>
    public const string Prepare =
        "CREATE TEMP TABLE IF NOT EXISTS changed (place bigint, seen bigint, first_time bigint, last_time bigint, state bytea) ON COMMIT DELETE ROWS; "
        + "ALTER TABLE changed ALTER COLUMN state SET STORAGE EXTERNAL";

    public override int Weight => changes.Bytes.Length + changes.Seen.Length;

    public static async Task CommitAsync(NpgsqlConnection connection, List<PostgresSave> group, PostgresPresenceDays days)
    {
        if (group.Exists(static save => save.Changes.Presence is not null))
        {
            IEnumerable<PresenceChanges> presence = group.Select(static save => save.Changes.Presence).OfType<PresenceChanges>();
            await days.TendAsync(connection, [.. presence.SelectMany(static one => one.Full).Select(static full => full.Number)], presence.Max(static one => one.Oldest));
        }
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await RefuseStaleAsync(connection, group);
        if (group.Count == 0)
        {
            return;
        }
        await RemoveAsync(connection, group);
        await PutDevicesAsync(connection, group);
        await PutRestAsync(connection, group);
        await transaction.CommitAsync();
    }

    // Whose partition somebody else has taken over goes out. The rows stay locked, so that nobody takes one over before the commit.
    private static async Task RefuseStaleAsync(NpgsqlConnection connection, List<PostgresSave> group)
    {
        Dictionary<int, long> epochs = [];
        await using NpgsqlCommand select = new("SELECT partition, epoch FROM partitions WHERE partition = ANY ($1) ORDER BY partition FOR SHARE", connection)
        {
            Parameters = { new() { Value = group.ConvertAll(static save => save.Changes.Partition).ToArray() } },
        };
        await using (NpgsqlDataReader row = await select.ExecuteReaderAsync())
        {
            while (await row.ReadAsync())
            {
                epochs.Add(row.GetInt32(0), row.GetInt64(1));
            }
        }
        group.RemoveAll(save =>
        {
            bool stale = epochs.GetValueOrDefault(save.Changes.Partition) != save.Changes.Epoch;
            if (stale)
            {
                save.End(new StaleEpochException(save.Changes.Partition));
            }
            return stale;
        });
    }

    private static async Task RemoveAsync(NpgsqlConnection connection, List<PostgresSave> group)
    {
        long[] removed = [.. group.SelectMany(static save => save.Changes.Removed).Select(DevicePlaces.Of)];
        if (removed.Length == 0)
        {
            return;
        }
        await using NpgsqlCommand delete = new("DELETE FROM devices WHERE place = ANY ($1)", connection)
        {
            Parameters = { new() { Value = removed } },
        };
        await delete.ExecuteNonQueryAsync();
    }

    private static async Task PutDevicesAsync(NpgsqlConnection connection, List<PostgresSave> group)
    {
        if (group.TrueForAll(static save => save.Changes.Changed.Count == 0))
        {
            return;
        }
        await using (NpgsqlBinaryImporter copy = await connection.BeginBinaryImportAsync(
            "COPY changed (place, seen, first_time, last_time, state) FROM STDIN (FORMAT BINARY)"))
        {
            foreach (PostgresSave save in group)
            {
                save.Copy(copy);
            }
            await copy.CompleteAsync();
        }
        // In the order of the index, so that each of its pages is touched once.
        await using NpgsqlCommand put = new(
            "INSERT INTO devices (place, seen, first_time, last_time, state) SELECT * FROM changed ORDER BY place ON CONFLICT (place) DO UPDATE "
            + "SET first_time = excluded.first_time, last_time = excluded.last_time, state = excluded.state",
            connection);
        await put.ExecuteNonQueryAsync();
    }

    private void Copy(NpgsqlBinaryImporter copy)
    {
        for (int i = 0; i < changes.Changed.Count; i++)
        {
            ChangedDevice device = changes.Changed[i];
            copy.StartRow();
            copy.Write(DevicePlaces.Of(device.Id), NpgsqlDbType.Bigint);
            copy.Write(seen + i, NpgsqlDbType.Bigint);
            copy.Write((long)device.FirstTime, NpgsqlDbType.Bigint);
            copy.Write((long)device.LastTime, NpgsqlDbType.Bigint);
            copy.Write(changes.StateOf(i), NpgsqlDbType.Bytea);
        }
    }

    private static async Task PutRestAsync(NpgsqlConnection connection, List<PostgresSave> group)
    {
        await using NpgsqlBatch batch = new(connection);
        (int Partition, ulong Feed, Watermark Mark)[] marks =
            [.. group.SelectMany(static save => save.Changes.Watermarks.Select(mark => (save.Changes.Partition, mark.Key, mark.Value)))];
        if (marks.Length > 0)
        {
            batch.BatchCommands.Add(new(
                "INSERT INTO watermarks (partition, feed, boot_id, sequence) SELECT * FROM unnest($1::int[], $2::bigint[], $3::bigint[], $4::bigint[]) "
                + "ON CONFLICT (partition, feed) DO UPDATE SET boot_id = excluded.boot_id, sequence = excluded.sequence")
            {
                Parameters =
                {
                    new() { Value = Array.ConvertAll(marks, static mark => mark.Partition) },
                    new() { Value = Array.ConvertAll(marks, static mark => (long)mark.Feed) },
                    new() { Value = Array.ConvertAll(marks, static mark => (long)mark.Mark.BootId) },
                    new() { Value = Array.ConvertAll(marks, static mark => (long)mark.Mark.Sequence) },
                },
            });
        }
        PostgresSave[] learnt = [.. group.Where(static save => save.Changes.Seen.Length > 0)];
        if (learnt.Length > 0)
        {
            int[] partitions = Array.ConvertAll(learnt, static save => save.Changes.Partition);
            batch.BatchCommands.Add(new(
                "INSERT INTO heard (partition, up_to, octets) SELECT * FROM unnest($1::int[], $2::bigint[], $3::bytea[]) "
                + "ON CONFLICT (partition, up_to) DO UPDATE SET octets = excluded.octets")
            {
                Parameters =
                {
                    new() { Value = partitions },
                    new() { Value = Array.ConvertAll(learnt, static save => save.SeenUpTo) },
                    new() { Value = Array.ConvertAll(learnt, static save => save.Changes.Seen) },
                },
            });
            batch.BatchCommands.Add(new(
                "DELETE FROM heard USING unnest($1::int[], $2::bigint[]) AS old (partition, up_to) "
                + "WHERE heard.partition = old.partition AND heard.up_to <= old.up_to")
            {
                Parameters =
                {
                    new() { Value = partitions },
                    new() { Value = Array.ConvertAll(learnt, static save => save.SeenUpTo - save.Changes.SeenCapacity) },
                },
            });
        }
        (int Partition, PresenceChanges Changes)[] presence =
            [.. group.Where(static save => save.Changes.Presence is not null).Select(static save => (save.Changes.Partition, save.Changes.Presence!))];
        if (presence.Length > 0)
        {
            PostgresPresenceStore.Add(batch, presence);
        }
        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync();
        }
    }

    private PartitionChanges Changes => changes;

    private long SeenUpTo => upTo;
}
