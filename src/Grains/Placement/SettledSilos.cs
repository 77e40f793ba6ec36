using System.Collections.Concurrent;
using KismetOrleans.Engine.Persistence;

namespace KismetOrleans.Grains.Placement;

/// <summary>
/// Which silos are to carry partitions: those that have been members for a while. One that has just joined still compiles and connects; a third of all partitions at once would
/// stand still until it is done. Where partitions are kept in memory alone they cannot move later, and every member counts at once. Thread-safe.
/// </summary>
/// <param name="store">Where devices are kept; null for memory.</param>
public sealed class SettledSilos(ILocalSiloDetails self, TimeProvider clock, IDeviceStore? store = null)
{
    /// <summary>How long a silo is a member before it gets partitions while others have them.</summary>
    public static readonly TimeSpan SettlesAfter = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<SiloAddress, long> _since = [];

    /// <returns>Those that get partitions: all where none has been a member for long.</returns>
    public SiloAddress[] Among(IEnumerable<SiloAddress> members)
    {
        SiloAddress[] all = [.. members];
        if (store is null)
        {
            return all;
        }
        // Those that were there before this silo looked for the first time have been for longer, for all it knows.
        bool isFirst = _since.IsEmpty;
        foreach (SiloAddress silo in all)
        {
            _ = _since.GetOrAdd(silo, static (silo, from) => from.IsFirst && !silo.Equals(from.Self) ? 0 : from.Now, (IsFirst: isFirst, Self: self.SiloAddress, Now: clock.GetTimestamp()));
        }
        if (_since.Count > all.Length)
        {
            foreach (SiloAddress gone in _since.Keys.Except(all))
            {
                _ = _since.TryRemove(gone, out _);
            }
        }
        SiloAddress[] settled = Array.FindAll(all, silo => _since.TryGetValue(silo, out long since) && (since == 0 || clock.GetElapsedTime(since) >= SettlesAfter));
        if (settled.Length == 0)
        {
            // They begin together, and go on so: one that is settled a moment before the others would take from them what they get back at once.
            foreach (SiloAddress silo in all)
            {
                _since[silo] = 0;
            }
            return all;
        }
        return settled;
    }
}
