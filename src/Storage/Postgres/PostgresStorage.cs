using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Auth;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Engine.Presence;

namespace KismetOrleans.Storage.Postgres;

/// <summary>The state of a cluster in PostgreSQL. Every host has one of these; all share the database.</summary>
public sealed class PostgresStorage : IAsyncDisposable
{
    /// <summary>Partitions of a new database: enough for some dozens of silos.</summary>
    public const int DefaultPartitions = 256;

    /// <summary>Most partitions: with more, each batch of a sensor falls apart into single packets.</summary>
    public const int MaxPartitions = 4096;

    private readonly PostgresConnections _connections;
    private readonly PostgresDeviceStore _devices;
    private readonly PostgresJournal _journal;

    private PostgresStorage(PostgresConnections connections, int partitions, TimeProvider clock)
    {
        _connections = connections;
        Partitions = partitions;
        _devices = new(connections, partitions, clock);
        _journal = new(connections);
        Sources = new PostgresSourceStore(connections);
        Auth = new PostgresAuthStore(connections);
        Packets = new PostgresHistory(connections);
        Alerts = new PostgresAlertStore(connections);
        Presence = new PostgresPresenceStore(connections);
    }

    /// <summary>Partitions that the database is split into.</summary>
    public int Partitions { get; }

    /// <summary>Devices. Saves of several partitions share a transaction.</summary>
    public IDeviceStore Devices => _devices;

    /// <summary>Posts that are not in all partitions yet.</summary>
    public IJournal Journal => _journal;

    public ISourceStore Sources { get; }
    public IAuthStore Auth { get; }
    public IPacketHistory Packets { get; }
    public IAlertStore Alerts { get; }
    public IPresenceStore Presence { get; }

    internal PostgresConnections Connections => _connections;

    /// <summary>Which database it is, in words, without secrets.</summary>
    public string Name => _connections.Name;

    /// <summary>Why the database does not answer at the moment; null while it does.</summary>
    public string? Trouble => _connections.Trouble;

    /// <summary>Connects, and makes sure of the schema. Waits while the database is away: it may start at the same time.</summary>
    /// <param name="connectionString">Connection string of PostgreSQL.</param>
    /// <param name="clock">The server's clock; null for the machine's.</param>
    /// <param name="complain">Hears when the database does not answer, and when it answers again.</param>
    /// <exception cref="StorageException">The connection string or the schema is not right; the message says what to do.</exception>
    public static async Task<PostgresStorage> OpenAsync(
        string connectionString, TimeProvider? clock = null, Action<string>? complain = null, CancellationToken cancellation = default)
    {
        PostgresConnections connections = new(connectionString, complain ?? (static _ => { }));
        try
        {
            int partitions = await connections.RunAsync(
                async (connection, stop) =>
                {
                    await PostgresSchema.CheckAsync(connection, connections.Name, stop);
                    return await PostgresRepartition.CountAsync(connection, stop)
                        ?? throw new StorageException($"The database {connections.Name} does not say how many partitions it has. Run: {PostgresSchema.Command}");
                },
                cancellation);
            return new(connections, partitions, clock ?? TimeProvider.System);
        }
        catch (Exception e)
        {
            await connections.DisposeAsync();
            if (e is Npgsql.PostgresException refused)
            {
                throw new StorageException($"The database {connections.Name} refuses this server: {refused.MessageText}", e);
            }
            throw;
        }
    }

    /// <summary>Writes what waits, if the database is there, and disconnects.</summary>
    public async ValueTask DisposeAsync()
    {
        _connections.Close();
        await _devices.DisposeAsync();
        await _journal.DisposeAsync();
        await _connections.DisposeAsync();
    }
}
