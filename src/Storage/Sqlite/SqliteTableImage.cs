using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace KismetOrleans.Storage.Sqlite;

/// <summary>
/// A SQLite database of one table, written into memory byte by byte (sqlite.org/fileformat2.html): SQLite copies rows from it into a file's table
/// of the same columns without taking them apart, which is several times as fast as binding each column of each row. Rows are numbered from 1.
/// </summary>
internal sealed class SqliteTableImage
{
    // The largest there is, so that hardly a packet needs more than one.
    private const int PageBytes = 65536;
    private const int FileHeader = 100;
    private const int LeafHeader = 8;
    private const int BranchHeader = 12;
    private const byte Leaf = 13;
    private const byte Branch = 5;

    // Beside 35 bytes, all of a leaf may be one row (1.6, "the payload overflow").
    private const int Reserved = 35;
    private readonly byte[] _pages;
    private readonly byte[] _name;
    private readonly byte[] _create;
    private readonly SqliteRecord _row = new();
    private readonly int _maxLeaves;
    private readonly List<int> _lastRows = [];
    private int _leaf;
    private int _cells;
    private int _content;
    private uint _cookie;

    /// <summary>An empty one.</summary>
    /// <param name="table">Name of the table.</param>
    /// <param name="create">The statement that makes it, as the file's table was made.</param>
    /// <param name="leaves">Pages of 64 KiB for rows.</param>
    public SqliteTableImage(string table, string create, int leaves)
    {
        (_name, _create, _maxLeaves) = (Encoding.UTF8.GetBytes(table), Encoding.UTF8.GetBytes(create), leaves);
        // SQLite reads it where it is.
        _pages = GC.AllocateUninitializedArray<byte>((leaves + 2) * PageBytes, pinned: true);
        Address = Marshal.UnsafeAddrOfPinnedArrayElement(_pages, 0);
    }

    /// <summary>Bytes of the longest row that it can have.</summary>
    public static int MaxRow => PageBytes - Reserved;

    /// <summary>Where it is; it does not move.</summary>
    public nint Address { get; }

    public int Rows { get; private set; }
    public long Bytes { get; private set; }

    /// <summary>Adds a row of no more than <see cref="MaxRow"/> bytes.</summary>
    /// <returns>Where it is to be written; empty when there is no more room.</returns>
    public Span<byte> Add(int bytes)
    {
        int cell = SqliteVarint.LengthOf((ulong)bytes) + SqliteVarint.LengthOf((ulong)Rows + 1) + bytes;
        if (_leaf == 0 || LeafHeader + ((_cells + 1) * sizeof(ushort)) + cell > _content)
        {
            if (_leaf == _maxLeaves)
            {
                return [];
            }
            EndLeaf();
            (_leaf, _cells, _content) = (_leaf + 1, 0, PageBytes);
        }
        Rows++;
        Bytes += bytes;
        _content -= cell;
        Span<byte> page = Page(1 + _leaf);
        BinaryPrimitives.WriteUInt16BigEndian(page[(LeafHeader + (_cells++ * sizeof(ushort)))..], (ushort)_content);
        Span<byte> at = page.Slice(_content, cell);
        at = at[SqliteVarint.Write(at, (ulong)bytes)..];
        return at[SqliteVarint.Write(at, (ulong)Rows)..];
    }

    /// <summary>Makes a whole database of the rows, of which there is one at least.</summary>
    /// <returns>Its bytes.</returns>
    public long Finish()
    {
        EndLeaf();
        int root = 2;
        int pages = 1 + _leaf;
        if (_leaf > 1)
        {
            root = ++pages;
            WriteBranch(Page(root));
        }
        WriteFirst(root, pages);
        return (long)pages * PageBytes;
    }

    public void Clear()
    {
        (_leaf, _cells, _content, Rows, Bytes) = (0, 0, 0, 0, 0);
        _lastRows.Clear();
    }

    private Span<byte> Page(int number) => _pages.AsSpan((number - 1) * PageBytes, PageBytes);

    private void EndLeaf()
    {
        if (_leaf > 0)
        {
            WriteHeader(Page(1 + _leaf), Leaf, _cells, _content);
            _lastRows.Add(Rows);
        }
    }

    // 65,536 has no place in two bytes: it is 0.
    private static void WriteHeader(Span<byte> page, byte type, int cells, int content)
    {
        page[..LeafHeader].Clear();
        page[0] = type;
        BinaryPrimitives.WriteUInt16BigEndian(page[3..], (ushort)cells);
        BinaryPrimitives.WriteUInt16BigEndian(page[5..], (ushort)content);
    }

    // Each leaf with its last row, and the last leaf.
    private void WriteBranch(Span<byte> page)
    {
        int content = PageBytes;
        Span<byte> cell = stackalloc byte[sizeof(uint) + 9];
        for (int i = 0; i < _leaf - 1; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(cell, (uint)(2 + i));
            int length = sizeof(uint) + SqliteVarint.Write(cell[sizeof(uint)..], (ulong)_lastRows[i]);
            content -= length;
            cell[..length].CopyTo(page[content..]);
            BinaryPrimitives.WriteUInt16BigEndian(page[(BranchHeader + (i * sizeof(ushort)))..], (ushort)content);
        }
        WriteHeader(page, Branch, _leaf - 1, content);
        BinaryPrimitives.WriteUInt32BigEndian(page[LeafHeader..], (uint)(1 + _leaf));
    }

    // 1.3 "The Database Header", and the table of tables.
    private void WriteFirst(int root, int pages)
    {
        Span<byte> page = Page(1);
        page[..FileHeader].Clear();
        "SQLite format 3\0"u8.CopyTo(page);
        // A page of 65,536 bytes, files of the first kind, and three constants.
        ReadOnlySpan<byte> form = [0, 1, 1, 1, 0, 64, 32, 32];
        form.CopyTo(page[16..]);
        // Statements that were made for the image before are made anew.
        _cookie++;
        BinaryPrimitives.WriteUInt32BigEndian(page[24..], _cookie);
        BinaryPrimitives.WriteInt32BigEndian(page[28..], pages);
        BinaryPrimitives.WriteUInt32BigEndian(page[40..], _cookie);
        const int schemaFormat = 4, utf8 = 1, version = 3036000;
        BinaryPrimitives.WriteInt32BigEndian(page[44..], schemaFormat);
        BinaryPrimitives.WriteInt32BigEndian(page[56..], utf8);
        BinaryPrimitives.WriteUInt32BigEndian(page[92..], _cookie);
        BinaryPrimitives.WriteInt32BigEndian(page[96..], version);

        _row.Clear();
        _row.AddText("table"u8);
        _row.AddText(_name);
        _row.AddText(_name);
        _row.Add(root);
        _row.AddLargeText(_create.Length);
        Span<byte> cell = stackalloc byte[18];
        int before = SqliteVarint.Write(cell, (ulong)_row.Length);
        before += SqliteVarint.Write(cell[before..], 1);
        int content = PageBytes - before - _row.Length;
        cell[..before].CopyTo(page[content..]);
        _row.CopyTo(page[(content + before)..], _create);
        WriteHeader(page[FileHeader..], Leaf, 1, content);
        BinaryPrimitives.WriteUInt16BigEndian(page[(FileHeader + LeafHeader)..], (ushort)content);
    }
}
