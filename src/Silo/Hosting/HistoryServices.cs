using KismetOrleans.Engine.Logging;
using KismetOrleans.Grains.Logging;
using KismetOrleans.Storage.Postgres;

namespace KismetOrleans.Silo.Hosting;

/// <summary>The cluster's logs, and its packets of the past: silos write these beside their datasources, API servers read them.</summary>
public static class HistoryServices
{
    /// <summary>Setting that switches them on, in silos and API servers alike.</summary>
    internal const string Key = "Log:History";

    /// <summary>Adds the writer of a silo, where the settings ask for it.</summary>
    /// <exception cref="ArgumentException">There is no database for it.</exception>
    internal static void AddHistoryWriter(this IServiceCollection services, IConfiguration configuration, ClusterSettings settings)
    {
        LogOptions options = configuration.GetSection("Log").Get<LogOptions>() ?? new();
        options.Validate();
        if (IsOn(options, settings))
        {
            services.AddSingleton(options);
            services.AddHostedService<HistoryService>();
        }
    }

    /// <summary>Adds the reader of an API server, where the settings ask for it.</summary>
    /// <exception cref="ArgumentException">There is no database for it.</exception>
    public static void AddHistoryReader(this IServiceCollection services, IConfiguration configuration, ClusterSettings settings)
    {
        if (IsOn(configuration.GetSection("Log").Get<LogOptions>() ?? new(), settings))
        {
            services.AddSingleton(static provider => provider.GetRequiredService<PostgresStorage>().Packets);
        }
    }

    /// <summary>Has an API server list and stop the logs of the others, too; after its own logs.</summary>
    public static void AddClusterLogs(this IServiceCollection services)
    {
        services.AddSingleton<ClusterLogs>();
        services.AddSingleton<ILogs>(static provider => provider.GetRequiredService<ClusterLogs>());
        services.AddHostedService(static provider => provider.GetRequiredService<ClusterLogs>());
    }

    private static bool IsOn(LogOptions options, ClusterSettings settings) => options.History
        && (settings.Postgres is not null ? true : throw new ArgumentException($"{Key}: packets are kept in PostgreSQL; Storage:Postgres names none"));
}
