namespace KismetOrleans.Storage;

/// <summary>Work that waits for one writer, which takes all that waits at once: what came while it wrote goes into the next transaction.</summary>
/// <typeparam name="T">Kind of work.</typeparam>
internal sealed class StoreQueue<T>
    where T : StoreJob
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _ready = new(0);
    private readonly Queue<T> _waiting = new();
    private bool _closed;

    /// <summary>Work that waits.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Adds work.</summary>
    /// <exception cref="ObjectDisposedException">The writer was closed.</exception>
    public void Add(T job)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _waiting.Enqueue(job);
            if (_waiting.Count > 1)
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

    /// <summary>Waits for work.</summary>
    public void Wait() => _ready.Wait();

    /// <summary>Waits for work.</summary>
    public Task WaitAsync() => _ready.WaitAsync();

    /// <summary>Takes what waits, in order, up to a weight, but at least one.</summary>
    /// <param name="group">Where to; cleared first. Empty when there was nothing after all.</param>
    /// <param name="maxWeight">Bytes.</param>
    /// <returns>False when the queue is closed and this was all.</returns>
    public bool Take(List<T> group, long maxWeight)
    {
        group.Clear();
        lock (_lock)
        {
            long weight = 0;
            while (_waiting.TryPeek(out T? job) && (group.Count == 0 || weight + job.Weight <= maxWeight))
            {
                _waiting.Dequeue();
                if (job.TryTake())
                {
                    group.Add(job);
                    weight += job.Weight;
                }
            }
            if (_waiting.Count > 0)
            {
                _ready.Release();
            }
            return !_closed || _waiting.Count > 0;
        }
    }
}
