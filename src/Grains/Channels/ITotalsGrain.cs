using KismetOrleans.Engine.Datasources;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Grains.Channels;

/// <summary>What the cluster counts as a whole, and its messages: one grain, key 0.</summary>
[Alias("KismetOrleans.ITotalsGrain")]
public interface ITotalsGrain : IGrainWithIntegerKey
{
    /// <summary>Adds what a process gathered.</summary>
    /// <param name="batches">Batches that sources took.</param>
    /// <param name="messages">Messages, oldest first.</param>
    /// <param name="duplicates">Frames heard again.</param>
    [Alias("Add")]
    ValueTask AddAsync([Immutable] BatchSummary[] batches, [Immutable] MessageRecord[] messages, long duplicates);

    /// <summary>Packets of each phy, by its number.</summary>
    [Alias("PacketsByPhy")]
    ValueTask<long[]> PacketsByPhyAsync();

    /// <summary>Rates of packets.</summary>
    [Alias("PacketStats")]
    ValueTask<PacketStats> PacketStatsAsync();

    /// <summary>Use of frequencies.</summary>
    [Alias("Channels")]
    ValueTask<ChannelMap> ChannelsAsync();

    /// <summary>Messages newer than a Unix second, oldest first; negative for all.</summary>
    [Alias("Messages")]
    ValueTask<MessageRecord[]> MessagesAsync(long since);
}
