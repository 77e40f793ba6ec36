namespace KismetOrleans.Engine.Scanning;

/// <summary>
/// Posts that wait for the journal, a turn for each caller: who sends without end waits for himself, and others pass him by. What a caller has between journal and partitions is bounded, too, so that
/// nobody's reports stand behind all of his. Safe for use by several threads; one takes.
/// </summary>
internal sealed class WaitingPosts(ScanIntakeOptions options)
{
    // Of an entry a caller fills that share, if others wait or not: it is as much as a partition takes at once.
    private const int TurnsOfEntry = 4;

    // A caller has no more than its share of the room where half of that is taken.
    private const int Shares = 4;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _signal = new(0, 1);
    private readonly Dictionary<string, Caller> _callers = new(StringComparer.Ordinal);
    private readonly Queue<Caller> _turns = new();
    private long _bytes;
    private int _count;
    private bool _isComplete;

    public long Bytes => Volatile.Read(ref _bytes);

    public int Count => Volatile.Read(ref _count);

    /// <summary>Adds a post.</summary>
    /// <returns>Null where too much waits, of all or of its caller.</returns>
    /// <exception cref="IOException">No more are taken.</exception>
    public WaitingPost? TryAdd(ScanPost post, ushort source)
    {
        lock (_lock)
        {
            if (_isComplete)
            {
                throw new IOException("the server is shutting down");
            }
            Caller caller = _callers.GetValueOrDefault(post.Caller) ?? new(post.Caller);
            long all = _bytes + post.Length;
            // One always fits, however large.
            if ((_bytes > 0 && all > options.MaxWaitingBytes)
                || (caller.Bytes > 0 && caller.Bytes + post.Length > options.MaxWaitingBytes / Shares && all > options.MaxWaitingBytes / 2))
            {
                return null;
            }
            WaitingPost waiting = new(post, source, caller);
            _callers[post.Caller] = caller;
            caller.Waiting.Enqueue(waiting);
            caller.Bytes += post.Length;
            if (caller.Waiting.Count == 1)
            {
                _turns.Enqueue(caller);
            }
            (_bytes, _count) = (all, _count + 1);
            Signal();
            return waiting;
        }
    }

    /// <summary>Waits until there are posts to take.</summary>
    /// <returns>False where none will come.</returns>
    public async ValueTask<bool> WaitAsync()
    {
        while (true)
        {
            lock (_lock)
            {
                if (_turns.Any(MayGo))
                {
                    return true;
                }
                if (_isComplete && _count == 0)
                {
                    return false;
                }
            }
            await _signal.WaitAsync();
        }
    }

    /// <summary>Takes those whose turn it is, as many as an entry holds.</summary>
    public List<WaitingPost> Take()
    {
        List<WaitingPost> taken = [];
        lock (_lock)
        {
            long length = 0;
            for (int left = _turns.Count; left > 0 && length < options.MaxEntryBytes; left--)
            {
                Caller caller = _turns.Dequeue();
                for (long own = 0; caller.Waiting.Count > 0 && MayGo(caller) && own < options.MaxEntryBytes / TurnsOfEntry;)
                {
                    WaitingPost post = caller.Waiting.Dequeue();
                    taken.Add(post);
                    own += post.Bytes;
                    caller.Bytes -= post.Bytes;
                    caller.Unapplied += post.Bytes;
                    length += post.Bytes;
                }
                if (caller.Waiting.Count > 0)
                {
                    _turns.Enqueue(caller);
                }
            }
            (_bytes, _count) = (_bytes - length, _count - taken.Count);
        }
        return taken;
    }

    /// <summary>Posts that were taken are with the partitions, or will never be.</summary>
    public void Applied(IEnumerable<WaitingPost> posts)
    {
        lock (_lock)
        {
            foreach (WaitingPost post in posts)
            {
                post.Caller.Unapplied -= post.Bytes;
                if (post.Caller.Unapplied == 0 && post.Caller.Waiting.Count == 0)
                {
                    _ = _callers.Remove(post.Caller.Name);
                }
            }
            Signal();
        }
    }

    public void Complete()
    {
        lock (_lock)
        {
            _isComplete = true;
            Signal();
        }
    }

    private bool MayGo(Caller caller) => caller.Unapplied < options.MaxEntryBytes;

    // In the lock.
    private void Signal()
    {
        if (_signal.CurrentCount == 0)
        {
            _ = _signal.Release();
        }
    }

    /// <summary>Who posts, and what of his is here.</summary>
    internal sealed class Caller(string name)
    {
        public string Name => name;

        public Queue<WaitingPost> Waiting { get; } = new();

        public long Bytes { get; set; }

        public long Unapplied { get; set; }
    }
}

/// <summary>A post that waits for its place in the journal.</summary>
/// <param name="Post">The post; its sender's again once the task below has completed.</param>
/// <param name="Source">Number of its source.</param>
internal sealed record WaitingPost(ScanPost Post, ushort Source, WaitingPosts.Caller Caller)
{
    public int Bytes { get; } = Post.Length;
    public TaskCompletionSource<ScanGroup> Journaled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
