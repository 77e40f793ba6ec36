using KismetOrleans.Engine.Observations;

namespace KismetOrleans.Engine.Persistence;

/// <summary>Port: what outlives the server of its sources, and the server's own identity.</summary>
public interface ISourceStore
{
    /// <summary>The server's identity, made at the first start.</summary>
    ValueTask<Guid> ServerUuidAsync(CancellationToken cancellation = default);

    /// <summary>All sources ever seen, by number.</summary>
    ValueTask<IReadOnlyList<SourceRow>> LoadAsync(CancellationToken cancellation = default);

    /// <summary>
    /// Gives sources the numbers of their rows, the next ones where these are 0 or taken meanwhile, or finds those that they have; name, driver and definition are what they are known by
    /// until they come back. In one commit.
    /// </summary>
    /// <returns>Their rows.</returns>
    ValueTask<IReadOnlyList<SourceRow>> AddAsync(IReadOnlyList<SourceRow> rows, CancellationToken cancellation = default);

    /// <summary>Keeps the newest counters and names of sources, in one commit. A count of 0 packets leaves that which is there: those of scan reports come with the journal.</summary>
    ValueTask SaveAsync(IReadOnlyList<SourceRow> rows, CancellationToken cancellation = default);

    /// <summary>Forgets sources; their numbers are free.</summary>
    ValueTask RemoveAsync(IReadOnlyList<ushort> numbers, CancellationToken cancellation = default);
}

/// <summary>What is kept of a source.</summary>
/// <param name="Number">Its number from 1; 0 for one that has none yet.</param>
/// <param name="Driver">Kind, as <c>linuxwifi</c>.</param>
/// <param name="ErrorPackets">Packets with errors so far.</param>
/// <param name="Saved">The newest batch that these counters and all partitions have on disk.</param>
/// <param name="PacketsByPhy">Packets of each phy so far, by its number: <c>0 12 5</c>.</param>
/// <param name="Owner">Name of the key that used it first, "" for none.</param>
/// <param name="Used">Unix second in which it last delivered something that was kept; 0 where that is not known.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.SourceRow")]
public sealed record SourceRow(
    [property: Id(0)] ushort Number, [property: Id(1)] Guid Uuid, [property: Id(2)] string Name, [property: Id(3)] string Driver,
    [property: Id(4)] string Interface, [property: Id(5)] string Definition, [property: Id(6)] string Hardware, [property: Id(7)] ulong Packets,
    [property: Id(8)] ulong ErrorPackets, [property: Id(9)] Watermark Saved, [property: Id(10)] string PacketsByPhy = "",
    [property: Id(11)] string Owner = "", [property: Id(12)] long Used = 0);
