using KismetOrleans.Engine.Auth;

namespace KismetOrleans.Storage.Sqlite;

/// <summary>Logins in SQLite, but for the secret that signs sessions (<see cref="SessionSecret"/>).</summary>
internal sealed class SqliteAuthStore(SqliteWriter writer, byte[] secret) : IAuthStore
{
    public bool IsShared => false;

    public async ValueTask<AuthState> LoadAsync(CancellationToken cancellation = default) => await writer.DoAsync(
        database =>
        {
            // Earlier servers kept it here, in a file that others could read.
            database.Statement("DELETE FROM facts WHERE name = 'session_secret'").Run();
            SqliteStatement row = database.Statement("SELECT username, salt, iterations, hash FROM administrator");
            StoredPassword? administrator = row.Step() ? new(row.Text(0), row.Blob(1).ToArray(), (int)row.Int64(2), row.Blob(3).ToArray()) : null;
            row.Ready();
            List<ApiKey> keys = [];
            SqliteStatement key = database.Statement("SELECT name, hash, role, scope, created, expires, site IS NOT NULL, coalesce(site, ''), former, former_until FROM api_keys ORDER BY name");
            while (key.Step())
            {
                keys.Add(new(
                    key.Text(0), key.Blob(1).ToArray(), key.Text(2), key.Text(3) is { Length: > 0 } scope ? Guid.Parse(scope) : null, key.Int64(4), key.Int64(5))
                {
                    Site = key.Int64(6) != 0 ? key.Text(7) : null,
                    Former = key.Blob(8).ToArray(),
                    FormerUntil = key.Int64(9),
                });
            }
            return new AuthState(secret, administrator, keys, SqliteSessions.Ended(database)) { Tokens = SqliteJoining.Tokens(database) };
        },
        cancellation);

    public async ValueTask<bool> SetAdministratorAsync(StoredPassword administrator, bool replace, CancellationToken cancellation = default) => await writer.DoAsync(
        database =>
        {
            database.Statement(
                "INSERT INTO administrator (id, username, salt, iterations, hash) VALUES (1, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
                + "username = excluded.username, salt = excluded.salt, iterations = excluded.iterations, hash = excluded.hash "
                + "WHERE ? OR administrator.hash = excluded.hash")
                .Bind(administrator.Username).Bind(administrator.Salt.Span).Bind(administrator.Iterations).Bind(administrator.Hash.Span).Bind(replace ? 1 : 0)
                .Run();
            return database.Changes > 0;
        },
        cancellation);

    public async ValueTask<bool> AddKeyAsync(ApiKey key, CancellationToken cancellation = default) => await writer.DoAsync(
        database =>
        {
            database.Statement("INSERT INTO api_keys (name, hash, role, scope, created, expires) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING")
                .Bind(key.Name).Bind(key.Hash.Span).Bind(key.Role).Bind(key.Scope?.ToString() ?? "").Bind(key.Created).Bind(key.Expires).Run();
            return database.Changes > 0;
        },
        cancellation);

    public async ValueTask<bool> RemoveKeyAsync(string name, CancellationToken cancellation = default) => await writer.DoAsync(
        database =>
        {
            database.Statement("DELETE FROM api_keys WHERE name = ?").Bind(name).Run();
            return database.Changes > 0;
        },
        cancellation);

    public async ValueTask<bool> AddTokenAsync(JoinToken token, long forgotten, CancellationToken cancellation = default) =>
        await writer.DoAsync(database => SqliteJoining.Add(database, token, forgotten), cancellation);

    public async ValueTask<bool> RemoveTokenAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellation = default) =>
        await writer.DoAsync(database => SqliteJoining.Remove(database, hash), cancellation);

    public async ValueTask<JoinOutcome> JoinAsync(ReadOnlyMemory<byte> token, ApiKey key, CancellationToken cancellation = default) =>
        await writer.DoAsync(database => SqliteJoining.Join(database, token, key), cancellation);

    public async ValueTask<bool> RenewKeyAsync(ApiKey key, CancellationToken cancellation = default) =>
        await writer.DoAsync(database => SqliteJoining.Renew(database, key), cancellation);

    public async ValueTask<IReadOnlyList<LoginSession>> LoadSessionsAsync(CancellationToken cancellation = default) =>
        await writer.DoAsync(SqliteSessions.Kept, cancellation);

    public async ValueTask AddSessionsAsync(IReadOnlyList<LoginSession> sessions, long forgotten, CancellationToken cancellation = default) =>
        await writer.DoAsync(database => SqliteSessions.Add(database, sessions, forgotten), cancellation);

    public async ValueTask EndSessionsAsync(IReadOnlyList<SessionToken> sessions, long forgotten, CancellationToken cancellation = default) =>
        await writer.DoAsync(database => SqliteSessions.End(database, sessions, forgotten), cancellation);

    public async ValueTask EndAllSessionsAsync(long since, ulong except, CancellationToken cancellation = default) =>
        await writer.DoAsync(database => SqliteSessions.EndAll(database, since, except), cancellation);
}
