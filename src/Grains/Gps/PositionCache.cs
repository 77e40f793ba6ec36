using System.Collections.Concurrent;
using KismetOrleans.Engine.Gps;
using KismetOrleans.Packets.Gps;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Grains.Gps;

/// <summary>Where the cluster is, as this process knows it: asked for once a second, so that packets never wait for it.</summary>
public sealed partial class PositionCache(IGrainFactory grains, TimeProvider clock, ILogger<PositionCache> logger)
    : PeriodicService(s_askEvery, clock, atOnce: true), IPosition
{
    private static readonly TimeSpan s_askEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_firstAnswer = TimeSpan.FromSeconds(3);

    // As many as there can be GPS.
    private const int MaxNames = 64;
    private readonly ConcurrentDictionary<string, GeoPoint?> _named = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile GeoPoint? _current;
    private long _answered = clock.GetTimestamp();

    public GeoPoint? Current => _current;

    public GeoPoint? Named(string name) =>
        _named.TryGetValue(name, out GeoPoint? point) ? point : _named.Count < MaxNames ? _named.GetOrAdd(name, (GeoPoint?)null) : null;

    /// <summary>Completes when the cluster's GPS has answered once, or will not soon: a source's first packets shall have their place too.</summary>
    internal Task AskedAsync() => Task.WhenAny(_asked.Task, Task.Delay(s_firstAnswer, Clock));

    protected override async Task DoAsync()
    {
        IGpsGrain grain = grains.GetGrain<IGpsGrain>(0);
        _current = await grain.CurrentAsync();
        string[] names = [.. _named.Keys];
        if (names.Length > 0)
        {
            GeoPoint?[] points = await grain.NamedAsync(names);
            for (int i = 0; i < names.Length; i++)
            {
                _named[names[i]] = points[i];
            }
        }
        _answered = Clock.GetTimestamp();
        _ = _asked.TrySetResult();
    }

    protected override void LogFault(Exception e)
    {
        if (Clock.GetElapsedTime(_answered) >= GpsReader.Holds)
        {
            _current = null;
            foreach (string name in _named.Keys)
            {
                _named[name] = null;
            }
        }
        ReadFailed(logger, e);
    }

    [LoggerMessage(1, LogLevel.Warning, "The cluster's GPS does not answer")]
    private static partial void ReadFailed(ILogger logger, Exception e);
}
