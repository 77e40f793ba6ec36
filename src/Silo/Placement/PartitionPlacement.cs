using KismetOrleans.Silo.Hosting;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace KismetOrleans.Silo.Placement;

/// <summary>Partitions stand where <see cref="PartitionTable"/> says.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PartitionPlacementAttribute() : PlacementAttribute(new PartitionPlacement());

/// <summary>The strategy that <see cref="PartitionPlacementAttribute"/> names.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.PartitionPlacement")]
public sealed class PartitionPlacement : PlacementStrategy;

/// <summary>Carries the strategy out.</summary>
public sealed class PartitionDirector(ClusterSettings settings) : IPlacementDirector
{
    private readonly PartitionTable _table = new(settings.Partitions);

    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        target.GrainIdentity.TryGetIntegerKey(out long partition, out _)
            ? Task.FromResult(_table.OwnerOf((int)partition, [.. context.GetCompatibleSilos(target)]))
            : throw new ArgumentException($"{target.GrainIdentity} is no partition: its key is no number.");
}
