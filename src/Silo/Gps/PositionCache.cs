using KismetOrleans.Grains.Gps;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Silo.Gps;

/// <summary>Where the cluster is, as this process knows it: asked for once a second, so that packets never wait for it.</summary>
public sealed partial class PositionCache(IGrainFactory grains, TimeProvider clock, ILogger<PositionCache> logger) : BackgroundService, IPosition
{
    private static readonly TimeSpan s_askEvery = TimeSpan.FromSeconds(1);

    // A receiver's position holds as long when it falls silent.
    private static readonly TimeSpan s_holds = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_firstAnswer = TimeSpan.FromSeconds(3);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile GeoPoint? _current;

    /// <inheritdoc/>
    public GeoPoint? Current => _current;

    /// <summary>Completes when the cluster's GPS has answered once, or will not soon: a source's first packets shall have their place too.</summary>
    public Task AskedAsync() => Task.WhenAny(_asked.Task, Task.Delay(s_firstAnswer, clock));

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(s_askEvery, clock);
        long heard = clock.GetTimestamp();
        try
        {
            do
            {
                try
                {
                    _current = await grains.GetGrain<IGpsGrain>(0).CurrentAsync();
                    heard = clock.GetTimestamp();
                    _ = _asked.TrySetResult();
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    _current = clock.GetElapsedTime(heard) < s_holds ? _current : null;
                    NotHeard(logger, e.Message);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The way in which it ends.
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The cluster's GPS does not answer: {reason}")]
    private static partial void NotHeard(ILogger logger, string reason);
}

/// <summary>Where the cluster is, as a service.</summary>
public static class PositionServices
{
    /// <summary>Adds it.</summary>
    public static void AddPositions(this IServiceCollection services)
    {
        services.AddSingleton<PositionCache>();
        services.AddHostedService(static provider => provider.GetRequiredService<PositionCache>());
    }
}
