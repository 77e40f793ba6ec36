using KismetOrleans.Engine.Auth;

namespace KismetOrleans.Storage.Sqlite;

internal static class SqliteSessions
{
    public static EndedSessions Ended(SqliteDatabase database)
    {
        HashSet<ulong> ids = [];
        SqliteStatement id = database.Statement(SessionSql.Ended);
        while (id.Step())
        {
            ids.Add((ulong)id.Int64(0));
        }
        SqliteStatement row = database.Statement(SessionSql.Since);
        row.Step();
        EndedSessions ended = new(ids, row.Int64(0), (ulong)row.Int64(1));
        row.Ready();
        return ended;
    }

    public static IReadOnlyList<LoginSession> Kept(SqliteDatabase database)
    {
        List<LoginSession> sessions = [];
        SqliteStatement row = database.Statement(SessionSql.Kept);
        while (row.Step())
        {
            sessions.Add(SessionSql.Read(row.Int64(0), row.Int64(1), row.Int64(2), row.Int64(3), row.Text(4), row.Text(5)));
        }
        return sessions;
    }

    public static void Add(SqliteDatabase database, IReadOnlyList<LoginSession> sessions, long forgotten)
    {
        foreach (LoginSession session in sessions)
        {
            database.Statement(
                "INSERT INTO sessions (id, password, made, expires, address, agent, ended) VALUES (?, ?, ?, ?, ?, ?, FALSE) ON CONFLICT (id) DO NOTHING")
                .Bind((long)session.Token.Id).Bind((long)session.Password).Bind(session.Token.Made).Bind(session.Token.Expires)
                .Bind(session.Client.Address).Bind(session.Client.Agent).Run();
        }
        Forget(database, forgotten);
        database.Statement(SessionSql.ForgetOld).Run();
    }

    public static void End(SqliteDatabase database, IReadOnlyList<SessionToken> sessions, long forgotten)
    {
        foreach (SessionToken session in sessions)
        {
            database.Statement(
                "INSERT INTO sessions (id, password, made, expires, address, agent, ended) VALUES (?, 0, ?, ?, '', '', TRUE) ON CONFLICT (id) DO UPDATE SET ended = TRUE")
                .Bind((long)session.Id).Bind(session.Made).Bind(session.Expires).Run();
        }
        Forget(database, forgotten);
        database.Statement(SessionSql.Limit).Run();
        database.Statement(SessionSql.ForgetEnded).Run();
    }

    public static void EndAll(SqliteDatabase database, long since, ulong except)
    {
        database.Statement("UPDATE sessions SET ended = TRUE WHERE ended = FALSE AND id <> ?").Bind((long)except).Run();
        database.Statement("UPDATE sessions_since SET since = max(since, ?), except_id = ?").Bind(since).Bind((long)except).Run();
        database.Statement(SessionSql.ForgetEnded).Run();
    }

    private static void Forget(SqliteDatabase database, long forgotten) =>
        database.Statement("DELETE FROM sessions WHERE expires <= ?").Bind(forgotten).Run();
}
