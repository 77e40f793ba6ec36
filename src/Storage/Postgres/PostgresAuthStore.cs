using System.Security.Cryptography;
using KismetOrleans.Engine.Auth;
using Npgsql;

namespace KismetOrleans.Storage.Postgres;

/// <summary>Logins in PostgreSQL, for all API servers of a cluster.</summary>
internal sealed class PostgresAuthStore(PostgresConnections connections) : IAuthStore
{
    public bool IsShared => true;

    public async ValueTask<AuthState> LoadAsync(CancellationToken cancellation = default) => await connections.RunAsync(
        static async (connection, stop) =>
        {
            if (await ReadAsync(connection, stop) is { } state)
            {
                return state;
            }
            await using NpgsqlCommand make = new("INSERT INTO facts (name, value) VALUES ('session_secret', $1) ON CONFLICT (name) DO NOTHING", connection)
            {
                Parameters = { new() { Value = Convert.ToHexString(RandomNumberGenerator.GetBytes(AuthState.SecretBytes)) } },
            };
            await make.ExecuteNonQueryAsync(stop);
            return (await ReadAsync(connection, stop))!;
        },
        cancellation);

    public async ValueTask<bool> SetAdministratorAsync(StoredPassword administrator, bool replace, CancellationToken cancellation = default) =>
        await ChangeAsync(
            "INSERT INTO administrator (id, username, salt, iterations, hash) VALUES (1, $1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET "
            + "username = excluded.username, salt = excluded.salt, iterations = excluded.iterations, hash = excluded.hash "
            + "WHERE $5 OR administrator.hash = excluded.hash",
            [administrator.Username, administrator.Salt.ToArray(), administrator.Iterations, administrator.Hash.ToArray(), replace], cancellation);

    public async ValueTask<bool> AddKeyAsync(ApiKey key, CancellationToken cancellation = default) => await ChangeAsync(
        // The same key again is this call again, whose answer was lost.
        "INSERT INTO api_keys (name, hash, role, scope, created, expires) VALUES ($1, $2, $3, $4, $5, $6) "
        + "ON CONFLICT (name) DO UPDATE SET role = excluded.role WHERE api_keys.hash = excluded.hash",
        [key.Name, key.Hash.ToArray(), key.Role, new NpgsqlParameter { Value = (object?)key.Scope ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid }, key.Created, key.Expires], cancellation);

    public async ValueTask<bool> RemoveKeyAsync(string name, CancellationToken cancellation = default) =>
        await ChangeAsync("DELETE FROM api_keys WHERE name = $1", [name], cancellation);

    public async ValueTask<bool> AddTokenAsync(JoinToken token, long forgotten, CancellationToken cancellation = default) =>
        await connections.RunAsync((connection, stop) => PostgresJoining.AddAsync(connection, token, forgotten, stop), cancellation);

    public async ValueTask<bool> RemoveTokenAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellation = default) =>
        await connections.RunAsync((connection, stop) => PostgresJoining.RemoveAsync(connection, hash, stop), cancellation);

    public async ValueTask<JoinOutcome> JoinAsync(ReadOnlyMemory<byte> token, ApiKey key, CancellationToken cancellation = default) =>
        await connections.RunAsync((connection, stop) => PostgresJoining.JoinAsync(connection, token, key, stop), cancellation);

    public async ValueTask<bool> RenewKeyAsync(ApiKey key, CancellationToken cancellation = default) =>
        await connections.RunAsync((connection, stop) => PostgresJoining.RenewAsync(connection, key, stop), cancellation);

    public async ValueTask<IReadOnlyList<LoginSession>> LoadSessionsAsync(CancellationToken cancellation = default) =>
        await connections.RunAsync(PostgresSessions.KeptAsync, cancellation);

    public async ValueTask AddSessionsAsync(IReadOnlyList<LoginSession> sessions, long forgotten, CancellationToken cancellation = default) =>
        await connections.RunAsync((connection, stop) => PostgresSessions.AddAsync(connection, sessions, forgotten, stop), cancellation);

    public async ValueTask EndSessionsAsync(IReadOnlyList<SessionToken> sessions, long forgotten, CancellationToken cancellation = default) =>
        await connections.RunAsync((connection, stop) => PostgresSessions.EndAsync(connection, sessions, forgotten, stop), cancellation);

    public async ValueTask EndAllSessionsAsync(long since, ulong except, CancellationToken cancellation = default) =>
        await connections.RunAsync((connection, stop) => PostgresSessions.EndAllAsync(connection, since, except, stop), cancellation);

    private Task<bool> ChangeAsync(string sql, object[] values, CancellationToken cancellation) =>
        connections.RunAsync(async (connection, stop) => await PostgresSchema.RunAsync(connection, sql, stop, values) > 0, cancellation);

    // Null while there is no secret.
    private static async Task<AuthState?> ReadAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        await using NpgsqlBatch batch = new(connection)
        {
            BatchCommands =
            {
                new("SELECT value FROM facts WHERE name = 'session_secret'"),
                new("SELECT username, salt, iterations, hash FROM administrator"),
                new("SELECT name, hash, role, scope, created, expires, site, former, former_until FROM api_keys ORDER BY name"),
                new(PostgresJoining.Select),
                new(SessionSql.Since),
                new(SessionSql.Ended),
            },
        };
        await using NpgsqlDataReader row = await batch.ExecuteReaderAsync(stop);
        if (!await row.ReadAsync(stop))
        {
            return null;
        }
        byte[] secret = Convert.FromHexString(row.GetString(0));
        await row.NextResultAsync(stop);
        StoredPassword? administrator = await row.ReadAsync(stop)
            ? new(row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetInt32(2), row.GetFieldValue<byte[]>(3))
            : null;
        await row.NextResultAsync(stop);
        List<ApiKey> keys = [];
        while (await row.ReadAsync(stop))
        {
            keys.Add(new(
                row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetGuid(3), row.GetInt64(4), row.GetInt64(5))
            {
                Site = row.IsDBNull(6) ? null : row.GetString(6),
                Former = row.GetFieldValue<byte[]>(7),
                FormerUntil = row.GetInt64(8),
            });
        }
        await row.NextResultAsync(stop);
        List<JoinToken> tokens = await PostgresJoining.ReadAsync(row, stop);
        await row.NextResultAsync(stop);
        return new(secret, administrator, keys, await PostgresSessions.EndedAsync(row, stop)) { Tokens = tokens };
    }
}
