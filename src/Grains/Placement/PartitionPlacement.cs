using KismetOrleans.Grains.Partitions;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace KismetOrleans.Grains.Placement;

/// <summary>Partitions stand where <see cref="PartitionTable"/> says.</summary>
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
        target.GrainIdentity.TryGetIntegerKey(out long partition, out _)
            ? Task.FromResult(_table.OwnerOf((int)partition, settled.Among(context.GetCompatibleSilos(target))))
            : throw new ArgumentException($"{target.GrainIdentity} is no partition: its key is no number.");
}
