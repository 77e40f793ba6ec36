using KismetOrleans.Storage.Sqlite;

namespace KismetOrleans.Storage.Tests.Sqlite;

/// <summary>A database that is written byte by byte is one to SQLite, and has what was put into it.</summary>
public sealed class SqliteTableImageTests : IDisposable
{
    private const string Create = "CREATE TABLE t (a INT, b REAL, c TEXT, d BLOB)";
    private readonly SqliteDatabase _database = new(":memory:", readOnly: false);
    private readonly SqliteTableImage _image = new("t", Create, leaves: 4);
    private readonly SqliteRecord _row = new();

    public SqliteTableImageTests() => _database.Execute("ATTACH ':memory:' AS image; " + Create);

    public void Dispose() => _database.Dispose();

    [Fact]
    public void Numbers_of_every_length_come_back()
    {
        long[] numbers = [.. Enumerable.Range(0, 64).SelectMany(static bit => new[] { (1L << bit) - 1, 1L << bit, -(1L << bit), -(1L << bit) - 1 })];
        foreach (long number in numbers)
        {
            Assert.True(Add(number, number, [], []));
        }
        Attach();
        Assert.Equal(numbers.Select(static number => $"{number} integer"), Ask("SELECT a || ' ' || typeof(a) FROM image.t ORDER BY rowid"));
        // A file's table has the same as SQLite puts there itself.
        _database.Execute("INSERT INTO main.t SELECT * FROM image.t");
        Assert.Equal(["0"], Ask("SELECT count(*) FROM main.t x, image.t y WHERE x.rowid = y.rowid AND (x.a <> y.a OR x.b <> y.b OR typeof(x.b) <> typeof(y.b))"));
        Assert.Equal([$"{numbers.Length} real"], Ask("SELECT count(*) || ' ' || typeof(b) FROM main.t GROUP BY typeof(b)"));
    }

    [Theory]
    [InlineData(0.5, "0.5")]
    [InlineData(-17, "-17.0")]
    [InlineData(1e300, "1.0e+300")]
    [InlineData(140737488355328.0, "140737488355328.0")]
    [InlineData(-0.0, "0.0")]
    [InlineData(double.PositiveInfinity, "Inf")]
    public void Real_numbers_come_back(double number, string printed)
    {
        Assert.True(Add(0, number, [], []));
        Attach();
        Assert.Equal([printed], Ask("SELECT CAST(b AS TEXT) FROM image.t"));
    }

    [Fact]
    public void What_is_no_number_is_null()
    {
        Assert.True(Add(0, double.NaN, [], []));
        Attach();
        Assert.Equal(["null"], Ask("SELECT typeof(b) FROM image.t"));
    }

    [Theory]
    [InlineData(1, 40)]
    [InlineData(2, 40)]
    [InlineData(700, 40)]
    [InlineData(1, 65_000)]
    [InlineData(4, 65_000)]
    [InlineData(4, 40_000)]
    [InlineData(2_000, 100)]
    public void Rows_on_one_page_and_on_several_come_back(int rows, int bytes)
    {
        // The second time with other rows: what SQLite knew of the first is no longer so.
        foreach (int first in (int[])[1, 1_000_000])
        {
            for (int i = 0; i < rows; i++)
            {
                Assert.True(Add(first + i, i, "text"u8, Large(bytes, i)));
            }
            Assert.Equal(rows, _image.Rows);
            Attach();
            Assert.Equal(["ok"], Ask("PRAGMA image.integrity_check"));
            Assert.Equal(
                [$"{rows} {first} {first + rows - 1} {bytes} text"],
                Ask("SELECT count(*) || ' ' || min(a) || ' ' || max(a) || ' ' || max(length(d)) || ' ' || max(c) FROM image.t"));
            Assert.Equal(["0"], Ask("SELECT count(*) FROM image.t WHERE a - rowid <> (SELECT min(a) - 1 FROM image.t) OR substr(d, 1, 1) <> substr(d, -1)"));
            _image.Clear();
        }
    }

    [Fact]
    public void A_full_image_takes_no_more_and_keeps_what_it_has()
    {
        int rows = 0;
        while (Add(rows, 0, [], Large(1_000, rows)))
        {
            rows++;
        }
        // 65 rows of some 1,010 bytes a page.
        Assert.InRange(rows, 4 * 60, 4 * 65);
        Attach();
        Assert.Equal(["ok"], Ask("PRAGMA image.integrity_check"));
        Assert.Equal([$"{rows}"], Ask("SELECT count(*) FROM image.t"));
    }

    [Fact]
    public void The_longest_row_fills_a_page()
    {
        _row.Clear();
        _row.Add(0L);
        _row.Add(0L);
        _row.AddText([]);
        // The types and their number take 7 bytes.
        int bytes = SqliteTableImage.MaxRow - 7;
        _row.AddLarge(bytes);
        Assert.Equal(SqliteTableImage.MaxRow, _row.Length);
        _row.CopyTo(_image.Add(_row.Length), Large(bytes, 3));
        Attach();
        Assert.Equal(["ok"], Ask("PRAGMA image.integrity_check"));
        Assert.Equal([$"{bytes}"], Ask("SELECT length(d) FROM image.t WHERE substr(d, -1) = x'03'"));
    }

    private static byte[] Large(int bytes, int with)
    {
        byte[] large = new byte[bytes];
        large.AsSpan().Fill((byte)with);
        return large;
    }

    private bool Add(long a, double b, ReadOnlySpan<byte> c, ReadOnlySpan<byte> d)
    {
        _row.Clear();
        _row.Add(a);
        _row.Add(b);
        _row.AddText(c);
        _row.AddLarge(d.Length);
        Span<byte> place = _image.Add(_row.Length);
        if (place.IsEmpty)
        {
            return false;
        }
        _row.CopyTo(place, d);
        return true;
    }

    private void Attach() => _database.Attach("image", _image);

    private string[] Ask(string sql)
    {
        List<string> said = [];
        SqliteStatement statement = _database.Statement(sql);
        while (statement.Step())
        {
            said.Add(statement.Text(0));
        }
        statement.Ready();
        return [.. said];
    }
}
