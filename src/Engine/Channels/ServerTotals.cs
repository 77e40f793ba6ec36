using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Messages;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Channels;

/// <summary>What a server, or a cluster, counts as a whole, and its newest messages. Not thread-safe: it stands behind a queue.</summary>
public sealed class ServerTotals
{
    // Sources keep their own; these are from before they did.
    private readonly long[] _packetsByPhy = new long[Phy.All.Count];

    /// <summary>Use of frequencies and channels.</summary>
    public ChannelUsage Channels { get; } = new();

    /// <summary>What was seen by minute, hour and day.</summary>
    public Trends Trends { get; } = new();

    public PacketStats Stats { get; private set; } = new();
    public MessageRing Messages { get; } = new();

    /// <summary>Packets of each phy, by its number, that an earlier version counted before sources did; a copy.</summary>
    public long[] PacketsByPhy => (long[])_packetsByPhy.Clone();

    /// <summary>Takes in what was saved; before anything else.</summary>
    public void Restore(PacketStats stats, long[] packetsByPhy, IReadOnlyList<MessageRecord> messages)
    {
        Stats = stats;
        // Another version may know more phys, or fewer.
        Array.Copy(packetsByPhy, _packetsByPhy, Math.Min(packetsByPhy.Length, _packetsByPhy.Length));
        Messages.Add(messages);
    }

    public void Count(in BatchSummary batch)
    {
        Channels.Add(batch.Frequencies, batch.Clock);
        Trends.Count(batch);
        Stats.Peak.Add(batch.Clock, batch.Packets);
        Stats.Packets.Add(batch.Clock, batch.Packets);
        Stats.Processed.Add(batch.Clock, batch.Packets);
        Stats.Errors.Add(batch.Clock, batch.Errors);
    }
}
