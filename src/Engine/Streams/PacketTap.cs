using System.Threading.Channels;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Streams;

/// <summary>
/// The queue between the datasources and the reader of one stream. Bounded by bytes; what does not fit is counted by source and link type,
/// and nobody waits. Any number of threads fill it, one reads.
/// </summary>
public sealed class PacketTap : IDisposable
{
    // Of a replay that is held back: enough to be never waited for, and little to be written when the log is stopped. The rest of the queue is for bursts
    // of radios, which do not wait.
    private const long ReplayBytes = 4 << 20;
    private readonly TapPool _pool;
    private readonly long _capacity;
    private readonly Lock _lock = new();
    private readonly Queue<TappedPackets> _queue = new();
    private readonly Dictionary<(ushort Source, LinkType LinkType), Loss> _losses = [];

    // Full while there may be something to read.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    // Whoever is held back waits here for a block to be returned.
    private readonly object _room = new();
    private int _heldBack;

    // The newest block of the queue, which small ones are added to; null once it is read.
    private TappedPackets? _tail;

    // Memory of all blocks that are filled, wait or are read.
    private long _held;
    private long _dropped;
    private bool _unreportedLosses;
    private bool _ended;
    private bool _disposed;

    // Who is held back waits for room here, not for that of others: null then.
    private readonly MemoryBudget? _memory;

    internal PacketTap(PacketFilter filter, long capacity, TapPool pool, MemoryBudget? memory = null)
    {
        _memory = memory;
        Filter = filter;
        // A smaller one could take nothing at all.
        _capacity = Math.Max(capacity, pool.BlockBytes);
        _pool = pool;
    }

    public PacketFilter Filter { get; }

    /// <summary>Replays are held back while it is full; what is live is not.</summary>
    public bool Holds { get; init; }

    /// <summary>Packets lost because the queue was full.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Takes the oldest block; waits for one.</summary>
    /// <returns>The block, to be disposed; null when the tap has ended and everything was read.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> fired while waiting.</exception>
    public ValueTask<TappedPackets?> ReadAsync(CancellationToken cancellation) =>
        // Nothing is allocated where nothing is waited for.
        Take(out TappedPackets? block) ? new(block) : WaitAsync(cancellation);

    /// <summary>Bytes for which there is room.</summary>
    public long Room => Math.Max(0, _capacity - Volatile.Read(ref _held));

    /// <summary>Takes the notes of losses that were not told yet, ahead of packets that wait; for a reader that has no room for packets.</summary>
    /// <returns>The notes; null when there are none.</returns>
    public TappedPackets? TakeLosses()
    {
        lock (_lock)
        {
            if (_disposed || !_unreportedLosses)
            {
                return null;
            }
            _unreportedLosses = false;
            return ReportLosses();
        }
    }

    /// <summary>Takes no more packets; those that wait can still be read.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
        }
        _signal.Writer.TryComplete();
        LetGo();
    }

    /// <summary>Ends it and lets go of what waits.</summary>
    public void Dispose()
    {
        End();
        lock (_lock)
        {
            _disposed = true;
            _tail = null;
            while (_queue.TryDequeue(out TappedPackets? block))
            {
                Free(block);
            }
        }
    }

    /// <summary>A block to fill, for <see cref="Post"/>; null when the queue is full or has ended.</summary>
    internal TappedPackets? TryRent(int bytes)
    {
        int size = Math.Max(bytes, _pool.BlockBytes);
        // First without the lock: while the queue is full, this is asked for every packet.
        if (Volatile.Read(ref _held) + size > _capacity)
        {
            return null;
        }
        lock (_lock)
        {
            if (_ended || _held + size > _capacity || _memory?.TryTake(size) == false)
            {
                return null;
            }
            _held += size;
        }
        TappedPackets block = _pool.Rent(size);
        block.Open(this);
        return block;
    }

    /// <summary>As <see cref="TryRent"/>, and waits while the queue is full; null when it has ended.</summary>
    internal TappedPackets? Rent(int bytes)
    {
        lock (_room)
        {
            _ = Interlocked.Increment(ref _heldBack);
            try
            {
                while (true)
                {
                    if (Volatile.Read(ref _held) < ReplayBytes && TryRent(bytes) is { } block)
                    {
                        return block;
                    }
                    if (HasEnded)
                    {
                        return null;
                    }
                    _ = Monitor.Wait(_room);
                }
            }
            finally
            {
                _ = Interlocked.Decrement(ref _heldBack);
            }
        }
    }

    /// <summary>Appends a block that was rented; whoever filled it must not touch it any more.</summary>
    internal void Post(TappedPackets block)
    {
        lock (_lock)
        {
            bool merged = _tail is not null && _tail.Room >= block.Length;
            if (_ended || merged)
            {
                if (!_ended)
                {
                    _tail!.Append(block);
                }
                Free(block);
                // Whoever was woken for the tail has not read it yet.
                return;
            }
            _queue.Enqueue(block);
            _tail = block;
        }
        _signal.Writer.TryWrite(true);
    }

    /// <summary>Counts packets that found no room.</summary>
    /// <param name="source">Number of their datasource.</param>
    /// <param name="timeNs">Time of the newest.</param>
    /// <param name="counted">Another process lost them, whose meters have counted them.</param>
    internal void Lose(ushort source, LinkType linkType, long count, long timeNs, bool counted = false)
    {
        lock (_lock)
        {
            if (_ended)
            {
                return;
            }
            Loss before = _losses.GetValueOrDefault((source, linkType));
            _losses[(source, linkType)] = new(before.Count + count, Math.Max(before.TimeNs, timeNs));
            _dropped += count;
            _unreportedLosses = true;
        }
        if (!counted)
        {
            Meters.Dropped(DropReason.Stream, count);
        }
        _signal.Writer.TryWrite(true);
    }

    /// <summary>Takes a block back that was read.</summary>
    internal void Return(TappedPackets block)
    {
        lock (_lock)
        {
            Free(block);
        }
        LetGo();
    }

    private void Free(TappedPackets block)
    {
        _held -= block.Bytes.Length;
        _memory?.Return(block.Bytes.Length);
        _pool.Return(block);
    }

    private bool HasEnded
    {
        get
        {
            lock (_lock)
            {
                return _ended;
            }
        }
    }

    private void LetGo()
    {
        if (Volatile.Read(ref _heldBack) > 0)
        {
            lock (_room)
            {
                Monitor.PulseAll(_room);
            }
        }
    }

    private async ValueTask<TappedPackets?> WaitAsync(CancellationToken cancellation)
    {
        TappedPackets? block;
        do
        {
            // Completed by End, after which Take has the rest.
            _ = await _signal.Reader.WaitToReadAsync(cancellation);
            _ = _signal.Reader.TryRead(out _);
        }
        while (!Take(out block));
        return block;
    }

    // True with null: there will be nothing more.
    private bool Take(out TappedPackets? block)
    {
        lock (_lock)
        {
            block = null;
            if (_disposed)
            {
                return true;
            }
            if (_unreportedLosses)
            {
                _unreportedLosses = false;
                block = ReportLosses();
                return true;
            }
            if (_queue.TryDequeue(out block))
            {
                _tail = _tail == block ? null : _tail;
                return true;
            }
            return _ended;
        }
    }

    // Ahead of what waits: a reader that is behind learns early what it has lost. Totals, so that one note more or less does not matter.
    private TappedPackets ReportLosses()
    {
        TappedPackets notes = new(_losses.Count * TappedPacket.HeaderLength);
        foreach (((ushort source, LinkType linkType), Loss loss) in _losses)
        {
            notes.AddLoss(source, linkType, loss.TimeNs, loss.Count);
        }
        return notes;
    }

    private readonly record struct Loss(long Count, long TimeNs);
}
