using KismetOrleans.Engine.Partitions;
using KismetOrleans.Grains.SsidScanning;
using KismetOrleans.Grains.Watching;

namespace KismetOrleans.Grains.Partitions;

/// <summary>
/// Looks once a minute after the partitions that belong on this silo, the watch over devices and the search for networks by name, whether anybody asks them anything or not. What it asks loads a partition
/// that nobody carries, forgets what is too old, and gives memory back.
/// </summary>
public sealed partial class MaintenanceService(IGrainFactory grains, PartitionHost host, TimeProvider clock, ILogger<MaintenanceService> logger)
    : PeriodicService(TimeSpan.FromMinutes(1), clock)
{
    // Idle minutes after which there is nothing left to give back.
    private const int MaxIdleCollections = 5;
    private long _done;
    private int _idleMinutes;

    /// <summary>Makes sure that somebody watches devices, and looks for networks by name.</summary>
    internal static async Task BeginAsync(IGrainFactory grains)
    {
        await grains.GetGrain<IWatchGrain>(0).BeginAsync();
        await grains.GetGrain<ISsidScanGrain>(0).BeginAsync();
    }

    protected override async Task DoAsync()
    {
        await BeginAsync(grains);
        ClusterPartitions partitions = host.PartitionsOf(grains);
        // One after the other: there is time, and packets come first.
        for (int number = 0; number < partitions.Count; number++)
        {
            if (host.IsMine(number))
            {
                await MaintainAsync(number, partitions[number]);
            }
        }
        Collect();
    }

    protected override void LogFault(Exception e) => NotWatched(logger, e);

    private async Task MaintainAsync(int number, IDevicePartition partition)
    {
        try
        {
            await partition.MaintainAsync();
        }
        catch (Exception e)
        {
            // The others are looked after all the same.
            NotMaintained(logger, number, e);
        }
    }

    // Without packets nothing makes the runtime collect, and what devices and sources gave back would stay with the process.
    private void Collect()
    {
        long done = host.Applied + host.SourcesLetGo;
        _idleMinutes = done == _done ? _idleMinutes + 1 : 0;
        _done = done;
        if (done > 0 && _idleMinutes is > 0 and <= MaxIdleCollections)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Partition {number} was not looked after, and is in a minute")]
    private static partial void NotMaintained(ILogger logger, int number, Exception e);

    [LoggerMessage(2, LogLevel.Warning, "The watch over devices does not answer")]
    private static partial void NotWatched(ILogger logger, Exception e);
}

/// <summary>Begins the watch over devices and the search for networks by name once this silo has started.</summary>
public sealed partial class WatchStart(IGrainFactory grains, ILogger<WatchStart> logger) : IStartupTask
{
    public async Task Execute(CancellationToken cancellationToken)
    {
        try
        {
            await MaintenanceService.BeginAsync(grains);
        }
        catch (Exception e)
        {
            // A silo is of use without it, and tries again in a minute.
            NotBegun(logger, e);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The watch over devices has not begun")]
    private static partial void NotBegun(ILogger logger, Exception e);
}
