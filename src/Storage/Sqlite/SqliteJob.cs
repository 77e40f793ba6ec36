namespace KismetOrleans.Storage.Sqlite;

/// <summary>Work for the writer's thread: part of a transaction that it shares with other work.</summary>
internal abstract class SqliteJob(CancellationToken cancellation) : StoreJob(cancellation)
{
    /// <summary>Does it. Runs again from the start when the transaction could not be committed.</summary>
    /// <exception cref="SqliteRefusal">It cannot be done, and nothing was written.</exception>
    public abstract void Run(SqliteDatabase database);
}

/// <summary>Work that is a call with an answer.</summary>
internal sealed class SqliteCall<T>(Func<SqliteDatabase, T> call, CancellationToken cancellation) : SqliteJob(cancellation)
{
    private T? _result;

    /// <summary>The answer, once it is on disk what it tells of.</summary>
    public async Task<T> ResultAsync()
    {
        await Done;
        return _result!;
    }

    public override void Run(SqliteDatabase database) => _result = call(database);
}

/// <summary>Work cannot be done, and has not written anything: what shares its transaction goes on.</summary>
internal sealed class SqliteRefusal(Exception reason) : Exception(reason.Message, reason);
