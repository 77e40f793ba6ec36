using KismetOrleans.Grains.Channels;
using KismetOrleans.Grains.Datasources;
using KismetOrleans.Grains.Messages;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Silo.Channels;

/// <summary>What the cluster counts as a whole, in memory: it begins anew where its silo dies.</summary>
[CollectionAgeLimit(AlwaysActive = true)]
public sealed class TotalsGrain(TimeProvider clock) : Grain, ITotalsGrain
{
    private readonly MessageRing _messages = new();
    private readonly ChannelUsage _channels = new();
    private readonly PacketStats _stats = new();
    private readonly long[] _packetsByPhy = new long[Phy.All.Count];

    /// <inheritdoc/>
    public ValueTask AddAsync(BatchSummary[] batches, MessageRecord[] messages, long duplicates)
    {
        foreach (BatchSummary batch in batches)
        {
            _channels.Add(batch.Frequencies, batch.Clock);
            _stats.Peak.Add(batch.Clock, batch.Packets);
            _stats.Packets.Add(batch.Clock, batch.Packets);
            _stats.Processed.Add(batch.Clock, batch.Packets);
            _stats.Errors.Add(batch.Clock, batch.Errors);
            for (int i = 0; i < Math.Min(_packetsByPhy.Length, batch.ByPhy.Length); i++)
            {
                _packetsByPhy[i] += batch.ByPhy[i];
            }
        }
        if (duplicates > 0)
        {
            _stats.Duplicates.Add((uint)clock.GetUtcNow().ToUnixTimeSeconds(), duplicates);
        }
        _messages.Add(messages);
        return default;
    }

    /// <inheritdoc/>
    public ValueTask<long[]> PacketsByPhyAsync() => new((long[])_packetsByPhy.Clone());

    /// <inheritdoc/>
    public ValueTask<PacketStats> PacketStatsAsync() => new(_stats.Copy());

    /// <inheritdoc/>
    public ValueTask<ChannelMap> ChannelsAsync() => new(_channels.Read());

    /// <inheritdoc/>
    public ValueTask<MessageRecord[]> MessagesAsync(long since) => new([.. _messages.Since(since)]);
}
