namespace KismetOrleans.Capture.Edge.Joining;

/// <summary>The key that this host got by joining, as it is now. Safe for use by several threads.</summary>
/// <param name="state">As it was read, or got.</param>
/// <param name="folder">Folder of the file that keeps it.</param>
internal sealed class JoinedKey(JoinedState state, string folder, TimeProvider time)
{
    // API servers read keys every two seconds.
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(10);
    private volatile JoinedState _state = state;
    private volatile TaskCompletionSource _changed = New();
    private long? _since;

    /// <summary>As it is now.</summary>
    public JoinedState State => _state;

    /// <summary>Whether a server may not have heard of it yet.</summary>
    public bool IsFresh => _since is { } since && time.GetElapsedTime(since) < s_fresh;

    /// <summary>Takes another key, on disk where that can be written.</summary>
    /// <returns>Why it could not be written; null where it was.</returns>
    public string? Replace(JoinedState fresh)
    {
        string? fault = Save(fresh);
        _since = time.GetTimestamp();
        _state = fresh;
        Interlocked.Exchange(ref _changed, New()).SetResult();
        return fault;
    }

    /// <summary>Writes it once more.</summary>
    /// <returns>Why it could not be written; null where it was.</returns>
    public string? Save() => Save(_state);

    /// <summary>Waits until the key is another one.</summary>
    public async Task OtherThanAsync(string key, CancellationToken cancellation)
    {
        while (true)
        {
            // First, so that no change is missed.
            Task changed = _changed.Task;
            if (_state.Key != key)
            {
                return;
            }
            await changed.WaitAsync(cancellation);
        }
    }

    private string? Save(JoinedState state)
    {
        try
        {
            state.Save(folder);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
