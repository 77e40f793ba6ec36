using KismetOrleans.Engine.Persistence;

namespace KismetOrleans.Storage.Sqlite;

/// <summary>Small states in SQLite: facts about the server, in Base64.</summary>
internal sealed class SqliteStateStore(SqliteWriter writer) : IStateStore
{
    // Facts that are no states have other names.
    private const string Prefix = "state_";

    public async ValueTask<byte[]?> LoadAsync(string name, CancellationToken cancellation = default) => await writer.DoAsync(
        database =>
        {
            SqliteStatement fact = database.Statement("SELECT value FROM facts WHERE name = ?").Bind(Prefix + name);
            byte[]? bytes = fact.Step() ? Convert.FromBase64String(fact.Text(0)) : null;
            fact.Ready();
            return bytes;
        },
        cancellation);

    public async ValueTask SaveAsync(string name, byte[] bytes, CancellationToken cancellation = default) => await writer.DoAsync(
        database =>
        {
            database.Statement("INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
                .Bind(Prefix + name).Bind(Convert.ToBase64String(bytes)).Run();
            return 0;
        },
        cancellation);

    public async ValueTask DeleteAsync(string name, CancellationToken cancellation = default) => await writer.DoAsync(
        database =>
        {
            database.Statement("DELETE FROM facts WHERE name = ?").Bind(Prefix + name).Run();
            return 0;
        },
        cancellation);
}
