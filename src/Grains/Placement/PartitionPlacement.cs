using KismetOrleans.Grains.Partitions;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace KismetOrleans.Grains.Placement;

/// <summary>Partitions stand where <see cref="PartitionTable"/> says, and what has a silo's key (<see cref="SiloKey"/>) on that silo.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class PartitionPlacementAttribute() : PlacementAttribute(new PartitionPlacement());

/// <summary>The strategy that <see cref="PartitionPlacementAttribute"/> names.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.PartitionPlacement")]
public sealed class PartitionPlacement : PlacementStrategy;

/// <summary>Carries the strategy out.</summary>
public sealed class PartitionDirector(PartitionOptions partitions, SettledSilos settled) : IPlacementDirector
{
    private readonly PartitionTable _table = new(partitions.Count);

    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        target.GrainIdentity.TryGetIntegerKey(out long key, out _)
            ? Task.FromResult(Choose(key, context.GetCompatibleSilos(target)))
            : throw new ArgumentException($"{target.GrainIdentity} is no partition: its key is no number.");

    // Of a silo that is gone any other serves: it knows where the partitions are.
    private SiloAddress Choose(long key, SiloAddress[] silos) =>
        SiloKey.Is(key) && Array.Find(silos, silo => SiloKey.Of(silo) == key) is { } silo ? silo : _table.OwnerOf((int)key, settled.Among(silos));
}
