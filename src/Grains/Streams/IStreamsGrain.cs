using KismetOrleans.Grains.Leases;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Grains.Streams;

/// <summary>The open packet streams of the cluster: one grain, key 0.</summary>
[Alias("KismetOrleans.IStreamsGrain")]
public interface IStreamsGrain : IGrainWithIntegerKey
{
    /// <summary>Gives a stream its number and opens it.</summary>
    /// <returns>The number; 0 when there are too many streams.</returns>
    [Alias("Open")]
    ValueTask<long> OpenAsync(StreamEntry entry);

    /// <summary>Tells that streams are still read, and what was written to them. Those that are not known are opened again.</summary>
    /// <returns>Numbers of those among them that were closed.</returns>
    [Alias("Renew")]
    ValueTask<long[]> RenewAsync(StreamEntry[] entries);

    /// <summary>The open streams, by number.</summary>
    [Alias("List")]
    [Idempotent]
    ValueTask<StreamRecord[]> ListAsync(CancellationToken cancellation = default);

    /// <summary>Closes a stream, and tells the API server that writes it.</summary>
    /// <returns>False when there is none of this number.</returns>
    [Alias("Close")]
    ValueTask<bool> CloseAsync(long id);

    /// <summary>The open streams, for silos; waits for about a second while nothing changes.</summary>
    /// <param name="life">The life of the directory that the version is of; of another one everything is new.</param>
    /// <param name="version">The version that is known.</param>
    /// <param name="cancellation">Nobody waits any more.</param>
    [Alias("Watch")]
    ValueTask<LeaseList<StreamEntry>> WatchAsync(Guid life, long version, CancellationToken cancellation = default);
}
