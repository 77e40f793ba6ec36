using System.Globalization;
using KismetOrleans.Engine.Operations;
using Npgsql;

namespace KismetOrleans.Storage.Postgres;

/// <summary>
/// The partitions of the table of presence, one a day (UTC) of when its blocks were made: made a day ahead, and dropped as a whole when they are too old. Where that is not possible, as for an account without
/// the right to create tables, blocks are in the partition of the rest, and too old ones are deleted: nothing is lost, it only costs more.
/// </summary>
internal sealed class PostgresPresenceDays(TimeProvider clock, Action<string> complain)
{
    // Any number will do, if nobody else takes it for a lock of his own.
    private const long LockNumber = 0x4B4F0005;
    private const string Prefix = "presence_d";
    private const long DayMicros = 86_400_000_000;

    // Who reads holds the table, and who saves waits for this: better tomorrow's is made a minute later.
    private const string Begin = "SET LOCAL lock_timeout = '1s'; ";
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);
    private readonly HashSet<long> _made = [];
    private long _dropped = -1;
    private DateTimeOffset _again;
    private string? _trouble;

    /// <summary>Makes the partitions of numbers that are about to be written, and drops those with nothing but numbers that are less than the oldest. Looks only when a day is another than before.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <param name="oldest">Numbers that are less are kept no longer.</param>
    public async Task TendAsync(NpgsqlConnection connection, IReadOnlyList<long> numbers, long oldest)
    {
        long[] days = [.. numbers.Select(static number => number / DayMicros).Distinct()];
        // What is there today was made yesterday, so that nobody waits for it.
        long[] missing = [.. days.Concat(days.Select(static day => day + 1)).Distinct().Where(day => !_made.Contains(day))];
        long first = oldest / DayMicros;
        if (missing.Length == 0 && first <= _dropped)
        {
            return;
        }
        DateTimeOffset now = clock.GetUtcNow();
        if (now >= _again)
        {
            string? trouble = null;
            foreach (long day in missing)
            {
                trouble = await TryAsync(connection, () => MakeAsync(connection, day * DayMicros, default)) is { } why ? why : Made(day, trouble);
            }
            trouble = first <= _dropped ? trouble : await TryAsync(connection, () => DropAsync(connection, first)) ?? trouble;
            await DeleteAsync(connection, first);
            _dropped = trouble is null ? first : _dropped;
            _again = trouble is null ? default : now + s_pause;
            Report(trouble);
            _ = _made.RemoveWhere(day => day < first);
        }
        Meters.PresenceApart.Add(numbers.Count(number => !_made.Contains(number / DayMicros)));
    }

    /// <summary>Makes the partition of a number, where there is none.</summary>
    public static async Task MakeAsync(NpgsqlConnection connection, long number, CancellationToken cancellation)
    {
        long day = number / DayMicros;
        if (!(await DaysAsync(connection, cancellation)).Contains(day))
        {
            await PostgresSchema.RunAsync(
                connection, string.Create(CultureInfo.InvariantCulture, $"CREATE TABLE {Prefix}{day} PARTITION OF presence FOR VALUES FROM ({day * DayMicros}) TO ({(day + 1) * DayMicros})"), cancellation);
        }
    }

    private string? Made(long day, string? trouble)
    {
        _ = _made.Add(day);
        return trouble;
    }

    private static async Task DropAsync(NpgsqlConnection connection, long first)
    {
        foreach (long old in (await DaysAsync(connection, default)).FindAll(old => old < first))
        {
            await PostgresSchema.RunAsync(connection, string.Create(CultureInfo.InvariantCulture, $"DROP TABLE {Prefix}{old}"), default);
        }
    }

    // Of the rest, and of days that could not be dropped.
    private static Task DeleteAsync(NpgsqlConnection connection, long first) =>
        PostgresSchema.RunAsync(connection, string.Create(CultureInfo.InvariantCulture, $"DELETE FROM presence WHERE number < {first * DayMicros}"), default);

    // Null, or why it was refused. All silos do this, perhaps at once.
    private static async Task<string?> TryAsync(NpgsqlConnection connection, Func<Task> change)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        try
        {
            await PostgresSchema.RunAsync(connection, string.Create(CultureInfo.InvariantCulture, $"{Begin}SELECT pg_advisory_xact_lock({LockNumber})"), default);
            await change();
            await transaction.CommitAsync();
            return null;
        }
        catch (PostgresException e) when (!PostgresFaults.IsPassing(e) || e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            await transaction.RollbackAsync();
            return e.MessageText;
        }
    }

    private void Report(string? trouble)
    {
        if (trouble is not null && _trouble is null)
        {
            complain(
                $"The table of a day of presence cannot be made or dropped: {trouble}. What was seen is kept in presence_rest meanwhile, and what is too old is deleted row by row. "
                + "The account of the silos needs the right to create tables, and to own 'presence'.");
        }
        else if (trouble is null && _trouble is not null)
        {
            complain("The tables of days of presence are made and dropped again.");
        }
        _trouble = trouble;
    }

    private static async Task<List<long>> DaysAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        List<long> days = [];
        foreach (string name in await PostgresSchema.PartitionsAsync(connection, "presence", cancellation))
        {
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && long.TryParse(name[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out long day))
            {
                days.Add(day);
            }
        }
        return days;
    }
}
