using KismetOrleans.Engine.Gps;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Grains.Gps;

/// <summary>The cluster's GPS as an API server sees them.</summary>
public sealed class ClusterGps(IGrainFactory grains, PositionCache position) : IGps
{
    private IGpsGrain Grain => grains.GetGrain<IGpsGrain>(0);

    public IReadOnlyList<GpsDriver> Drivers => GpsDrivers.All;
    public GeoPoint? Current => position.Current;

    public GeoPoint? Named(string name) => position.Named(name);

    public async ValueTask<IReadOnlyList<GpsRecord>> ListAsync(CancellationToken cancellation = default) => await Grain.ListAsync(cancellation);

    public async ValueTask<GpsRecord> AddAsync(string definition)
    {
        GpsRecord added = await Grain.AddAsync(definition);
        await position.DoNowAsync();
        return added;
    }

    public async ValueTask<bool> RemoveAsync(Guid uuid)
    {
        bool removed = await Grain.RemoveAsync(uuid);
        await position.DoNowAsync();
        return removed;
    }

    public async ValueTask<bool> PostAsync(string kind, string? name, GeoPoint point)
    {
        bool taken = await Grain.PostAsync(kind, name, point);
        // Whoever posted it shall find it.
        await position.DoNowAsync();
        return taken;
    }
}
