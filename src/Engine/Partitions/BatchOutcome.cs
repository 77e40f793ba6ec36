using KismetOrleans.Engine.Events;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Partitions;

/// <summary>What applying a batch brought to light.</summary>
/// <param name="Clock">Unix second of the batch.</param>
/// <param name="Messages">Messages about new devices, the newest where there were many.</param>
/// <param name="Duplicates">Frames that were seen before; each is told by the owner of its sender alone.</param>
/// <param name="Anomalies">What was wrong inside frames.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.BatchOutcome")]
public sealed record BatchOutcome(
    [property: Id(0)] uint Clock, [property: Id(1)] IReadOnlyList<MessageRecord> Messages, [property: Id(2)] long Duplicates,
    [property: Id(3)] IReadOnlyList<AnomalyCount> Anomalies)
{
    /// <summary>An outcome that came from another process is filled in: what the message does not say stays as it is below.</summary>
    public BatchOutcome()
        : this(0, [], 0, [])
    {
    }

    /// <summary>
    /// The batch was not applied: the partition has not got the one that its sender sent before, since it was restarted from an older state.
    /// The sender must resend what is not saved.
    /// </summary>
    [Id(4)] public bool Gap { get; init; }

    /// <summary>What was noticed, for the engine of alerts; bounded for each batch.</summary>
    [Id(5)] public IReadOnlyList<RaisedAlert> Alerts { get; init; } = [];

    /// <summary>
    /// What happened to devices that somebody listens to; bounded for each batch. For the partition's own process, which tells it: it goes to no other with
    /// the outcome.
    /// </summary>
    [field: NonSerialized] public IReadOnlyList<ServerEvent> Events { get; init; } = [];

    internal static BatchOutcome Nothing(uint clock) => new(clock, [], 0, []);
}
