using KismetOrleans.Grains.Logging;
using KismetOrleans.Records.Server;
using KismetOrleans.Silo.Channels;
using KismetOrleans.Silo.Hosting;
using KismetOrleans.Silo.Sources;
using KismetOrleans.Silo.Streams;
using KismetOrleans.Storage.Postgres;

namespace KismetOrleans.Silo.Logging;

/// <summary>The cluster's logs, and its packets of the past: silos write these beside their datasources, API servers read them.</summary>
public static class HistoryServices
{
    /// <summary>Setting that switches them on, in silos and API servers alike.</summary>
    public const string Key = "Log:History";

    /// <summary>Adds the writer of a silo, where the settings ask for it.</summary>
    /// <exception cref="ArgumentException">There is no database for it.</exception>
    public static void AddHistoryWriter(this IServiceCollection services, IConfiguration configuration, ClusterSettings settings)
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

/// <summary>Writes the packets of this silo's datasources into the database.</summary>
public sealed partial class HistoryService(
    PostgresStorage storage, StreamHost streams, LogOptions options, SourceCache sources, TotalsReporter totals, TimeProvider clock, ILogger<HistoryService> logger)
    : IHostedService
{
    private PostgresPacketLog? _log;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken) =>
        _log = await PostgresPacketLog.StartAsync(storage, streams.Taps, options, sources, clock, Say);

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_log is not null)
        {
            await _log.DisposeAsync().AsTask().WaitAsync(cancellationToken);
        }
    }

    private void Say(string text, bool error)
    {
        if (error)
        {
            Failed(logger, text);
        }
        totals.Say([new(text, error ? MessageFlags.Error : MessageFlags.Info, (uint)clock.GetUtcNow().ToUnixTimeSeconds())]);
    }

    [LoggerMessage(1, LogLevel.Error, "{text}")]
    private static partial void Failed(ILogger logger, string text);
}
