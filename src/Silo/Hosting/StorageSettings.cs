using System.Globalization;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Packets.Files;
using KismetOrleans.Silo.Operations;
using KismetOrleans.Storage.Sqlite;

namespace KismetOrleans.Silo.Hosting;

/// <summary>Opens where the embedded server keeps its state, and says which place that is.</summary>
public static class StorageSettings
{
    // More than there are cores on the machines that run one process, so that a file can move to a larger one.
    private const int Partitions = 8;
    /// <summary>Least time between two saves of a partition of an embedded server, where the settings do not say.</summary>
    internal static readonly TimeSpan EmbeddedSaveEvery = TimeSpan.FromSeconds(1);

    // A checkpoint of a sensor waits 30 s for the saves that it needs.
    private static readonly TimeSpan s_mostSaveEvery = TimeSpan.FromSeconds(20);

    /// <summary>Opens the storage that the configuration and the environment name (<see cref="StoragePlace"/>) and adds its stores to the services.</summary>
    /// <returns>Null for memory.</returns>
    /// <exception cref="KismetOrleans.Storage.StorageException">The file cannot be used; the message says why and what to do.</exception>
    internal static SqliteStorage? AddEmbeddedStorage(this IServiceCollection services, IConfiguration configuration)
    {
        StoragePlace place = StoragePlace.Choose(configuration, Environment.GetEnvironmentVariable);
        EarlyLog log = new("Storage");
        services.AddSingleton(place);
        if (place.File is not { } path)
        {
            return null;
        }
        // One that was named may hold more, for others; the database looks after that.
        if (place.OwnFolder && OwnerOnly.TightenFolder(Path.GetDirectoryName(path)!) is { } warning)
        {
            log.Complain(warning);
        }
        SqliteStorage sqlite = SqliteStorage.Open(path, Partitions, TimeProvider.System, log.Complain);
        // By a factory, so that the host closes it, after the silo has stopped.
        services.AddSingleton(provider =>
        {
            log.Begin(provider);
            return sqlite;
        });
        services.AddSingleton<IReadinessCheck, DiskCheck>();
        services.AddSingleton(static provider => provider.GetRequiredService<SqliteStorage>().Devices);
        services.AddSingleton(static provider => provider.GetRequiredService<SqliteStorage>().Journal);
        services.AddSingleton(static provider => provider.GetRequiredService<SqliteStorage>().Sources);
        services.AddSingleton(static provider => provider.GetRequiredService<SqliteStorage>().State);
        services.AddSingleton(static provider => provider.GetRequiredService<SqliteStorage>().Auth);
        services.AddSingleton(static provider => provider.GetRequiredService<SqliteStorage>().Alerts);
        services.AddSingleton(static provider => provider.GetRequiredService<SqliteStorage>().Presence);
        return sqlite;
    }

    /// <summary>Says where an embedded server keeps its state.</summary>
    public static void Log(StoragePlace place, ILogger logger)
    {
        if (place.File is { } path)
        {
            StorageLog.Kept(logger, Path.GetFullPath(path));
        }
        else if (place.Unexpected)
        {
            StorageLog.OnlyMemory(logger, place.Reason);
        }
        else
        {
            StorageLog.InMemory(logger, place.Reason.Length > 0 ? $" ({place.Reason})" : "");
        }
    }

    /// <summary>Least time between two saves of a partition (<c>Storage:SaveEvery</c>).</summary>
    /// <param name="otherwise">Where they do not say.</param>
    /// <exception cref="ArgumentException">It is no time up to 20 s.</exception>
    internal static TimeSpan SaveEvery(IConfiguration configuration, TimeSpan otherwise)
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

/// <summary>There is no logger before the host is built, and a database may have to complain by then.</summary>
/// <param name="category">Category of the logger.</param>
internal sealed class EarlyLog(string category)
{
    private volatile ILogger? _logger;

    /// <summary>From now on complaints are logged.</summary>
    public void Begin(IServiceProvider provider) => _logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger(category);

    public void Complain(string complaint)
    {
        if (_logger is { } logger)
        {
            StorageLog.Complaint(logger, complaint);
        }
        else
        {
            Console.Error.WriteLine(complaint);
        }
    }
}

internal static partial class StorageLog
{
    /// <summary>What a store complains of.</summary>
    [LoggerMessage(20, LogLevel.Error, "{complaint}")]
    public static partial void Complaint(ILogger logger, string complaint);

    [LoggerMessage(21, LogLevel.Information, "Devices are kept in {path}, where the next start finds them; --Storage:Sqlite=none keeps nothing")]
    public static partial void Kept(ILogger logger, string path);

    /// <summary>Devices are not kept, as asked for.</summary>
    [LoggerMessage(22, LogLevel.Information, "Devices are kept in memory until the server stops{reason}; --Storage:Sqlite=FILE keeps them")]
    public static partial void InMemory(ILogger logger, string reason);

    /// <summary>Devices are not kept, for want of a place.</summary>
    [LoggerMessage(23, LogLevel.Warning, "Devices are lost when the server stops: {reason}; --Storage:Sqlite=FILE keeps them elsewhere")]
    public static partial void OnlyMemory(ILogger logger, string reason);
}
