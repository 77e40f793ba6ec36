using KismetOrleans.Silo.Schema;
using KismetOrleans.Storage.Tests.Postgres;
using Npgsql;

namespace KismetOrleans.Silo.Tests;

/// <summary>The statements that Orleans' providers read from the database: one of two who change the same has the turn, and the other one changes nothing.</summary>
public sealed class OrleansSchemaTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static readonly DateTime s_now = new(2026, 11, 21, 12, 0, 0, DateTimeKind.Utc);

    [PostgresFact]
    public async Task Silos_join_and_change_in_turns()
    {
        await using NpgsqlDataSource database = await ApplyAsync();
        Assert.Equal(1, await AskAsync(database, "InsertMembershipVersionKey"));
        Assert.Equal(0, await AskAsync(database, "InsertMembershipVersionKey"));
        Assert.Equal(1, await JoinAsync(port: 1, version: 0));
        // Not twice the same, and not at a version that has passed.
        Assert.Equal(0, await JoinAsync(port: 1, version: 1));
        Assert.Equal(0, await JoinAsync(port: 2, version: 0));
        Assert.Equal(1, await JoinAsync(port: 2, version: 1));
        Assert.Equal(0, await ChangeAsync(port: 1, version: 1));
        Assert.Equal(0, await ChangeAsync(port: 3, version: 2));
        Assert.Equal(1, await ChangeAsync(port: 1, version: 2));
        Assert.Equal(2L, await CountAsync("MembershipReadAllKey"));
        Assert.Equal(1L, await CountAsync("MembershipReadRowKey", ("Address", "::1"), ("Port", 2), ("Generation", 5)));
        Assert.Equal(3, await AskAsync(database, "SELECT version FROM cluster_turns"));
        // One is dead (6), the other one active (3).
        Assert.Equal(1L, await CountAsync("GatewaysQueryKey", ("Status", 3)));
        _ = await AskAsync(database, "CleanupDefunctSiloEntriesKey", ("IAmAliveTime", s_now.AddHours(1)));
        Assert.Equal(2, await AskAsync(database, "SELECT port FROM cluster_silos"));
        _ = await AskAsync(database, "DeleteMembershipTableEntriesKey");
        Assert.Equal(0L, await CountAsync("MembershipReadAllKey"));

        Task<object?> JoinAsync(int port, int version) => AskAsync(
            database, "InsertMembershipKey", ("Address", "::1"), ("Port", port), ("Generation", 5), ("SiloName", "s"), ("HostName", "h"), ("Status", 3),
            ("ProxyPort", 30000 + port), ("StartTime", s_now), ("IAmAliveTime", s_now), ("Version", version));
        Task<object?> ChangeAsync(int port, int version) => AskAsync(
            database, "UpdateMembershipKey", ("Address", "::1"), ("Port", port), ("Generation", 5), ("Status", 6), ("SuspectTimes", DBNull.Value),
            ("IAmAliveTime", s_now), ("Version", version));
        async Task<long> CountAsync(string key, params (string, object)[] values) => await RowsAsync(database, key, values);
    }

    [PostgresFact]
    public async Task A_state_is_written_by_who_has_read_it()
    {
        await using NpgsqlDataSource database = await ApplyAsync();
        Assert.Equal(1, await WriteAsync(null, 1));
        // A second first one: no version, by which Orleans knows that it came too late.
        Assert.Equal(DBNull.Value, await WriteAsync(null, 2));
        Assert.Equal(2, await WriteAsync(1, 3));
        Assert.Equal(1, await WriteAsync(1, 4));
        Assert.Equal(new byte[] { 3 }, await AskAsync(database, "ReadFromStorageKey", Key));
        Assert.Null(await AskAsync(database, "ClearStorageKey", [.. Key, ("GrainStateVersion", 1)]));
        Assert.Equal(3, await AskAsync(database, "ClearStorageKey", [.. Key, ("GrainStateVersion", 2)]));
        Assert.Equal(DBNull.Value, await AskAsync(database, "ReadFromStorageKey", Key));
        Assert.Equal(4, await AskAsync(database, "DeleteStorageKey", [.. Key, ("GrainStateVersion", 3)]));
        Assert.Equal(0L, await RowsAsync(database, "ReadFromStorageKey", Key));

        Task<object?> WriteAsync(int? version, byte content) => AskAsync(
            database, "WriteToStorageKey", [.. Key, ("GrainStateVersion", version is { } v ? v : DBNull.Value), ("PayloadBinary", new[] { content })]);
    }

    [PostgresFact]
    public async Task Reminders_are_found_by_grain_and_by_range()
    {
        await using NpgsqlDataSource database = await ApplyAsync();
        foreach (int hash in (int[])[-5, 0, 7])
        {
            Assert.Equal(0, await RemindAsync(hash));
        }
        Assert.Equal(1, await RemindAsync(7));
        Assert.Equal(1L, await RowsAsync(database, "ReadReminderRowsKey", ("GrainId", "g7")));
        Assert.Equal(2L, await RowsAsync(database, "ReadRangeRows1Key", ("BeginHash", -5), ("EndHash", 7)));
        Assert.Equal(2L, await RowsAsync(database, "ReadRangeRows2Key", ("BeginHash", 0), ("EndHash", -5)));
        Assert.Equal(0, await AskAsync(database, "DeleteReminderRowKey", ("GrainId", "g7"), ("ReminderName", "r"), ("Version", 0)));
        Assert.Equal(1, await AskAsync(database, "DeleteReminderRowKey", ("GrainId", "g7"), ("ReminderName", "r"), ("Version", 1)));
        _ = await AskAsync(database, "DeleteReminderRowsKey");
        Assert.Equal(0L, await RowsAsync(database, "ReadReminderRowsKey", ("GrainId", "g0")));

        Task<object?> RemindAsync(int hash) => AskAsync(
            database, "UpsertReminderRowKey", ("GrainId", $"g{hash}"), ("ReminderName", "r"), ("GrainHash", hash), ("StartTime", s_now), ("Period", 60_000L));
    }

    [PostgresFact]
    public async Task It_may_be_applied_again_and_leaves_what_is_there()
    {
        string connection = server.NewDatabase();
        Assert.NotEmpty(await OrleansSchema.ApplyAsync(connection));
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(connection);
        _ = await AskAsync(database, "InsertMembershipVersionKey");
        Assert.Empty(await OrleansSchema.ApplyAsync(connection));
        Assert.Equal(0, await AskAsync(database, "InsertMembershipVersionKey"));
    }

    private static (string, object)[] Key =>
    [
        ("GrainIdHash", 1), ("GrainTypeHash", 2), ("GrainIdN0", 3L), ("GrainIdN1", 4L), ("GrainTypeString", "t"), ("GrainIdExtensionString", DBNull.Value),
    ];

    private async Task<NpgsqlDataSource> ApplyAsync()
    {
        string connection = server.NewDatabase();
        _ = await OrleansSchema.ApplyAsync(connection);
        return NpgsqlDataSource.Create(connection);
    }

    private static async Task<object?> AskAsync(NpgsqlDataSource database, string keyOrSql, params (string Name, object Value)[] values)
    {
        await using NpgsqlCommand command = await CommandAsync(database, keyOrSql, values);
        return await command.ExecuteScalarAsync();
    }

    private static async Task<long> RowsAsync(NpgsqlDataSource database, string key, params (string Name, object Value)[] values)
    {
        await using NpgsqlCommand command = await CommandAsync(database, key, values);
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync();
        long count = 0;
        while (await rows.ReadAsync())
        {
            count++;
        }
        return count;
    }

    private static async Task<NpgsqlCommand> CommandAsync(NpgsqlDataSource database, string keyOrSql, (string Name, object Value)[] values)
    {
        await using NpgsqlCommand find = database.CreateCommand("SELECT QueryText FROM OrleansQuery WHERE QueryKey = $1");
        find.Parameters.Add(new() { Value = keyOrSql });
        NpgsqlCommand command = database.CreateCommand(await find.ExecuteScalarAsync() as string ?? keyOrSql);
        foreach ((string name, object value) in (ReadOnlySpan<(string, object)>)[("DeploymentId", "d"), ("ServiceId", "s"), .. values])
        {
            command.Parameters.AddWithValue(name, value);
        }
        return command;
    }
}
