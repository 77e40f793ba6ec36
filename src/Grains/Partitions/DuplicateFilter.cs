using System.Numerics;

namespace KismetOrleans.Grains.Partitions;

/// <summary>How a frame was heard.</summary>
public enum Hearing : byte
{
    /// <summary>Not heard before: it counts.</summary>
    First,

    /// <summary>Heard again by the source that heard it first, as when a capture repeats itself.</summary>
    Again,

    /// <summary>Heard by another source too: it adds that source's signal and seen-by.</summary>
    Elsewhere,
}

/// <summary>
/// Tells whether the same frame was seen within a time window, by any source. Memory is fixed: a set-associative table whose oldest entry
/// makes room, so a window with more distinct frames than the table holds counts some duplicates as new, never the other way round.
/// </summary>
public sealed class DuplicateFilter
{
    // Four entries of 24 octets are one or two cache lines.
    private const int Ways = 4;
    private readonly Entry[] _entries;
    private readonly ulong _mask;
    private readonly long _windowNs;

    /// <summary>A filter.</summary>
    /// <param name="window">How far apart in capture time two hearings of one frame can be.</param>
    /// <param name="capacity">Frames remembered; rounded up to a power of two.</param>
    public DuplicateFilter(TimeSpan window, int capacity)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(Ways, capacity));
        _entries = new Entry[size];
        _mask = (ulong)(size / Ways) - 1;
        _windowNs = window.Ticks * 100;
    }

    /// <summary>Remembers a frame and tells whether it was there already.</summary>
    /// <param name="hash">Hash of the frame, not 0.</param>
    /// <param name="timeNs">Capture time.</param>
    /// <param name="source">Number of the source.</param>
    public Hearing Hear(ulong hash, long timeNs, ushort source)
    {
        Span<Entry> set = _entries.AsSpan((int)(hash & _mask) * Ways, Ways);
        int oldest = 0;
        for (int i = 0; i < Ways; i++)
        {
            if (set[i].Hash == hash)
            {
                if (Math.Abs(timeNs - set[i].TimeNs) <= _windowNs)
                {
                    return source == set[i].Source ? Hearing.Again : Hearing.Elsewhere;
                }
                set[i] = new() { Hash = hash, TimeNs = timeNs, Source = source };
                return Hearing.First;
            }
            if (set[i].TimeNs < set[oldest].TimeNs)
            {
                oldest = i;
            }
        }
        set[oldest] = new() { Hash = hash, TimeNs = timeNs, Source = source };
        return Hearing.First;
    }

    private struct Entry
    {
        public ulong Hash;
        public long TimeNs;
        public ushort Source;
    }
}
