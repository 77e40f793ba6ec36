using KismetOrleans.Engine.Channels;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Grains.Channels;

/// <summary>What the cluster counts as a whole, and its messages: one grain, key 0.</summary>
[Alias("KismetOrleans.ITotalsGrain")]
public interface ITotalsGrain : IGrainWithIntegerKey
{
    /// <summary>Adds what a process gathered; a repetition is told by its number.</summary>
    /// <param name="sequence">Number of this report of it, from 1.</param>
    [Alias("Add")]
    ValueTask AddAsync(Guid reporter, long sequence, [Immutable] TotalsReport report);

    /// <summary>Packets of each phy, by its number, that an earlier version counted before sources did.</summary>
    [Alias("PacketsByPhy")]
    [Idempotent]
    ValueTask<long[]> PacketsByPhyAsync(CancellationToken cancellation = default);

    [Alias("PacketStats")]
    [Idempotent]
    ValueTask<PacketStats> PacketStatsAsync(CancellationToken cancellation = default);

    /// <summary>What was seen by minute, hour or day, oldest first.</summary>
    [Alias("Trends")]
    [Idempotent]
    ValueTask<TrendPoint[]> TrendsAsync(TrendSpan span, CancellationToken cancellation = default);

    /// <summary>Use of frequencies.</summary>
    [Alias("Channels")]
    [Idempotent]
    ValueTask<ChannelMap> ChannelsAsync(CancellationToken cancellation = default);

    /// <summary>Messages newer than a Unix second, oldest first; negative for all.</summary>
    [Alias("Messages")]
    [Idempotent]
    ValueTask<MessageRecord[]> MessagesAsync(long since, CancellationToken cancellation = default);
}

/// <summary>What a process gathered.</summary>
/// <param name="Batches">Batches that sources took.</param>
/// <param name="Messages">Messages, oldest first.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.TotalsReport")]
public sealed record TotalsReport(
    [property: Id(0)] BatchSummary[] Batches, [property: Id(1)] MessageRecord[] Messages, [property: Id(2)] long Duplicates);
