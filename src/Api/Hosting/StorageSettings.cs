using System.Globalization;
using KismetOrleans.Storage.Sqlite;

namespace KismetOrleans.Api.Hosting;

/// <summary>Opens where the embedded server keeps its state, and says which place that is.</summary>
public static class StorageSettings
{
    // More than there are cores on the machines that run one process, so that a file can move to a larger one.
    private const int Partitions = 8;
    private static readonly TimeSpan s_saveEvery = TimeSpan.FromSeconds(1);

    // A checkpoint of a sensor waits 30 s for the saves that it needs.
    private static readonly TimeSpan s_mostSaveEvery = TimeSpan.FromSeconds(20);

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
            sqlite.Devices, sqlite.Journal, sqlite.Sources, sqlite.State, sqlite.Auth, sqlite.Partitions,
            SaveEvery(configuration, s_saveEvery), sqlite);
    }

    /// <summary>Least time between two saves of a partition (<c>Storage:SaveEvery</c>).</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="otherwise">Where they do not say.</param>
    /// <exception cref="ArgumentException">It is no time up to 20 s.</exception>
    public static TimeSpan SaveEvery(IConfiguration configuration, TimeSpan otherwise)
    {
        if (configuration["Storage:SaveEvery"] is not { Length: > 0 } text)
        {
            return otherwise;
        }
        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan every) && every >= TimeSpan.Zero && every <= s_mostSaveEvery
            ? every
            : throw new ArgumentException($"Storage:SaveEvery: expected a time up to {s_mostSaveEvery:c}, as 00:00:05, not '{text}'");
    }
}

/// <summary>What is logged of the storage.</summary>
public static partial class StorageLog
{
    /// <summary>What a store complains of.</summary>
    [LoggerMessage(20, LogLevel.Error, "{complaint}")]
    public static partial void Complaint(ILogger logger, string complaint);

    /// <summary>Devices are kept.</summary>
    [LoggerMessage(21, LogLevel.Information, "Devices are kept in {path}, where the next start finds them; --Storage:Sqlite=none keeps nothing")]
    public static partial void Kept(ILogger logger, string path);

    /// <summary>Devices are not kept, as asked for.</summary>
    [LoggerMessage(22, LogLevel.Information, "Devices are kept in memory until the server stops{reason}; --Storage:Sqlite=FILE keeps them")]
    public static partial void InMemory(ILogger logger, string reason);

    /// <summary>Devices are not kept, for want of a place.</summary>
    [LoggerMessage(23, LogLevel.Warning, "Devices are lost when the server stops: {reason}; --Storage:Sqlite=FILE keeps them elsewhere")]
    public static partial void OnlyMemory(ILogger logger, string reason);
}
