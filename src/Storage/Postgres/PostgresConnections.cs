using Npgsql;

namespace KismetOrleans.Storage.Postgres;

/// <summary>Connections to PostgreSQL, tried again while it is away.</summary>
internal sealed class PostgresConnections : IAsyncDisposable
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(50);

    // A server that starts again is to be found within a second.
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(1);
    private readonly NpgsqlDataSource _source;
    private readonly Action<string> _complain;
    private readonly CancellationTokenSource _closing = new();
    private string? _trouble;

    public PostgresConnections(string connectionString, Action<string> complain)
    {
        NpgsqlConnectionStringBuilder settings = PostgresSettings.Read(connectionString);
        Name = $"{settings.Database ?? settings.Username} at {settings.Host}";
        _source = NpgsqlDataSource.Create(settings);
        _complain = complain;
    }

    /// <summary>Which database it is, in words, without secrets.</summary>
    public string Name { get; }

    /// <summary>Why the database does not answer; null while it does.</summary>
    public string? Trouble => Volatile.Read(ref _trouble);

    /// <summary>Says what its operator should know.</summary>
    public Action<string> Complain => _complain;

    public CancellationToken Closing => _closing.Token;

    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellation) => _source.OpenConnectionAsync(cancellation);

    /// <summary>
    /// Does something that may be done twice, until it succeeds. Who gives up does not wait for it any more, but it goes on until its time is over: to cancel a command, Npgsql has a thread of the
    /// pool connect to the database and wait for it.
    /// </summary>
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, Closing);
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                T result = await OnceAsync(work).WaitAsync(either.Token);
                Note(null);
                return result;
            }
            catch (Exception e) when (PostgresFaults.IsPassing(e) && !either.IsCancellationRequested)
            {
                Note(e);
            }
            await Task.Delay(PauseAfter(attempt), either.Token);
        }
    }

    private async Task<T> OnceAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work)
    {
        await using NpgsqlConnection connection = await OpenAsync(CancellationToken.None);
        return await work(connection, CancellationToken.None);
    }

    /// <summary>How long to wait after a failed attempt; by chance, so that hosts do not come back all at once.</summary>
    public static TimeSpan PauseAfter(int attempt) =>
        TimeSpan.FromTicks(Math.Min(s_longestPause.Ticks, s_firstPause.Ticks << Math.Min(attempt, 10))) * (0.5 + (Random.Shared.NextDouble() / 2));

    /// <summary>Notes how an attempt ended, and says so when that is news.</summary>
    public void Note(Exception? fault)
    {
        string? before = Interlocked.Exchange(ref _trouble, fault?.Message);
        if (before is null && fault is not null)
        {
            _complain($"The database {Name} does not answer; the server tries again. {fault.Message}");
        }
        else if (before is not null && fault is null)
        {
            _complain($"The database {Name} answers again.");
        }
    }

    /// <summary>Lets nobody wait any more.</summary>
    public void Close() => _closing.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        _closing.Dispose();
    }
}
