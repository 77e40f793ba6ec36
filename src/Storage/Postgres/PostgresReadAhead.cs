using Npgsql;

namespace KismetOrleans.Storage.Postgres;

/// <summary>
/// Has a connection ask the disk for many pages at once where it reads rows that lie all over a table: PostgreSQL asks for one after the other unless it is
/// told otherwise, and a thousand rows of one device are in as many pages.
/// </summary>
internal static class PostgresReadAhead
{
    // 64 pages; 0 is what a server has that cannot, or is told not to; one that has more keeps it.
    private const string Raise =
        "SELECT set_config('effective_io_concurrency', '64', false) WHERE current_setting('effective_io_concurrency')::integer BETWEEN 1 AND 63";

    /// <summary>Does so until the connection goes back to its pool.</summary>
    public static async Task ApplyAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using NpgsqlCommand raise = new(Raise, connection);
        _ = await raise.ExecuteNonQueryAsync(cancellation);
    }
}
