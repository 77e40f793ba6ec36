using KismetOrleans.Api.Auth;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Scanning;
using KismetOrleans.Engine.Server;

namespace KismetOrleans.Api.Ingest;

/// <summary>What takes scan reports in, as services of the host.</summary>
internal static partial class ScanServices
{
    /// <summary>
    /// Adds keys and intake. The host brings <see cref="IBackend"/>, and <see cref="IDatasourceObserver"/> unless the backend is one itself.
    /// </summary>
    /// <param name="replay">When journals are looked for, unless the settings say so.</param>
    public static void AddScanning(this IServiceCollection services, IConfiguration configuration, ScanReplayOptions? replay = null)
    {
        services.AddSingleton(provider => IngestKeys.Of(configuration, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<Logins>()));
        services.AddSingleton((configuration.GetSection("Scanning").Get<ScanIntakeOptions>() ?? new ScanIntakeOptions()).Checked());
        services.AddSingleton((configuration.GetSection("Scanning:Replay").Get<ScanReplayOptions>() ?? replay ?? new ScanReplayOptions()).Checked());
        services.AddSingleton(static provider =>
        {
            IBackend backend = provider.GetRequiredService<IBackend>();
            ILogger logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger("Scans");
            return new ScanIntake(
                backend.Partitions, backend.Sources, backend.Journal, provider.GetService<IDatasourceObserver>() ?? (IDatasourceObserver)backend,
                provider.GetRequiredService<ScanIntakeOptions>(), backend.Clock, new(backend.Clock, (e, faults) => Failed(logger, faults, e)));
        });
        services.AddHostedService<ScanReplayService>();
    }

    [LoggerMessage(2, LogLevel.Warning, "Scan reports wait or are refused: the journal or a partition failed, {faults} times so far")]
    private static partial void Failed(ILogger logger, long faults, Exception e);
}

/// <summary>
/// Delivers what dead servers left in the journal: at the start, and from time to time where several servers share one. At the end it delivers what this one
/// took, while there are partitions to take it: requests have ended by then, and grains stop after it.
/// </summary>
internal sealed partial class ScanReplayService(ScanIntake intake, ScanReplayOptions options, TimeProvider clock, ILoggerFactory loggers) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await intake.DisposeAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ILogger logger = loggers.CreateLogger("Scans");
        try
        {
            while (true)
            {
                int entries = await intake.ReplayAsync(options.OlderThan, stoppingToken);
                if (entries > 0)
                {
                    Replayed(logger, entries);
                }
                if (options.Every is not { } pause)
                {
                    return;
                }
                await Task.Delay(pause, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The way in which it ends.
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Scan reports of a server that ended early: {entries} entries of the journal were delivered")]
    private static partial void Replayed(ILogger logger, int entries);
}

/// <summary>When the journals of dead servers are looked for.</summary>
public sealed record ScanReplayOptions
{
    /// <summary>Only entries that stand there for this long; zero where this server is the only one.</summary>
    public TimeSpan OlderThan { get; init; }

    /// <summary>How often; null for once, at the start, where this server is the only one.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>These settings, if a server can work with them.</summary>
    /// <exception cref="ArgumentException">It cannot; the message names the setting.</exception>
    internal ScanReplayOptions Checked() =>
        OlderThan < TimeSpan.Zero ? throw new ArgumentException("Scanning:Replay:OlderThan: must not be negative")
        : Every <= TimeSpan.Zero ? throw new ArgumentException("Scanning:Replay:Every: must be more than 0")
        : this;
}
