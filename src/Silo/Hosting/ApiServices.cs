using KismetOrleans.Api.Events;
using KismetOrleans.Api.Hosting;
using KismetOrleans.Grains.Alerts;
using KismetOrleans.Grains.Datasources;
using KismetOrleans.Grains.Gps;
using KismetOrleans.Grains.Server;
using KismetOrleans.Grains.Tracking;
using KismetOrleans.Grains.Views;
using KismetOrleans.Silo.Alerts;
using KismetOrleans.Silo.Channels;
using KismetOrleans.Silo.Events;
using KismetOrleans.Silo.Gps;
using KismetOrleans.Silo.Partitions;
using KismetOrleans.Silo.Sources;
using KismetOrleans.Silo.Views;

namespace KismetOrleans.Silo.Hosting;

/// <summary>The services of an API process.</summary>
public static class ApiServices
{
    /// <summary>Adds the cluster as the backend.</summary>
    public static void AddClusterBackend(this IServiceCollection services, ClusterSettings settings, IConfiguration configuration)
    {
        services.AddSingleton(settings);
        services.AddSingleton(TimeProvider.System);
        // Silos track; here these settings tell what they recognise drones by.
        services.AddSingleton((configuration.GetSection("Tracking").Get<TrackingOptions>() ?? new TrackingOptions()).Checked());
        services.AddSingleton<ConnectionCount>();
        services.AddSingleton<StatusSampler>();
        services.AddSingleton<SourceCache>();
        services.AddHostedService(static provider => provider.GetRequiredService<SourceCache>());
        services.AddSingleton<AlertsReporter>();
        services.AddHostedService(static provider => provider.GetRequiredService<AlertsReporter>());
        services.AddSingleton<IAlerts, ClusterAlerts>();
        services.AddEvents(configuration);
        services.AddSingleton<ClusterEvents>();
        services.AddHostedService(static provider => provider.GetRequiredService<ClusterEvents>());
        services.AddSingleton<TotalsReporter>();
        services.AddHostedService(static provider => provider.GetRequiredService<TotalsReporter>());
        services.AddSingleton<IDatasourceObserver>(static provider => provider.GetRequiredService<TotalsReporter>());
        services.AddPositions();
        services.AddSingleton<IGps, ClusterGps>();
        IReadOnlyList<UserView> views = ViewSettings.Of(configuration);
        services.AddSingleton<IUserViews>(provider => new ClusterViews(provider.GetRequiredService<IGrainFactory>(), views));
        services.AddSingleton<IBackend, ClusterBackend>();
        services.AddHostedService<SamplerService>();
    }

    /// <summary>What the cluster cannot answer at the moment is answered 503, to be asked again soon.</summary>
    public static void UseClusterFaults(this IApplicationBuilder app) => app.Use(static async (http, next) =>
    {
        try
        {
            await next(http);
        }
        catch (Exception e) when (Patience.IsPassing(e) && !http.Response.HasStarted)
        {
            http.Response.Clear();
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            http.Response.Headers.RetryAfter = "1";
            http.Response.ContentType = "text/plain";
            await http.Response.WriteAsync($"The cluster does not answer at the moment: {e.Message}\n", http.RequestAborted);
        }
    });
}

/// <summary>Takes the cluster's pulse; goes on when it does not answer for a while.</summary>
public sealed partial class SamplerService(IBackend backend, StatusSampler sampler, ILogger<SamplerService> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await sampler.RunAsync(backend, isAlone: false, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                NoPulse(logger, e.Message);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The cluster does not answer: {reason}")]
    private static partial void NoPulse(ILogger logger, string reason);
}
