using KismetOrleans.Capture.Gps;
using KismetOrleans.Grains.Gps;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Server;
using KismetOrleans.Silo.Partitions;

namespace KismetOrleans.Silo.Gps;

/// <summary>The cluster's GPS as an API server sees them.</summary>
public sealed class ClusterGps(IGrainFactory grains, PositionCache position) : IGps
{
    private IGpsGrain Grain => grains.GetGrain<IGpsGrain>(0);

    /// <inheritdoc/>
    public IReadOnlyList<GpsDriver> Drivers => GpsDrivers.All;

    /// <inheritdoc/>
    public GeoPoint? Current => position.Current;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<GpsRecord>> ListAsync() => await Patience.AskAsync(() => Grain.ListAsync());

    /// <inheritdoc/>
    public ValueTask<GpsRecord> AddAsync(string definition) => Grain.AddAsync(definition);

    /// <inheritdoc/>
    public ValueTask<bool> RemoveAsync(Guid uuid) => Grain.RemoveAsync(uuid);

    /// <inheritdoc/>
    public ValueTask<bool> PostAsync(string kind, string? name, GeoPoint position) => Patience.AskAsync(() => Grain.PostAsync(kind, name, position));
}
