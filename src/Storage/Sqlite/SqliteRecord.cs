using System.Buffers.Binary;
using System.Numerics;

namespace KismetOrleans.Storage.Sqlite;

/// <summary>
/// A row as SQLite keeps it (sqlite.org/fileformat2.html, 2.1 "Record Format"): what each column is, then what it holds. Columns are given in the
/// table's order; one of them may be large, and stays where it is until the row is copied. Used again for each row.
/// </summary>
internal sealed class SqliteRecord
{
    // Of the table's columns without the large one; texts are names, numbers and addresses.
    private const int MaxBody = 1024;
    private const int MaxTypes = 127;
    private const byte NullType = 0;
    private const byte FloatType = 7;

    // Types of whole numbers of so many bytes.
    private static readonly byte[] s_typeOf = [0, 1, 2, 3, 4, 5, 5, 6, 6];
    private readonly byte[] _types = new byte[MaxTypes];
    private readonly byte[] _body = new byte[MaxBody];

    // The first byte tells how many of them there are.
    private int _typeCount = 1;
    private int _length;
    private int _largeAt = -1;
    private int _largeLength;

    public int Length => _typeCount + _length + _largeLength;

    /// <summary>Begins another row.</summary>
    public void Clear() => (_typeCount, _length, _largeAt, _largeLength) = (1, 0, -1, 0);

    /// <summary>A whole number.</summary>
    public void Add(long value)
    {
        if (value is 0 or 1)
        {
            _types[_typeCount++] = (byte)(8 + value);
            return;
        }
        // With its sign; of 5 and 7 bytes there are none.
        int bytes = (65 - BitOperations.LeadingZeroCount((ulong)(value ^ (value >> 63))) + 7) >> 3;
        bytes += bytes is 5 or 7 ? 1 : 0;
        _types[_typeCount++] = s_typeOf[bytes];
        BinaryPrimitives.WriteInt64BigEndian(_body.AsSpan(_length), value << (64 - (8 * bytes)));
        _length += bytes;
    }

    /// <summary>A number of a column of the type REAL: SQLite keeps it as a whole one where it is one.</summary>
    public void Add(double value)
    {
        // What is larger has no place among SQLite's six bytes.
        const double limit = 1L << 47;
        if (value > -limit && value < limit && (long)value is long whole && whole == value)
        {
            Add(whole);
            return;
        }
        if (double.IsNaN(value))
        {
            // SQLite has no such number.
            _types[_typeCount++] = NullType;
            return;
        }
        _types[_typeCount++] = FloatType;
        BinaryPrimitives.WriteDoubleBigEndian(_body.AsSpan(_length), value);
        _length += sizeof(double);
    }

    public void AddText(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(TextOf(utf8.Length));
    }

    /// <summary>A text that is to be written to what is returned.</summary>
    public Span<byte> TextOf(int length)
    {
        AddType(13 + (2 * (long)length));
        Span<byte> to = _body.AsSpan(_length, length);
        _length += length;
        return to;
    }

    public void AddLarge(int length) => AddLarge(12, length);

    public void AddLargeText(int length) => AddLarge(13, length);

    /// <summary>Writes the row.</summary>
    /// <param name="to"><see cref="Length"/> bytes.</param>
    public void CopyTo(Span<byte> to, ReadOnlySpan<byte> large)
    {
        _types[0] = (byte)_typeCount;
        _types.AsSpan(0, _typeCount).CopyTo(to);
        to = to[_typeCount..];
        int before = _largeAt < 0 ? _length : _largeAt;
        _body.AsSpan(0, before).CopyTo(to);
        large[.._largeLength].CopyTo(to[before..]);
        _body.AsSpan(before, _length - before).CopyTo(to[(before + _largeLength)..]);
    }

    private void AddLarge(int type, int length)
    {
        AddType(type + (2 * (long)length));
        (_largeAt, _largeLength) = (_length, length);
    }

    private void AddType(long type) => _typeCount += SqliteVarint.Write(_types.AsSpan(_typeCount), (ulong)type);
}

/// <summary>SQLite's numbers of variable length: seven bits an byte, the highest first. Up to 56 bits.</summary>
internal static class SqliteVarint
{
    public static int LengthOf(ulong value) => Math.Max(1, (70 - BitOperations.LeadingZeroCount(value)) / 7);

    public static int Write(Span<byte> to, ulong value)
    {
        int length = LengthOf(value);
        for (int at = length - 1; at >= 0; at--, value >>= 7)
        {
            to[at] = (byte)(value & 0x7F | (at == length - 1 ? 0u : 0x80u));
        }
        return length;
    }
}
