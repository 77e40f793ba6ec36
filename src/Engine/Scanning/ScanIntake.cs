using System.Security.Cryptography;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Packets;

namespace KismetOrleans.Engine.Scanning;

/// <summary>
/// Where posted scan reports come in. All posts that wait are journaled as one entry; then they are acknowledged, for a journaled report reaches its
/// device once and only once, whatever is killed. Without a journal they are acknowledged when they are with the partitions. Knows contracts only, so
/// it runs beside embedded partitions and in front of a cluster's. Safe for use by several threads.
/// </summary>
public sealed class ScanIntake : IAsyncDisposable
{
    // Some MB; what is repeated later the partitions recognise.
    private const int MaxIds = 65_536;

    // After that, what is not delivered is left to the journal.
    private static readonly TimeSpan s_endTimeout = TimeSpan.FromSeconds(10);
    private readonly WaitingPosts _posts;
    private readonly ScanEntryPool _entries = new();
    private readonly ISourceRegistry _sources;
    private readonly IJournal? _journal;
    private readonly FaultReport _faults;
    private readonly TimeProvider _clock;
    private readonly ScanIntakeOptions _options;
    private readonly ScanApplier _applier;
    private readonly ScanReplay? _replay;
    private readonly IDisposable _journalLength;
    private readonly IDisposable _queueDepth;
    private readonly ReportIds _ids = new(MaxIds);
    private readonly Task _writing;
    private readonly Task _applying;
    private ulong _sequence;
    private long _reports;
    private long _refused;
    private bool _disposed;

    /// <summary>An intake, open at once.</summary>
    /// <param name="partitions">All partitions, by number.</param>
    /// <param name="sources">Who numbers virtual datasources.</param>
    /// <param name="journal">Where posts stand until they are on disk as devices; null when nothing is kept on disk.</param>
    /// <param name="observer">Whom to tell what came.</param>
    /// <param name="faults">What journal and partitions throw; posts wait, or are refused.</param>
    public ScanIntake(
        IReadOnlyList<IDevicePartition> partitions, ISourceRegistry sources, IJournal? journal, IDatasourceObserver observer, ScanIntakeOptions options,
        TimeProvider clock, FaultReport faults)
    {
        _sources = sources;
        _faults = faults;
        _journal = journal;
        _clock = clock;
        _options = options;
        _posts = new(options);
        Feed = BatchMark.Journals | BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        SourceCounts counts = new(sources);
        _applier = new(Feed, new(Feed, partitions, observer, clock), journal, counts, _entries, _posts, options, clock, faults);
        _replay = journal is null ? null : new(Feed, partitions, journal, observer, clock, faults);
        _journalLength = Meters.JournalLength.Add("scans", () => (long)_applier.UnsavedEntries);
        _queueDepth = Meters.QueueDepth.Add("scans", () => _posts.Count);
        _writing = Task.Run(WriteAsync);
        _applying = Task.Run(_applier.RunAsync);
    }

    /// <summary>Who this writer is in the journal.</summary>
    public ulong Feed { get; }

    public long Reports => Volatile.Read(ref _reports);

    /// <summary>Posts refused because too much waited.</summary>
    public long RefusedPosts => Volatile.Read(ref _refused);

    /// <summary>Bytes that wait for the journal.</summary>
    public long WaitingBytes => _posts.Bytes;

    /// <summary>Bytes that are in the journal and wait for their partitions.</summary>
    public long UnappliedBytes => _applier.UnappliedBytes;

    /// <summary>How often partitions had to be sent everything again that was not on disk.</summary>
    public long Rewinds => _applier.Rewinds;

    /// <summary>Takes a post.</summary>
    /// <param name="post">Reports; free again when the task has completed.</param>
    /// <returns>True when it is safe, and queries show it; false when too much waits and it must come again later.</returns>
    /// <exception cref="NoSourceNumberException">It is of a source that is new, and there are too many.</exception>
    /// <exception cref="IOException">The journal, or without one a partition, failed: it must come again later.</exception>
    public async ValueTask<bool> PostAsync(ScanPost post)
    {
        if (post.Count == 0)
        {
            // Nor is it a source for that.
            return true;
        }
        if (post.Id == 0)
        {
            return await TakeAsync(post);
        }
        while (_ids.Begin(post.Id) is { } first)
        {
            if (await first)
            {
                Meters.ScanRepetitions.Add(1);
                return true;
            }
        }
        bool taken = false;
        try
        {
            return taken = await TakeAsync(post);
        }
        finally
        {
            _ids.End(post.Id, taken);
        }
    }

    private async ValueTask<bool> TakeAsync(ScanPost post)
    {
        ushort source = await _sources.VirtualAsync(post.Source, post.Name, post.Kind, post.Owner);
        if (_posts.TryAdd(post, source) is not { } waiting)
        {
            _ = Interlocked.Increment(ref _refused);
            return false;
        }
        ScanGroup group = await waiting.Journaled.Task;
        try
        {
            await (_journal is null ? group.Visible : group.Answerable);
        }
        catch (Exception e) when (_journal is null)
        {
            throw new IOException("the reports could not be applied", e);
        }
        _ = Interlocked.Add(ref _reports, post.Count);
        Meters.ScanReports.Add(post.Count);
        return true;
    }

    /// <summary>
    /// Sends what writers that have died left in the journal to the partitions, and empties it. At the start of a server, and from time to time in a
    /// cluster, where another server's writer may have died.
    /// </summary>
    /// <param name="olderThan">Only entries that stand there for this long: a living writer is about to delete its own.</param>
    /// <returns>Entries replayed.</returns>
    public async Task<int> ReplayAsync(TimeSpan olderThan, CancellationToken cancellation)
    {
        if (_replay is null)
        {
            return 0;
        }
        TimeSpan pause = _options.RetryAfter;
        while (true)
        {
            int? replayed = await _replay.TryRunAsync(olderThan, cancellation);
            if (replayed is { } entries)
            {
                return entries;
            }
            await Task.Delay(pause, _clock, cancellation);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, _options.RetryAfter.Ticks * 20));
        }
    }

    /// <summary>Delivers what was accepted and takes no more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }
        _disposed = true;
        _journalLength.Dispose();
        _queueDepth.Dispose();
        Task finished = FinishAsync();
        if (await Task.WhenAny(finished, Task.Delay(s_endTimeout)) != finished)
        {
            _applier.GiveUp();
            await Task.WhenAny(finished, Task.Delay(s_endTimeout));
        }
    }

    private async Task FinishAsync()
    {
        _posts.Complete();
        await _writing;
        _applier.Complete();
        await _applying;
    }

    private async Task WriteAsync()
    {
        while (await _posts.WaitAsync())
        {
            ScanGroup group = Gather();
            if (await TryJournalAsync(group) is { } fault)
            {
                _applier.Void(group.Sequence);
                _posts.Applied(group.Posts);
                foreach (WaitingPost waiting in group.Posts)
                {
                    waiting.Journaled.SetException(new IOException("the journal cannot be written", fault));
                }
                continue;
            }
            group.Answerable = _journal is null || _applier.IsBehind ? Task.CompletedTask : Task.WhenAny(group.Visible, Task.Delay(_options.VisibleWithin, _clock));
            // What waits for an answer first: handing on may have to wait.
            foreach (WaitingPost waiting in group.Posts)
            {
                waiting.Journaled.SetResult(group);
            }
            await _applier.AddAsync(group);
        }
    }

    private ScanGroup Gather()
    {
        ScanGroup group = new(_entries.Take()) { Sequence = ++_sequence };
        foreach (WaitingPost waiting in _posts.Take())
        {
            group.Entry.Add(waiting.Post, waiting.Source);
            group.Reports.Add(new(waiting.Source, waiting.Post.Count));
            group.Posts.Add(waiting);
        }
        return group;
    }

    // Null when the entry stands.
    private async ValueTask<Exception?> TryJournalAsync(ScanGroup group)
    {
        if (_journal is null)
        {
            return null;
        }
        long start = _clock.GetTimestamp();
        TimeSpan pause = _options.RetryAfter;
        while (true)
        {
            try
            {
                await _journal.AppendAsync(Feed, group.Sequence, group.Entry.Bytes, group.Reports);
                return null;
            }
            catch (Exception e)
            {
                _faults.Add(e);
                if (await StandsAsync(_journal, group.Sequence))
                {
                    // The answer was lost, not the entry.
                    return null;
                }
                if (_clock.GetElapsedTime(start) > _options.JournalTimeout || _disposed)
                {
                    return e;
                }
            }
            await Task.Delay(pause, _clock);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, _options.RetryAfter.Ticks * 20));
        }
    }

    private async ValueTask<bool> StandsAsync(IJournal journal, ulong sequence)
    {
        try
        {
            await foreach (JournalEntry entry in journal.ReadAsync(Feed, sequence - 1, TimeSpan.Zero))
            {
                return entry.Sequence == sequence;
            }
        }
        catch (Exception e)
        {
            _faults.Add(e);
        }
        return false;
    }
}
