namespace KismetOrleans.Capture.Edge.Sending;

/// <summary>What was sent and is not known to be saved.</summary>
internal sealed class Window
{
    private readonly Queue<(ulong Sequence, int Bytes)> _flying = [];
    private long _bytes;

    /// <summary>Batches at most.</summary>
    public int MaxBatches { get; set; } = 1;

    /// <summary>Bytes at most; a single batch may have more.</summary>
    public long MaxBytes { get; set; } = 1;

    /// <summary>Whether another batch may be sent.</summary>
    public bool IsOpen => _flying.Count == 0 || (_flying.Count < MaxBatches && _bytes < MaxBytes);

    public void Sent(ulong sequence, int bytes)
    {
        _flying.Enqueue((sequence, bytes));
        _bytes += bytes;
    }

    /// <summary>Everything up to a batch is saved.</summary>
    public void Saved(ulong sequence)
    {
        while (_flying.TryPeek(out (ulong Sequence, int Bytes) oldest) && oldest.Sequence <= sequence)
        {
            _bytes -= _flying.Dequeue().Bytes;
        }
    }

    /// <summary>Sending begins anew.</summary>
    public void Clear()
    {
        _flying.Clear();
        _bytes = 0;
    }
}
