using Npgsql;

namespace KismetOrleans.Storage.Postgres;

/// <summary>Connection strings of PostgreSQL, with our defaults where they say nothing.</summary>
public static class PostgresSettings
{
    private const int ConnectSeconds = 5;
    private const int KeepAliveSeconds = 10;
    private const int KeepAliveEverySeconds = 3;
    private const int PreparedStatements = 30;

    // PostgreSQL serves 100 connections unless told otherwise, a cluster has several processes with a few pools each, and Npgsql would take 100 for each.
    private const int Connections = 16;

    /// <summary>Reads one.</summary>
    /// <exception cref="StorageException">It is none.</exception>
    public static NpgsqlConnectionStringBuilder Read(string connectionString)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new StorageException($"Storage:Postgres is no connection string of PostgreSQL. {e.Message}", e);
        }
        settings.ApplicationName ??= "KismetOrleans";
        // ContainsKey says of every key that exists that it is there; what was given is what would be written again.
        settings.Timeout = settings.ShouldSerialize("Timeout") ? settings.Timeout : ConnectSeconds;
        // The kernel's: for its own, Npgsql has a thread of the pool wait for each connection that is idle, so that a database that hangs would take all threads.
        // A socket in a folder has none.
        if (!Path.IsPathRooted(settings.Host))
        {
            settings.TcpKeepAlive = !settings.ShouldSerialize("TCP Keepalive") || settings.TcpKeepAlive;
            settings.TcpKeepAliveTime = settings.ShouldSerialize("TCP Keepalive Time") ? settings.TcpKeepAliveTime : KeepAliveSeconds;
            settings.TcpKeepAliveInterval = settings.ShouldSerialize("TCP Keepalive Interval") ? settings.TcpKeepAliveInterval : KeepAliveEverySeconds;
        }
        settings.MaxAutoPrepare = settings.ShouldSerialize("Max Auto Prepare") ? settings.MaxAutoPrepare : PreparedStatements;
        settings.MaxPoolSize = settings.ShouldSerialize("Maximum Pool Size") ? settings.MaxPoolSize : Connections;
        return settings;
    }
}
