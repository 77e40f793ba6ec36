namespace KismetOrleans.Engine.Persistence;

/// <summary>
/// Port: where posts stand from their acknowledgement until the partitions that they touch have them on disk. Entries of one feed are
/// appended one after the other.
/// </summary>
public interface IJournal
{
    /// <summary>Appends an entry; completes when it is on disk.</summary>
    /// <param name="feed">Who writes (<see cref="Observations.BatchMark.Feed"/>).</param>
    /// <param name="sequence">Number of the entry, growing.</param>
    /// <param name="entry">Bytes.</param>
    /// <param name="counts">Reports in it, by number of their source: they are added to the counts of these with the entry, in one transaction.</param>
    /// <param name="cancellation">Gives up; the entry may or may not stand then.</param>
    ValueTask AppendAsync(ulong feed, ulong sequence, ReadOnlyMemory<byte> entry, IReadOnlyList<KeyValuePair<ushort, int>>? counts = null, CancellationToken cancellation = default);

    /// <summary>Reads what stands there, by feed and in the order of each feed.</summary>
    /// <param name="feed">Only this feed; null for all.</param>
    /// <param name="olderThan">Only entries that have stood this long; zero for all. Spares what a living writer is about to delete.</param>
    IAsyncEnumerable<JournalEntry> ReadAsync(ulong? feed, ulong after, TimeSpan olderThan, CancellationToken cancellation = default);

    /// <summary>Deletes the entries of a feed up to and with a number.</summary>
    ValueTask DeleteAsync(ulong feed, ulong upTo, CancellationToken cancellation = default);
}

/// <summary>An entry of the journal.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Bytes">Its bytes.</param>
public sealed record JournalEntry(ulong Feed, ulong Sequence, ReadOnlyMemory<byte> Bytes);
