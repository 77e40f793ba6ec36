using KismetOrleans.Engine.Auth;
using Npgsql;

namespace KismetOrleans.Storage.Postgres;

/// <summary>Sessions in PostgreSQL. The commands of a batch are one transaction.</summary>
internal static class PostgresSessions
{
    /// <summary>Reads which were ended, from the results of <see cref="SessionSql.Since"/> and <see cref="SessionSql.Ended"/>.</summary>
    public static async Task<EndedSessions> EndedAsync(NpgsqlDataReader row, CancellationToken stop)
    {
        await row.ReadAsync(stop);
        (long since, long except) = (row.GetInt64(0), row.GetInt64(1));
        await row.NextResultAsync(stop);
        HashSet<ulong> ids = [];
        while (await row.ReadAsync(stop))
        {
            ids.Add((ulong)row.GetInt64(0));
        }
        return new(ids, since, (ulong)except);
    }

    public static async Task<IReadOnlyList<LoginSession>> KeptAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        List<LoginSession> sessions = [];
        await using NpgsqlCommand command = new(SessionSql.Kept, connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(stop);
        while (await row.ReadAsync(stop))
        {
            sessions.Add(SessionSql.Read(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetString(4), row.GetString(5)));
        }
        return sessions;
    }

    public static Task<int> AddAsync(NpgsqlConnection connection, IReadOnlyList<LoginSession> sessions, long forgotten, CancellationToken stop) => RunAsync(
        connection,
        stop,
        Command(
            "INSERT INTO sessions (id, password, made, expires, address, agent, ended) "
            + "SELECT id, password, made, expires, address, agent, FALSE "
            + "FROM unnest($1, $2, $3, $4, $5, $6) AS new (id, password, made, expires, address, agent) ON CONFLICT (id) DO NOTHING",
            sessions.Select(static session => (long)session.Token.Id).ToArray(), sessions.Select(static session => (long)session.Password).ToArray(),
            sessions.Select(static session => session.Token.Made).ToArray(), sessions.Select(static session => session.Token.Expires).ToArray(),
            sessions.Select(static session => session.Client.Address).ToArray(), sessions.Select(static session => session.Client.Agent).ToArray()),
        Forget(forgotten),
        new(SessionSql.ForgetOld));

    public static Task<int> EndAsync(NpgsqlConnection connection, IReadOnlyList<SessionToken> sessions, long forgotten, CancellationToken stop) => RunAsync(
        connection,
        stop,
        Command(
            "INSERT INTO sessions (id, password, made, expires, address, agent, ended) "
            + "SELECT id, 0, made, expires, '', '', TRUE FROM unnest($1, $2, $3) AS new (id, made, expires) ON CONFLICT (id) DO UPDATE SET ended = TRUE",
            sessions.Select(static session => (long)session.Id).ToArray(), sessions.Select(static session => session.Made).ToArray(),
            sessions.Select(static session => session.Expires).ToArray()),
        Forget(forgotten),
        new(SessionSql.Limit),
        new(SessionSql.ForgetEnded));

    public static Task<int> EndAllAsync(NpgsqlConnection connection, long since, ulong except, CancellationToken stop) => RunAsync(
        connection,
        stop,
        Command("UPDATE sessions SET ended = TRUE WHERE NOT ended AND id <> $1", (long)except),
        Command("UPDATE sessions_since SET since = greatest(since, $1), except_id = $2", since, (long)except),
        new(SessionSql.ForgetEnded));

    private static NpgsqlBatchCommand Forget(long forgotten) => Command("DELETE FROM sessions WHERE expires <= $1", forgotten);

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        NpgsqlBatchCommand command = new(sql);
        foreach (object value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }
        return command;
    }

    private static async Task<int> RunAsync(NpgsqlConnection connection, CancellationToken stop, params NpgsqlBatchCommand[] commands)
    {
        await using NpgsqlBatch batch = new(connection);
        foreach (NpgsqlBatchCommand command in commands)
        {
            batch.BatchCommands.Add(command);
        }
        return await batch.ExecuteNonQueryAsync(stop);
    }
}
