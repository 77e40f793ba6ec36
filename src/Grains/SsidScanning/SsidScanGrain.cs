using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.SsidScanning;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Grains.Sources;
using KismetOrleans.Grains.Storage;
using KismetOrleans.Records.Server;
using Orleans.Concurrency;

namespace KismetOrleans.Grains.SsidScanning;

/// <summary>The cluster's search for networks by name: one grain, key 0.</summary>
[Alias("KismetOrleans.ISsidScanGrain")]
public interface ISsidScanGrain : IGrainWithIntegerKey
{
    /// <inheritdoc cref="ISsidScan.StatusAsync"/>
    [Alias("Status")]
    [Idempotent]
    ValueTask<SsidScanStatus> StatusAsync(CancellationToken cancellation = default);

    /// <inheritdoc cref="ISsidScan.SetAsync"/>
    [Alias("Set")]
    ValueTask<SsidScanStatus> SetAsync([Immutable] SsidScanSettings settings);

    /// <summary>Makes sure that somebody looks.</summary>
    [Alias("Begin")]
    ValueTask BeginAsync();
}

/// <summary>Looks once a second while it is on, and keeps what it looks for in grain storage. Reentrant, since looking waits for partitions and sources.</summary>
/// <param name="control">What sources of this server can be told; null in a silo, whose sources are all sensors.</param>
[Reentrant]
[CollectionAgeLimit(AlwaysActive = true)]
public sealed partial class SsidScanGrain(
    [PersistentState("ssidscan")] IPersistentState<StoredLines> kept, PartitionHost host, SourceCache sources, TimeProvider clock, ILogger<SsidScanGrain> logger, ISourceControl? control = null)
    : Grain, ISsidScanGrain
{
    private SsidScan _scan = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        ISourceControl orders = control ?? new ClusterControl(new ClusterSources(GrainFactory, sources), sources);
        _scan = new(
            host.PartitionsOf(GrainFactory), () => sources.All, (source, order) => orders.OrderAsync(source, order).AsTask(), clock, kept.State.Lines.FirstOrDefault(),
            line => kept.ReplaceAsync(new() { Lines = [line] }));
        _ = this.RegisterGrainTimer(CheckAsync, new GrainTimerCreationOptions(SsidScan.CheckEvery, SsidScan.CheckEvery) { Interleave = true });
        return Task.CompletedTask;
    }

    public ValueTask<SsidScanStatus> StatusAsync(CancellationToken cancellation = default) => new(_scan.Status);

    public async ValueTask<SsidScanStatus> SetAsync(SsidScanSettings settings)
    {
        await _scan.SetAsync(settings);
        return _scan.Status;
    }

    public ValueTask BeginAsync() => default;

    private async Task CheckAsync(CancellationToken cancellation)
    {
        try
        {
            foreach ((string source, string reason) in await _scan.CheckAsync())
            {
                NotDone(logger, source, reason);
            }
        }
        catch (Exception e)
        {
            NotChecked(logger, e);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Networks were not looked for by name, and are looked for again")]
    private static partial void NotChecked(ILogger logger, Exception e);

    [LoggerMessage(2, LogLevel.Warning, "Source {source} did not do what the search for SSIDs wanted, and is left alone for a minute: {reason}")]
    private static partial void NotDone(ILogger logger, string source, string reason);
}

/// <summary>The cluster's search for networks by name as an API server sees it.</summary>
public sealed class ClusterSsidScan(IGrainFactory grains) : ISsidScan
{
    private ISsidScanGrain Grain => grains.GetGrain<ISsidScanGrain>(0);

    public ValueTask<SsidScanStatus> StatusAsync(CancellationToken cancellation = default) => Grain.StatusAsync(cancellation);

    public ValueTask<SsidScanStatus> SetAsync(SsidScanSettings settings) => Grain.SetAsync(settings);
}
