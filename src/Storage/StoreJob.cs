namespace KismetOrleans.Storage;

/// <summary>
/// Work that waits for a writer. It can be cancelled while it waits, not while a writer is at it, so that whoever cancelled can use again what
/// he gave.
/// </summary>
internal abstract class StoreJob : IDisposable
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Over = 2;
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenRegistration _registration;
    private int _state;

    protected StoreJob(CancellationToken cancellation)
    {
        _cancellation = cancellation;
        _registration = cancellation.UnsafeRegister(static job => ((StoreJob)job!).Cancel(), this);
    }

    /// <summary>Completes when the work is on disk, or will never be.</summary>
    public Task Done => _done.Task;

    /// <summary>Bytes that the work brings along, about.</summary>
    public virtual int Weight => 0;

    /// <summary>Whether a client waits for it, so that it does not stand behind what only has to be done some time.</summary>
    public virtual bool IsUrgent => false;

    /// <summary>Takes the work in hand.</summary>
    /// <returns>False when it was cancelled.</returns>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    /// <summary>Lets it wait again, for another attempt.</summary>
    public void GiveBack()
    {
        Volatile.Write(ref _state, Waiting);
        if (_cancellation.IsCancellationRequested)
        {
            Cancel();
        }
    }

    /// <summary>Ends work that was taken.</summary>
    /// <param name="fault">Why it is not done; null when it is.</param>
    public void End(Exception? fault = null)
    {
        Volatile.Write(ref _state, Over);
        Dispose();
        if (fault is null)
        {
            _done.TrySetResult();
        }
        else
        {
            _done.TrySetException(fault);
        }
    }

    public void Dispose() => _registration.Dispose();

    private void Cancel()
    {
        if (Interlocked.CompareExchange(ref _state, Over, Waiting) == Waiting)
        {
            _done.TrySetCanceled(_cancellation);
        }
    }
}
