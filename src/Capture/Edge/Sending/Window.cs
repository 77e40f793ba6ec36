namespace KismetOrleans.Capture.Edge.Sending;

/// <summary>What was sent and is not known to be saved.</summary>
internal sealed class Window
{
    private readonly Queue<(ulong Sequence, int Octets)> _flying = [];
    private long _octets;

    /// <summary>Batches at most.</summary>
    public int MaxBatches { get; set; } = 1;

    /// <summary>Octets at most; a single batch may have more.</summary>
    public long MaxOctets { get; set; } = 1;

    /// <summary>Whether another batch may be sent.</summary>
    public bool IsOpen => _flying.Count == 0 || (_flying.Count < MaxBatches && _octets < MaxOctets);

    /// <summary>A batch was sent.</summary>
    public void Sent(ulong sequence, int octets)
    {
        _flying.Enqueue((sequence, octets));
        _octets += octets;
    }

    /// <summary>Everything up to a batch is saved.</summary>
    public void Saved(ulong sequence)
    {
        while (_flying.TryPeek(out (ulong Sequence, int Octets) oldest) && oldest.Sequence <= sequence)
        {
            _octets -= _flying.Dequeue().Octets;
        }
    }

    /// <summary>Sending begins anew.</summary>
    public void Clear()
    {
        _flying.Clear();
        _octets = 0;
    }
}
