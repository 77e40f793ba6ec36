using System.Threading.Channels;

namespace KismetOrleans.Grains.Embedded;

/// <summary>
/// The queue in front of a class that is not thread-safe: its calls run one at a time, in the order in which they came, on the thread pool.
/// </summary>
public sealed class Mailbox : IAsyncDisposable
{
    private readonly Channel<Action> _calls = Channel.CreateUnbounded<Action>(new() { SingleReader = true });
    private readonly Task _worker;

    // A channel with a single reader cannot be counted.
    private int _length;

    /// <summary>A mailbox, open at once.</summary>
    public Mailbox() => _worker = Task.Run(WorkAsync);

    /// <summary>Calls waiting or running.</summary>
    public int Length => Volatile.Read(ref _length);

    /// <summary>Runs a call in turn.</summary>
    /// <returns>Its result, or its exception.</returns>
    public Task<T> PostAsync<T>(Func<T> call)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Increment(ref _length);
        bool open = _calls.Writer.TryWrite(() =>
        {
            T result;
            try
            {
                result = call();
            }
            catch (Exception e)
            {
                // The caller's to handle: the mailbox goes on with the next call.
                Interlocked.Decrement(ref _length);
                done.SetException(e);
                return;
            }
            Interlocked.Decrement(ref _length);
            done.SetResult(result);
        });
        if (!open)
        {
            Interlocked.Decrement(ref _length);
            done.SetException(new ObjectDisposedException(nameof(Mailbox)));
        }
        return done.Task;
    }

    /// <summary>Runs a call in turn.</summary>
    public Task PostAsync(Action call) => PostAsync(() =>
    {
        call();
        return true;
    });

    /// <summary>Finishes the calls that wait and takes no more.</summary>
    public async ValueTask DisposeAsync()
    {
        _calls.Writer.TryComplete();
        await _worker;
    }

    private async Task WorkAsync()
    {
        await foreach (Action call in _calls.Reader.ReadAllAsync())
        {
            call();
        }
    }
}
