using System.Runtime.CompilerServices;
using KismetOrleans.Engine.Presence;

namespace KismetOrleans.Storage.Sqlite;

/// <summary>Reads who was where; it is written with the devices (<see cref="SqliteDeviceStore"/>).</summary>
internal sealed class SqlitePresenceStore(string path) : IPresenceStore
{
    // Half a megabyte: worth another thread, and little to hold.
    private const int BlocksAtOnce = 256;

    public async IAsyncEnumerable<StoredPresence> ReadAsync(PresenceQuery query, int? partition, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using SqliteDatabase database = new(path, readOnly: true);
        // Those with an earlier number have nothing that was captured later.
        SqliteStatement rows = database.Statement(
            "SELECT partition, number, entries FROM presence WHERE partition BETWEEN ? AND ? AND number >= ? AND first <= ? AND last >= ?")
            .Bind(partition ?? 0).Bind(partition ?? int.MaxValue).Bind(PresenceNumbers.Earliest(query)).Bind(query.Last).Bind(query.First);
        List<StoredPresence> some = [];
        do
        {
            some.Clear();
            await Task.Run(
                () =>
                {
                    while (some.Count < BlocksAtOnce && rows.Step())
                    {
                        some.Add(new((int)rows.Int64(0), rows.Int64(1), rows.Blob(2).ToArray()));
                    }
                },
                cancellation);
            foreach (StoredPresence block in some)
            {
                yield return block;
            }
        }
        while (some.Count == BlocksAtOnce);
    }

    /// <summary>Writes what is new of a partition, in the transaction of its devices.</summary>
    public static void Save(SqliteDatabase database, int partition, PresenceChanges changes)
    {
        foreach ((long number, PresenceBlock block) in changes.Full)
        {
            database.Statement("INSERT INTO presence (partition, number, first, last, entries) VALUES (?, ?, ?, ?, ?)")
                .Bind(partition).Bind(number).Bind(block.First).Bind(block.Last).Bind(block.Bytes).Run();
        }
        database.Statement(
            "INSERT INTO presence_pending (partition, number, first, last, entries) VALUES (?, ?, ?, ?, ?) ON CONFLICT (partition) DO UPDATE "
            + "SET number = excluded.number, first = excluded.first, last = excluded.last, entries = excluded.entries")
            .Bind(partition).Bind(changes.Last).Bind(changes.Pending?.First ?? 0).Bind(changes.Pending?.Last ?? 0).Bind(changes.Pending?.Bytes ?? []).Run();
        database.Statement("DELETE FROM presence WHERE partition = ? AND number < ?").Bind(partition).Bind(changes.Oldest).Run();
    }

    public static PresenceImage Load(SqliteDatabase database, int partition)
    {
        SqliteStatement row = database.Statement("SELECT number, entries FROM presence_pending WHERE partition = ?").Bind(partition);
        PresenceImage image = row.Step() ? new(row.Int64(0), row.Blob(1).ToArray()) : default;
        row.Ready();
        return image;
    }
}
