using KismetOrleans.Engine.Auth;
using Npgsql;

namespace KismetOrleans.Storage.Postgres;

/// <summary>Join tokens, and what becomes of keys by them. Each may be done again, when its answer was lost.</summary>
internal static class PostgresJoining
{
    public const string Select = "SELECT hash, site, maker, made, expires, uses, uses_left FROM join_tokens ORDER BY made DESC, hash";

    public static async Task<List<JoinToken>> ReadAsync(NpgsqlDataReader row, CancellationToken stop)
    {
        List<JoinToken> tokens = [];
        while (await row.ReadAsync(stop))
        {
            tokens.Add(new(row.GetFieldValue<byte[]>(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetInt32(5), row.GetInt32(6)));
        }
        return tokens;
    }

    public static async Task<bool> AddAsync(NpgsqlConnection connection, JoinToken token, long forgotten, CancellationToken stop)
    {
        _ = await PostgresSchema.RunAsync(connection, "DELETE FROM join_tokens WHERE expires <= $1", stop, forgotten);
        return await PostgresSchema.RunAsync(
            connection,
            "INSERT INTO join_tokens (hash, site, maker, made, expires, uses, uses_left) VALUES ($1, $2, $3, $4, $5, $6, $7) "
            + "ON CONFLICT (hash) DO UPDATE SET made = excluded.made WHERE join_tokens.made = excluded.made",
            stop, token.Hash.ToArray(), token.Site, token.Maker, token.Made, token.Expires, token.Uses, token.UsesLeft) > 0;
    }

    public static async Task<bool> RemoveAsync(NpgsqlConnection connection, ReadOnlyMemory<byte> hash, CancellationToken stop) =>
        await PostgresSchema.RunAsync(connection, "DELETE FROM join_tokens WHERE hash = $1", stop, hash.ToArray()) > 0;

    public static async Task<JoinOutcome> JoinAsync(NpgsqlConnection connection, ReadOnlyMemory<byte> hash, ApiKey key, CancellationToken stop)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(stop);
        int joined = await PostgresSchema.RunAsync(
            connection,
            // The row is this one's until the end, so that of two who want the last use the second finds none left.
            "WITH used AS (UPDATE join_tokens SET uses_left = uses_left - 1 WHERE hash = $1 AND uses_left > 0 AND expires > $5 RETURNING site) "
            + "INSERT INTO api_keys (name, hash, role, created, expires, site) SELECT $2, $3, $4, $5, $6, site FROM used ON CONFLICT (name) DO NOTHING",
            stop, hash.ToArray(), key.Name, key.Hash.ToArray(), key.Role, key.Created, key.Expires);
        if (joined > 0)
        {
            await transaction.CommitAsync(stop);
            return JoinOutcome.Joined;
        }
        await transaction.RollbackAsync(stop);
        await using NpgsqlCommand why = new(
            "SELECT (SELECT hash FROM api_keys WHERE name = $2), (SELECT expires FROM join_tokens WHERE hash = $1), (SELECT uses_left FROM join_tokens WHERE hash = $1)", connection)
        {
            Parameters = { new() { Value = hash.ToArray() }, new() { Value = key.Name } },
        };
        await using NpgsqlDataReader row = await why.ExecuteReaderAsync(stop);
        _ = await row.ReadAsync(stop);
        // This call again, whose answer was lost.
        return !row.IsDBNull(0) && row.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(key.Hash.Span) ? JoinOutcome.Joined
            : row.IsDBNull(1) ? JoinOutcome.Unknown
            : row.GetInt32(2) <= 0 ? JoinOutcome.Spent
            : row.GetInt64(1) <= key.Created ? JoinOutcome.Expired
            : JoinOutcome.NameTaken;
    }

    public static async Task<bool> RenewAsync(NpgsqlConnection connection, ApiKey key, CancellationToken stop) => await PostgresSchema.RunAsync(
        connection,
        "UPDATE api_keys SET hash = $1, created = $2, expires = $3, former = $4, former_until = $5 WHERE name = $6 AND (hash = $4 OR (former = $4 AND former_until > $2))",
        stop, key.Hash.ToArray(), key.Created, key.Expires, key.Former.ToArray(), key.FormerUntil, key.Name) > 0;
}
