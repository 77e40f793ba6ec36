using Npgsql;

namespace KismetOrleans.Silo.Schema;

/// <summary>Orleans' tables in PostgreSQL: who is in the cluster, grain storage, reminders.</summary>
public static class OrleansSchema
{
    // Two who apply at a time must not both create; the number only has to be ours.
    private const long LockNumber = 0x4B69_736D_6574;

    // In the order in which they need each other, each with a table that tells whether it was applied.
    private static readonly (string Script, string Table)[] s_scripts =
    [
        ("Main", "orleansquery"),
        ("Clustering", "orleansmembershiptable"),
        ("Persistence", "orleansstorage"),
        ("Reminders", "orleansreminderstable"),
    ];

    /// <summary>Applies the scripts that were not applied yet, all or none.</summary>
    /// <param name="connectionString">Where to.</param>
    /// <returns>The names of those that were.</returns>
    public static async Task<IReadOnlyList<string>> ApplyAsync(string connectionString)
    {
        await using NpgsqlConnection connection = new(connectionString);
        await connection.OpenAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({LockNumber})");
        List<string> applied = [];
        foreach ((string script, string table) in s_scripts)
        {
            await using NpgsqlCommand known = new("SELECT to_regclass($1) IS NOT NULL", connection) { Parameters = { new() { Value = table } } };
            if (await known.ExecuteScalarAsync() is not true)
            {
                await ExecuteAsync(connection, await ReadAsync(script));
                applied.Add(script);
            }
        }
        await transaction.CommitAsync();
        return applied;
    }

    private static async Task<string> ReadAsync(string script)
    {
        await using Stream stream = typeof(OrleansSchema).Assembly.GetManifestResourceStream($"KismetOrleans.Silo.Schema.orleans.{script}.sql")
            ?? throw new InvalidOperationException($"The script {script} is not part of this program.");
        using StreamReader reader = new(stream);
        return await reader.ReadToEndAsync();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using NpgsqlCommand command = new(sql, connection);
        _ = await command.ExecuteNonQueryAsync();
    }
}
