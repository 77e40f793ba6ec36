using System.Collections.Immutable;
using System.Runtime.InteropServices;
using KismetOrleans.Packets.Files;
using KismetOrleans.Wire;

namespace KismetOrleans.Storage.Logs;

/// <summary>
/// Which rows of a log have which addresses, and how many are of each second: for each run of 65,536 rows a sorted list of (address, row), written once and found by halving. An
/// index of SQLite's own would be changed at three random places by every packet. One thread adds, any number of them look up. Its file has no
/// name: it ends with the log, which is not asked afterwards.
/// </summary>
internal sealed class AddressRuns : IDisposable
{
    /// <summary>Rows of a run: their places in it have 16 bits, beside the 48 of an address.</summary>
    public const int Rows = 1 << 16;

    // Source, destination, transmitter.
    private const int MaxAddresses = 3;

    // One read finds all of an address that has not more rows than this in a run.
    private const int Fence = 512;
    private readonly FileStream _file;
    private readonly ulong[] _entries = new ulong[Rows * MaxAddresses];
    private readonly SecondCounts _seconds = new();
    private volatile ImmutableListBox _runs = new([]);
    private int _count;
    private long _first = 1;
    private int _rows;
    private long _oldest = long.MaxValue;
    private long _newest = long.MinValue;
    private long _length;

    /// <summary>An empty index.</summary>
    /// <param name="path">Where its file may be.</param>
    public AddressRuns(string path)
    {
        // Windows removes it when it is closed; elsewhere its name goes at once.
        bool named = OperatingSystem.IsWindows();
        _file = OwnerOnly.Open(path, FileMode.Create, FileShare.Read | FileShare.Delete, options: named ? FileOptions.DeleteOnClose : FileOptions.None);
        if (!named)
        {
            File.Delete(path);
        }
    }

    /// <summary>The complete runs, oldest first.</summary>
    public ImmutableArray<Run> Runs => _runs.Runs;

    /// <summary>The row after the newest complete run.</summary>
    public long Next => _runs.Runs is [.., Run newest] ? newest.Last + 1 : 1;

    /// <summary>Times of the oldest and newest packet after the newest complete run. For the thread that adds, or when none does any more.</summary>
    public (long OldestUs, long NewestUs) NewestTimes => (_oldest, _newest);

    /// <summary>Adds a row; they come in order.</summary>
    public void Add(long timeUs, MacAddress source, MacAddress destination, MacAddress transmitter)
    {
        ulong row = (ulong)_rows++;
        _oldest = Math.Min(_oldest, timeUs);
        _newest = Math.Max(_newest, timeUs);
        _seconds.Add(timeUs);
        Add(source, row);
        if (destination != source)
        {
            Add(destination, row);
        }
        if (transmitter != source && transmitter != destination)
        {
            Add(transmitter, row);
        }
        if (_rows == Rows)
        {
            Complete();
        }
    }

    /// <summary>Forgets rows after <paramref name="last"/>, whose numbers will be given again, and where addresses are in those before it.</summary>
    public void Restart(long last)
    {
        ImmutableArray<Run> kept = [.. _runs.Runs.Where(run => run.First <= last).Select(run => run with { Last = Math.Min(run.Last, last), Count = -1, Seconds = null })];
        if (_rows > 0 && _first <= last)
        {
            kept = kept.Add(new(_first, Math.Min(_first + _rows - 1, last), _oldest, _newest, 0, -1, []));
        }
        _runs = new(kept);
        Begin(last + 1);
    }

    /// <param name="rows">Gets their numbers, in order.</param>
    /// <returns>False when that is not known.</returns>
    public bool Find(Run run, MacAddress address, List<long> rows)
    {
        rows.Clear();
        if (run.Count < 0)
        {
            return false;
        }
        ulong from = address.Value << 16;
        ulong to = from | (Rows - 1);
        int place = PlaceOf(run, from);
        Span<ulong> entries = stackalloc ulong[Fence];
        for (; place < run.Count; place += Fence)
        {
            Span<ulong> block = entries[..Math.Min(Fence, run.Count - place)];
            ReadFully(MemoryMarshal.AsBytes(block), run.Offset + (long)place * sizeof(ulong));
            foreach (ulong entry in block)
            {
                if (entry > to)
                {
                    return true;
                }
                if (entry >= from)
                {
                    rows.Add(run.First + (long)(entry & (Rows - 1)));
                }
            }
        }
        return true;
    }

    /// <summary>Has fetched what <see cref="Find"/> will read.</summary>
    public void Fetch(Run run, MacAddress address)
    {
        if (run.Count > 0)
        {
            ReadAhead.Hint(_file.SafeFileHandle, run.Offset + ((long)PlaceOf(run, address.Value << 16) * sizeof(ulong)), Fence * sizeof(ulong));
        }
    }

    /// <summary>Rows after the newest complete run that have an address, in order. For the thread that adds, or when none does any more.</summary>
    public long[] FindNewest(MacAddress address)
    {
        List<long> rows = [];
        foreach (ulong entry in _entries.AsSpan(0, _count))
        {
            if (entry >> 16 == address.Value)
            {
                rows.Add(_first + (long)(entry & (Rows - 1)));
            }
        }
        return [.. rows];
    }

    /// <summary>Packets of each second of a run: each second once, in order, with its packets in the lower half.</summary>
    /// <returns>Null when that is not known.</returns>
    public ulong[]? SecondsOf(Run run)
    {
        if (run.Seconds is not { } place)
        {
            return null;
        }
        ulong[] seconds = new ulong[place.Count];
        ReadFully(MemoryMarshal.AsBytes(seconds.AsSpan()), place.Offset);
        return seconds;
    }

    /// <summary>The same of the rows after the newest complete run. For the thread that adds, or when none does any more.</summary>
    public ulong[]? NewestSeconds() => _seconds.ToArray();

    public void Dispose() => _file.Dispose();

    // What has no address in a place has zero there, and nobody asks for that.
    private void Add(MacAddress address, ulong row)
    {
        if (!address.IsZero)
        {
            _entries[_count++] = address.Value << 16 | row;
        }
    }

    // Where the block begins that may have an entry.
    private static int PlaceOf(Run run, ulong entry)
    {
        int fence = Array.BinarySearch(run.Fences, entry);
        return Math.Max(0, (fence < 0 ? ~fence - 1 : fence) * Fence);
    }

    private void Complete()
    {
        Span<ulong> entries = _entries.AsSpan(0, _count);
        entries.Sort();
        ulong[] fences = new ulong[(_count + Fence - 1) / Fence];
        for (int i = 0; i < fences.Length; i++)
        {
            fences[i] = entries[i * Fence];
        }
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(entries);
        RandomAccess.Write(_file.SafeFileHandle, bytes, _length);
        Run run = new(_first, _first + _rows - 1, _oldest, _newest, _length, _count, fences);
        _length += bytes.Length;
        if (_seconds.ToArray() is { } seconds)
        {
            RandomAccess.Write(_file.SafeFileHandle, MemoryMarshal.AsBytes(seconds.AsSpan()), _length);
            run = run with { Seconds = (_length, seconds.Length) };
            _length += seconds.Length * sizeof(ulong);
        }
        _runs = new(_runs.Runs.Add(run));
        Begin(_first + _rows);
    }

    private void Begin(long first)
    {
        (_first, _rows, _count, _oldest, _newest) = (first, 0, 0, long.MaxValue, long.MinValue);
        _seconds.Clear();
    }

    private void ReadFully(Span<byte> to, long offset)
    {
        while (!to.IsEmpty)
        {
            int read = RandomAccess.Read(_file.SafeFileHandle, to, offset);
            if (read == 0)
            {
                throw new EndOfStreamException("index of a log: shorter than it was written");
            }
            to = to[read..];
            offset += read;
        }
    }

    /// <summary>A complete run.</summary>
    /// <param name="OldestUs">Time of its oldest packet.</param>
    /// <param name="NewestUs">Time of its newest packet.</param>
    /// <param name="Offset">Where its list begins.</param>
    /// <param name="Count">Entries of the list; negative where there is none any more.</param>
    /// <param name="Fences">Every 512th entry.</param>
    internal sealed record Run(long First, long Last, long OldestUs, long NewestUs, long Offset, int Count, ulong[] Fences)
    {
        /// <summary>Where the list of its seconds is, and how many they are; null where there is none.</summary>
        public (long Offset, int Count)? Seconds { get; init; }
    }

    private sealed record ImmutableListBox(ImmutableArray<Run> Runs);
}
