using KismetOrleans.Storage.Postgres;

namespace KismetOrleans.Silo.Hosting;

/// <summary>Where the cluster keeps its state: PostgreSQL, when the settings name one.</summary>
public static class ClusterStorage
{
    /// <summary>
    /// Connects to the database and adds its stores to the services. Waits while it is away: it may start at the same time. Without a database
    /// nothing is added, and everything stays in memory.
    /// </summary>
    /// <returns>The settings with the database's number of partitions.</returns>
    /// <exception cref="ArgumentException">The settings ask for another number of partitions than the database has.</exception>
    /// <exception cref="Storage.StorageException">The database or its schema is not right; the message says what to do.</exception>
    public static ClusterSettings AddClusterStorage(this WebApplicationBuilder builder, ClusterSettings settings)
    {
        if (settings.Postgres is not { } postgres)
        {
            return settings;
        }
        EarlyLog log = new("Storage");
        PostgresStorage storage = PostgresStorage.OpenAsync(postgres, TimeProvider.System, log.Complain).GetAwaiter().GetResult();
        if (builder.Configuration[ClusterSettings.PartitionsKey] is { Length: > 0 } && settings.Partitions != storage.Partitions)
        {
            throw new ArgumentException(
                $"{ClusterSettings.PartitionsKey}: {settings.Partitions}, but the database {storage.Name} has {storage.Partitions}; "
                + $"stop all servers and run schema apply --{ClusterSettings.PartitionsKey} {settings.Partitions} to change that");
        }
        // By a factory, so that the host closes it, after the silo has stopped.
        builder.Services.AddSingleton(provider =>
        {
            log.Begin(provider);
            return storage;
        });
        builder.Services.AddSingleton(static provider => provider.GetRequiredService<PostgresStorage>().Devices);
        builder.Services.AddSingleton(static provider => provider.GetRequiredService<PostgresStorage>().Journal);
        builder.Services.AddSingleton(static provider => provider.GetRequiredService<PostgresStorage>().Sources);
        builder.Services.AddSingleton(static provider => provider.GetRequiredService<PostgresStorage>().Auth);
        builder.Services.AddSingleton(static provider => provider.GetRequiredService<PostgresStorage>().Alerts);
        builder.Services.AddSingleton(static provider => provider.GetRequiredService<PostgresStorage>().Presence);
        return settings with { Partitions = storage.Partitions };
    }
}
