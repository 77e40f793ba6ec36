namespace KismetOrleans.Storage.Sqlite;

/// <summary>
/// Copies the write-ahead log into the database, on a thread of its own: the disk is waited for there, and whoever waits for a commit does not. Where more is written than it can copy, the writer has to
/// wait for it once in a while, so that the log is bounded.
/// </summary>
internal sealed class SqliteCheckpoints : IDisposable
{
    // 16 MB, so that a page that changes often is copied once.
    private const long EveryPages = 2000;

    // A log is begun anew, and cut to 64 MB then, only when all of it is copied and nothing comes meanwhile.
    private const long MostBytes = 128 << 20;
    private const int PageBytes = 8192;
    private readonly SqliteDatabase _database;
    private readonly AutoResetEvent _due = new(false);
    private readonly FileInfo _log;
    private readonly Lock _copying = new();
    private readonly Thread _thread;
    private long _pages;
    private bool _isBehind;
    private volatile bool _isClosing;

    /// <summary>Begins with a database that is open elsewhere.</summary>
    public SqliteCheckpoints(string path)
    {
        _database = new(path, readOnly: false);
        _log = new(path + "-wal");
        _thread = new(Work) { IsBackground = true, Name = "SQLite checkpoints" };
        _thread.Start();
    }

    /// <summary>Notes what was committed. Called by the writer.</summary>
    /// <param name="rows">Rows that changed, each on a page of its own at worst.</param>
    public void Wrote(int rows, long bytes)
    {
        _pages += rows + (bytes / PageBytes);
        if (_pages >= EveryPages)
        {
            _pages = 0;
            _ = _due.Set();
            _log.Refresh();
            _isBehind = _log.Exists && _log.Length > MostBytes;
        }
    }

    /// <summary>Copies what is left, where the log is long. Called by the writer, between two transactions.</summary>
    public void CatchUp(SqliteDatabase database)
    {
        if (!_isBehind)
        {
            return;
        }
        lock (_copying)
        {
            // By another program, perhaps, that looks into the file: then the next time.
            database.Checkpoint();
        }
        _isBehind = false;
    }

    public void Dispose()
    {
        _isClosing = true;
        _ = _due.Set();
        _thread.Join();
        _database.Dispose();
        _due.Dispose();
    }

    private void Work()
    {
        while (_due.WaitOne() && !_isClosing)
        {
            try
            {
                lock (_copying)
                {
                    _database.Checkpoint();
                }
            }
            catch (SqliteFault)
            {
                // A full disk, as the writer will notice: what is in the log is safe there, and is copied after the next commits.
            }
        }
    }
}
