using System.Globalization;
using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Auth;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Engine.Presence;
using KismetOrleans.Packets.Files;

namespace KismetOrleans.Storage.Sqlite;

/// <summary>The state of one server in one SQLite file (and its companions <c>-wal</c>, <c>-shm</c>, <c>.lock</c> and <c>.secret</c>), for its owner's eyes alone.</summary>
public sealed class SqliteStorage : IAsyncDisposable
{
    // A commit is on disk when it stands in the log: a crash of the server loses nothing, one of the machine perhaps the last commits.
    // SqliteCheckpoints copies the log into the file.
    private const string Settings =
        "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; "
        + "PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY";

    private readonly FileStream _lock;
    private readonly SqliteWriter _writer;

    private SqliteStorage(string path, FileStream exclusive, SqliteDatabase database, int partitions, byte[] secret, TimeProvider clock, Action<string> complain)
    {
        _lock = exclusive;
        Path = path;
        Partitions = int.Parse(
            SqliteSourceStore.Fact(database, "partitions", partitions.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
        _writer = new(database, path, complain);
        Devices = new SqliteDeviceStore(_writer, path, Partitions, clock);
        Journal = new SqliteJournal(_writer, path, clock);
        Sources = new SqliteSourceStore(_writer);
        State = new SqliteStateStore(_writer);
        Auth = new SqliteAuthStore(_writer, secret);
        Alerts = new SqliteAlertStore(_writer);
        Presence = new SqlitePresenceStore(path);
    }

    public string Path { get; }

    /// <summary>Partitions that the file was made for; it stays with them, however many cores the machine has now.</summary>
    public int Partitions { get; }

    public IDeviceStore Devices { get; }

    /// <summary>Posts that are not in all partitions yet.</summary>
    public IJournal Journal { get; }

    public ISourceStore Sources { get; }

    /// <summary>Small states of the server as a whole.</summary>
    public IStateStore State { get; }

    public IAuthStore Auth { get; }
    public IAlertStore Alerts { get; }
    public IPresenceStore Presence { get; }

    /// <summary>Why nothing can be written at the moment, as a full disk; null when all is well.</summary>
    public string? Trouble => _writer.Trouble;

    /// <summary>Opens a file, which is made where there is none, and brings it to this server's schema.</summary>
    /// <param name="partitions">Partitions of a new file.</param>
    /// <param name="clock">The server's clock; null for the machine's.</param>
    /// <param name="complain">Hears when the file cannot be written, and when it can be again; and of what others could read.</param>
    /// <exception cref="StorageException">Another server has it, a newer one made it, or it is no such file.</exception>
    public static SqliteStorage Open(string path, int partitions, TimeProvider? clock = null, Action<string>? complain = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        path = System.IO.Path.GetFullPath(path);
        FileStream? exclusive = null;
        SqliteDatabase? database = null;
        SqliteStorage? storage = null;
        try
        {
            complain ??= static _ => { };
            OwnerOnly.CreateFolder(System.IO.Path.GetDirectoryName(path)!);
            exclusive = Lock(path);
            Tighten(path, complain);
            // SQLite gives its companions the mode of the file.
            OwnerOnly.Open(path, FileMode.OpenOrCreate, FileShare.ReadWrite).Dispose();
            database = new(path, readOnly: false);
            database.Execute(Settings);
            SqliteSchema.Apply(database, path);
            return storage = new(path, exclusive, database, partitions, SessionSecret.Keep(path + SessionSecret.Extension), clock ?? TimeProvider.System, complain);
        }
        catch (Exception e) when (e is SqliteFault or IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"The database {path} cannot be opened. {e.Message}. Another file can be given with --Storage:Sqlite.", e);
        }
        finally
        {
            if (storage is null)
            {
                database?.Dispose();
                exclusive?.Dispose();
            }
        }
    }

    /// <summary>Writes what waits, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.Run(_writer.Dispose);
        await _lock.DisposeAsync();
    }

    private static void Tighten(string path, Action<string> complain)
    {
        string name = System.IO.Path.GetFileName(path);
        bool IsOurs(string file) => file.StartsWith(name, StringComparison.Ordinal) || LogDrivers.Find(System.IO.Path.GetExtension(file).TrimStart('.')) is not null;
        if (OwnerOnly.TightenFolder(System.IO.Path.GetDirectoryName(path)!, IsOurs) is { } folder)
        {
            complain(folder);
        }
        foreach (string ending in (string[])["", "-wal", "-shm", ".lock", SessionSecret.Extension])
        {
            if (OwnerOnly.Tighten(path + ending) is { } warning)
            {
                complain(warning);
            }
        }
    }

    // SQLite's own locks let other processes in between transactions; two servers would not notice each other until their states are mixed.
    private static FileStream Lock(string path)
    {
        try
        {
            return OwnerOnly.Open(path + ".lock", FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException e) when (File.Exists(path + ".lock"))
        {
            throw new StorageException(
                $"Another server uses the database {path}. Stop it, or give this one a file of its own with --Storage:Sqlite=FILE.", e);
        }
    }
}
