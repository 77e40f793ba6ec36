using System.Text.Json;
using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Channels;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Grains.Alerts;
using KismetOrleans.Grains.Leases;
using KismetOrleans.Grains.Messages;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Grains.Storage;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Grains.Channels;

/// <summary>
/// What the cluster counts as a whole. Kept in grain storage some times a minute; trends and the use of channels, which are larger, once a minute.
/// </summary>
[CollectionAgeLimit(AlwaysActive = true)]
public sealed partial class TotalsGrain(
    [PersistentState("totals")] IPersistentState<TotalsState> kept, [PersistentState("trends")] IPersistentState<TrendsState> trends, PartitionHost host, IEvents events,
    TimeProvider clock, ILogger<TotalsGrain> logger)
    : SavingGrain(s_saveEvery, logger), ITotalsGrain
{
    // What the death of its silo costs.
    private static readonly TimeSpan s_saveEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_trendsEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_sampleEvery = TimeSpan.FromSeconds(15);
    private readonly ServerTotals _totals = new();
    private readonly Repetitions _reported = new();
    private bool _changed;
    private bool _trendsChanged;
    private bool _ends;
    private long _trendsSaved;
    private long _alertsUntil;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (kept.RecordExists)
        {
            _totals.Restore(kept.State.Stats, kept.State.PacketsByPhy, kept.State.Messages);
        }
        _alertsUntil = clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        if (trends.RecordExists)
        {
            _totals.Trends.Restore(trends.State.Trends);
            _totals.Channels.Restore(StoredChannel.Read(trends.State.Channels));
            _alertsUntil = trends.State.AlertsUntil;
        }
        _ = this.RegisterGrainTimer(
            static (grain, cancellation) => grain.SampleAsync(cancellation), this, new GrainTimerCreationOptions(TimeSpan.FromSeconds(1), s_sampleEvery) { Interleave = true });
        // Those that were kept were told before.
        _totals.Messages.Events = events;
        return base.OnActivateAsync(cancellationToken);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _ends = true;
        return base.OnDeactivateAsync(reason, cancellationToken);
    }

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
        _trendsChanged = true;
        return default;
    }

    public ValueTask<long[]> PacketsByPhyAsync(CancellationToken cancellation = default) => new(_totals.PacketsByPhy);

    public ValueTask<PacketStats> PacketStatsAsync(CancellationToken cancellation = default) => new(_totals.Stats.Copy());

    public ValueTask<TrendPoint[]> TrendsAsync(TrendSpan span, CancellationToken cancellation = default) => new(_totals.Trends.Read(span, Now()));

    public ValueTask<ChannelMap> ChannelsAsync(CancellationToken cancellation = default) => new(_totals.Channels.Read());

    public ValueTask<MessageRecord[]> MessagesAsync(long since, CancellationToken cancellation = default) => new([.. _totals.Messages.Since(since)]);

    protected override async Task SaveAsync()
    {
        await SaveTotalsAsync();
        await SaveTrendsAsync();
    }

    private uint Now() => (uint)clock.GetUtcNow().ToUnixTimeSeconds();

    // What no batch brings.
    private async Task SampleAsync(CancellationToken cancellation)
    {
        try
        {
            PartitionCounts[] counts = await Task.WhenAll(host.PartitionsOf(GrainFactory).Select(partition => partition.CountAsync(cancellation).AsTask()));
            _totals.Trends.Sample(counts.Sum(static count => (long)count.Devices), Now());
            foreach (AlertRecord alert in AlertCodec.ReadRecords(await GrainFactory.GetGrain<IAlertsGrain>(0).SinceAsync(_alertsUntil, cancellation)))
            {
                _totals.Trends.CountAlert((uint)(alert.Microseconds / 1_000_000), Now());
                _alertsUntil = Math.Max(_alertsUntil, alert.Microseconds);
            }
            _trendsChanged = true;
        }
        catch (Exception e)
        {
            NotSampled(logger, e);
        }
    }

    private async Task SaveTrendsAsync()
    {
        if (!_trendsChanged || (!_ends && _trendsSaved != 0 && clock.GetElapsedTime(_trendsSaved) < s_trendsEvery))
        {
            return;
        }
        _trendsChanged = false;
        trends.State = new() { Trends = _totals.Trends.ToBytes(), Channels = StoredChannel.Of(_totals.Channels.Read(), Now()), AlertsUntil = _alertsUntil };
        try
        {
            await trends.WriteStateAsync();
            _trendsSaved = clock.GetTimestamp();
        }
        catch
        {
            _trendsChanged = true;
            throw;
        }
    }

    [LoggerMessage(2, LogLevel.Warning, "Devices and alerts of the trends were not counted, and are counted again in some seconds")]
    private static partial void NotSampled(ILogger logger, Exception e);

    private async Task SaveTotalsAsync()
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

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, RecordJson.Options);

    public void Read(byte[] bytes)
    {
        TotalsState read = JsonSerializer.Deserialize<TotalsState>(bytes, RecordJson.Options) ?? new();
        (Stats, PacketsByPhy, Messages) = (read.Stats, read.PacketsByPhy, read.Messages);
    }
}
