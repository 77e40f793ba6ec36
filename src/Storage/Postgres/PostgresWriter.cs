using System.Diagnostics;
using Npgsql;

namespace KismetOrleans.Storage.Postgres;

/// <summary>
/// One writer with a connection of its own. All work that waits goes into one transaction. When the server is away, the work waits until it is
/// back: it must be such that doing it twice is no harm, since the answer to a commit can be lost.
/// </summary>
internal sealed class PostgresWriter<T> : IAsyncDisposable
    where T : StoreJob
{
    // More would keep others waiting for their commit, and gains nothing.
    private const int MaxGroupBytes = 32 * 1024 * 1024;
    private readonly StoreQueue<T> _queue = new();
    private readonly PostgresConnections _connections;
    private readonly Commit _commit;
    private readonly string? _prepare;
    private readonly TimeSpan _pause;
    private readonly Task _work;
    private NpgsqlConnection? _connection;

    /// <param name="connections">Where its connection comes from.</param>
    /// <param name="commit">Does work in one transaction.</param>
    /// <param name="prepare">What a new connection runs first.</param>
    /// <param name="pause">Least time from one commit to the next, unless so much waits that it is no longer one: what comes meanwhile shares it.</param>
    public PostgresWriter(PostgresConnections connections, Commit commit, string? prepare = null, TimeSpan pause = default)
    {
        (_connections, _commit, _prepare, _pause) = (connections, commit, prepare, pause);
        _work = Task.Run(WorkAsync);
    }

    /// <summary>Does work in one transaction, and commits it.</summary>
    /// <param name="group">The work. What cannot be done is ended by the call and taken out.</param>
    /// <param name="attempt">0 at the first time.</param>
    public delegate Task Commit(NpgsqlConnection connection, List<T> group, int attempt);

    /// <summary>Has work done; completes when it is on disk.</summary>
    public Task DoAsync(T job)
    {
        _queue.Add(job);
        return job.Done;
    }

    /// <summary>Writes what waits, if the server is there.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await _work;
        await DropAsync();
    }

    private async Task WorkAsync()
    {
        List<T> group = [];
        bool more = true;
        long last = 0;
        while (more)
        {
            await _queue.WaitAsync();
            TimeSpan left = last == 0 ? TimeSpan.Zero : _pause - Stopwatch.GetElapsedTime(last);
            if (left > TimeSpan.Zero && !_connections.Closing.IsCancellationRequested)
            {
                await Task.Delay(left, _connections.Closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            last = Stopwatch.GetTimestamp();
            more = _queue.Take(group, MaxGroupBytes);
            await CommitAsync(group);
        }
    }

    private async Task CommitAsync(List<T> group)
    {
        for (int attempt = 0; group.Count > 0; attempt++)
        {
            Exception fault;
            try
            {
                await _commit(_connection ??= await ConnectAsync(), group, attempt);
                _connections.Note(null);
                group.ForEach(static job => job.End());
                return;
            }
            catch (Exception e)
            {
                fault = e;
            }
            bool broken = _connection is null || (_connection.FullState & System.Data.ConnectionState.Open) == 0;
            await DropAsync();
            if (!broken && !PostgresFaults.IsPassing(fault) && !(attempt > 0 && fault is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation }))
            {
                await FailAsync(group, fault);
                return;
            }
            _connections.Note(fault);
            group.ForEach(static job => job.GiveBack());
            if (_connections.Closing.IsCancellationRequested)
            {
                Lose(group, fault);
                return;
            }
            await Task.Delay(PostgresConnections.PauseAfter(attempt), _connections.Closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            group.RemoveAll(static job => !job.TryTake());
        }
    }

    // One of them is at fault, and the others need not suffer.
    private async Task FailAsync(List<T> group, Exception fault)
    {
        if (group.Count == 1)
        {
            group[0].End(fault);
            return;
        }
        foreach (T job in group)
        {
            await CommitAsync([job]);
        }
    }

    private static void Lose(List<T> group, Exception fault)
    {
        StorageException lost = new($"The server stopped while its database did not answer: {fault.Message}", fault);
        foreach (T job in group)
        {
            if (job.TryTake())
            {
                job.End(lost);
            }
        }
    }

    private async Task<NpgsqlConnection> ConnectAsync()
    {
        NpgsqlConnection connection = await _connections.OpenAsync(CancellationToken.None);
        if (_prepare is not null)
        {
            await using NpgsqlCommand prepare = new(_prepare, connection);
            await prepare.ExecuteNonQueryAsync();
        }
        return connection;
    }

    private async Task DropAsync()
    {
        NpgsqlConnection? connection = _connection;
        _connection = null;
        if (connection is null)
        {
            return;
        }
        try
        {
            await connection.DisposeAsync();
        }
        catch (Exception e) when (PostgresFaults.IsPassing(e))
        {
            // It was no good any more.
        }
    }
}
