namespace KismetOrleans.Grains.Placement;

/// <summary>
/// Which silo carries which partition: rendezvous hashing with a bound, so that every silo gets an equal share (to one) and a silo that comes or
/// goes moves little but what it carries. All silos that know the same silos agree. Thread-safe.
/// </summary>
internal sealed class PartitionTable(int partitions)
{
    private volatile Placed? _newest;

    /// <param name="partition">Its number.</param>
    /// <param name="silos">Silos to choose from, at least one, in any order.</param>
    public SiloAddress OwnerOf(int partition, SiloAddress[] silos)
    {
        Placed placed = PlaceAmong(silos);
        return placed.Silos[placed.Owners[partition % partitions]];
    }

    /// <param name="silos">Silos to choose from, in any order.</param>
    /// <returns>The silos, and the index of each partition's among them; not to be changed.</returns>
    public (SiloAddress[] Silos, int[] Owners) Owners(SiloAddress[] silos)
    {
        Placed placed = PlaceAmong(silos);
        return (placed.Silos, placed.Owners);
    }

    private Placed PlaceAmong(SiloAddress[] silos)
    {
        Array.Sort(silos);
        return _newest is { } newest && newest.Silos.AsSpan().SequenceEqual(silos) ? newest : _newest = new(silos, Place(silos));
    }

    private int[] Place(SiloAddress[] silos)
    {
        int[] owners = new int[partitions];
        int[] load = new int[silos.Length];
        int most = (partitions + silos.Length - 1) / silos.Length;
        for (int partition = 0; partition < partitions; partition++)
        {
            int best = -1;
            for (int silo = 0; silo < silos.Length; silo++)
            {
                if (load[silo] < most && (best < 0 || Score(silos[silo], partition) > Score(silos[best], partition)))
                {
                    best = silo;
                }
            }
            owners[partition] = best;
            load[best]++;
        }
        return owners;
    }

    // The finisher of SplitMix64 over both: a silo's scores are as good as random ones.
    private static ulong Score(SiloAddress silo, int partition)
    {
        ulong x = ((ulong)(uint)silo.GetConsistentHashCode() << 32) | (uint)partition;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    private sealed record Placed(SiloAddress[] Silos, int[] Owners);
}
