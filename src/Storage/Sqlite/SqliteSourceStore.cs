using KismetOrleans.Engine.Persistence;

namespace KismetOrleans.Storage.Sqlite;

/// <summary>Datasources in SQLite.</summary>
internal sealed class SqliteSourceStore(SqliteWriter writer) : ISourceStore
{
    private const string Columns =
        "number, uuid, name, driver, interface, definition, hardware, packets, error_packets, saved_boot_id, saved_sequence, packets_by_phy, owner, used";

    public async ValueTask<Guid> ServerUuidAsync(CancellationToken cancellation = default) =>
        Guid.Parse(await writer.DoAsync(static database => Fact(database, "server_uuid", Guid.NewGuid().ToString()), cancellation));

    public async ValueTask<IReadOnlyList<SourceRow>> LoadAsync(CancellationToken cancellation = default) => await writer.DoAsync(
        static database =>
        {
            List<SourceRow> rows = [];
            SqliteStatement sources = database.Statement($"SELECT {Columns} FROM sources ORDER BY number");
            while (sources.Step())
            {
                rows.Add(Read(sources));
            }
            return rows;
        },
        cancellation);

    public async ValueTask<IReadOnlyList<SourceRow>> AddAsync(IReadOnlyList<SourceRow> rows, CancellationToken cancellation = default) => await writer.DoAsync(
        database =>
        {
            long newest = database.Statement("SELECT coalesce(max(number), 0) FROM sources").Single();
            List<SourceRow> added = new(rows.Count);
            foreach (SourceRow row in rows)
            {
                added.Add(Add(database, row, ref newest));
            }
            return added;
        },
        cancellation);

    public async ValueTask SaveAsync(IReadOnlyList<SourceRow> rows, CancellationToken cancellation = default) => await writer.DoAsync(
        database =>
        {
            foreach (SourceRow row in rows)
            {
                Update(database, row);
            }
            return rows.Count;
        },
        cancellation);

    public async ValueTask RemoveAsync(IReadOnlyList<ushort> numbers, CancellationToken cancellation = default) => await writer.DoAsync(
        database =>
        {
            foreach (ushort number in numbers)
            {
                database.Statement("DELETE FROM sources WHERE number = ?").Bind(number).Run();
            }
            return numbers.Count;
        },
        cancellation);

    /// <summary>A fact of the database; what is given becomes it at the first time.</summary>
    public static string Fact(SqliteDatabase database, string name, string first)
    {
        database.Statement("INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING").Bind(name).Bind(first).Run();
        SqliteStatement fact = database.Statement("SELECT value FROM facts WHERE name = ?").Bind(name);
        fact.Step();
        string value = fact.Text(0);
        fact.Ready();
        return value;
    }

    /// <summary>Adds reports to the counts of their sources.</summary>
    internal static void Count(SqliteDatabase database, IReadOnlyList<KeyValuePair<ushort, int>> counts)
    {
        foreach ((ushort number, int reports) in counts)
        {
            database.Statement("UPDATE sources SET packets = packets + ?, used = unixepoch() WHERE number = ?").Bind(reports).Bind(number).Run();
        }
    }

    private static ushort NumberFor(SqliteDatabase database, SourceRow row, ref long newest)
    {
        if (row.Number > 0 && database.Statement("SELECT count(*) FROM sources WHERE number = ?").Bind(row.Number).Single() == 0)
        {
            newest = Math.Max(newest, row.Number);
            return row.Number;
        }
        return newest < ushort.MaxValue ? (ushort)++newest
            : throw new SqliteRefusal(new StorageException($"There are as many datasources as there are numbers for them: {ushort.MaxValue}."));
    }

    private static SourceRow Add(SqliteDatabase database, SourceRow row, ref long newest)
    {
        SqliteStatement known = database.Statement($"SELECT {Columns} FROM sources WHERE uuid = ?").Bind(row.Uuid.ToString());
        if (known.Step())
        {
            SourceRow before = Read(known);
            known.Ready();
            SourceRow now = row with
            {
                Number = before.Number,
                Packets = before.Packets,
                ErrorPackets = before.ErrorPackets,
                Saved = before.Saved,
                PacketsByPhy = before.PacketsByPhy,
                Owner = row.Owner.Length > 0 ? row.Owner : before.Owner,
                Used = Math.Max(row.Used, before.Used),
            };
            Update(database, now);
            return now;
        }
        known.Ready();
        SourceRow added = row with { Number = NumberFor(database, row, ref newest) };
        database.Statement($"INSERT INTO sources ({Columns}) VALUES (?, ?, '', '', '', '', '', 0, 0, 0, 0, '', '', 0)")
            .Bind(added.Number).Bind(added.Uuid.ToString()).Run();
        Update(database, added);
        return added;
    }

    private static void Update(SqliteDatabase database, SourceRow row) => database.Statement(
        "UPDATE sources SET name = ?, driver = ?, interface = ?, definition = ?, hardware = ?, packets = coalesce(nullif(?, 0), packets), error_packets = ?, "
        + "saved_boot_id = ?, saved_sequence = ?, packets_by_phy = ?, owner = ?, used = ? WHERE number = ?")
        .Bind(row.Name).Bind(row.Driver).Bind(row.Interface).Bind(row.Definition).Bind(row.Hardware)
        .Bind((long)row.Packets).Bind((long)row.ErrorPackets).Bind((long)row.Saved.BootId).Bind((long)row.Saved.Sequence).Bind(row.PacketsByPhy)
        .Bind(row.Owner).Bind(row.Used).Bind(row.Number)
        .Run();

    private static SourceRow Read(SqliteStatement row) => new(
        (ushort)row.Int64(0), Guid.Parse(row.Text(1)), row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.Text(6),
        (ulong)row.Int64(7), (ulong)row.Int64(8), new((ulong)row.Int64(9), (ulong)row.Int64(10)), row.Text(11), row.Text(12), row.Int64(13));
}
