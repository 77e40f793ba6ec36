using KismetOrleans.Storage.Sqlite;

namespace KismetOrleans.Api.Hosting;

/// <summary>Opens where the embedded server keeps its state, and says which place that is.</summary>
public static class StorageSettings
{
    // More than there are cores on the machines that run one process, so that a file can move to a larger one.
    private const int Partitions = 8;
    private static readonly TimeSpan s_saveEvery = TimeSpan.FromSeconds(1);

    /// <summary>Opens the storage that the configuration and the environment name (<see cref="StoragePlace"/>).</summary>
    /// <returns>Null for memory.</returns>
    /// <exception cref="Storage.StorageException">The file cannot be used; the message says why and what to do.</exception>
    public static EmbeddedStorage? Open(IConfiguration configuration, TimeProvider clock, ILogger logger)
    {
        StoragePlace place = StoragePlace.Choose(configuration, Environment.GetEnvironmentVariable);
        if (place.File is not { } path)
        {
            if (place.Unexpected)
            {
                StorageLog.OnlyMemory(logger, place.Reason);
            }
            else
            {
                StorageLog.InMemory(logger, place.Reason.Length > 0 ? $" ({place.Reason})" : "");
            }
            return null;
        }
        SqliteStorage sqlite = SqliteStorage.Open(path, Partitions, clock, complaint => StorageLog.Complaint(logger, complaint));
        StorageLog.Kept(logger, sqlite.Path);
        return new(
            sqlite.Devices, sqlite.Journal, sqlite.Sources, sqlite.Auth, sqlite.Partitions,
            configuration.GetValue<TimeSpan?>("Storage:SaveEvery") ?? s_saveEvery, sqlite);
    }
}

/// <summary>What is logged of the storage.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(20, LogLevel.Error, "{complaint}")]
    public static partial void Complaint(ILogger logger, string complaint);

    [LoggerMessage(21, LogLevel.Information, "Devices are kept in {path}, where the next start finds them; --Storage:Sqlite=none keeps nothing")]
    public static partial void Kept(ILogger logger, string path);

    [LoggerMessage(22, LogLevel.Information, "Devices are kept in memory until the server stops{reason}; --Storage:Sqlite=FILE keeps them")]
    public static partial void InMemory(ILogger logger, string reason);

    [LoggerMessage(23, LogLevel.Warning, "Devices are lost when the server stops: {reason}; --Storage:Sqlite=FILE keeps them elsewhere")]
    public static partial void OnlyMemory(ILogger logger, string reason);
}
