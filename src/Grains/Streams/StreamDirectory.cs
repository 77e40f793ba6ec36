using KismetOrleans.Engine.Streams;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Grains.Streams;

/// <summary>
/// The open streams of the cluster, in memory: the API servers that write them say so every second, and so a new life of the directory has
/// them again. Not thread-safe.
/// </summary>
/// <param name="options">Bounds.</param>
/// <param name="clock">The clock.</param>
/// <param name="newest">The number before the first that it gives.</param>
public sealed class StreamDirectory(StreamOptions options, TimeProvider clock, long newest = 0)
{
    /// <summary>How long a stream stays open of which its API server says nothing: some missed calls and the loss of a silo.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    // Longer than any call that still holds the stream for open can be on its way.
    private static readonly TimeSpan s_rememberClosed = TimeSpan.FromMinutes(1);

    private readonly long _born = clock.GetTimestamp();
    private readonly Dictionary<long, Open> _open = [];
    private readonly Dictionary<long, long> _closed = [];

    private long _newest = newest;

    /// <summary>Identity of this life.</summary>
    public Guid Life { get; } = Guid.NewGuid();

    /// <summary>Grows with every stream that is opened or closed.</summary>
    public long Version { get; private set; }

    /// <summary>Opens a stream.</summary>
    /// <returns>Its number; 0 when there are too many.</returns>
    public long Add(StreamEntry entry)
    {
        Expire();
        if (_open.Count >= options.MaxOpen)
        {
            return 0;
        }
        Put(entry.With(entry.Record with { Id = ++_newest }));
        // Somebody may have guessed the number before.
        _ = _closed.Remove(_newest);
        return _newest;
    }

    /// <summary>Prolongs streams, and opens those that are not known.</summary>
    /// <returns>Numbers of those that were closed.</returns>
    public long[] Renew(StreamEntry[] entries)
    {
        List<long> closed = [];
        foreach (StreamEntry entry in entries)
        {
            long id = entry.Record.Id;
            if (_closed.ContainsKey(id))
            {
                closed.Add(id);
            }
            else if (_open.TryGetValue(id, out Open? open))
            {
                (open.Entry, open.Renewed) = (entry, clock.GetTimestamp());
            }
            else
            {
                _newest = Math.Max(_newest, id);
                Put(entry);
            }
        }
        Expire();
        return [.. closed];
    }

    /// <summary>The open streams, by number.</summary>
    public StreamRecord[] List()
    {
        Expire();
        return [.. _open.Values.Select(static open => open.Entry.Record).OrderBy(static record => record.Id)];
    }

    /// <summary>Closes a stream.</summary>
    /// <returns>What it was; null when there is none of this number.</returns>
    public StreamEntry? Close(long id)
    {
        Expire();
        // Also one that is not known (yet): who closes his own stream must not find it opened again.
        _closed[id] = clock.GetTimestamp();
        if (!_open.Remove(id, out Open? open))
        {
            return null;
        }
        Version++;
        return open.Entry;
    }

    /// <summary>The list for silos.</summary>
    public StreamChanges Read()
    {
        Expire();
        return new()
        {
            Life = Life,
            Version = Version,
            IsComplete = clock.GetElapsedTime(_born) >= Lease,
            Entries = [.. _open.Values.Select(static open => open.Entry)],
        };
    }

    private void Put(StreamEntry entry)
    {
        _open[entry.Record.Id] = new() { Entry = entry, Renewed = clock.GetTimestamp() };
        Version++;
    }

    // One that is prolonged after all is opened again: its API server was cut off, not dead.
    private void Expire()
    {
        foreach ((long id, Open open) in _open)
        {
            if (clock.GetElapsedTime(open.Renewed) > Lease)
            {
                _ = _open.Remove(id);
                Version++;
            }
        }
        foreach ((long id, long at) in _closed)
        {
            if (clock.GetElapsedTime(at) > s_rememberClosed)
            {
                _ = _closed.Remove(id);
            }
        }
    }

    private sealed class Open
    {
        public required StreamEntry Entry;
        public long Renewed;
    }
}
