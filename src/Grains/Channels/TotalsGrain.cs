using System.Text.Json;
using KismetOrleans.Engine.Channels;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Events;
using KismetOrleans.Grains.Messages;
using KismetOrleans.Grains.Storage;
using KismetOrleans.Records.Server;
using Orleans.Storage;

namespace KismetOrleans.Grains.Channels;

/// <summary>
/// What the cluster counts as a whole. Kept in grain storage some times a minute, but for the use of channels, which is of the last minutes anyway.
/// </summary>
[CollectionAgeLimit(AlwaysActive = true)]
public sealed partial class TotalsGrain(
    [PersistentState("totals")] IPersistentState<TotalsState> kept, IEvents events, TimeProvider clock, ILogger<TotalsGrain> logger) : Grain, ITotalsGrain
{
    // What the death of its silo costs.
    private static readonly TimeSpan s_saveEvery = TimeSpan.FromSeconds(10);
    private readonly ServerTotals _totals = new();
    private bool _changed;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (kept.RecordExists)
        {
            _totals.Restore(kept.State.Stats, kept.State.PacketsByPhy, kept.State.Messages);
        }
        // Those that were kept were told before.
        _totals.Messages.Events = events;
        _ = this.RegisterGrainTimer(
            static (grain, _) => grain.SaveAsync(), this, new GrainTimerCreationOptions(s_saveEvery, s_saveEvery) { Interleave = true });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => SaveAsync();

    /// <inheritdoc/>
    public ValueTask AddAsync(BatchSummary[] batches, MessageRecord[] messages, long duplicates)
    {
        foreach (BatchSummary batch in batches)
        {
            _totals.Count(batch);
        }
        if (duplicates > 0)
        {
            _totals.Stats.Duplicates.Add((uint)clock.GetUtcNow().ToUnixTimeSeconds(), duplicates);
        }
        _totals.Messages.Add(messages);
        _changed = true;
        return default;
    }

    /// <inheritdoc/>
    public ValueTask<long[]> PacketsByPhyAsync() => new(_totals.PacketsByPhy);

    /// <inheritdoc/>
    public ValueTask<PacketStats> PacketStatsAsync() => new(_totals.Stats.Copy());

    /// <inheritdoc/>
    public ValueTask<ChannelMap> ChannelsAsync() => new(_totals.Channels.Read());

    /// <inheritdoc/>
    public ValueTask<MessageRecord[]> MessagesAsync(long since) => new([.. _totals.Messages.Since(since)]);

    private async Task SaveAsync()
    {
        if (!_changed)
        {
            return;
        }
        _changed = false;
        kept.State = new() { Stats = _totals.Stats.Copy(), PacketsByPhy = _totals.PacketsByPhy, Messages = [.. _totals.Messages.Since(-1)] };
        try
        {
            await kept.WriteStateAsync();
        }
        catch (InconsistentStateException)
        {
            // The cluster had parted, and another one of this grain has saved: the next life begins with what that one has.
            DeactivateOnIdle();
        }
        catch (Exception e)
        {
            _changed = true;
            NotSaved(logger, e);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Totals and messages were not saved")]
    private static partial void NotSaved(ILogger logger, Exception e);
}

/// <summary>What <see cref="TotalsGrain"/> keeps.</summary>
[GenerateSerializer, Alias("KismetOrleans.TotalsState")]
public sealed class TotalsState : IStoredState
{
    /// <summary>Rates of packets.</summary>
    [Id(0)] public PacketStats Stats { get; set; } = new();

    /// <summary>Packets of each phy, by its number.</summary>
    [Id(1)] public long[] PacketsByPhy { get; set; } = [];

    /// <summary>The newest messages, oldest first.</summary>
    [Id(2)] public MessageRecord[] Messages { get; set; } = [];

    /// <inheritdoc/>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, RecordJson.Options);

    /// <inheritdoc/>
    public void Read(byte[] bytes)
    {
        TotalsState read = JsonSerializer.Deserialize<TotalsState>(bytes, RecordJson.Options) ?? new();
        (Stats, PacketsByPhy, Messages) = (read.Stats, read.PacketsByPhy, read.Messages);
    }
}
