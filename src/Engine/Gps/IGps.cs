using KismetOrleans.Packets.Gps;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Gps;

/// <summary>Where the server is, as far as anything tells it.</summary>
public interface IPosition
{
    /// <summary>
    /// The best position at the moment; null without a fix. Any thread may ask, once a batch: it allocates nothing and waits for nobody. In a cluster it is
    /// up to a second old.
    /// </summary>
    GeoPoint? Current { get; }

    /// <summary>
    /// Where a GPS of a name is (<c>metagps=</c> of a source), whether it is the server's place or not; null when it does not know. As <see cref="Current"/>; where there is none of that name, one is made
    /// that takes posted positions.
    /// </summary>
    GeoPoint? Named(string name);
}

/// <summary>The server's GPS receivers and whatever else tells positions.</summary>
public interface IGps : IPosition
{
    /// <summary>Kinds that this server can read.</summary>
    IReadOnlyList<GpsDriver> Drivers { get; }

    /// <summary>All of them, in order of definition.</summary>
    ValueTask<IReadOnlyList<GpsRecord>> ListAsync(CancellationToken cancellation = default);

    /// <summary>Adds one.</summary>
    /// <param name="definition"><c>kind:option=value,…</c>, as in <c>gpsd:host=localhost,port=2947</c>.</param>
    /// <returns>Its record, once the first attempt to reach it has ended or a few seconds have passed.</returns>
    /// <exception cref="GpsException">The definition is of no use; the message says why.</exception>
    ValueTask<GpsRecord> AddAsync(string definition);

    /// <summary>Removes one.</summary>
    /// <returns>False when there is none of this UUID.</returns>
    ValueTask<bool> RemoveAsync(Guid uuid);

    /// <summary>Takes a position that a client posted.</summary>
    /// <param name="kind"><c>web</c> or <c>meta</c>.</param>
    /// <param name="name">Name of a <c>meta</c> one; null for the one of the kind.</param>
    /// <param name="position">Where; its time and UUID are filled in.</param>
    /// <returns>False when there is none such.</returns>
    ValueTask<bool> PostAsync(string kind, string? name, GeoPoint position);
}

/// <summary>Which of several positions is the server's.</summary>
public static class GpsChoice
{
    /// <summary>Whether one is better than another: lower priority number, then the better fix; of equals the first.</summary>
    internal static bool IsBetter(int priority, byte fix, int otherPriority, byte otherFix) =>
        priority < otherPriority || (priority == otherPriority && fix > otherFix);

    /// <summary>The best position of a list; null when none has a fix.</summary>
    public static GeoPoint? Best(IReadOnlyList<GpsRecord> all)
    {
        GpsRecord? best = null;
        foreach (GpsRecord gps in all)
        {
            if (gps is { DataOnly: false, Location.HasFix: true }
                && (best is null || IsBetter(gps.Priority, gps.Location.Fix, best.Priority, best.Location.Fix)))
            {
                best = gps;
            }
        }
        return best?.Location;
    }
}
