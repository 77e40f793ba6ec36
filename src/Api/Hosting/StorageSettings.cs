using KismetOrleans.Storage.Sqlite;

namespace KismetOrleans.Api.Hosting;

/// <summary>Where the embedded server keeps its state: <c>Storage:Sqlite</c> names a file; without it, or with <c>none</c>, memory.</summary>
public static class StorageSettings
{
    // More than there are cores on the machines that run one process, so that a file can move to a larger one.
    private const int Partitions = 8;
    private static readonly TimeSpan s_saveEvery = TimeSpan.FromSeconds(1);

    /// <summary>Opens the storage that the configuration names.</summary>
    /// <returns>Null for memory.</returns>
    /// <exception cref="Storage.StorageException">The file cannot be used; the message says why and what to do.</exception>
    public static EmbeddedStorage? Open(IConfiguration configuration, TimeProvider clock, ILogger logger)
    {
        string? path = configuration["Storage:Sqlite"];
        if (string.IsNullOrEmpty(path) || path == "none")
        {
            return null;
        }
        SqliteStorage sqlite = SqliteStorage.Open(path, Partitions, clock, complaint => StorageLog.Complaint(logger, complaint));
        return new(
            sqlite.Devices, sqlite.Journal, sqlite.Sources, sqlite.Partitions,
            configuration.GetValue<TimeSpan?>("Storage:SaveEvery") ?? s_saveEvery, sqlite.Path, sqlite);
    }
}

/// <summary>What is logged of the storage.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(20, LogLevel.Error, "{complaint}")]
    public static partial void Complaint(ILogger logger, string complaint);

    [LoggerMessage(21, LogLevel.Information, "Devices are kept in {path}; a source of this server can lose the last 5 s when it is killed")]
    public static partial void Kept(ILogger logger, string path);

    [LoggerMessage(22, LogLevel.Information, "Devices are kept in memory until the server stops; --Storage:Sqlite=FILE keeps them")]
    public static partial void InMemory(ILogger logger);
}
