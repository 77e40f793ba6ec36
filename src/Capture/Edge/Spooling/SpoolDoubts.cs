namespace KismetOrleans.Capture.Edge.Spooling;

/// <summary>
/// Packets that were sent, then dropped here for want of room before the server said that it has saved them: it may still say so. Lost they
/// are only when they are asked for again.
/// </summary>
internal sealed class SpoolDoubts
{
    private readonly Queue<(ulong Last, long Packets)> _dropped = [];

    /// <summary>Packets up to a batch were dropped after they had been sent.</summary>
    public void Add(ulong last, long packets)
    {
        if (packets > 0)
        {
            _dropped.Enqueue((last, packets));
        }
    }

    /// <summary>The server has saved up to a batch.</summary>
    public void Saved(ulong sequence)
    {
        while (_dropped.TryPeek(out (ulong Last, long Packets) oldest) && oldest.Last <= sequence)
        {
            _ = _dropped.Dequeue();
        }
    }

    /// <summary>Sending begins anew at a batch: how many packets are lost by that.</summary>
    public long LostFrom(ulong sequence)
    {
        long lost = 0;
        int count = _dropped.Count;
        while (count-- > 0)
        {
            (ulong Last, long Packets) one = _dropped.Dequeue();
            if (one.Last >= sequence)
            {
                lost += one.Packets;
            }
            else
            {
                _dropped.Enqueue(one);
            }
        }
        return lost;
    }
}
