using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Engine.Observations;

/// <summary>
/// Which batch of which feed this is, so that a partition takes each exactly once, whoever resends it.
/// </summary>
/// <param name="Feed">Who numbers the batches: a source's number, or the random identity of a journal's writer (<see cref="Journals"/>).</param>
/// <param name="BootId">Grows with each new life of the feed.</param>
/// <param name="Sequence">Grows with each batch of that life.</param>
/// <param name="Previous">The sequence that this sender sent to the same partition before; 0 at the start of a session and after a rewind.</param>
public readonly record struct BatchMark(ulong Feed, ulong BootId, ulong Sequence, ulong Previous)
{
    /// <summary>Set in the feeds of journals, so that they are none of the sources' numbers.</summary>
    internal const ulong Journals = 1UL << 63;
}

/// <summary>How far a feed has come.</summary>
/// <param name="BootId">Life of the feed.</param>
/// <param name="Sequence">Its newest batch.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.Watermark")]
public readonly record struct Watermark([property: Id(0)] ulong BootId, [property: Id(1)] ulong Sequence)
{
    /// <summary>Whether a batch of that life is part of what came.</summary>
    internal bool Covers(ulong bootId, ulong sequence) => bootId < BootId || (bootId == BootId && sequence <= Sequence);

    /// <summary>Itself; nothing where its life lies in the future, so that no life that follows could be told from what came.</summary>
    internal Watermark OrNothing(DateTimeOffset now) => BootId > EdgeProtocol.LatestBootId(now) ? default : this;
}
