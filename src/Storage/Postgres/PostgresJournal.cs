using System.Runtime.CompilerServices;
using KismetOrleans.Engine.Persistence;
using Npgsql;
using NpgsqlTypes;

namespace KismetOrleans.Storage.Postgres;

/// <summary>The journal in PostgreSQL.</summary>
internal sealed class PostgresJournal : IJournal, IAsyncDisposable
{
    // A page is in memory as a whole; an entry is up to 10 MB.
    private const int MaxPageBytes = 4 * 1024 * 1024;
    private const int MaxPageEntries = 100;
    private readonly PostgresConnections _connections;
    private readonly PostgresWriter<Append> _writer;

    public PostgresJournal(PostgresConnections connections)
    {
        _connections = connections;
        _writer = new(connections, CommitAsync);
    }

    public async ValueTask AppendAsync(ulong feed, ulong sequence, ReadOnlyMemory<byte> entry, IReadOnlyList<KeyValuePair<ushort, int>>? counts = null, CancellationToken cancellation = default) =>
        await _writer.DoAsync(new(feed, sequence, entry, counts ?? [], cancellation));

    public async IAsyncEnumerable<JournalEntry> ReadAsync(
        ulong? feed, ulong after, TimeSpan olderThan, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        // By the database's clock, which is the one that stamped them.
        DateTime before = await _connections.RunAsync(
            async (connection, stop) =>
            {
                await using NpgsqlCommand now = new("SELECT now() - $1", connection) { Parameters = { new() { Value = olderThan } } };
                return (DateTime)(await now.ExecuteScalarAsync(stop))!;
            },
            cancellation);
        (long Feed, long Sequence)? at = feed is null ? null : ((long)feed, (long)after);
        List<JournalEntry> page;
        do
        {
            page = await _connections.RunAsync((connection, stop) => ReadPageAsync(connection, feed, at, (long)after, before, stop), cancellation);
            foreach (JournalEntry entry in page)
            {
                cancellation.ThrowIfCancellationRequested();
                yield return entry;
                at = ((long)entry.Feed, (long)entry.Sequence);
            }
        }
        while (page.Count > 0);
    }

    public async ValueTask DeleteAsync(ulong feed, ulong upTo, CancellationToken cancellation = default) => await _connections.RunAsync(
        async (connection, stop) =>
        {
            await using NpgsqlCommand delete = new("DELETE FROM journal WHERE feed = $1 AND sequence <= $2", connection)
            {
                Parameters = { new() { Value = (long)feed }, new() { Value = (long)upTo } },
            };
            return await delete.ExecuteNonQueryAsync(stop);
        },
        cancellation);

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private static async Task CommitAsync(NpgsqlConnection connection, List<Append> group, int attempt)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        HashSet<(long Feed, long Sequence)> counted = [];
        if (attempt > 0)
        {
            // They may stand there, and be counted: the answer to a commit can be lost.
            await using NpgsqlCommand delete = new(
                "DELETE FROM journal USING unnest($1::bigint[], $2::bigint[]) AS own (feed, sequence) "
                + "WHERE journal.feed = own.feed AND journal.sequence = own.sequence RETURNING journal.feed, journal.sequence",
                connection)
            {
                Parameters =
                {
                    new() { Value = group.ConvertAll(static entry => entry.Feed).ToArray() },
                    new() { Value = group.ConvertAll(static entry => entry.Sequence).ToArray() },
                },
            };
            await using NpgsqlDataReader stood = await delete.ExecuteReaderAsync();
            while (await stood.ReadAsync())
            {
                _ = counted.Add((stood.GetInt64(0), stood.GetInt64(1)));
            }
        }
        await using (NpgsqlBinaryImporter copy = await connection.BeginBinaryImportAsync("COPY journal (feed, sequence, octets) FROM STDIN (FORMAT BINARY)"))
        {
            foreach (Append entry in group)
            {
                copy.StartRow();
                copy.Write(entry.Feed, NpgsqlDbType.Bigint);
                copy.Write(entry.Sequence, NpgsqlDbType.Bigint);
                copy.Write(entry.Bytes, NpgsqlDbType.Bytea);
            }
            await copy.CompleteAsync();
        }
        Dictionary<int, long> counts = [];
        foreach (Append entry in group)
        {
            if (!counted.Contains((entry.Feed, entry.Sequence)))
            {
                foreach ((ushort source, int reports) in entry.Counts)
                {
                    counts[source] = counts.GetValueOrDefault(source) + reports;
                }
            }
        }
        await PostgresSourceStore.CountAsync(connection, counts);
        await transaction.CommitAsync();
    }

    private static async Task<List<JournalEntry>> ReadPageAsync(
        NpgsqlConnection connection, ulong? feed, (long Feed, long Sequence)? at, long after, DateTime before, CancellationToken cancellation)
    {
        await using NpgsqlCommand select = new(
            "SELECT feed, sequence, octets FROM journal WHERE sequence > $1 AND at <= $2"
            + (feed is not null ? " AND feed = $3 AND sequence > $4" : at is not null ? " AND (feed, sequence) > ($3, $4)" : "")
            + $" ORDER BY feed, sequence LIMIT {MaxPageEntries}",
            connection)
        {
            Parameters = { new() { Value = after }, new() { Value = before } },
        };
        if (at is { } from)
        {
            select.Parameters.Add(new() { Value = from.Feed });
            select.Parameters.Add(new() { Value = from.Sequence });
        }
        List<JournalEntry> page = [];
        int bytes = 0;
        await using NpgsqlDataReader row = await select.ExecuteReaderAsync(cancellation);
        while (bytes < MaxPageBytes && await row.ReadAsync(cancellation))
        {
            JournalEntry entry = new((ulong)row.GetInt64(0), (ulong)row.GetInt64(1), row.GetFieldValue<byte[]>(2));
            bytes += entry.Bytes.Length;
            page.Add(entry);
        }
        return page;
    }

    private sealed class Append(
        ulong feed, ulong sequence, ReadOnlyMemory<byte> bytes, IReadOnlyList<KeyValuePair<ushort, int>> counts, CancellationToken cancellation) : StoreJob(cancellation)
    {
        public IReadOnlyList<KeyValuePair<ushort, int>> Counts => counts;

        public long Feed => (long)feed;

        public long Sequence => (long)sequence;

        public ReadOnlyMemory<byte> Bytes => bytes;

        public override int Weight => bytes.Length;
    }
}
