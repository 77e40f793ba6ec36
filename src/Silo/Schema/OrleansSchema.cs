using Npgsql;

namespace KismetOrleans.Silo.Schema;

/// <summary>Orleans' tables in PostgreSQL: who is in the cluster, grain storage, reminders.</summary>
internal static class OrleansSchema
{
    // Two who apply at a time must not both create; the number only has to be ours.
    private const long LockNumber = 0x4B69_736D_6574;

    /// <summary>Applies the script, all or nothing; what is there stays as it is.</summary>
    /// <returns>What was made, in words; empty when everything was there.</returns>
    public static async Task<IReadOnlyList<string>> ApplyAsync(string connectionString)
    {
        await using NpgsqlConnection connection = new(connectionString);
        await connection.OpenAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({LockNumber})");
        await using NpgsqlCommand known = new("SELECT to_regclass('grain_reminders') IS NOT NULL", connection);
        bool isNew = await known.ExecuteScalarAsync() is not true;
        await ExecuteAsync(connection, await ReadAsync());
        await transaction.CommitAsync();
        return isNew ? ["Orleans' tables"] : [];
    }

    private static async Task<string> ReadAsync()
    {
        await using Stream stream = typeof(OrleansSchema).Assembly.GetManifestResourceStream("KismetOrleans.Silo.Schema.Orleans.sql")
            ?? throw new InvalidOperationException("The script is not part of this program.");
        using StreamReader reader = new(stream);
        return await reader.ReadToEndAsync();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using NpgsqlCommand command = new(sql, connection);
        _ = await command.ExecuteNonQueryAsync();
    }
}
