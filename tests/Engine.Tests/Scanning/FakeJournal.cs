using System.Runtime.CompilerServices;
using KismetOrleans.Engine.Persistence;

namespace KismetOrleans.Engine.Tests.Scanning;

/// <summary>A journal in memory that fails when it is told to.</summary>
internal sealed class FakeJournal : IJournal
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<(ulong Feed, ulong Sequence), byte[]> _entries = [];
    private TaskCompletionSource _emptied = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Appends wait for this; null for none.</summary>
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>What an append meets; called before the entry stands.</summary>
    public Action? BeforeAppend { get; set; }

    /// <summary>What an append meets when the entry stands.</summary>
    public Action? AfterAppend { get; set; }

    /// <summary>Entries are never deleted.</summary>
    public bool KeepsAll { get; set; }

    /// <summary>Reports that came with entries that stood.</summary>
    public long Counted { get; private set; }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    public async ValueTask AppendAsync(ulong feed, ulong sequence, ReadOnlyMemory<byte> entry, IReadOnlyList<KeyValuePair<ushort, int>>? counts = null, CancellationToken cancellation = default)
    {
        if (Gate is { } gate)
        {
            await gate.Task;
        }
        BeforeAppend?.Invoke();
        lock (_lock)
        {
            _entries.Add((feed, sequence), entry.ToArray());
            Counted += counts?.Sum(static count => count.Value) ?? 0;
        }
        AfterAppend?.Invoke();
    }

    public async IAsyncEnumerable<JournalEntry> ReadAsync(
        ulong? feed, ulong after, TimeSpan olderThan, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await Task.Yield();
        List<JournalEntry> entries = [];
        lock (_lock)
        {
            foreach (((ulong writer, ulong sequence), byte[] bytes) in _entries)
            {
                if ((feed ?? writer) == writer && sequence > after)
                {
                    entries.Add(new(writer, sequence, bytes));
                }
            }
        }
        foreach (JournalEntry entry in entries)
        {
            yield return entry;
        }
    }

    public ValueTask DeleteAsync(ulong feed, ulong upTo, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            foreach ((ulong Feed, ulong Sequence) key in _entries.Keys.Where(key => key.Feed == feed && key.Sequence <= upTo && !KeepsAll).ToList())
            {
                _ = _entries.Remove(key);
            }
            if (_entries.Count == 0)
            {
                _emptied.TrySetResult();
            }
        }
        return default;
    }

    /// <summary>Puts an entry there as a dead writer would have left it.</summary>
    public void Leave(ulong feed, ulong sequence, byte[] bytes) => _entries.Add((feed, sequence), bytes);

    /// <summary>Completes when nothing stands there any more.</summary>
    public async Task WhenEmptyAsync()
    {
        Task emptied;
        lock (_lock)
        {
            if (_entries.Count == 0)
            {
                return;
            }
            _emptied = new(TaskCreationOptions.RunContinuationsAsynchronously);
            emptied = _emptied.Task;
        }
        try
        {
            await emptied.WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{Count} entries still stand in the journal after 30 s");
        }
    }
}
