using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace KismetOrleans.Storage.Tests.Postgres;

/// <summary>
/// A PostgreSQL server of the tests' own, in a temporary folder and on a socket there, without a network; or, where KISMETORLEANS_POSTGRES is
/// a connection string, databases of the tests' own on that server.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    private static readonly string? s_given = Environment.GetEnvironmentVariable("KISMETORLEANS_POSTGRES");
    private static readonly string? s_binaries = FindBinaries();
    private static readonly bool s_isRoot = Environment.UserName == "root";
    private readonly string? _folder;
    private int _databases;

    public PostgresServer()
    {
        if (s_given is not null || Missing is not null)
        {
            return;
        }
        _folder = Directory.CreateTempSubdirectory("ko-postgres-").FullName;
        if (s_isRoot)
        {
            // The server refuses to run as root.
            Run("chown", "postgres", _folder);
        }
        RunAsOwner($"{s_binaries}/initdb", "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync");
        Start();
    }

    /// <summary>Why there is no server; null where there is one.</summary>
    public static string? Missing => s_given is null && s_binaries is null
        ? "There is no PostgreSQL (Debian: postgresql), and KISMETORLEANS_POSTGRES does not name one."
        : null;

    /// <summary>Whether the server can be stopped and started.</summary>
    public bool IsOwn => _folder is not null;

    private string Data => Path.Combine(_folder!, "data");

    /// <summary>Makes an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public string NewDatabase()
    {
        NpgsqlConnectionStringBuilder settings = new(s_given ?? $"Host={_folder};Username=postgres;Database=postgres;Pooling=false");
        string name = $"ko_test_{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}";
        using NpgsqlConnection connection = new(settings.ConnectionString);
        connection.Open();
        using NpgsqlCommand create = new($"DROP DATABASE IF EXISTS {name}; ", connection);
        create.ExecuteNonQuery();
        create.CommandText = $"CREATE DATABASE {name}";
        create.ExecuteNonQuery();
        settings.Database = name;
        settings.Pooling = true;
        return settings.ConnectionString;
    }

    public void Start() => RunAsOwner(
        $"{s_binaries}/pg_ctl", "-D", Data, "-l", Path.Combine(_folder!, "log"), "-w", "-o", $"-c listen_addresses='' -k {_folder} -c max_connections=200", "start");

    /// <summary>Lets all of its processes stand still, as a machine that is paused does, until <see cref="Resume"/>.</summary>
    public void Suspend() => Signal("STOP");

    /// <summary>Lets them go on.</summary>
    public void Resume() => Signal("CONT");

    /// <summary>Kills all of its processes by signal 9.</summary>
    public void Kill()
    {
        Process[] all = [.. Processes().Select(Find).OfType<Process>()];
        foreach (Process process in all)
        {
            process.Kill();
        }
        foreach (Process process in all)
        {
            Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), $"process {process.Id} of PostgreSQL does not die");
            process.Dispose();
        }
    }

    public void Dispose()
    {
        if (_folder is not null)
        {
            NpgsqlConnection.ClearAllPools();
            RunAsOwner($"{s_binaries}/pg_ctl", "-D", Data, "-w", "-m", "immediate", "stop");
            Directory.Delete(_folder, recursive: true);
        }
    }

    // The first one first: it would clean up after the others.
    private string[] Processes()
    {
        string first = File.ReadLines(Path.Combine(Data, "postmaster.pid")).First();
        string[] children = File.ReadAllText($"/proc/{first}/task/{first}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [first, .. children];
    }

    private void Signal(string signal)
    {
        foreach (string process in Processes())
        {
            using Process? running = Find(process);
            if (running is not null)
            {
                Run("kill", $"-{signal}", process);
            }
        }
    }

    // Null for one that has ended by itself meanwhile.
    private static Process? Find(string id)
    {
        try
        {
            return Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static void RunAsOwner(params string[] command) => Run(s_isRoot ? ["runuser", "-u", "postgres", "--", .. command] : command);

    private static void Run(params string[] command)
    {
        // Not through pipes: the server would inherit them, and keep them open.
        ProcessStartInfo start = new(command[0], command[1..]) { WorkingDirectory = "/" };
        start.RedirectStandardInput = true;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), $"{command[0]} does not end");
        Assert.Equal(0, process.ExitCode);
    }

    private static string? FindBinaries()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }
        const string Debian = "/usr/lib/postgresql";
        IEnumerable<string> folders = Directory.Exists(Debian)
            ? Directory.GetDirectories(Debian).OrderByDescending(static folder => int.TryParse(Path.GetFileName(folder), out int version) ? version : 0)
                .Select(static folder => Path.Combine(folder, "bin"))
            : [];
        return folders.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')).FirstOrDefault(static folder => File.Exists(Path.Combine(folder, "initdb")));
    }
}

/// <summary>A test that is skipped, with a note, where there is no PostgreSQL.</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.Missing;
}

/// <summary>A test that stops and starts PostgreSQL.</summary>
public sealed class OwnPostgresFactAttribute : FactAttribute
{
    public OwnPostgresFactAttribute() => Skip = PostgresServer.Missing
        ?? (Environment.GetEnvironmentVariable("KISMETORLEANS_POSTGRES") is null ? null : "The PostgreSQL of KISMETORLEANS_POSTGRES is not to be stopped.");
}

/// <summary>Tests that share a server.</summary>
[CollectionDefinition(nameof(PostgresServer))]
public sealed class PostgresCollection : ICollectionFixture<PostgresServer>;
