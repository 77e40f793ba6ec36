using System.Threading.Channels;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Packets;

namespace KismetOrleans.Engine.Scanning;

/// <summary>
/// Takes journaled groups to the partitions, makes sure that they are on disk there, and empties the journal behind them. When a partition has lost
/// what was not on disk, or cannot be reached, everything from there on is read from the journal and sent again; partitions that have it drop it.
/// </summary>
internal sealed class ScanApplier(
    ulong feed, ScanSender sender, IJournal? journal, SourceCounts counts, ScanEntryPool entries, WaitingPosts posts, ScanIntakeOptions options, TimeProvider clock,
    FaultReport faults)
{
    private readonly Channel<ScanGroup> _groups = Channel.CreateUnbounded<ScanGroup>(new() { SingleReader = true, SingleWriter = true });
    private readonly SemaphoreSlim _progress = new(0, 1);
    private readonly HashSet<ulong> _void = [];
    private readonly CancellationTokenSource _giveUp = new();
    private ScanGroup? _flying;
    private long _unapplied;
    private ulong _applied;
    private ulong _saved;
    private long _lastCheckpoint = clock.GetTimestamp();
    private (ulong Sequence, Task<bool> Flushed)? _checkpoint;

    /// <summary>Bytes that stand in the journal and have not been sent to their partitions.</summary>
    public long UnappliedBytes => Volatile.Read(ref _unapplied);

    /// <summary>Whether partitions are being caught up with, so that nobody should wait for them.</summary>
    public bool IsBehind { get; private set; }

    public ulong UnsavedEntries => journal is null ? 0 : Volatile.Read(ref _applied) - Volatile.Read(ref _saved);

    /// <summary>How often everything that was not saved was sent again.</summary>
    public long Rewinds { get; private set; }

    /// <summary>Hands a group on; waits while too much waits.</summary>
    public async ValueTask AddAsync(ScanGroup group)
    {
        while (UnappliedBytes > options.MaxUnappliedBytes)
        {
            await _progress.WaitAsync();
        }
        _ = Interlocked.Add(ref _unapplied, group.Entry.Length);
        _ = _groups.Writer.TryWrite(group);
    }

    /// <summary>An entry may stand in the journal though its posts were refused.</summary>
    public void Void(ulong sequence)
    {
        lock (_void)
        {
            _ = _void.Add(sequence);
        }
    }

    /// <summary>No more groups will come.</summary>
    public void Complete() => _groups.Writer.TryComplete();

    /// <summary>What cannot be delivered stays in the journal.</summary>
    public void GiveUp() => _giveUp.Cancel();

    /// <summary>Works until all groups are applied and <see cref="Complete"/> was called.</summary>
    public async Task RunAsync()
    {
        Task<bool> more = _groups.Reader.WaitToReadAsync().AsTask();
        while (true)
        {
            await WaitAsync(more);
            if (more.IsCompleted)
            {
                if (!await more)
                {
                    break;
                }
                while (_groups.Reader.TryRead(out ScanGroup? group))
                {
                    if (!_giveUp.IsCancellationRequested)
                    {
                        await ApplyAsync(group);
                        await TendAsync(atOnce: false);
                    }
                    Release(group);
                }
                await SettleAsync();
                more = _groups.Reader.WaitToReadAsync().AsTask();
            }
            await TendAsync(atOnce: false);
        }
        await FinishAsync();
    }

    private async Task WaitAsync(Task<bool> more)
    {
        if (journal is null || (_saved == _applied && _checkpoint is null))
        {
            _ = await more;
        }
        else if (!more.IsCompleted)
        {
            await Task.WhenAny(more, _checkpoint?.Flushed ?? Task.Delay(options.CheckpointEvery, clock));
        }
    }

    private async Task ApplyAsync(ScanGroup group)
    {
        foreach ((ushort source, int reports) in group.Reports)
        {
            counts.Add(source, reports);
        }
        _ = counts.SendAsync();
        // The partitions apply this group while the next one is routed; before this one is sent, they have applied the one before.
        bool sent = await sender.SendAsync(group.Entry.Bytes, group.Sequence, isNew: true);
        _applied = group.Sequence;
        ScanGroup? before = _flying;
        _flying = sent ? group : null;
        if (sent)
        {
            before?.SetVisible();
        }
        else
        {
            await MendAsync(before is null ? [group] : [before, group]);
        }
    }

    // Nothing comes after it at the moment: its posts shall not wait for what does.
    private async ValueTask SettleAsync()
    {
        if (_flying is not { } group)
        {
            return;
        }
        _flying = null;
        if (await sender.DrainAsync())
        {
            group.SetVisible();
        }
        else
        {
            await MendAsync([group]);
        }
    }

    private async Task MendAsync(ScanGroup[] groups)
    {
        if (journal is not null)
        {
            await RewindAsync(journal);
            Array.ForEach(groups, static group => group.SetVisible());
            return;
        }
        Exception fault = sender.Fault ?? new InvalidOperationException("a partition was restarted, and there is no journal");
        faults.Add(fault);
        sender.Rewind();
        Array.ForEach(groups, group => group.SetLost(fault));
    }

    // The partitions have copies of their own.
    private void Release(ScanGroup group)
    {
        _ = Interlocked.Add(ref _unapplied, -group.Entry.Length);
        entries.Return(group.Entry);
        posts.Applied(group.Posts);
        if (_progress.CurrentCount == 0)
        {
            _ = _progress.Release();
        }
    }

    private async ValueTask TendAsync(bool atOnce)
    {
        if (journal is null)
        {
            return;
        }
        if (_checkpoint is { } checkpoint && (atOnce || checkpoint.Flushed.IsCompleted))
        {
            _checkpoint = null;
            if (await IsTrueAsync(checkpoint.Flushed))
            {
                _saved = checkpoint.Sequence;
                await ForgetAsync(journal);
            }
            else
            {
                await RewindAsync(journal);
            }
        }
        if (_checkpoint is null && _saved != _applied && (atOnce || clock.GetElapsedTime(_lastCheckpoint) >= options.CheckpointEvery))
        {
            _lastCheckpoint = clock.GetTimestamp();
            if (await sender.DrainAsync())
            {
                _checkpoint = (_applied, sender.FlushAsync(sender.TakeTouched()));
            }
            else
            {
                await RewindAsync(journal);
            }
        }
    }

    private async Task<bool> IsTrueAsync(Task<bool> task)
    {
        try
        {
            return await task;
        }
        catch (Exception e)
        {
            Add(e);
            return false;
        }
    }

    private async ValueTask ForgetAsync(IJournal written)
    {
        try
        {
            await written.DeleteAsync(feed, _saved, _giveUp.Token);
            lock (_void)
            {
                _ = _void.RemoveWhere(sequence => sequence <= _saved);
            }
        }
        catch (Exception e)
        {
            // What stands there too long costs room only: the next checkpoint deletes it, or a replay finds that all have it.
            Add(e);
        }
    }

    private async Task RewindAsync(IJournal written)
    {
        IsBehind = true;
        _checkpoint = null;
        TimeSpan pause = options.RetryAfter;
        while (!_giveUp.IsCancellationRequested)
        {
            Rewinds++;
            _ = await sender.DrainAsync();
            if (sender.Fault is { } fault)
            {
                faults.Add(fault);
            }
            sender.Rewind();
            if (await ResendAsync(written))
            {
                break;
            }
            try
            {
                await Task.Delay(pause, clock, _giveUp.Token);
            }
            catch (OperationCanceledException)
            {
                break;
            }
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, options.RetryAfter.Ticks * 20));
        }
        IsBehind = false;
    }

    private async Task<bool> ResendAsync(IJournal written)
    {
        try
        {
            await foreach (JournalEntry entry in written.ReadAsync(feed, _saved, TimeSpan.Zero, _giveUp.Token))
            {
                if (entry.Sequence > _applied)
                {
                    break;
                }
                if (!IsVoid(entry.Sequence) && !await sender.SendAsync(entry.Bytes, entry.Sequence, isNew: false))
                {
                    return false;
                }
            }
            return await sender.DrainAsync();
        }
        catch (Exception e)
        {
            Add(e);
            return false;
        }
    }

    // At the end what waits for the journal is cancelled.
    private void Add(Exception e)
    {
        if (e is not OperationCanceledException || !_giveUp.IsCancellationRequested)
        {
            faults.Add(e);
        }
    }

    private bool IsVoid(ulong sequence)
    {
        lock (_void)
        {
            return _void.Contains(sequence);
        }
    }

    private async Task FinishAsync()
    {
        _ = await sender.DrainAsync();
        await counts.SendAsync();
        await counts.SendAsync();
        // Twice: what a checkpoint under way leaves over is the next one's.
        for (int i = 0; i < 3 && _saved != _applied && !_giveUp.IsCancellationRequested; i++)
        {
            await TendAsync(atOnce: true);
        }
    }
}
