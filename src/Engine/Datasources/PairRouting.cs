using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Datasources;

/// <summary>The way of frames that have a sender and a receiver and no more.</summary>
internal static class PairRouting
{
    /// <summary>Hands an observation once to each partition that owns its source or its destination.</summary>
    /// <param name="o">The observation; its frame has source and destination, zero where there is none.</param>
    /// <param name="kept">Bytes that the partitions look into.</param>
    /// <param name="batches">A batch for each partition.</param>
    public static void Route(Phy phy, in Observation o, ReadOnlySpan<byte> kept, ReadOnlySpan<ObservationBatch> batches)
    {
        int sender = Owner(phy, o.Frame.Source, batches.Length);
        int receiver = Owner(phy, o.Frame.Destination, batches.Length);
        if (sender >= 0)
        {
            batches[sender].Add(o, kept);
        }
        if (receiver >= 0 && receiver != sender)
        {
            batches[receiver].Add(o, kept);
        }
    }

    private static int Owner(Phy phy, MacAddress address, int partitions) => address.IsZero ? -1 : Partitioning.Of(new(phy, address), partitions);
}
