using KismetOrleans.Grains.Placement;
using Orleans.Concurrency;

namespace KismetOrleans.Grains.Partitions;

/// <summary>
/// Asks partitions of one silo together whether they have a feed's batches on disk: a sensor's checkpoint concerns most partitions. Its key is the number of one of them, whose silo it is on.
/// </summary>
[Alias("KismetOrleans.ICheckpointGrain")]
public interface ICheckpointGrain : IGrainWithIntegerKey
{
    /// <summary>Asks some partitions, which should be those of this silo.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="bootId">Its life.</param>
    /// <param name="partitions">The partitions.</param>
    /// <param name="sequences">The batch that each is asked for.</param>
    /// <returns>Whether all of them have it.</returns>
    [Alias("FlushMany")]
    [ResponseTimeout("00:00:30")]
    ValueTask<bool> FlushManyAsync(ulong feed, ulong bootId, [Immutable] int[] partitions, [Immutable] ulong[] sequences);

    /// <summary>The same of all partitions, those of another silo by one call.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="bootId">Its life.</param>
    /// <param name="partitions">The partitions.</param>
    /// <param name="sequences">The batch that each is asked for.</param>
    /// <returns>Whether all of them have it.</returns>
    [Alias("FlushAll")]
    [ResponseTimeout("00:00:30")]
    ValueTask<bool> FlushAllAsync(ulong feed, ulong bootId, [Immutable] int[] partitions, [Immutable] ulong[] sequences);
}

/// <summary>
/// Holds nothing. It is no method of a partition since it waits for the disk on behalf of many: a partition that waits for others could not leave its silo before they are done, and two that
/// wait for each other would stand until the calls time out, with whoever asks them for devices.
/// </summary>
[Reentrant]
[PartitionPlacement]
public sealed class CheckpointGrain(PartitionHost host) : Grain, ICheckpointGrain
{
    /// <inheritdoc/>
    public async ValueTask<bool> FlushManyAsync(ulong feed, ulong bootId, int[] partitions, ulong[] sequences)
    {
        bool saved = await host.PartitionsOf(GrainFactory).FlushEachAsync(feed, bootId, partitions.Zip(sequences));
        if (!host.IsMine((int)this.GetPrimaryKeyLong()))
        {
            // A silo joined; the next call is for one that is there.
            DeactivateOnIdle();
        }
        return saved;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> FlushAllAsync(ulong feed, ulong bootId, int[] partitions, ulong[] sequences) =>
        await host.PartitionsOf(GrainFactory).FlushAsync(feed, bootId, [.. partitions.Zip(sequences)]);
}
