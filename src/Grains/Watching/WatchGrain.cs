using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Watching;
using KismetOrleans.Grains.Alerts;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Grains.Storage;
using KismetOrleans.Wire;
using Orleans.Concurrency;

namespace KismetOrleans.Grains.Watching;

/// <summary>The cluster's watch over devices: one grain, key 0. Addresses are carried as <see cref="MacAddress.Value"/>.</summary>
[Alias("KismetOrleans.IWatchGrain")]
public interface IWatchGrain : IGrainWithIntegerKey
{
    /// <inheritdoc cref="IDeviceWatch.ListAsync"/>
    [Alias("List")]
    [Idempotent]
    ValueTask<ulong[]> ListAsync(byte what, CancellationToken cancellation = default);

    /// <inheritdoc cref="IDeviceWatch.AddAsync"/>
    [Alias("Add")]
    ValueTask<string?> AddAsync(byte what, [Immutable] ulong[] addresses);

    /// <inheritdoc cref="IDeviceWatch.RemoveAsync"/>
    [Alias("Remove")]
    ValueTask RemoveAsync(byte what, [Immutable] ulong[] addresses);

    /// <summary>Makes sure that somebody watches.</summary>
    [Alias("Begin")]
    ValueTask BeginAsync();
}

/// <summary>Looks once a second, and keeps what it watches in grain storage. Reentrant, since looking waits for partitions.</summary>
[Reentrant]
[CollectionAgeLimit(AlwaysActive = true)]
public sealed partial class WatchGrain(
    [PersistentState("watch")] IPersistentState<StoredLines> kept, PartitionHost host, AlertOptions options, TimeProvider clock, ILogger<WatchGrain> logger)
    : Grain, IWatchGrain
{
    private DeviceWatch _watch = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        IAlertsGrain alerts = GrainFactory.GetGrain<IAlertsGrain>(0);
        _watch = new(
            host.PartitionsOf(GrainFactory), options, clock, async alert => (AlertFate)await alerts.RaiseAsync(AlertCodec.Write([alert])), kept.State.Lines,
            lines => kept.ReplaceAsync(new() { Lines = [.. lines] }));
        _ = this.RegisterGrainTimer(CheckAsync, new GrainTimerCreationOptions(DeviceWatch.CheckEvery, DeviceWatch.CheckEvery) { Interleave = true });
        return Task.CompletedTask;
    }

    public async ValueTask<ulong[]> ListAsync(byte what, CancellationToken cancellation = default) => [.. (await _watch.ListAsync((WatchFor)what, cancellation)).Select(static address => address.Value)];

    public ValueTask<string?> AddAsync(byte what, ulong[] addresses) => _watch.AddAsync((WatchFor)what, Of(addresses));

    public ValueTask RemoveAsync(byte what, ulong[] addresses) => _watch.RemoveAsync((WatchFor)what, Of(addresses));

    public ValueTask BeginAsync() => default;

    private static MacAddress[] Of(ulong[] addresses) => Array.ConvertAll(addresses, static value => new MacAddress(value));

    private async Task CheckAsync(CancellationToken cancellation)
    {
        try
        {
            await _watch.CheckAsync();
        }
        catch (Exception e)
        {
            NotChecked(logger, e);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Who came and went was not seen, and is looked for again")]
    private static partial void NotChecked(ILogger logger, Exception e);
}

/// <summary>The cluster's watch over devices as an API server sees it.</summary>
public sealed class ClusterWatch(IGrainFactory grains) : IDeviceWatch
{
    private IWatchGrain Grain => grains.GetGrain<IWatchGrain>(0);

    public async ValueTask<IReadOnlyList<MacAddress>> ListAsync(WatchFor what, CancellationToken cancellation = default) =>
        Array.ConvertAll(await Grain.ListAsync((byte)what, cancellation), static value => new MacAddress(value));

    public ValueTask<string?> AddAsync(WatchFor what, IReadOnlyList<MacAddress> addresses) => Grain.AddAsync((byte)what, Of(addresses));

    public ValueTask RemoveAsync(WatchFor what, IReadOnlyList<MacAddress> addresses) => Grain.RemoveAsync((byte)what, Of(addresses));

    private static ulong[] Of(IReadOnlyList<MacAddress> addresses) => [.. addresses.Select(static address => address.Value)];
}
