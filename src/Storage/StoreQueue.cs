namespace KismetOrleans.Storage;

/// <summary>Work that waits for one writer, which takes all that waits at once: what came while it wrote goes into the next transaction. Urgent work has transactions of its own, every other one.</summary>
internal sealed class StoreQueue<T>
    where T : StoreJob
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _ready = new(0);
    private readonly Queue<T> _waiting = new();
    private readonly Queue<T> _urgent = new();
    private bool _wasUrgent;
    private bool _closed;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return Waiting;
            }
        }
    }

    private int Waiting => _waiting.Count + _urgent.Count;

    /// <summary>Adds work.</summary>
    /// <exception cref="ObjectDisposedException">The writer was closed.</exception>
    public void Add(T job)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            (job.IsUrgent ? _urgent : _waiting).Enqueue(job);
            if (Waiting > 1)
            {
                return;
            }
        }
        _ready.Release();
    }

    /// <summary>Takes no more work; what waits is still handed out.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
        }
        _ready.Release();
    }

    public void Wait() => _ready.Wait();

    public Task WaitAsync() => _ready.WaitAsync();

    /// <summary>Takes what waits, of one urgency and in order, up to a weight, but at least one.</summary>
    /// <param name="group">Where to; cleared first. Empty when there was nothing after all.</param>
    /// <param name="maxWeight">Bytes.</param>
    /// <returns>False when the queue is closed and this was all.</returns>
    public bool Take(List<T> group, long maxWeight)
    {
        group.Clear();
        lock (_lock)
        {
            long weight = 0;
            _wasUrgent = _urgent.Count > 0 && (!_wasUrgent || _waiting.Count == 0);
            Queue<T> from = _wasUrgent ? _urgent : _waiting;
            while (from.TryPeek(out T? job) && (group.Count == 0 || weight + job.Weight <= maxWeight))
            {
                from.Dequeue();
                if (job.TryTake())
                {
                    group.Add(job);
                    weight += job.Weight;
                }
            }
            if (Waiting > 0)
            {
                _ready.Release();
            }
            return !_closed || Waiting > 0;
        }
    }
}
