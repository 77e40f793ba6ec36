using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Auth;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Engine.Presence;
using KismetOrleans.Storage.Postgres;
using KismetOrleans.Storage.Sqlite;
using KismetOrleans.Storage.Tests.Postgres;
using Npgsql;

namespace KismetOrleans.Storage.Tests;

/// <summary>An empty database of one kind or the other, which can be closed and opened again.</summary>
public abstract class TestStore : IAsyncDisposable
{
    public const int Partitions = 4;

    /// <summary>Kinds of databases that are here.</summary>
    public static TheoryData<string> Kinds => PostgresServer.Missing is null ? ["SQLite", "PostgreSQL"] : ["SQLite"];

    public abstract IDeviceStore Devices { get; }

    public abstract IJournal Journal { get; }

    public abstract ISourceStore Sources { get; }

    public abstract IAuthStore Auth { get; }

    public abstract IAlertStore Alerts { get; }

    public abstract IPresenceStore Presence { get; }

    public static async Task<TestStore> NewAsync(string kind, PostgresServer server)
    {
        TestStore store = kind == "SQLite" ? new InSqlite() : new InPostgres(server.NewDatabase());
        await store.OpenAsync();
        return store;
    }

    /// <summary>Does something beside the server.</summary>
    public abstract Task ExecuteAsync(string sql);

    /// <summary>A number that the database has.</summary>
    public abstract Task<long> NumberAsync(string sql);

    /// <summary>A server that ends, and another one that starts.</summary>
    public abstract Task ReopenAsync();

    public abstract ValueTask DisposeAsync();

    protected abstract Task OpenAsync();

    private sealed class InSqlite : TestStore
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("ko-sqlite-").FullName;
        private SqliteStorage? _storage;

        private string File => Path.Combine(_folder, "state.db");

        public override IDeviceStore Devices => _storage!.Devices;

        public override IJournal Journal => _storage!.Journal;

        public override ISourceStore Sources => _storage!.Sources;

        public override IAuthStore Auth => _storage!.Auth;

        public override IAlertStore Alerts => _storage!.Alerts;

        public override IPresenceStore Presence => _storage!.Presence;

        public override Task ExecuteAsync(string sql)
        {
            using SqliteDatabase database = new(File, readOnly: false);
            database.Statement(sql).Run();
            return Task.CompletedTask;
        }

        public override Task<long> NumberAsync(string sql)
        {
            using SqliteDatabase database = new(File, readOnly: true);
            SqliteStatement found = database.Statement(sql);
            return Task.FromResult(found.Step() ? found.Int64(0) : throw new InvalidOperationException("No row."));
        }

        public override async Task ReopenAsync()
        {
            await _storage!.DisposeAsync();
            await OpenAsync();
        }

        public override async ValueTask DisposeAsync()
        {
            await _storage!.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }

        protected override Task OpenAsync()
        {
            _storage = SqliteStorage.Open(File, Partitions);
            return Task.CompletedTask;
        }
    }

    private sealed class InPostgres(string connectionString) : TestStore
    {
        private PostgresStorage? _storage;

        public override IDeviceStore Devices => _storage!.Devices;

        public override IJournal Journal => _storage!.Journal;

        public override ISourceStore Sources => _storage!.Sources;

        public override IAuthStore Auth => _storage!.Auth;

        public override IAlertStore Alerts => _storage!.Alerts;

        public override IPresenceStore Presence => _storage!.Presence;

        public override Task ExecuteAsync(string sql) => PostgresStorageTests.ExecuteAsync(connectionString, sql);

        public override async Task<long> NumberAsync(string sql)
        {
            await using NpgsqlConnection connection = new(connectionString);
            await connection.OpenAsync();
            await using NpgsqlCommand command = new(sql, connection);
            return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
        }

        public override async Task ReopenAsync()
        {
            await _storage!.DisposeAsync();
            await OpenAsync();
        }

        public override ValueTask DisposeAsync() => _storage!.DisposeAsync();

        protected override async Task OpenAsync()
        {
            await PostgresSchema.ApplyAsync(connectionString, Partitions);
            _storage = await PostgresStorage.OpenAsync(connectionString);
        }
    }
}
