using KismetOrleans.Engine.Operations;

namespace KismetOrleans.Grains.Partitions;

/// <summary>The partitions that this silo should carry answer: loaded here, or still where they were before this silo joined.</summary>
public sealed class OwnPartitionsCheck(IGrainFactory grains, PartitionHost host) : IReadinessCheck
{
    private int[] _own = [];
    private PartitionsCheck _check = new([]);

    public string Name => _check.Name;

    public ValueTask<string?> CheckAsync(CancellationToken cancellation)
    {
        int[] own = host.OwnSoon();
        if (own.Length == 0)
        {
            return new("this silo is in no cluster yet");
        }
        if (!host.IsSettled)
        {
            // Whoever upgrades silo by silo waits for this before the next one.
            return new("this silo has just joined and gets its partitions in a few seconds");
        }
        if (!own.AsSpan().SequenceEqual(_own))
        {
            (_own, _check) = (own, new([.. own.Select(partition => new GrainPartition(grains, partition))]));
        }
        return _check.CheckAsync(cancellation);
    }
}
