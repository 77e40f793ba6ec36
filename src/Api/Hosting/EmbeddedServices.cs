using KismetOrleans.Api.Alerts;
using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Events;
using KismetOrleans.Capture.Gps;
using KismetOrleans.Grains;
using KismetOrleans.Grains.Alerts;
using KismetOrleans.Grains.Auth;
using KismetOrleans.Grains.Events;
using KismetOrleans.Grains.Logging;
using KismetOrleans.Grains.Server;
using KismetOrleans.Grains.Streams;
using KismetOrleans.Grains.Tracking;
using KismetOrleans.Grains.Views;
using KismetOrleans.Grains.Watching;
using KismetOrleans.Records.Server;
using KismetOrleans.Storage.Manufacturers;

namespace KismetOrleans.Api.Hosting;

/// <summary>The embedded backend as services of the host.</summary>
public static class EmbeddedServices
{
    /// <summary>Adds the backend in this process and whatever feeds it.</summary>
    public static void AddEmbeddedBackend(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton((configuration.GetSection("Tracking").Get<TrackingOptions>() ?? new TrackingOptions()).Checked());
        services.AddAlerts(configuration);
        services.AddSingleton(configuration.GetSection("Streams").Get<StreamOptions>() ?? new StreamOptions());
        services.AddSingleton(_ => new ManufacturerRegistry(configuration["Manufacturers:Folder"] ?? ManufacturerRegistry.DefaultFolder));
        services.AddSingleton<IManufacturers>(static provider => provider.GetRequiredService<ManufacturerRegistry>());
        services.AddGps(configuration);
        IReadOnlyList<UserView> views = ViewSettings.Of(configuration);
        services.AddEvents(configuration);
        services.AddSingleton<ConnectionCount>();
        services.AddSingleton<StatusSampler>();
        services.AddSingleton(provider =>
        {
            ILogger logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger("Storage");
            TimeProvider clock = provider.GetRequiredService<TimeProvider>();
            EmbeddedStorage? storage = StorageSettings.Open(configuration, clock, logger);
            return new EmbeddedBackend(
                provider.GetRequiredService<TrackingOptions>(), provider.GetRequiredService<StreamOptions>(),
                provider.GetRequiredService<IManufacturers>(), clock, provider.GetRequiredService<StatusSampler>(),
                provider.GetRequiredService<GpsTracker>(), storage, provider.GetRequiredService<AlertOptions>(), provider.GetService<IAlertOutlet>(),
                provider.GetRequiredService<ILoggerFactory>().CreateLogger("Sources"), views,
                provider.GetRequiredService<EventOptions>());
        });
        services.AddSingleton<IBackend>(static provider => provider.GetRequiredService<EmbeddedBackend>());
        services.AddLogs(configuration);
        if (configuration.GetValue("Log:History", false))
        {
            throw new ArgumentException("Log:History: for clusters, which keep packets in PostgreSQL; this server keeps them in a log, with --Log:Types kismet");
        }
        services.AddSingleton<IAuthStore>(static provider => provider.GetRequiredService<EmbeddedBackend>().Auth ?? new MemoryAuthStore());
        services.AddHostedService<SourceService>();
        services.AddHostedService<SaveService>();
        services.AddHostedService<WatchService>();
    }
}

/// <summary>Opens the configured sources when the server is up, and the sampler beside them.</summary>
public sealed partial class SourceService(
    EmbeddedBackend backend, StatusSampler sampler, ManufacturerRegistry manufacturers, AuthOptions logins, LogOptions logs, IConfiguration configuration, TimeProvider clock,
    ILoggerFactory loggers) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ILogger logger = loggers.CreateLogger("Sources");
        Manufacturers(logger, manufacturers.Summary);
        TellWhatIsUnusual();
        backend.Say([new(manufacturers.Summary, MessageFlags.Info, (uint)clock.GetUtcNow().ToUnixTimeSeconds())]);
        foreach (string definition in CaptureArguments.Of(configuration))
        {
            // Added here, so that they are numbered in the order in which they were given.
            backend.Local.Start(definition);
        }
        try
        {
            await sampler.RunAsync(backend, isAlone: true, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The way in which everything here ends.
        }
    }

    // In the order in which Kismet tells them.
    private void TellWhatIsUnusual()
    {
        if (logins.Administrator is not null)
        {
            backend.Alerts.Report(SystemAlerts.GlobalUser());
        }
        if (logs.Types.Count == 0)
        {
            backend.Alerts.Report(SystemAlerts.LogDisabled("Log:Types names none."));
        }
        if (Environment.IsPrivilegedProcess)
        {
            backend.Alerts.Report(SystemAlerts.RootUser());
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{summary}")]
    private static partial void Manufacturers(ILogger logger, string summary);
}

/// <summary>
/// Has what no sensor waits for written to disk. Every five seconds: that much a power cut or kill -9 can cost a source of this server. What could not be
/// written, as to a full disk, is written the next time.
/// </summary>
public sealed partial class SaveService(EmbeddedBackend backend, TimeProvider clock, ILogger<SaveService> logger) : RegularService(TimeSpan.FromSeconds(5), clock)
{
    /// <inheritdoc/>
    protected override Task DoAsync() => backend.SaveAsync();

    /// <inheritdoc/>
    protected override void Tell(Exception e) => NotSaved(logger, e.Message);

    [LoggerMessage(1, LogLevel.Error, "What was heard could not be saved, and is saved again in five seconds: {reason}")]
    private static partial void NotSaved(ILogger logger, string reason);
}

/// <summary>Has the watch over devices look.</summary>
public sealed partial class WatchService(EmbeddedBackend backend, TimeProvider clock, ILogger<WatchService> logger) : RegularService(DeviceWatch.CheckEvery, clock)
{
    /// <inheritdoc/>
    protected override Task DoAsync() => backend.Watching.CheckAsync();

    /// <inheritdoc/>
    protected override void Tell(Exception e) => NotChecked(logger, e.Message);

    [LoggerMessage(1, LogLevel.Warning, "Who came and went was not seen, and is looked for again: {reason}")]
    private static partial void NotChecked(ILogger logger, string reason);
}
