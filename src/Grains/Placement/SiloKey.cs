namespace KismetOrleans.Grains.Placement;

/// <summary>Keys of grains that belong on a silo, whatever partitions it carries: a number above those of all partitions.</summary>
internal static class SiloKey
{
    // Positive as 32 bits, too: a silo of an older version takes it for a partition's.
    private const int First = 1 << 30;

    public static long Of(SiloAddress silo) => First | (silo.GetConsistentHashCode() & (First - 1));

    /// <summary>Whether a key is a silo's, not a partition's.</summary>
    public static bool Is(long key) => key >= First;
}
