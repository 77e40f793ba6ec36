using System.Text.Json;
using KismetOrleans.Engine.Channels;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Events;
using KismetOrleans.Grains.Leases;
using KismetOrleans.Grains.Messages;
using KismetOrleans.Grains.Storage;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Grains.Channels;

/// <summary>
/// What the cluster counts as a whole. Kept in grain storage some times a minute, but for the use of channels, which is of the last minutes anyway.
/// </summary>
[CollectionAgeLimit(AlwaysActive = true)]
public sealed class TotalsGrain(
    [PersistentState("totals")] IPersistentState<TotalsState> kept, IEvents events, TimeProvider clock, ILogger<TotalsGrain> logger)
    : SavingGrain(s_saveEvery, logger), ITotalsGrain
{
    // What the death of its silo costs.
    private static readonly TimeSpan s_saveEvery = TimeSpan.FromSeconds(10);
    private readonly ServerTotals _totals = new();
    private readonly Repetitions _reported = new();
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
        return base.OnActivateAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask AddAsync(Guid reporter, long sequence, TotalsReport report)
    {
        if (_reported.Has(reporter, sequence))
        {
            return default;
        }
        foreach (BatchSummary batch in report.Batches)
        {
            _totals.Count(batch);
        }
        if (report.Duplicates > 0)
        {
            _totals.Stats.Duplicates.Add((uint)clock.GetUtcNow().ToUnixTimeSeconds(), report.Duplicates);
        }
        _totals.Messages.Add(report.Messages);
        _changed = true;
        return default;
    }

    /// <inheritdoc/>
    public ValueTask<long[]> PacketsByPhyAsync(CancellationToken cancellation = default) => new(_totals.PacketsByPhy);

    /// <inheritdoc/>
    public ValueTask<PacketStats> PacketStatsAsync(CancellationToken cancellation = default) => new(_totals.Stats.Copy());

    /// <inheritdoc/>
    public ValueTask<ChannelMap> ChannelsAsync(CancellationToken cancellation = default) => new(_totals.Channels.Read());

    /// <inheritdoc/>
    public ValueTask<MessageRecord[]> MessagesAsync(long since, CancellationToken cancellation = default) => new([.. _totals.Messages.Since(since)]);

    /// <inheritdoc/>
    protected override async Task SaveAsync()
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
        catch
        {
            _changed = true;
            throw;
        }
    }
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
