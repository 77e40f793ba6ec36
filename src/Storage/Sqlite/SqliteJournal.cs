using System.Runtime.CompilerServices;
using KismetOrleans.Engine.Persistence;

namespace KismetOrleans.Storage.Sqlite;

internal sealed class SqliteJournal(SqliteWriter writer, string path, TimeProvider clock) : IJournal
{
    // A page is in memory as a whole; an entry is up to 10 MB.
    private const int MaxPageBytes = 4 * 1024 * 1024;
    private const int MaxPageEntries = 1000;

    public async ValueTask AppendAsync(ulong feed, ulong sequence, ReadOnlyMemory<byte> entry, IReadOnlyList<KeyValuePair<ushort, int>>? counts = null, CancellationToken cancellation = default) =>
        await writer.DoAsync(new AppendJob(feed, sequence, clock.GetUtcNow().ToUnixTimeMilliseconds(), entry, counts ?? [], cancellation));

    public async IAsyncEnumerable<JournalEntry> ReadAsync(
        ulong? feed, ulong after, TimeSpan olderThan, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        long before = (clock.GetUtcNow() - olderThan).ToUnixTimeMilliseconds();
        (long Feed, long Sequence)? at = feed is null ? null : ((long)feed, (long)after);
        List<JournalEntry> page;
        do
        {
            page = await Task.Run(() => ReadPage(feed, at, (long)after, before), cancellation);
            foreach (JournalEntry entry in page)
            {
                cancellation.ThrowIfCancellationRequested();
                yield return entry;
                at = ((long)entry.Feed, (long)entry.Sequence);
            }
        }
        while (page.Count > 0);
    }

    public async ValueTask DeleteAsync(ulong feed, ulong upTo, CancellationToken cancellation = default) => await writer.DoAsync(
        database =>
        {
            database.Statement("DELETE FROM journal WHERE feed = ? AND sequence <= ?").Bind((long)feed).Bind((long)upTo).Run();
            return database.Changes;
        },
        cancellation);

    private List<JournalEntry> ReadPage(ulong? feed, (long Feed, long Sequence)? at, long after, long before)
    {
        using SqliteDatabase database = new(path, readOnly: true);
        SqliteStatement rows = database.Statement(
            "SELECT feed, sequence, octets FROM journal WHERE sequence > ? AND at <= ?"
            + (feed is not null ? " AND feed = ? AND sequence > ?" : at is not null ? " AND (feed, sequence) > (?, ?)" : "")
            + " ORDER BY feed, sequence");
        rows.Bind(after).Bind(before);
        if (at is { } from)
        {
            rows.Bind(from.Feed).Bind(from.Sequence);
        }
        List<JournalEntry> page = [];
        int bytes = 0;
        while (page.Count < MaxPageEntries && bytes < MaxPageBytes && rows.Step())
        {
            JournalEntry entry = new((ulong)rows.Int64(0), (ulong)rows.Int64(1), rows.Blob(2).ToArray());
            bytes += entry.Bytes.Length;
            page.Add(entry);
        }
        return page;
    }

    private sealed class AppendJob(
        ulong feed, ulong sequence, long at, ReadOnlyMemory<byte> entry, IReadOnlyList<KeyValuePair<ushort, int>> counts, CancellationToken cancellation)
        : SqliteJob(cancellation)
    {
        public override int Weight => entry.Length;

        public override bool IsUrgent => true;

        public override void Run(SqliteDatabase database)
        {
            database.Statement("INSERT INTO journal (feed, sequence, at, octets) VALUES (?, ?, ?, ?)")
                .Bind((long)feed).Bind((long)sequence).Bind(at).Bind(entry.Span).Run();
            SqliteSourceStore.Count(database, counts);
        }
    }
}
