using KismetOrleans.Engine.Observations;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Partitions;

/// <summary>An observation that could not be applied, by a fault of this program: what it takes to find that.</summary>
/// <param name="Clock">Unix second of its batch.</param>
/// <param name="Observation">The observation; its place in the batch is of no meaning any more.</param>
/// <param name="Bytes">Bytes of its frame.</param>
public sealed record FailedObservation(uint Clock, Observation Observation, byte[] Bytes, Exception Fault);

/// <summary>The newest observations that a partition could not apply. Changed by its worker alone; any thread may read.</summary>
internal sealed class FailedObservations
{
    // A fault that strikes once strikes often, and in the same way: a few are enough to find it, and more would only be held in memory.
    private const int Most = 16;
    private volatile FailedObservation[] _newest = [];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<FailedObservation> Newest => _newest;

    public void Add(FailedObservation failed) => _newest = [.. _newest.AsSpan(_newest.Length < Most ? 0 : 1), failed];

    /// <summary>What an operator should hear once a batch, with the fault of the newest.</summary>
    /// <param name="failed">How many failed in the batch.</param>
    /// <param name="of">How many it had.</param>
    /// <param name="partition">Number of the partition.</param>
    /// <param name="clock">Unix second of the batch.</param>
    public MessageRecord Message(int failed, int of, int partition, uint clock)
    {
        FailedObservation newest = _newest[^1];
        return new(
            $"{failed} of {of} frames of a batch could not be applied to the devices of partition {partition}, by a fault of this program: "
            + $"{newest.Fault.GetType().Name}, {newest.Fault.Message} (frame of {newest.Bytes.Length} bytes from {newest.Observation.Frame.Source})",
            MessageFlags.Error,
            clock);
    }
}
