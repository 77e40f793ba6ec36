using KismetOrleans.Engine.Auth;

namespace KismetOrleans.Storage.Sqlite;

/// <summary>Join tokens, and what becomes of keys by them. Calls come one after the other, each in a transaction.</summary>
internal static class SqliteJoining
{
    public static List<JoinToken> Tokens(SqliteDatabase database)
    {
        List<JoinToken> tokens = [];
        SqliteStatement row = database.Statement("SELECT hash, site, maker, made, expires, uses, uses_left FROM join_tokens ORDER BY made DESC, hash");
        while (row.Step())
        {
            tokens.Add(new(row.Blob(0).ToArray(), row.Text(1), row.Text(2), row.Int64(3), row.Int64(4), (int)row.Int64(5), (int)row.Int64(6)));
        }
        return tokens;
    }

    public static bool Add(SqliteDatabase database, JoinToken token, long forgotten)
    {
        database.Statement("DELETE FROM join_tokens WHERE expires <= ?").Bind(forgotten).Run();
        database.Statement("INSERT INTO join_tokens (hash, site, maker, made, expires, uses, uses_left) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING")
            .Bind(token.Hash.Span).Bind(token.Site).Bind(token.Maker).Bind(token.Made).Bind(token.Expires).Bind(token.Uses).Bind(token.UsesLeft).Run();
        return database.Changes > 0;
    }

    public static bool Remove(SqliteDatabase database, ReadOnlyMemory<byte> hash)
    {
        database.Statement("DELETE FROM join_tokens WHERE hash = ?").Bind(hash.Span).Run();
        return database.Changes > 0;
    }

    public static JoinOutcome Join(SqliteDatabase database, ReadOnlyMemory<byte> hash, ApiKey key)
    {
        SqliteStatement token = database.Statement("SELECT expires, uses_left FROM join_tokens WHERE hash = ?").Bind(hash.Span);
        if (!token.Step())
        {
            return JoinOutcome.Unknown;
        }
        (long expires, long left) = (token.Int64(0), token.Int64(1));
        token.Ready();
        if (left <= 0 || expires <= key.Created)
        {
            return left <= 0 ? JoinOutcome.Spent : JoinOutcome.Expired;
        }
        database.Statement(
            "INSERT INTO api_keys (name, hash, role, scope, created, expires, site) SELECT ?, ?, ?, '', ?, ?, site FROM join_tokens WHERE hash = ? ON CONFLICT (name) DO NOTHING")
            .Bind(key.Name).Bind(key.Hash.Span).Bind(key.Role).Bind(key.Created).Bind(key.Expires).Bind(hash.Span).Run();
        if (database.Changes == 0)
        {
            return JoinOutcome.NameTaken;
        }
        database.Statement("UPDATE join_tokens SET uses_left = uses_left - 1 WHERE hash = ?").Bind(hash.Span).Run();
        return JoinOutcome.Joined;
    }

    public static bool Renew(SqliteDatabase database, ApiKey key)
    {
        database.Statement(
            "UPDATE api_keys SET hash = ?, created = ?, expires = ?, former = ?, former_until = ? WHERE name = ? AND (hash = ? OR (former = ? AND former_until > ?))")
            .Bind(key.Hash.Span).Bind(key.Created).Bind(key.Expires).Bind(key.Former.Span).Bind(key.FormerUntil)
            .Bind(key.Name).Bind(key.Former.Span).Bind(key.Former.Span).Bind(key.Created).Run();
        return database.Changes > 0;
    }
}
