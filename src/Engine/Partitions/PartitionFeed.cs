using System.Runtime.ExceptionServices;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Wire;
using Microsoft.Extensions.ObjectPool;

namespace KismetOrleans.Engine.Partitions;

/// <summary>
/// The way of one feed's batches to the partitions: one set is filled while the partitions apply the one before, each batch says which one its
/// partition got before, and who got something since can be asked whether it is on disk. A feed that has nothing on its way holds no set. Not thread-safe.
/// </summary>
/// <param name="feed">Who numbers the batches, as in <see cref="BatchMark"/>.</param>
/// <param name="partitions">All partitions, by number.</param>
/// <param name="observer">Whom to tell what partitions brought to light.</param>
/// <param name="anomalies">Where what was wrong inside frames is counted; null where there are no frames.</param>
internal sealed class PartitionFeed(ulong feed, IReadOnlyList<IDevicePartition> partitions, IDatasourceObserver observer, AnomalyCounts? anomalies = null)
{
    private readonly Task<BatchOutcome>?[] _pending = new Task<BatchOutcome>?[partitions.Count];

    // What each partition was sent last in this session, and whether that was since the last checkpoint.
    private readonly ulong[] _sent = new ulong[partitions.Count];
    private readonly bool[] _touched = new bool[partitions.Count];
    private readonly ObjectPool<ObservationBatch[]> _sets = BatchSets.Of(partitions.Count);
    private ObservationBatch[]? _filling;
    private Task _applied = Task.CompletedTask;
    private ulong _bootId;

    /// <summary>Empties the batches that are filled next, while the partitions apply those before.</summary>
    /// <param name="source">The source of all their observations; 0 where they have several.</param>
    /// <param name="now">Unix second of the server.</param>
    public ObservationBatch[] Begin(ushort source, uint now)
    {
        _filling ??= _sets.Get();
        foreach (ObservationBatch batch in _filling)
        {
            batch.Reset(source, now);
        }
        return _filling;
    }

    /// <summary>Sends what was filled. Only after <see cref="DrainAsync"/>.</summary>
    /// <param name="bootId">Life of the feed.</param>
    /// <param name="sequence">Number of the batch.</param>
    public void Send(ulong bootId, ulong sequence)
    {
        if (bootId != _bootId)
        {
            _bootId = bootId;
            Array.Clear(_sent);
        }
        ObservationBatch[] filled = _filling ?? throw new InvalidOperationException("Nothing was filled.");
        _filling = null;
        for (int i = 0; i < filled.Length; i++)
        {
            if (filled[i].Count > 0)
            {
                filled[i].Mark = new(feed, bootId, sequence, _sent[i]);
                _sent[i] = sequence;
                _touched[i] = true;
            }
        }
        partitions.Apply(filled, _pending);
        _applied = ReturnAsync(filled);
    }

    /// <summary>Waits until the partitions have applied what was sent.</summary>
    /// <returns>Whether a partition lacks what it was sent before, and the first fault of one that could not apply what it was sent.</returns>
    public async ValueTask<(bool Gap, ExceptionDispatchInfo? Fault)> DrainAsync()
    {
        bool gap = false;
        ExceptionDispatchInfo? fault = null;
        await _applied;
        for (int i = 0; i < _pending.Length; i++)
        {
            if (_pending[i] is not { } pending)
            {
                continue;
            }
            _pending[i] = null;
            try
            {
                BatchOutcome outcome = await pending;
                gap |= outcome.Gap;
                anomalies?.Add(outcome.Anomalies);
                if (outcome.Duplicates > 0 || outcome.Messages.Count > 0 || outcome.Alerts.Count > 0)
                {
                    observer.BatchApplied(outcome);
                }
            }
            catch (Exception e)
            {
                fault ??= ExceptionDispatchInfo.Capture(e);
            }
        }
        return (gap, fault);
    }

    /// <summary>The partitions that were sent something since the last call, with the number of the last batch. Only after <see cref="DrainAsync"/>.</summary>
    public IReadOnlyList<(int Partition, ulong Sequence)> TakeTouched()
    {
        List<(int Partition, ulong Sequence)> touched = [];
        for (int i = 0; i < _touched.Length; i++)
        {
            if (_touched[i])
            {
                touched.Add((i, _sent[i]));
                _touched[i] = false;
            }
        }
        return touched;
    }

    /// <summary>Completes when what partitions were sent is on disk. Touches nothing of the feed, which can go on meanwhile.</summary>
    /// <param name="bootId">Life of the feed.</param>
    /// <param name="touched">As <see cref="TakeTouched"/> gave them.</param>
    /// <returns>False when one of them has lost it.</returns>
    public Task<bool> FlushAsync(ulong bootId, IReadOnlyList<(int Partition, ulong Sequence)> touched) => partitions.FlushAsync(feed, bootId, touched);

    /// <summary>What comes next was sent before: begins anew with every partition. Only after <see cref="DrainAsync"/>.</summary>
    public void Rewind()
    {
        if (_filling is { } filling)
        {
            _filling = null;
            _sets.Return(filling);
        }
        Array.Clear(_sent);
        Array.Clear(_touched);
    }

    // All of them, also after a fault: a batch must not be filled again while a partition still reads it.
    private async Task ReturnAsync(ObservationBatch[] batches)
    {
        foreach (Task<BatchOutcome>? pending in _pending)
        {
            if (pending is not null)
            {
                await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        _sets.Return(batches);
    }
}
