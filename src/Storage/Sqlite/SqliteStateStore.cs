using KismetOrleans.Engine.Persistence;

namespace KismetOrleans.Storage.Sqlite;

/// <summary>Small states in SQLite: facts about the server, in Base64.</summary>
internal sealed class SqliteStateStore(SqliteWriter writer) : IStateStore
{
    // Facts that are no states have other names.
    private const string Prefix = "state_";

    /// <inheritdoc/>
    public async ValueTask<byte[]?> LoadAsync(string name, CancellationToken cancellation = default) => await writer.DoAsync(
        database =>
        {
            SqliteStatement fact = database.Statement("SELECT value FROM facts WHERE name = ?").Bind(Prefix + name);
            byte[]? octets = fact.Step() ? Convert.FromBase64String(fact.Text(0)) : null;
            fact.Ready();
            return octets;
        },
        cancellation);

    /// <inheritdoc/>
    public async ValueTask SaveAsync(string name, byte[] octets, CancellationToken cancellation = default) => await writer.DoAsync(
        database =>
        {
            database.Statement("INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
                .Bind(Prefix + name).Bind(Convert.ToBase64String(octets)).Run();
            return 0;
        },
        cancellation);
}
