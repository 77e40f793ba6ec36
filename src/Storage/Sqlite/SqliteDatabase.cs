using SQLitePCL;

namespace KismetOrleans.Storage.Sqlite;

/// <summary>One connection to a SQLite file. For one thread at a time.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    // Somebody who looks into the file with another tool holds it for milliseconds.
    private const int BusyMilliseconds = 5000;
    private readonly sqlite3 _handle;
    private readonly Dictionary<string, SqliteStatement> _statements = [];

    // The SQLite that comes with the server, whatever the system has.
    static SqliteDatabase() => Batteries_V2.Init();

    /// <summary>Opens a file.</summary>
    /// <exception cref="SqliteFault">It cannot be opened.</exception>
    public SqliteDatabase(string path, bool readOnly)
    {
        int flags = (readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE) | raw.SQLITE_OPEN_NOMUTEX;
        int code = raw.sqlite3_open_v2(path, out _handle, flags, null);
        if (code != raw.SQLITE_OK)
        {
            string message = _handle is null ? "cannot open" : raw.sqlite3_errmsg(_handle).utf8_to_string();
            _handle?.Dispose();
            throw new SqliteFault(code, message);
        }
        raw.sqlite3_busy_timeout(_handle, BusyMilliseconds);
    }

    /// <summary>Whether a transaction is open.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Number of the row that was added last.</summary>
    public long LastRow => raw.sqlite3_last_insert_rowid(_handle);

    /// <summary>Rows that the newest statement changed.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    /// <summary>Rows that were changed since it was opened.</summary>
    public int TotalChanges => raw.sqlite3_total_changes(_handle);

    /// <summary>Copies the write-ahead log into the file as far as nobody needs it, and waits for nobody: not at all while another connection is at it.</summary>
    public void Checkpoint()
    {
        int code = raw.sqlite3_wal_checkpoint_v2(_handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);
        if (code != raw.SQLITE_BUSY)
        {
            Check(code);
        }
    }

    /// <summary>Runs statements without parameters and results.</summary>
    public void Execute(string sql)
    {
        Check(raw.sqlite3_exec(_handle, sql));
    }

    /// <summary>Attaches rows in memory, instead of those that were attached before. Outside of transactions.</summary>
    /// <param name="image">The rows, one at least; to be left alone until others are attached.</param>
    public void Attach(string schema, SqliteTableImage image)
    {
        long size = image.Finish();
        Check(raw.sqlite3_deserialize(_handle, schema, image.Address, size, size, raw.SQLITE_DESERIALIZE_READONLY));
    }

    /// <summary>A statement, prepared at its first use. It is ready for its parameters, and is to be used up before the next call for it.</summary>
    public SqliteStatement Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out SqliteStatement? statement))
        {
            Check(raw.sqlite3_prepare_v2(_handle, sql, out sqlite3_stmt prepared));
            statement = new(this, prepared);
            _statements.Add(sql, statement);
        }
        return statement.Ready();
    }

    /// <summary>Ends statements whose rows were not read to the end, so that they hold no snapshot.</summary>
    public void Reset()
    {
        foreach (SqliteStatement statement in _statements.Values)
        {
            statement.Ready();
        }
    }

    public void Dispose()
    {
        foreach (SqliteStatement statement in _statements.Values)
        {
            statement.Dispose();
        }
        _statements.Clear();
        _handle.Dispose();
    }

    internal void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new SqliteFault(code, raw.sqlite3_errmsg(_handle).utf8_to_string());
        }
    }
}
