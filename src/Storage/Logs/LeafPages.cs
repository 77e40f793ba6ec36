using Microsoft.Win32.SafeHandles;

namespace KismetOrleans.Storage.Logs;

/// <summary>
/// In which pages of a file the rows of a table are that is only ever added to: SQLite fills a page with as many as it has room for, and takes the
/// next one at the end of the file. Known well enough to fetch pages ahead of their use; what is wrong here costs time and nothing else. One thread
/// adds, any number of them ask.
/// </summary>
internal sealed class LeafPages : IDisposable
{
    // sqlite.org/fileformat2.html, 1.6: a leaf's header, what stands for a cell beside it, and how much of a row is in a leaf at most.
    private const int Header = 8;
    private const int CellPointer = 2;
    private const int Reserved = 35;
    private readonly SafeFileHandle _file;
    private readonly int _pageBytes;
    private readonly Lock _lock = new();

    // First row of each page, and its number, in the order of both.
    private readonly List<long> _rows = [];
    private readonly List<uint> _pages = [];

    // Pages that will be begun with the next commit.
    private readonly List<long> _begun = [];
    private int _room;

    /// <summary>Pages of a file that is there.</summary>
    /// <remarks>
    /// The file is open until this is disposed, when all of this process have closed it: with the first handle that is closed, all locks of a process go.
    /// </remarks>
    public LeafPages(string path, int pageBytes)
    {
        _pageBytes = pageBytes;
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.None);
    }

    /// <param name="row">Its number.</param>
    /// <param name="bytes">Its bytes, without length and number.</param>
    public void Add(long row, int bytes)
    {
        int cell = CellPointer + Sqlite.SqliteVarint.LengthOf((ulong)bytes) + Sqlite.SqliteVarint.LengthOf((ulong)row) + LocalOf(bytes);
        if (_room < cell)
        {
            _begun.Add(row);
            _room = _pageBytes - Header;
        }
        _room -= cell;
    }

    /// <summary>What was added is in the file.</summary>
    /// <param name="before">Pages that the file had.</param>
    public void Commit(long before, long after)
    {
        // With pages that were free before, or many for something else, nothing is known of them.
        long more = after - before - _begun.Count;
        if (more >= 0 && more <= Math.Max(2, _begun.Count / 8))
        {
            lock (_lock)
            {
                for (int i = 0; i < _begun.Count; i++)
                {
                    _rows.Add(_begun[i]);
                    _pages.Add((uint)(before + 1 + i));
                }
            }
        }
        else
        {
            _room = 0;
        }
        _begun.Clear();
    }

    /// <summary>Rows are numbered anew.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _rows.Clear();
            _pages.Clear();
        }
        _begun.Clear();
        _room = 0;
    }

    /// <summary>The page of a row; 0 where it is not known.</summary>
    public uint Find(long row)
    {
        lock (_lock)
        {
            int place = _rows.BinarySearch(row);
            place = place < 0 ? ~place - 1 : place;
            return place < 0 ? 0 : _pages[place];
        }
    }

    /// <param name="rows">Their numbers, in order.</param>
    /// <param name="from">The first of them.</param>
    public void Fetch(List<long> rows, int from, int count)
    {
        uint newest = 0;
        for (int i = from; i < from + count; i++)
        {
            uint page = Find(rows[i]);
            if (page != newest)
            {
                newest = page;
                if (page > 0)
                {
                    ReadAhead.Hint(_file, (page - 1L) * _pageBytes, _pageBytes);
                }
            }
        }
    }

    public void Dispose() => _file.Dispose();

    // A row that is longer is continued elsewhere.
    private int LocalOf(int bytes)
    {
        int most = _pageBytes - Reserved;
        if (bytes <= most)
        {
            return bytes;
        }
        int least = ((_pageBytes - 12) * 32 / 255) - 23;
        int local = least + ((bytes - least) % (_pageBytes - 4));
        return (local <= most ? local : least) + sizeof(uint);
    }
}
