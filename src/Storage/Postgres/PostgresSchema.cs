using System.Globalization;
using Npgsql;

namespace KismetOrleans.Storage.Postgres;

/// <summary>
/// The schema of a PostgreSQL database, brought up to date by a command (<c>schema apply</c>), not by servers that start: several of them, of
/// two versions perhaps, share one database.
/// </summary>
public static class PostgresSchema
{
    internal const string Command = "dotnet run -c Release --project src/Silo -- schema apply";

    // Any number will do, if nobody else takes it for a lock of his own: "KO" and the number.
    private const long LockNumber = 0x4B4F0003;
    private static readonly IReadOnlyList<Migration> s_migrations = Migration.Of("Postgres");

    /// <summary>Newest version that this server knows.</summary>
    internal static int Newest => s_migrations.Count;

    /// <summary>Applies what a database lacks, and sets the number of partitions. Servers must not run when that number changes.</summary>
    /// <param name="connectionString">Connection string of PostgreSQL.</param>
    /// <param name="partitions">Partitions that all hosts split the devices into; null to leave it, or for the default where there is none.</param>
    /// <param name="cancellation">Stops between the steps.</param>
    /// <returns>Steps applied, in words; empty when there was nothing to do.</returns>
    /// <exception cref="StorageException">The database is newer than this server.</exception>
    public static async Task<IReadOnlyList<string>> ApplyAsync(string connectionString, int? partitions = null, CancellationToken cancellation = default)
    {
        if (partitions is { } asked)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(asked, 1, nameof(partitions));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(asked, PostgresStorage.MaxPartitions, nameof(partitions));
        }
        await using PostgresConnections connections = new(connectionString, static _ => { });
        await using NpgsqlConnection connection = await connections.OpenAsync(cancellation);
        await RunAsync(connection, $"SELECT pg_advisory_lock({LockNumber})", cancellation);
        List<string> applied = [];
        await RunAsync(
            connection,
            "CREATE TABLE IF NOT EXISTS schema_version (version integer PRIMARY KEY, name text NOT NULL, applied timestamptz NOT NULL DEFAULT now())",
            cancellation);
        int version = await VersionAsync(connection, connections.Name, cancellation);
        if (version > s_migrations.Count)
        {
            throw TooNew(connections.Name, version);
        }
        for (; version < s_migrations.Count; version++)
        {
            Migration step = s_migrations[version];
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
            await RunAsync(connection, step.Sql, cancellation);
            await RunAsync(
                connection, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO schema_version (version, name) VALUES ({step.Version}, '{step.Name}')"),
                cancellation);
            await transaction.CommitAsync(cancellation);
            applied.Add($"{step.Version} {step.Name}");
        }
        if (await PostgresRepartition.RunAsync(connection, partitions, cancellation) is { } change)
        {
            applied.Add(change);
        }
        return applied;
    }

    public static async Task<List<string>> PartitionsAsync(NpgsqlConnection connection, string table, CancellationToken cancellation)
    {
        List<string> names = [];
        await using NpgsqlCommand select = new("SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = $1::text::regclass", connection)
        {
            Parameters = { new() { Value = table } },
        };
        await using NpgsqlDataReader row = await select.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            names.Add(row.GetString(0));
        }
        return names;
    }

    /// <summary>Makes sure that a database has this server's schema.</summary>
    /// <exception cref="StorageException">It has not; the message says what to do.</exception>
    internal static async Task<int> CheckAsync(NpgsqlConnection connection, string name, CancellationToken cancellation)
    {
        int version = await VersionAsync(connection, name, cancellation);
        return version > s_migrations.Count ? throw TooNew(name, version)
            : version < s_migrations.Count ? throw new StorageException(version == 0
                ? $"The database {name} has no tables of this server yet. Make them with: {Command}"
                : $"The database {name} has schema version {version}, this server needs {s_migrations.Count}. Update it with: {Command}")
            : version;
    }

    /// <returns>Rows that were changed.</returns>
    internal static async Task<int> RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation, params object[] values)
    {
        await using NpgsqlCommand command = new(sql, connection);
        foreach (object value in values)
        {
            command.Parameters.Add(value as NpgsqlParameter ?? new() { Value = value });
        }
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<int> VersionAsync(NpgsqlConnection connection, string name, CancellationToken cancellation)
    {
        try
        {
            await using NpgsqlCommand command = new("SELECT coalesce(max(version), 0) FROM schema_version", connection);
            return (int)(await command.ExecuteScalarAsync(cancellation))!;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return 0;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new StorageException($"The table schema_version of {name} is not this server's, or not to be read: {e.MessageText}", e);
        }
    }

    private static StorageException TooNew(string name, int version) => new(
        $"The database {name} has schema version {version}, which a newer server made; this one knows {s_migrations.Count}. Use the newer server.");
}
