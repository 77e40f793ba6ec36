namespace KismetOrleans.Engine.Streams;

/// <summary>Blocks of one size that are used again, so that a stream allocates nothing while it keeps up. Thread-safe.</summary>
internal sealed class TapPool(int blockBytes, int kept)
{
    private readonly Lock _lock = new();
    private readonly Stack<TappedPackets> _free = new();

    /// <summary>Bytes of a block; those of single packets that are larger are made for them and not kept.</summary>
    public int BlockBytes => blockBytes;

    public TappedPackets Rent(int bytes)
    {
        if (bytes > blockBytes)
        {
            return new(bytes);
        }
        lock (_lock)
        {
            if (_free.TryPop(out TappedPackets? block))
            {
                return block;
            }
        }
        return new(blockBytes);
    }

    public void Return(TappedPackets block)
    {
        lock (_lock)
        {
            if (block.Bytes.Length == blockBytes && _free.Count < kept)
            {
                _free.Push(block);
            }
        }
    }

    /// <summary>Lets go of all free blocks.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _free.Clear();
        }
    }
}
