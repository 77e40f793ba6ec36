using KismetOrleans.Engine.Streams;
using KismetOrleans.Grains.Leases;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Grains.Streams;

/// <summary>The open streams of the cluster, whose numbers are given once, and which a late renewal does not open again. Not thread-safe.</summary>
/// <param name="newest">The number before the first that it gives.</param>
internal sealed class StreamDirectory(StreamOptions options, TimeProvider clock, long newest = 0)
    // What was written to a stream concerns nobody who fills it.
    : LeaseDirectory<long, StreamEntry>(clock, static (_, _) => true)
{
    // Longer than any call that still holds the stream for open can be on its way.
    private static readonly TimeSpan s_rememberClosed = TimeSpan.FromMinutes(1);
    private readonly TimeProvider _clock = clock;
    private readonly Dictionary<long, long> _closed = [];
    private long _newest = newest;

    /// <summary>Opens a stream.</summary>
    /// <returns>Its number; 0 when there are too many.</returns>
    public long Add(StreamEntry entry)
    {
        if (!IsLog(entry) && Entries.Count(static open => !IsLog(open.Value)) >= options.MaxOpen)
        {
            return 0;
        }
        Renew(++_newest, entry.With(entry.Record with { Id = _newest }));
        // Somebody may have guessed the number before.
        _ = _closed.Remove(_newest);
        return _newest;
    }

    /// <summary>Prolongs streams, and opens those that are not known.</summary>
    /// <returns>Numbers of those that were closed.</returns>
    public long[] Renew(StreamEntry[] entries)
    {
        ForgetClosed();
        List<long> closed = [];
        foreach (StreamEntry entry in entries)
        {
            long id = entry.Record.Id;
            if (_closed.ContainsKey(id))
            {
                closed.Add(id);
                continue;
            }
            _newest = Math.Max(_newest, id);
            Renew(id, entry);
        }
        return [.. closed];
    }

    public StreamRecord[] List() => [.. Entries.Select(static open => open.Value.Record).OrderBy(static record => record.Id)];

    /// <returns>What it was; null when there is none of this number.</returns>
    public StreamEntry? Close(long id)
    {
        ForgetClosed();
        // Also one that is not known (yet): who closes his own stream must not find it opened again.
        _closed[id] = _clock.GetTimestamp();
        return End(id, out StreamEntry? closed) ? closed : null;
    }

    private static bool IsLog(StreamEntry entry) => entry.Record.Path == StreamRequest.LogPath;

    private void ForgetClosed()
    {
        foreach ((long id, long at) in _closed)
        {
            if (_clock.GetElapsedTime(at) > s_rememberClosed)
            {
                _ = _closed.Remove(id);
            }
        }
    }
}
