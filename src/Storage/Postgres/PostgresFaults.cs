using System.Net.Sockets;
using Npgsql;

namespace KismetOrleans.Storage.Postgres;

/// <summary>Which of PostgreSQL's complaints pass.</summary>
internal static class PostgresFaults
{
    private const string ReadOnly = "25006";
    private const string LockNotAvailable = "55P03";

    /// <summary>Whether waiting may help: the server is away, starts, stops, is full, or two transactions were in each other's way.</summary>
    public static bool IsPassing(Exception e) => e switch
    {
        // PostgreSQL's manual, appendix A: connections, transaction rollback, resources, operator intervention, system errors.
        PostgresException p => p.SqlState[..2] is "08" or "40" or "53" or "57" or "58" || p.SqlState is ReadOnly or LockNotAvailable,
        NpgsqlException or SocketException or IOException or TimeoutException => true,
        _ => false,
    };
}
