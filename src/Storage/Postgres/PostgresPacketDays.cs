using System.Globalization;
using Npgsql;

namespace KismetOrleans.Storage.Postgres;

/// <summary>The partitions of packets, one a day of receipt (UTC): made ahead, and dropped as a whole when they are too old.</summary>
internal static class PostgresPacketDays
{
    // Any number will do, if nobody else takes it for a lock of his own.
    private const long LockNumber = 0x4B4F0004;
    private const string Prefix = "packets_";
    private const string NameFormat = "yyyyMMdd";
    private const string DateFormat = "yyyy-MM-dd";

    /// <summary>Makes the partitions of today and tomorrow, and drops those whose newest packet is older than is kept. Doing it twice changes nothing.</summary>
    /// <returns>Partitions that were dropped.</returns>
    public static async Task<int> TendAsync(NpgsqlConnection connection, DateTimeOffset now, TimeSpan keep, CancellationToken cancellation)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        // All silos do this, perhaps at once.
        await PostgresSchema.RunAsync(connection, $"SELECT pg_advisory_xact_lock({LockNumber})", cancellation);
        List<string> days = (await PostgresSchema.PartitionsAsync(connection, "packets", cancellation)).FindAll(static day => day.StartsWith(Prefix, StringComparison.Ordinal));
        DateTime today = now.UtcDateTime.Date;
        foreach (DateTime day in (DateTime[])[today, today.AddDays(1)])
        {
            if (!days.Contains(NameOf(day)))
            {
                await PostgresSchema.RunAsync(
                    connection, $"CREATE TABLE {NameOf(day)} PARTITION OF packets FOR VALUES FROM ('{Date(day)} 00:00+00') TO ('{Date(day.AddDays(1))} 00:00+00')", cancellation);
            }
        }
        int dropped = 0;
        foreach (string day in days)
        {
            if (DateTime.TryParseExact(day[Prefix.Length..], NameFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime date)
                && date.AddDays(1) + keep <= now.UtcDateTime)
            {
                await PostgresSchema.RunAsync(connection, $"DROP TABLE {NameOf(date)}", cancellation);
                dropped++;
            }
        }
        await transaction.CommitAsync(cancellation);
        return dropped;
    }

    private static string NameOf(DateTime day) => Prefix + day.ToString(NameFormat, CultureInfo.InvariantCulture);

    private static string Date(DateTime day) => day.ToString(DateFormat, CultureInfo.InvariantCulture);
}
