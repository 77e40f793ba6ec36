using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Storage.Postgres;
using Npgsql;

namespace KismetOrleans.Storage.Tests.Postgres;

/// <summary>The schema is applied by a command and asked for at the start; how many partitions there are can be changed between runs.</summary>
[Collection(nameof(PostgresServer))]
public sealed class PostgresStorageTests(PostgresServer server)
{
    [PostgresFact]
    public async Task A_database_without_tables_is_refused_with_the_command_that_makes_them()
    {
        StorageException refusal = await Assert.ThrowsAsync<StorageException>(() => PostgresStorage.OpenAsync(server.NewDatabase()));
        Assert.Contains(PostgresSchema.Command, refusal.Message);
    }

    [PostgresFact]
    public async Task The_schema_is_applied_once_however_many_apply_it()
    {
        string database = server.NewDatabase();
        IReadOnlyList<string>[] applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostgresSchema.ApplyAsync(database)));
        Assert.Equal(PostgresSchema.Newest + 1, applied.Sum(static steps => steps.Count));
        await using PostgresStorage storage = await PostgresStorage.OpenAsync(database);
        Assert.Equal(PostgresStorage.DefaultPartitions, storage.Partitions);
    }

    [PostgresFact]
    public async Task A_database_of_a_newer_server_is_refused()
    {
        string database = server.NewDatabase();
        await PostgresSchema.ApplyAsync(database);
        await ExecuteAsync(database, "INSERT INTO schema_version (version, name) VALUES (99, 'x')");
        Assert.Contains("99", (await Assert.ThrowsAsync<StorageException>(() => PostgresStorage.OpenAsync(database))).Message);
        Assert.Contains("99", (await Assert.ThrowsAsync<StorageException>(() => PostgresSchema.ApplyAsync(database))).Message);
    }

    [PostgresFact]
    public async Task A_wrong_user_and_a_wrong_connection_string_are_said_without_waiting()
    {
        NpgsqlConnectionStringBuilder settings = new(server.NewDatabase()) { Database = "no_such_database" };
        StorageException refusal = await Assert.ThrowsAsync<StorageException>(() => PostgresStorage.OpenAsync(settings.ConnectionString));
        Assert.Contains("no_such_database", refusal.Message);
        Assert.Contains("Storage:Postgres", (await Assert.ThrowsAsync<StorageException>(() => PostgresStorage.OpenAsync("Hots=x"))).Message);
    }

    [PostgresFact]
    public async Task Devices_and_watermarks_follow_another_number_of_partitions()
    {
        string database = server.NewDatabase();
        await PostgresSchema.ApplyAsync(database, 4);
        await using (PostgresStorage storage = await PostgresStorage.OpenAsync(database))
        {
            for (int partition = 0; partition < 4; partition++)
            {
                long epoch = (await storage.Devices.LoadAsync(partition)).Epoch;
                PartitionChanges changes = Sample.Changes(partition, epoch, [.. Sample.Of(partition, 25).Select(static i => Sample.Device(i))]);
                changes.Watermarks.Add(new(3, new(ulong.MaxValue, 5)));
                changes.Watermarks.Add(new(4, new(7, (ulong)partition)));
                changes.Presence = PresenceStoreTests.Changes(Sample.Of(partition, 25)[0], 3, pending: 1);
                await storage.Devices.SaveAsync(changes);
            }
        }
        Assert.Equal(["7 partitions instead of 4"], await PostgresSchema.ApplyAsync(database, 7));
        await using PostgresStorage split = await PostgresStorage.OpenAsync(database);
        Assert.Equal(7, split.Partitions);
        int devices = 0;
        for (int partition = 0; partition < 7; partition++)
        {
            PartitionImage image = await split.Devices.LoadAsync(partition);
            devices += image.Devices.Count;
            Assert.All(image.Devices, device => Assert.Equal(partition, Engine.Partitions.Partitioning.Of(device.Id, 7)));
            Assert.Equal(new Watermark(ulong.MaxValue, 5), image.Watermarks[3]);
            Assert.Equal(new Watermark(7, 3), image.Watermarks[4]);
        }
        Assert.Equal(100, devices);
        for (int partition = 0; partition < 4; partition++)
        {
            Records.Devices.DeviceId id = Sample.Id(Sample.Of(partition, 25)[0]);
            PartitionImage image = await split.Devices.LoadAsync(Engine.Partitions.Partitioning.Of(id, 7));
            Assert.True(image.Presence.Pending.IsEmpty);
            // Three that were whole and the one that waited.
            Assert.Equal(4, (await PresenceStoreTests.ReadAsync(split.Presence, new(0, uint.MaxValue, id.Value), Engine.Partitions.Partitioning.Of(id, 7))).Count);
        }
    }

    internal static async Task ExecuteAsync(string database, string sql)
    {
        await using NpgsqlConnection connection = new(database);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
