namespace KismetOrleans.Engine.Scanning;

/// <summary>
/// The posts that this server has taken lately, or is about to, by what their senders call them: a repetition is answered as the first was, and counts nowhere. What came to another server, or before a
/// restart, the partitions recognise (<see cref="Partitions.DuplicateFilter"/>). Safe for use by several threads.
/// </summary>
/// <param name="capacity">Posts that it remembers at most.</param>
internal sealed class ReportIds(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, TaskCompletionSource<bool>> _known = [];
    private readonly Queue<ulong> _order = new();

    /// <summary>Begins to take a post.</summary>
    /// <returns>Null for one that is new, for which <see cref="End"/> is to be called; else whether the first one was taken, once that is known.</returns>
    public Task<bool>? Begin(ulong id)
    {
        lock (_lock)
        {
            if (_known.TryGetValue(id, out TaskCompletionSource<bool>? first))
            {
                return first.Task;
            }
            _known.Add(id, new(TaskCreationOptions.RunContinuationsAsynchronously));
            return null;
        }
    }

    /// <summary>A post was taken, or not, and then it is as if it had never come.</summary>
    public void End(ulong id, bool taken)
    {
        TaskCompletionSource<bool> first;
        lock (_lock)
        {
            first = _known[id];
            if (!taken)
            {
                _ = _known.Remove(id);
            }
            else
            {
                _order.Enqueue(id);
                if (_order.Count > capacity)
                {
                    _ = _known.Remove(_order.Dequeue());
                }
            }
        }
        first.SetResult(taken);
    }
}
