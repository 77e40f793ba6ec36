using System.Numerics;

namespace KismetOrleans.Engine.Partitions;

/// <summary>
/// Frames by hash and capture time: open addressing that grows up to a limit and never forgets. A frame whose bytes return, as an
/// acknowledgement's do, has an entry for each time it was new; entries of one hash lie together only where their times do, so runs stay short.
/// </summary>
internal sealed class SeenTable
{
    private const int FirstSlots = 1024;

    // A bucket of time is 8 to 16 windows: at most 17 entries of one hash in it, and one look-up in four or more needs a second bucket.
    private const int BucketWindows = 8;
    private readonly ulong _multiplier;
    private readonly int _bucketShift;
    private readonly ulong _window;
    private readonly int _maxSlots;
    private Entry[] _slots;
    private int _indexShift;
    private int _count;

    /// <summary>An empty table.</summary>
    /// <param name="windowNs">How far apart two hearings of one frame can be, nanoseconds.</param>
    /// <param name="maxSlots">Slots that it may have; a power of two.</param>
    public SeenTable(long windowNs, int maxSlots)
    {
        _window = (ulong)windowNs;
        _bucketShift = BitOperations.Log2(BitOperations.RoundUpToPowerOf2(Math.Max(1, _window) * BucketWindows));
        // Random: whoever sends frames cannot aim them at one slot.
        _multiplier = (ulong)Random.Shared.NextInt64() | 1;
        _maxSlots = maxSlots;
        _slots = [];
        Size(Math.Min(FirstSlots, maxSlots));
    }

    /// <summary>Whether it has no room for another frame.</summary>
    public bool IsFull => _slots.Length == _maxSlots && _count >= Room(_maxSlots);

    /// <summary>Frames that so many slots have room for: a quarter stays empty, so that runs stay short.</summary>
    public static int Room(int slots) => slots - (slots / 4);

    /// <summary>Looks for a hearing of a frame within the window.</summary>
    /// <param name="hash">The frame's hash, not 0.</param>
    /// <param name="source">Who saw it first.</param>
    public bool TryFind(ulong hash, long timeNs, out ushort source)
    {
        ulong bucket = Bucket((ulong)timeNs);
        if (TryFindIn(bucket, hash, timeNs, out source))
        {
            return true;
        }
        ulong before = Bucket((ulong)timeNs - _window);
        ulong after = Bucket((ulong)timeNs + _window);
        return (before != bucket && TryFindIn(before, hash, timeNs, out source)) || (after != bucket && TryFindIn(after, hash, timeNs, out source));
    }

    /// <summary>Reads where <see cref="TryFind"/> will look first, so that the processor has it at hand by then.</summary>
    /// <returns>Nothing of meaning, but the reading must not be left out.</returns>
    public ulong Warm(ulong hash, long timeNs) => _slots[Index(hash, Bucket((ulong)timeNs))].Hash;

    /// <summary>Adds a frame that was not found.</summary>
    public void Add(ulong hash, long timeNs, ushort source)
    {
        if (_count >= Room(_slots.Length) && _slots.Length < _maxSlots)
        {
            Entry[] before = _slots;
            Size(before.Length * 2);
            foreach (Entry entry in before)
            {
                if (entry.Hash != 0)
                {
                    Put(entry);
                }
            }
        }
        Put(new() { Hash = hash, TimeAndSource = ((ulong)timeNs << Entry.SourceBits) | source });
        _count++;
    }

    /// <summary>Empties it; it keeps its size.</summary>
    public void Clear()
    {
        Array.Clear(_slots);
        _count = 0;
    }

    private void Size(int slots)
    {
        _slots = new Entry[slots];
        _indexShift = 64 - BitOperations.Log2((uint)slots);
    }

    private bool TryFindIn(ulong bucket, ulong hash, long timeNs, out ushort source)
    {
        Entry[] slots = _slots;
        for (int i = Index(hash, bucket); ; i = (i + 1) & (slots.Length - 1))
        {
            ref readonly Entry entry = ref slots[i];
            if (entry.Hash == hash && (ulong)Math.Abs(entry.NanosecondsTo(timeNs)) <= _window)
            {
                source = (ushort)entry.TimeAndSource;
                return true;
            }
            if (entry.Hash == 0)
            {
                source = 0;
                return false;
            }
        }
    }

    private void Put(in Entry entry)
    {
        int i = Index(entry.Hash, Bucket(entry.TimeAndSource >> Entry.SourceBits));
        while (_slots[i].Hash != 0)
        {
            i = (i + 1) & (_slots.Length - 1);
        }
        _slots[i] = entry;
    }

    // Of the 48 bits of time that an entry has.
    private ulong Bucket(ulong timeNs) => (timeNs << Entry.SourceBits) >> (Entry.SourceBits + _bucketShift);

    private int Index(ulong hash, ulong bucket) => (int)(((hash + (bucket * 0x9E37_79B9_7F4A_7C15)) * _multiplier) >> _indexShift);

    private struct Entry
    {
        public const int SourceBits = 16;

        public ulong Hash;

        // 48 bits of nanoseconds, which begin anew after 78 hours, above the source's number.
        public ulong TimeAndSource;

        public readonly long NanosecondsTo(long timeNs) =>
            (long)(((ulong)timeNs << SourceBits) - (TimeAndSource & ~(ulong)ushort.MaxValue)) >> SourceBits;
    }
}
