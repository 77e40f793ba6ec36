using KismetOrleans.Engine.Observations;

namespace KismetOrleans.Api.Sensors.RemoteCapture;

/// <summary>
/// Batches of a capture program that knows no acknowledgements: kept here, in order, until they are on disk, so that what a silo loses is sent again. Not thread-safe.
/// </summary>
internal sealed class UnsavedBatches
{
    private readonly LinkedList<(ulong Sequence, ReadOnlyMemory<byte> Batch)> _batches = [];
    private ulong _sent;

    public long Bytes { get; private set; }

    public void Add(ulong sequence, ReadOnlyMemory<byte> batch)
    {
        _batches.AddLast((sequence, batch));
        Bytes += batch.Length;
    }

    /// <summary>The first that was not sent, or is to be sent again; null where all were.</summary>
    public (ulong Sequence, ReadOnlyMemory<byte> Batch)? Next()
    {
        // From the end, where what was not sent is: a few steps.
        LinkedListNode<(ulong Sequence, ReadOnlyMemory<byte> Batch)>? next = null;
        for (LinkedListNode<(ulong Sequence, ReadOnlyMemory<byte> Batch)>? at = _batches.Last; at is not null && at.Value.Sequence > _sent; at = at.Previous)
        {
            next = at;
        }
        return next?.Value;
    }

    public void Sent(ulong sequence) => _sent = sequence;

    /// <summary>Forgets what is on disk.</summary>
    public void Saved(ulong sequence)
    {
        while (_batches.First is { } first && first.Value.Sequence <= sequence)
        {
            Bytes -= first.Value.Batch.Length;
            _batches.RemoveFirst();
        }
        _sent = Math.Max(_sent, sequence);
    }

    /// <summary>All behind the newest saved batch are to be sent again.</summary>
    public void Rewind(ulong bootId, Watermark saved) => _sent = saved.BootId == bootId ? saved.Sequence : 0;
}
