using KismetOrleans.Grains.Partitions;
using KismetOrleans.Silo.Hosting;
using KismetOrleans.Silo.Watching;

namespace KismetOrleans.Silo.Partitions;

/// <summary>Looks once a minute after all partitions of the cluster and the watch over devices, whether anybody asks them anything or not: one grain, key 0.</summary>
[Alias("KismetOrleans.ICaretakerGrain")]
public interface ICaretakerGrain : IGrainWithIntegerKey
{
    /// <summary>Begins, where it has not begun yet.</summary>
    [Alias("Begin")]
    Task BeginAsync();
}

/// <summary>
/// Wakes up by a reminder, which outlives every silo. What it asks loads a partition that nobody carries, forgets what is too old, and gives memory back.
/// </summary>
public sealed class CaretakerGrain(IGrainFactory grains, ClusterSettings settings) : Grain, ICaretakerGrain, IRemindable
{
    private const string Reminder = "partitions";

    // The shortest that reminders allow; what is forgotten is days old.
    private static readonly TimeSpan s_every = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public async Task BeginAsync()
    {
        _ = await this.RegisterOrUpdateReminder(Reminder, s_every, s_every);
        await grains.GetGrain<IWatchGrain>(0).BeginAsync();
    }

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await grains.GetGrain<IWatchGrain>(0).BeginAsync();
        // One after the other: there is time, and packets come first.
        foreach (IDevicePartition partition in new ClusterPartitions(grains, settings.Partitions))
        {
            await partition.MaintainAsync();
        }
    }
}

/// <summary>Makes sure that there is a <see cref="CaretakerGrain"/>, once this silo has started.</summary>
public sealed partial class CaretakerStart(IGrainFactory grains, ILogger<CaretakerStart> logger) : IStartupTask
{
    /// <inheritdoc/>
    public async Task Execute(CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetGrain<ICaretakerGrain>(0).BeginAsync();
        }
        catch (Exception e)
        {
            // A silo is of use without it, and the next one tries again.
            NotBegun(logger, e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The partitions' caretaker has not begun: {reason}")]
    private static partial void NotBegun(ILogger logger, string reason);
}
