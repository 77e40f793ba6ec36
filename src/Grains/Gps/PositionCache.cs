using KismetOrleans.Engine.Gps;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Grains.Gps;

/// <summary>Where the cluster is, as this process knows it: asked for once a second, so that packets never wait for it.</summary>
public sealed partial class PositionCache(IGrainFactory grains, TimeProvider clock, ILogger<PositionCache> logger)
    : PeriodicService(s_askEvery, clock, atOnce: true), IPosition
{
    private static readonly TimeSpan s_askEvery = TimeSpan.FromSeconds(1);

    // A receiver's position holds as long when it falls silent.
    private static readonly TimeSpan s_holds = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_firstAnswer = TimeSpan.FromSeconds(3);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile GeoPoint? _current;
    private long _heard = clock.GetTimestamp();

    /// <inheritdoc/>
    public GeoPoint? Current => _current;

    /// <summary>Completes when the cluster's GPS has answered once, or will not soon: a source's first packets shall have their place too.</summary>
    internal Task AskedAsync() => Task.WhenAny(_asked.Task, Task.Delay(s_firstAnswer, Clock));

    /// <inheritdoc/>
    protected override async Task DoAsync()
    {
        _current = await grains.GetGrain<IGpsGrain>(0).CurrentAsync();
        _heard = Clock.GetTimestamp();
        _ = _asked.TrySetResult();
    }

    /// <inheritdoc/>
    protected override void LogFault(Exception e)
    {
        _current = Clock.GetElapsedTime(_heard) < s_holds ? _current : null;
        ReadFailed(logger, e);
    }

    [LoggerMessage(1, LogLevel.Warning, "The cluster's GPS does not answer")]
    private static partial void ReadFailed(ILogger logger, Exception e);
}
