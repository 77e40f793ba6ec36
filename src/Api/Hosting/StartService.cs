using KismetOrleans.Api.Auth;
using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Engine.Server;
using KismetOrleans.Grains.Sources;
using KismetOrleans.Records.Server;
using KismetOrleans.Silo.Hosting;
using KismetOrleans.Storage.Manufacturers;

namespace KismetOrleans.Api.Hosting;

/// <summary>The start of an embedded server: loads the devices before anybody can ask, says what is unusual, and opens the sources that it was given.</summary>
internal sealed partial class StartService(
    IBackend backend, LocalSources sources, SourceCache cache, StoragePlace place, ManufacturerRegistry manufacturers, AuthOptions logins, LogOptions logs,
    IConfiguration configuration, ILoggerFactory loggers) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        StorageSettings.Log(place, loggers.CreateLogger("Storage"));
        ILogger logger = loggers.CreateLogger("Sources");
        Manufacturers(logger, manufacturers.Summary);
        await cache.DoNowAsync();
        await Task.WhenAll(backend.Partitions.Select(static partition => partition.CountAsync().AsTask()));
        ReportWhatIsUnusual();
        backend.Publish([new(manufacturers.Summary, MessageFlags.Info, (uint)backend.Clock.GetUtcNow().ToUnixTimeSeconds())]);
        foreach (string definition in CaptureArguments.Of(configuration))
        {
            // One after the other, so that they are numbered in the order in which they were given.
            await sources.StartAsync(definition);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // In the order in which Kismet tells them.
    private void ReportWhatIsUnusual()
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

/// <summary>Takes the server's pulse once a second; goes on when the grains do not answer for a while.</summary>
internal sealed partial class SamplerService(IBackend backend, StatusSampler sampler, ILogger<SamplerService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await sampler.RunAsync(backend, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                NoPulse(logger, e);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The server's state was not sampled: the backend does not answer")]
    private static partial void NoPulse(ILogger logger, Exception e);
}
