using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Storage.Postgres;
using Npgsql;

namespace KismetOrleans.Storage.Tests.Postgres;

/// <summary>Presence has a table a day with the rights that docs/operations.md gives the account of the silos, and loses nothing with fewer.</summary>
[Collection(nameof(PostgresServer))]
public sealed class PostgresPresenceDaysTests(PostgresServer server) : IDisposable
{
    private const long Day = 86_400_000_000;
    private const long FirstDay = 19_675;
    private static int s_roles;
    private readonly List<string> _undo = [];
    private readonly string _administrator = server.NewDatabase();
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly Clock _clock = new();

    [PostgresFact]
    public async Task The_owner_of_the_database_makes_and_drops_a_table_a_day()
    {
        string role = await NewRoleAsync();
        await AdministerAsync($"ALTER DATABASE {new NpgsqlConnectionStringBuilder(_administrator).Database} OWNER TO {role}");
        string database = Of(role);
        _ = await PostgresSchema.ApplyAsync(database, TestStore.Partitions);
        await using PostgresStorage storage = await PostgresStorage.OpenAsync(database, _clock, _complaints.Enqueue);
        PartitionChanges changes = Sample.Changes(0, (await storage.Devices.LoadAsync(0)).Epoch);
        await SaveAsync(storage, changes, FirstDay, oldest: 0);
        Assert.Equal(["presence_d19675", "presence_d19676", "presence_rest"], await TablesAsync());
        await SaveAsync(storage, changes, FirstDay + 1, oldest: 0);
        await SaveAsync(storage, changes, FirstDay + 8, oldest: FirstDay + 1);
        Assert.Equal(["presence_d19676", "presence_d19677", "presence_d19683", "presence_d19684", "presence_rest"], await TablesAsync());
        Assert.Equal(0, await NumberAsync("SELECT count(*) FROM presence_rest"));
        Assert.Equal(4, (await PresenceStoreTests.ReadAsync(storage.Presence, new(0, uint.MaxValue), 0)).Count);
        Assert.Empty(_complaints);
    }

    [PostgresFact]
    public async Task An_account_that_may_make_no_tables_loses_nothing_and_its_operator_is_told()
    {
        _ = await PostgresSchema.ApplyAsync(_administrator, TestStore.Partitions);
        string role = await NewRoleAsync();
        await AdministerAsync($"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}");
        // One was made for it.
        await AdministerAsync($"CREATE TABLE presence_d{FirstDay} PARTITION OF presence FOR VALUES FROM ({FirstDay * Day}) TO ({(FirstDay + 1) * Day})");
        await using PostgresStorage storage = await PostgresStorage.OpenAsync(Of(role), _clock, _complaints.Enqueue);
        PartitionChanges changes = Sample.Changes(0, (await storage.Devices.LoadAsync(0)).Epoch);
        long apart = 0;
        using MeterListener listener = new();
        listener.InstrumentPublished = static (instrument, listening) =>
        {
            if (instrument.Name == "kismet.presence.apart")
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, blocks, _, _) => Interlocked.Add(ref apart, blocks));
        listener.Start();

        await SaveAsync(storage, changes, FirstDay, oldest: 0);
        await SaveAsync(storage, changes, FirstDay + 1, oldest: 0);
        await SaveAsync(storage, changes, FirstDay + 2, oldest: 0);
        Assert.Equal(4, await NumberAsync("SELECT count(*) FROM presence_rest"));
        Assert.Equal(4, Interlocked.Read(ref apart));
        Assert.Equal(6, (await PresenceStoreTests.ReadAsync(storage.Presence, new(0, uint.MaxValue), 0)).Count);
        string complaint = Assert.Single(_complaints);
        Assert.Contains("right to create tables", complaint, StringComparison.Ordinal);

        // What is too old goes all the same.
        _clock.Seconds += 60;
        await SaveAsync(storage, changes, FirstDay + 2, oldest: FirstDay + 2);
        Assert.Equal(4, await NumberAsync("SELECT count(*) FROM presence"));
        Assert.Single(_complaints);

        // With the rights, a day that begins has its table.
        await AdministerAsync($"GRANT CREATE ON SCHEMA public TO {role}");
        await AdministerAsync($"DROP TABLE presence_d{FirstDay}");
        await AdministerAsync($"ALTER TABLE presence OWNER TO {role}");
        await SaveAsync(storage, changes, FirstDay + 3, oldest: FirstDay + 2);
        Assert.Equal(["presence_rest"], await TablesAsync());
        _clock.Seconds += 60;
        await SaveAsync(storage, changes, FirstDay + 4, oldest: FirstDay + 2);
        Assert.Equal(["presence_d19679", "presence_d19680", "presence_rest"], await TablesAsync());
        Assert.Equal(2, _complaints.Count);
        Assert.Contains("again", _complaints.Last(), StringComparison.Ordinal);
        Assert.Equal(8, (await PresenceStoreTests.ReadAsync(storage.Presence, new(0, uint.MaxValue), 0)).Count);
    }

    public void Dispose()
    {
        foreach (string undo in _undo)
        {
            UndoAsync(undo).GetAwaiter().GetResult();
        }
    }

    // What goes through all that a role owns may meet a table that is just gone: "could not open relation", once in some hundred runs.
    private async Task UndoAsync(string sql)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                await AdministerAsync(sql);
                return;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InternalError && attempt < 5)
            {
            }
        }
    }

    private int _made;

    // Two blocks of a day.
    private async Task SaveAsync(PostgresStorage storage, PartitionChanges changes, long day, long oldest)
    {
        changes.Presence = PresenceStoreTests.Changes(0, 2, pending: 0, (day * Day) + (_made += 2)) with { Oldest = oldest * Day };
        await storage.Devices.SaveAsync(changes);
    }

    // As docs/operations.md has it made: a login, and nothing else.
    private async Task<string> NewRoleAsync()
    {
        string role = $"ko_role_{Environment.ProcessId}_{Interlocked.Increment(ref s_roles)}";
        await AdministerAsync($"CREATE ROLE {role} LOGIN");
        // Roles are the server's, not the database's.
        _undo.AddRange([$"REASSIGN OWNED BY {role} TO CURRENT_USER", $"DROP OWNED BY {role}", $"DROP ROLE {role}"]);
        return role;
    }

    private string Of(string role) => new NpgsqlConnectionStringBuilder(_administrator) { Options = $"-c role={role}" }.ConnectionString;

    private Task AdministerAsync(string sql) => PostgresStorageTests.ExecuteAsync(_administrator, sql);

    private async Task<long> NumberAsync(string sql)
    {
        await using NpgsqlConnection connection = new(_administrator);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task<List<string>> TablesAsync()
    {
        List<string> tables = [];
        await using NpgsqlConnection connection = new(_administrator);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'presence'::regclass ORDER BY 1", connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            tables.Add(row.GetString(0));
        }
        return tables;
    }

    private sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; } = Sample.Now;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(Seconds);
    }
}
