using KismetOrleans.Engine.Operations;

namespace KismetOrleans.Engine.Streams;

/// <summary>
/// The open taps of this process. Datasources look here once for each batch; the list is replaced, never changed, so they need no lock.
/// </summary>
public sealed class PacketTaps
{
    // 64 MiB, a queue of the default size: more free blocks than that serve nobody, whatever the number of streams.
    private const int MaxKept = 1024;
    private readonly Lock _changing = new();
    private readonly StreamOptions _options;
    private readonly MemoryBudget? _memory;
    private readonly TapPool _pool;
    private volatile PacketTap[]? _open;

    /// <summary>No taps yet.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    /// <param name="memory">What waits for all readers, and for others; null for any amount.</param>
    public PacketTaps(StreamOptions options, MemoryBudget? memory = null)
    {
        options.Validate();
        (_options, _memory) = (options, memory);
        _pool = new(StreamOptions.BlockBytes, MaxKept);
    }

    /// <summary>The open taps; null when there are none.</summary>
    internal PacketTap[]? Open => _open;

    /// <summary>Whether anybody takes packets.</summary>
    public bool IsOpen => _open is not null;

    /// <summary>Opens a tap: packets that are dissected from now on come to it.</summary>
    /// <param name="holds">Replays are held back while it is full.</param>
    public PacketTap Add(PacketFilter filter, bool holds = false)
    {
        PacketTap tap = new(filter, _options.QueueBytes, _pool, holds ? null : _memory) { Holds = holds };
        lock (_changing)
        {
            _open = [.. _open ?? [], tap];
        }
        return tap;
    }

    /// <summary>Closes a tap. A batch that is being dissected may still come to it and is let go of.</summary>
    public void Remove(PacketTap tap)
    {
        End(tap);
        tap.Dispose();
    }

    /// <summary>Lets a tap take no more packets; what waits can still be read, until the tap is disposed.</summary>
    public void End(PacketTap tap)
    {
        lock (_changing)
        {
            PacketTap[] rest = [.. (_open ?? []).Where(open => open != tap)];
            _open = rest.Length == 0 ? null : rest;
            if (rest.Length == 0)
            {
                _pool.Clear();
            }
        }
        tap.End();
    }
}
