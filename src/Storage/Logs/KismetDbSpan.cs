using System.Collections.Immutable;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Storage.Sqlite;
using KismetOrleans.Wire;

namespace KismetOrleans.Storage.Logs;

/// <summary>A run of rows of a kismetdb, as it was when it was asked: complete ones, and what is newer than those.</summary>
/// <param name="Run">The run of its index; null for the newest rows.</param>
/// <param name="OldestUs">Time of its oldest packet.</param>
/// <param name="NewestUs">Time of its newest packet.</param>
internal sealed record KismetDbSpan(KismetDbFile File, AddressRuns.Run? Run, long First, long Last, long OldestUs, long NewestUs)
{
    // After so many it looks whether its caller still waits.
    private const int RowsAtOnce = 4096;

    /// <summary>Of the newest rows, those that have all addresses that are asked for; null where none is.</summary>
    public long[]? NewestRows { get; init; }

    public ulong[]? NewestSeconds { get; init; }

    /// <summary>What a file has now, oldest rows first. For the thread that writes it.</summary>
    public static IEnumerable<KismetDbSpan> Of(KismetDbFile file, PacketQuery query)
    {
        KismetDbRows rows = KismetDbRows.Of(file, query);
        ImmutableArray<AddressRuns.Run> runs = rows.Runs;
        List<KismetDbSpan> spans = [.. runs.Select(run => new KismetDbSpan(file, run, run.First, Math.Min(run.Last, rows.Last), run.OldestUs, run.NewestUs))];
        if (file.Index.Next <= rows.Last)
        {
            (long oldest, long newest) = file.Index.NewestTimes;
            spans.Add(new(file, null, file.Index.Next, rows.Last, oldest, newest) { NewestRows = rows.Newest, NewestSeconds = file.Index.NewestSeconds() });
        }
        return spans;
    }

    /// <summary>Whether it can have packets of a time.</summary>
    public bool Meets(PacketQuery query) => OldestUs <= query.ToUs && NewestUs >= query.FromUs;

    public bool IsInside(PacketQuery query) => OldestUs >= query.FromUs && NewestUs <= query.ToUs;

    /// <summary>Packets by second, each second once, in order, its packets in the lower half; null where that is not known.</summary>
    public ulong[]? Seconds() => Run is null ? NewestSeconds : File.Index.SecondsOf(Run);

    /// <summary>Reads the rows that meet a query.</summary>
    /// <param name="take">Takes each, in order.</param>
    public void Read(SqliteDatabase database, string columns, PacketQuery query, Action<SqliteStatement> take, CancellationToken cancellation)
    {
        string where = SqliteConditions.Where(query);
        if (Find([.. query.Addresses]) is { } rows)
        {
            // One look at the file's locks for all rows, not one for each.
            database.Execute("BEGIN");
            string one = $"SELECT {columns} FROM packets WHERE rowid = ?{where}";
            for (int i = 0; i < rows.Count; i++)
            {
                Look(i, cancellation);
                SqliteStatement row = SqliteConditions.Bind(database.Statement(one).Bind(rows[i]), query);
                if (row.Step())
                {
                    take(row);
                }
                _ = row.Ready();
            }
            database.Execute("COMMIT");
            return;
        }
        SqliteStatement scan = SqliteConditions.Bind(
            database.Statement($"SELECT {columns} FROM packets WHERE rowid BETWEEN ? AND ?{where}").Bind(First).Bind(Last), query);
        for (int i = 0; scan.Step(); i++)
        {
            Look(i, cancellation);
            take(scan);
        }
        _ = scan.Ready();
    }

    private static void Look(int row, CancellationToken cancellation)
    {
        if (row % RowsAtOnce == 0)
        {
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private IReadOnlyList<long>? Find(MacAddress[] addresses)
    {
        if (Run is null)
        {
            return NewestRows;
        }
        List<long> rows = [];
        if (addresses.Length == 0 || !File.Index.Find(Run, addresses[0], rows))
        {
            return null;
        }
        List<long> others = [];
        foreach (MacAddress address in addresses.AsSpan(1))
        {
            _ = File.Index.Find(Run, address, others);
            _ = rows.RemoveAll(row => others.BinarySearch(row) < 0);
        }
        return rows;
    }
}
