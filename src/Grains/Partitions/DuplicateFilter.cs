using System.Buffers.Binary;
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
    private byte[] _learnt = [];
    private int _learntLength;

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

    /// <summary>Octets of one frame in what <see cref="TakeLearnt"/> gives.</summary>
    public const int LearntOctets = 18;

    /// <summary>Frames remembered at most.</summary>
    public int Capacity => _entries.Length;

    /// <summary>Whether new frames are also written down for <see cref="TakeLearnt"/>.</summary>
    public bool KeepsLearnt { get; init; }

    /// <summary>The frames that were new since the last call, oldest first: what must be saved so that a restart does not count a frame twice.</summary>
    public byte[] TakeLearnt()
    {
        byte[] learnt = _learnt[.._learntLength];
        _learntLength = 0;
        return learnt;
    }

    /// <summary>Remembers the frames of a <see cref="TakeLearnt"/>.</summary>
    public void Restore(ReadOnlySpan<byte> learnt)
    {
        for (; learnt.Length >= LearntOctets; learnt = learnt[LearntOctets..])
        {
            _ = Remember(
                BinaryPrimitives.ReadUInt64LittleEndian(learnt),
                BinaryPrimitives.ReadInt64LittleEndian(learnt[8..]),
                BinaryPrimitives.ReadUInt16LittleEndian(learnt[16..]));
        }
    }

    /// <summary>Remembers a frame and tells whether it was there already.</summary>
    /// <param name="hash">Hash of the frame, not 0.</param>
    /// <param name="timeNs">Capture time.</param>
    /// <param name="source">Number of the source.</param>
    public Hearing Hear(ulong hash, long timeNs, ushort source)
    {
        Hearing hearing = Remember(hash, timeNs, source);
        if (KeepsLearnt && hearing == Hearing.First)
        {
            WriteDown(hash, timeNs, source);
        }
        return hearing;
    }

    private void WriteDown(ulong hash, long timeNs, ushort source)
    {
        if (_learntLength == Capacity * LearntOctets)
        {
            // More than the filter holds: the first half would have made room by now.
            int half = Capacity / 2 * LearntOctets;
            _learnt.AsSpan(half, _learntLength - half).CopyTo(_learnt);
            _learntLength -= half;
        }
        if (_learntLength + LearntOctets > _learnt.Length)
        {
            Array.Resize(ref _learnt, Math.Max(64 * LearntOctets, _learnt.Length * 2));
        }
        Span<byte> to = _learnt.AsSpan(_learntLength, LearntOctets);
        BinaryPrimitives.WriteUInt64LittleEndian(to, hash);
        BinaryPrimitives.WriteInt64LittleEndian(to[8..], timeNs);
        BinaryPrimitives.WriteUInt16LittleEndian(to[16..], source);
        _learntLength += LearntOctets;
    }

    private Hearing Remember(ulong hash, long timeNs, ushort source)
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
