using KismetOrleans.Engine.Gps;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Grains.Gps;

/// <summary>The cluster's GPS as an API server sees them.</summary>
public sealed class ClusterGps(IGrainFactory grains, PositionCache position) : IGps
{
    private IGpsGrain Grain => grains.GetGrain<IGpsGrain>(0);

    /// <inheritdoc/>
    public IReadOnlyList<GpsDriver> Drivers => GpsDrivers.All;

    /// <inheritdoc/>
    public GeoPoint? Current => position.Current;

    /// <inheritdoc/>
    public GeoPoint? Named(string name) => position.Named(name);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<GpsRecord>> ListAsync(CancellationToken cancellation = default) => await Grain.ListAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask<GpsRecord> AddAsync(string definition)
    {
        GpsRecord added = await Grain.AddAsync(definition);
        await position.DoNowAsync();
        return added;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RemoveAsync(Guid uuid)
    {
        bool removed = await Grain.RemoveAsync(uuid);
        await position.DoNowAsync();
        return removed;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> PostAsync(string kind, string? name, GeoPoint point)
    {
        bool taken = await Grain.PostAsync(kind, name, point);
        // Whoever posted it shall find it.
        await position.DoNowAsync();
        return taken;
    }
}
