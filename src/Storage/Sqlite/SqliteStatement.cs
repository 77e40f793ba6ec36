using SQLitePCL;

namespace KismetOrleans.Storage.Sqlite;

/// <summary>A prepared statement. Parameters are bound from the left, columns count from 0.</summary>
internal sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt statement) : IDisposable
{
    private int _bound;

    /// <summary>Makes it ready for another run.</summary>
    public SqliteStatement Ready()
    {
        // Its code is that of the run before, which was seen already.
        _ = raw.sqlite3_reset(statement);
        _bound = 0;
        return this;
    }

    public SqliteStatement Bind(long value)
    {
        database.Check(raw.sqlite3_bind_int64(statement, ++_bound, value));
        return this;
    }

    public SqliteStatement Bind(string value)
    {
        database.Check(raw.sqlite3_bind_text(statement, ++_bound, value));
        return this;
    }

    /// <summary>Binds bytes, which are copied.</summary>
    public SqliteStatement Bind(ReadOnlySpan<byte> value)
    {
        // No bytes would be bound as NULL.
        database.Check(value.IsEmpty
            ? raw.sqlite3_bind_zeroblob(statement, ++_bound, 0)
            : raw.sqlite3_bind_blob(statement, ++_bound, value));
        return this;
    }

    public SqliteStatement Bind(double value)
    {
        database.Check(raw.sqlite3_bind_double(statement, ++_bound, value));
        return this;
    }

    /// <summary>Binds a text that is UTF-8 already; it is copied.</summary>
    public SqliteStatement BindText(ReadOnlySpan<byte> utf8)
    {
        TextAt(++_bound, utf8);
        return this;
    }

    /// <summary>Binds the parameter of a number. Those bound before keep their values from run to run.</summary>
    public void At(int parameter, long value) => database.Check(raw.sqlite3_bind_int64(statement, parameter, value));

    /// <inheritdoc cref="At(int, long)"/>
    public void At(int parameter, double value) => database.Check(raw.sqlite3_bind_double(statement, parameter, value));

    /// <inheritdoc cref="At(int, long)"/>
    public void TextAt(int parameter, ReadOnlySpan<byte> utf8) => database.Check(
        utf8.IsEmpty ? raw.sqlite3_bind_text(statement, parameter, "") : raw.sqlite3_bind_text(statement, parameter, utf8));

    /// <inheritdoc cref="At(int, long)"/>
    public void BlobAt(int parameter, ReadOnlySpan<byte> value) => database.Check(
        value.IsEmpty ? raw.sqlite3_bind_zeroblob(statement, parameter, 0) : raw.sqlite3_bind_blob(statement, parameter, value));

    /// <summary>The next row.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Step()
    {
        int code = raw.sqlite3_step(statement);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }
        if (code != raw.SQLITE_DONE)
        {
            _ = raw.sqlite3_reset(statement);
            database.Check(code);
        }
        return false;
    }

    /// <summary>Runs it for the one number that it gives.</summary>
    /// <param name="otherwise">The number where it gives none.</param>
    public long Single(long otherwise = 0)
    {
        long found = Step() ? Int64(0) : otherwise;
        _ = Ready();
        return found;
    }

    public void Run()
    {
        while (Step())
        {
        }
        Ready();
    }

    public long Int64(int column) => raw.sqlite3_column_int64(statement, column);

    public double Double(int column) => raw.sqlite3_column_double(statement, column);

    /// <summary>A text in UTF-8, valid until the next row.</summary>
    public ReadOnlySpan<byte> Utf8(int column) => raw.sqlite3_column_blob(statement, column);

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    /// <summary>Bytes, valid until the next row.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(statement, column);

    public void Dispose() => statement.Dispose();
}
