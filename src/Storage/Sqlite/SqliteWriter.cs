namespace KismetOrleans.Storage.Sqlite;

/// <summary>
/// The one thread that writes. All work that waits goes into one transaction, so that many small writes cost one commit. When the disk is full
/// or gone, it waits and tries again, until the work is cancelled or the writer closed.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    // More would keep others waiting for their commit, and gains nothing: a commit waits for no disk.
    private const int MaxGroupBytes = 1024 * 1024;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private readonly StoreQueue<SqliteJob> _queue = new();
    private readonly ManualResetEventSlim _closing = new();
    private readonly SqliteDatabase _database;
    private readonly Action<string> _complain;
    private readonly SqliteCheckpoints _checkpoints;
    private readonly Thread _thread;

    /// <summary>A writer of a database, which is its own from now on.</summary>
    /// <param name="complain">Hears when it cannot be written, and when it can be again.</param>
    public SqliteWriter(SqliteDatabase database, string path, Action<string> complain)
    {
        (_database, _complain, _checkpoints) = (database, complain, new(path));
        _thread = new(Work) { IsBackground = true, Name = "SQLite writer" };
        _thread.Start();
    }

    /// <summary>Why nothing can be written at the moment; null when all is well.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Has work done; completes when it is on disk.</summary>
    public Task DoAsync(SqliteJob job)
    {
        _queue.Add(job);
        return job.Done;
    }

    /// <summary>Has a call made; completes when what it did is on disk.</summary>
    public Task<T> DoAsync<T>(Func<SqliteDatabase, T> call, CancellationToken cancellation)
    {
        SqliteCall<T> job = new(call, cancellation);
        _queue.Add(job);
        return job.ResultAsync();
    }

    /// <inheritdoc cref="DoAsync{T}(Func{SqliteDatabase, T}, CancellationToken)"/>
    public Task DoAsync(Action<SqliteDatabase> call, CancellationToken cancellation) => DoAsync(
        database =>
        {
            call(database);
            return true;
        },
        cancellation);

    /// <summary>Writes what waits, and closes the database.</summary>
    public void Dispose()
    {
        _queue.Close();
        _closing.Set();
        _thread.Join();
        _checkpoints.Dispose();
        _database.Dispose();
        _closing.Dispose();
    }

    private void Work()
    {
        List<SqliteJob> group = [];
        bool more = true;
        while (more)
        {
            _queue.Wait();
            more = _queue.Take(group, MaxGroupBytes);
            while (group.Count > 0 && !TryCommit(group))
            {
                // The last attempt is made when closing: whoever waits then must hear that it is lost.
                bool last = _closing.Wait(s_pause);
                group.RemoveAll(static job => !job.TryTake());
                if (last && !TryCommit(group))
                {
                    StorageException lost = new($"The server stopped while its database could not be written: {Trouble}");
                    group.ForEach(job =>
                    {
                        if (job.TryTake())
                        {
                            job.End(lost);
                        }
                    });
                    group.Clear();
                }
            }
        }
    }

    // False when the database is in trouble that may pass; the work waits again then, and was taken back.
    private bool TryCommit(List<SqliteJob> group)
    {
        List<(SqliteJob Job, Exception Reason)> refused = [];
        try
        {
            RollBack();
            _checkpoints.CatchUp(_database);
            int rows = _database.TotalChanges;
            _database.Execute("BEGIN IMMEDIATE");
            foreach (SqliteJob job in group)
            {
                try
                {
                    job.Run(_database);
                }
                catch (SqliteRefusal refusal)
                {
                    refused.Add((job, refusal.InnerException!));
                }
            }
            _database.Execute("COMMIT");
            _checkpoints.Wrote(_database.TotalChanges - rows, group.Sum(static job => (long)job.Weight));
        }
        catch (SqliteFault fault) when (fault.IsPassing)
        {
            RollBack();
            if (Trouble is null)
            {
                _complain($"The database cannot be written; the server tries again every second. {fault.Message}");
            }
            Trouble = fault.Message;
            group.ForEach(static job => job.GiveBack());
            return false;
        }
        catch (Exception e)
        {
            RollBack();
            return group.Count == 1 ? Fail(group, e) : OneByOne(group);
        }
        if (Trouble is not null)
        {
            Trouble = null;
            _complain("The database can be written again.");
        }
        foreach ((SqliteJob job, Exception reason) in refused)
        {
            job.End(reason);
            group.Remove(job);
        }
        group.ForEach(static job => job.End());
        group.Clear();
        return true;
    }

    // One of them is at fault, and the others need not suffer.
    private bool OneByOne(List<SqliteJob> group)
    {
        bool all = true;
        List<SqliteJob> left = [];
        foreach (SqliteJob job in group)
        {
            List<SqliteJob> one = [job];
            all &= TryCommit(one);
            left.AddRange(one);
        }
        group.Clear();
        group.AddRange(left);
        return all;
    }

    private static bool Fail(List<SqliteJob> group, Exception reason)
    {
        group[0].End(reason);
        group.Clear();
        return true;
    }

    private void RollBack()
    {
        _database.Reset();
        // A full disk ends a transaction by itself.
        if (!_database.InTransaction)
        {
            return;
        }
        try
        {
            _database.Execute("ROLLBACK");
        }
        catch (SqliteFault)
        {
            // It is tried again before the next transaction.
        }
    }
}
