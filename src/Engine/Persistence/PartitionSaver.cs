using System.Diagnostics;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Engine.Partitions;

namespace KismetOrleans.Engine.Persistence;

/// <summary>
/// Saves a partition: one save at a time, not more often than it is worth, and whoever waits for one joins the next. Called from any thread;
/// the partition is only touched in its own turn.
/// </summary>
/// <param name="number">Its number.</param>
/// <param name="epoch">Its life.</param>
/// <param name="every">Least time between two saves.</param>
/// <param name="inTurn">Runs a call in the partition's turn.</param>
public sealed class PartitionSaver(
    DevicePartition partition, int number, long epoch, IDeviceStore store, TimeSpan every, TimeProvider clock, Func<Action, Task> inTurn)
{
    // While the database is busy, saves are rarer and larger: of a device that is seen all the time each one writes the whole row.
    private const int PauseToSave = 4;

    // A source that cannot send again loses 5 s at most, as the documentation says.
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(4);
    private readonly Lock _lock = new();
    private readonly PartitionChanges _changes = new(number) { Epoch = epoch };
    private Task _running = Task.CompletedTask;
    private Task? _next;
    private long _last;
    private TimeSpan _took;

    /// <summary>Why the partition cannot be saved any more; null while it can.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Completes when everything applied until now is on disk.</summary>
    /// <param name="atOnce">Does not wait for the time between saves: the partition is about to stop.</param>
    /// <exception cref="StaleEpochException">Another host has taken the partition over.</exception>
    public Task SaveAsync(bool atOnce = false)
    {
        lock (_lock)
        {
            if (atOnce)
            {
                _running = _next = RunAsync(_next ?? _running, atOnce);
                return _running;
            }
            return _next ??= RunAsync(_running, atOnce);
        }
    }

    private async Task RunAsync(Task before, bool atOnce)
    {
        await Task.Yield();
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (Fault is not null)
        {
            throw Fault;
        }
        TimeSpan since = clock.GetElapsedTime(_last);
        TimeSpan pause = Pause();
        if (!atOnce && _last != 0 && since < pause)
        {
            await Task.Delay(pause - since, clock);
        }
        lock (_lock)
        {
            // From here on a caller's changes may be too late for this save.
            (_running, _next) = (_next ?? _running, null);
        }
        await inTurn(() => partition.TakeChanges(_changes));
        _last = clock.GetTimestamp();
        if (_changes.IsEmpty)
        {
            return;
        }
        using Activity? span = Traces.Source.StartActivity("save");
        span?.SetTag("partition", number).SetTag("rows", _changes.Changed.Count);
        try
        {
            await store.SaveAsync(_changes);
            _took = clock.GetElapsedTime(_last);
            Meters.Saved(_took, _changes.Changed.Count);
        }
        catch (Exception e)
        {
            Meters.SaveFailures.Add(1);
            span?.SetStatus(ActivityStatusCode.Error, e.Message);
            // What was taken is in no other place: this life of the partition is over.
            Fault = e;
            throw;
        }
        _changes.Clear();
    }

    // Zero: whoever asks for that wants each save at once.
    private TimeSpan Pause()
    {
        TimeSpan worth = _took * PauseToSave < s_longestPause ? _took * PauseToSave : s_longestPause;
        return every == TimeSpan.Zero || worth < every ? every : worth;
    }
}
