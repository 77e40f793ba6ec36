using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Grains.Gps;

/// <summary>The cluster's GPS: one grain, key 0. The contract is <see cref="Engine.Gps.IGps"/>.</summary>
[Alias("KismetOrleans.IGpsGrain")]
public interface IGpsGrain : IGrainWithIntegerKey
{
    /// <inheritdoc cref="Engine.Gps.IPosition.Current"/>
    [Alias("Current")]
    ValueTask<GeoPoint?> CurrentAsync();

    /// <summary>Where GPS are, by name: see <see cref="Engine.Gps.IPosition.Named"/>.</summary>
    /// <returns>One for each name, null where nothing is known.</returns>
    [Alias("Named")]
    ValueTask<GeoPoint?[]> NamedAsync(string[] names);

    /// <inheritdoc cref="Engine.Gps.IGps.ListAsync"/>
    [Alias("List")]
    [Idempotent]
    ValueTask<GpsRecord[]> ListAsync(CancellationToken cancellation = default);

    /// <inheritdoc cref="Engine.Gps.IGps.AddAsync"/>
    [Alias("Add")]
    ValueTask<GpsRecord> AddAsync(string definition);

    /// <inheritdoc cref="Engine.Gps.IGps.RemoveAsync"/>
    [Alias("Remove")]
    ValueTask<bool> RemoveAsync(Guid uuid);

    /// <inheritdoc cref="Engine.Gps.IGps.PostAsync"/>
    [Alias("Post")]
    [Idempotent]
    ValueTask<bool> PostAsync(string kind, string? name, GeoPoint position);
}
