using System.Globalization;

namespace KismetOrleans.Storage.Sqlite;

/// <summary>Brings a file to the schema of this server, at each start: the file is this server's alone.</summary>
internal static class SqliteSchema
{
    private static readonly IReadOnlyList<Migration> s_migrations = Migration.Of("Sqlite");

    /// <summary>Applies what the file lacks.</summary>
    /// <exception cref="StorageException">A newer server made it, or somebody else altogether.</exception>
    public static void Apply(SqliteDatabase database, string path)
    {
        int version = VersionOf(database, path);
        if (version > s_migrations.Count)
        {
            throw new StorageException(
                $"The database {path} has schema version {version}, which a newer server made; this one knows {s_migrations.Count}. "
                + "Use the newer server, or give this one another file with --Storage:Sqlite.");
        }
        for (; version < s_migrations.Count; version++)
        {
            Migration step = s_migrations[version];
            database.Execute("BEGIN IMMEDIATE;" + step.Sql);
            database.Statement("INSERT INTO schema_version (version, name, applied) VALUES (?, ?, ?)")
                .Bind(step.Version).Bind(step.Name).Bind(DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture)).Run();
            database.Execute("COMMIT");
        }
    }

    private static int VersionOf(SqliteDatabase database, string path)
    {
        SqliteStatement tables = database.Statement("SELECT count(*), coalesce(sum(name = 'schema_version'), 0) FROM sqlite_master WHERE type = 'table'");
        tables.Step();
        (long all, long ours) = (tables.Int64(0), tables.Int64(1));
        tables.Ready();
        if (all > 0 && ours == 0)
        {
            throw new StorageException($"{path} is a SQLite database, but not one of this server. Give the server another file with --Storage:Sqlite.");
        }
        if (ours == 0)
        {
            database.Execute("CREATE TABLE schema_version (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied TEXT NOT NULL)");
        }
        return (int)database.Statement("SELECT coalesce(max(version), 0) FROM schema_version").Single();
    }
}
