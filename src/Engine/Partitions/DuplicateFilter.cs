using System.Buffers.Binary;
using System.Numerics;

namespace KismetOrleans.Engine.Partitions;

/// <summary>How a frame was seen.</summary>
internal enum Hearing : byte
{
    /// <summary>Not seen before: it counts.</summary>
    First,

    /// <summary>Seen again by the source that saw it first, as when a capture repeats itself.</summary>
    Again,

    /// <summary>Seen by another source too: it adds that source's signal and seen-by.</summary>
    Elsewhere,
}

/// <summary>
/// Tells whether the same frame was seen within a time window of capture time, by any source. Sources may be far apart: a sensor that was cut
/// off sends what it saw hours ago. So it is a number of frames that is remembered, not a time on the server's clock. Memory grows with the
/// frames up to a bound: then the older half of them makes room, and duplicates of those count as new, never the other way round.
/// </summary>
internal sealed class DuplicateFilter
{
    // Nanoseconds are kept in 48 bits, so half of their range is what can be told apart.
    private static readonly TimeSpan s_longestWindow = TimeSpan.FromHours(36);
    private readonly int _maxSlots;
    private readonly long _windowNs;
    private SeenTable _newer;
    private SeenTable? _older;
    private byte[] _learnt = [];
    private int _learntLength;

    // Keeps the compiler from leaving the reading out.
    private ulong _warmed;

    /// <param name="window">How far apart in capture time two hearings of one frame can be.</param>
    /// <param name="capacity">Frames remembered at least before any is forgotten; half as many newest ones always are. 21 to 43 bytes each.</param>
    public DuplicateFilter(TimeSpan window, int capacity)
    {
        // Two tables that are full to three quarters.
        _maxSlots = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp((((long)capacity * 2) + 2) / 3, 4, 1 << 26));
        _windowNs = Math.Max(0, (window < s_longestWindow ? window : s_longestWindow).Ticks) * 100;
        _newer = new(_windowNs, _maxSlots);
    }

    /// <summary>Bytes of one frame in what <see cref="TakeLearnt"/> gives.</summary>
    public const int LearntBytes = 18;

    /// <summary>Frames remembered at most.</summary>
    public int Capacity => 2 * SeenTable.Room(_maxSlots);

    /// <summary>Whether new frames are also written down for <see cref="TakeLearnt"/>.</summary>
    public bool KeepsLearnt { get; init; }

    /// <summary>The frames that were new since the last call, oldest first: what must be saved so that a restart does not count a frame twice.</summary>
    public byte[] TakeLearnt()
    {
        byte[] learnt = _learnt[.._learntLength];
        _learntLength = 0;
        return learnt;
    }

    /// <summary>The time of all reports of scanners: their identity is for good. No frame has it.</summary>
    public const long ReportTimeNs = 1;

    /// <summary>Whether a <see cref="TakeLearnt"/> has reports of scanners.</summary>
    public static bool HasReports(ReadOnlySpan<byte> learnt)
    {
        for (; learnt.Length >= LearntBytes; learnt = learnt[LearntBytes..])
        {
            if (BinaryPrimitives.ReadInt64LittleEndian(learnt[8..]) == ReportTimeNs)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Remembers the frames of a <see cref="TakeLearnt"/>.</summary>
    /// <param name="reports">Whether to remember reports of scanners in it, and not frames.</param>
    public void Restore(ReadOnlySpan<byte> learnt, bool reports = false)
    {
        for (; learnt.Length >= LearntBytes; learnt = learnt[LearntBytes..])
        {
            long timeNs = BinaryPrimitives.ReadInt64LittleEndian(learnt[8..]);
            if ((timeNs == ReportTimeNs) == reports)
            {
                _ = Remember(BinaryPrimitives.ReadUInt64LittleEndian(learnt), timeNs, BinaryPrimitives.ReadUInt16LittleEndian(learnt[16..]));
            }
        }
    }

    /// <summary>Remembers a frame and tells whether it was there already.</summary>
    /// <param name="hash">Hash of the frame, not 0.</param>
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

    /// <summary>
    /// Brings near what <see cref="Hear"/> will look at. The tables are larger than caches, and misses can be waited for together: measured with
    /// a million frames on a busy machine, 115 to 145 ns a frame in place of 155 to 190.
    /// </summary>
    /// <param name="hash">Hash of a frame that comes soon.</param>
    public void Warm(ulong hash, long timeNs)
    {
        _warmed ^= _newer.Warm(hash, timeNs);
        if (_older is { } older)
        {
            _warmed ^= older.Warm(hash, timeNs);
        }
    }

    private void WriteDown(ulong hash, long timeNs, ushort source)
    {
        if (_learntLength == Capacity * LearntBytes)
        {
            // More than the filter holds: the first half would have made room by now.
            int half = Capacity / 2 * LearntBytes;
            _learnt.AsSpan(half, _learntLength - half).CopyTo(_learnt);
            _learntLength -= half;
        }
        if (_learntLength + LearntBytes > _learnt.Length)
        {
            Array.Resize(ref _learnt, Math.Max(64 * LearntBytes, _learnt.Length * 2));
        }
        Span<byte> to = _learnt.AsSpan(_learntLength, LearntBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(to, hash);
        BinaryPrimitives.WriteInt64LittleEndian(to[8..], timeNs);
        BinaryPrimitives.WriteUInt16LittleEndian(to[16..], source);
        _learntLength += LearntBytes;
    }

    private Hearing Remember(ulong hash, long timeNs, ushort source)
    {
        if (_newer.TryFind(hash, timeNs, out ushort first) || (_older?.TryFind(hash, timeNs, out first) ?? false))
        {
            return source == first ? Hearing.Again : Hearing.Elsewhere;
        }
        if (_newer.IsFull)
        {
            SeenTable? empty = _older;
            empty?.Clear();
            (_older, _newer) = (_newer, empty ?? new(_windowNs, _maxSlots));
        }
        _newer.Add(hash, timeNs, source);
        return Hearing.First;
    }
}
