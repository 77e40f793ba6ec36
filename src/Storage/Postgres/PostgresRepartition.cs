using System.Globalization;
using Npgsql;

namespace KismetOrleans.Storage.Postgres;

/// <summary>
/// Splits what a database has among another number of partitions. Devices stay where they are, since a partition is a range of their keys;
/// how far feeds had come was the same everywhere when all servers had stopped.
/// </summary>
internal static class PostgresRepartition
{
    /// <summary>Does it, where the number is another than the database's.</summary>
    /// <returns>What was done, in words; null when nothing.</returns>
    public static async Task<string?> RunAsync(NpgsqlConnection connection, int? wanted, CancellationToken cancellation)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        int? before = await CountAsync(connection, cancellation);
        int after = wanted ?? before ?? PostgresStorage.DefaultPartitions;
        if (before == after)
        {
            return null;
        }
        if (before is not null)
        {
            // Newest first: numbers without a sign stand as ones with a sign, the negative ones being the greatest.
            await PostgresSchema.RunAsync(
                connection,
                "CREATE TEMP TABLE newest ON COMMIT DROP AS SELECT DISTINCT ON (feed) feed, boot_id, sequence FROM watermarks "
                + "ORDER BY feed, boot_id < 0 DESC, boot_id DESC, sequence < 0 DESC, sequence DESC; "
                + "DELETE FROM watermarks; DELETE FROM heard; UPDATE partitions SET epoch = epoch + 1; "
                + $"INSERT INTO watermarks (partition, feed, boot_id, sequence) SELECT p, feed, boot_id, sequence FROM newest, generate_series(0, {after - 1}) p",
                cancellation);
            await PutAsidePresenceAsync(connection, cancellation);
        }
        await PostgresSchema.RunAsync(
            connection,
            $"INSERT INTO facts (name, value) VALUES ('partitions', '{after}') ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            cancellation);
        await transaction.CommitAsync(cancellation);
        return before is null ? $"{after} partitions" : $"{after} partitions instead of {before}";
    }

    // What waits becomes blocks as they are; all of them are read for any partition from now on.
    private static async Task PutAsidePresenceAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        long now = DevicePlaces.SeenAt(DateTimeOffset.UtcNow);
        await PostgresPresenceDays.MakeAsync(connection, now, cancellation);
        await PostgresSchema.RunAsync(
            connection,
            "UPDATE presence SET partition = -1 - partition WHERE partition >= 0; "
            + string.Create(CultureInfo.InvariantCulture, $"INSERT INTO presence (partition, number, first, last, entries) SELECT -1 - partition, {now}, first, last, entries FROM presence_pending WHERE length(entries) > 0; ")
            + "DELETE FROM presence_pending",
            cancellation);
    }

    /// <summary>How many partitions a database has; null before it was said.</summary>
    public static async Task<int?> CountAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new("SELECT value FROM facts WHERE name = 'partitions'", connection);
        return await command.ExecuteScalarAsync(cancellation) is string count ? int.Parse(count, CultureInfo.InvariantCulture) : null;
    }
}
