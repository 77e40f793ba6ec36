using System.Buffers.Text;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Records.Server;
using KismetOrleans.Storage.Sqlite;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Hashing;

namespace KismetOrleans.Storage.Logs;

/// <summary>
/// Histograms and lists of the packets of the open kismetdb's files. Runs of other times are passed over; packets by second stand in the index, so
/// that a histogram of a log without other filters reads no row. Each run is a read of its own, so that the writer's log can be begun anew in between.
/// </summary>
internal sealed class KismetDbPictures(KismetDbKind kind, LogRun run) : IPacketPictures
{
    private const long Micro = 1_000_000;

    // Each reads as fast as it can, on a thread of its own; packets shall have the other processors.
    private const int MaxAtOnce = 2;
    private const string Times = "ts_sec, ts_usec";
    private const string Columns = "ts_sec, ts_usec, rowid, phyname, sourcemac, destmac, transmac, frequency, signal, packet_len, packet_full_len, datasource, dlt, lat, lon, alt, tags, packet";
    private const int PacketColumn = 17;
    private static readonly SemaphoreSlim s_turns = new(MaxAtOnce);

    public async ValueTask<PacketHistogram> HistogramAsync(PacketQuery query, double? from, double? to, int count, CancellationToken cancellation)
    {
        KismetDbSpan[] spans = await SpansAsync(query);
        PacketBuckets buckets = spans.Length == 0 && (from ?? to) is null
            ? default
            : PacketBuckets.Of(from ?? First(spans, to), to ?? Last(spans, from), count);
        if (spans.Length == 0 || query.Nothing)
        {
            return new(buckets, new long[count]);
        }
        return await TurnAsync(() => Count(spans, buckets.Inside(query), buckets, cancellation), cancellation);
    }

    public async ValueTask<IReadOnlyList<LoggedPacket>> NewestAsync(PacketQuery query, int count, CancellationToken cancellation)
    {
        KismetDbSpan[] spans = await SpansAsync(query);
        return query.Nothing ? [] : await TurnAsync(() => Newest(spans, query, count, cancellation), cancellation);
    }

    public async ValueTask<StoredPacket?> FindAsync(PacketId id, CancellationToken cancellation)
    {
        PacketQuery query = QueryOf(id);
        KismetDbSpan[] spans = await SpansAsync(query);
        return await TurnAsync(() => Find(spans, query, id, cancellation), cancellation);
    }

    // What was captured before the question belongs to the answer.
    private async Task<KismetDbSpan[]> SpansAsync(PacketQuery query) => await run.DoAsync(open =>
    {
        open.Tend();
        return kind.Files.SelectMany(file => KismetDbSpan.Of(file, query)).ToArray();
    });

    /// <summary>What a packet is looked for by, before its bytes are.</summary>
    internal static PacketQuery QueryOf(PacketId id) =>
        new() { FromUs = id.TimeUs, ToUs = id.TimeUs, Conditions = [new("datasource", PacketTest.Like, id.Source.ToString())] };

    private static double First(KismetDbSpan[] spans, double? to) =>
        spans.Length == 0 ? to!.Value - 1 : Math.Max(0, spans.Min(static span => span.OldestUs) / Micro);

    // The last packet is inside.
    private static double Last(KismetDbSpan[] spans, double? from) =>
        spans.Length == 0 ? from!.Value + 1 : Math.Min(uint.MaxValue, (spans.Max(static span => span.NewestUs) / Micro) + 1);

    private static async Task<T> TurnAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        await s_turns.WaitAsync(cancellation);
        try
        {
            return await Task.Factory.StartNew(work, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            _ = s_turns.Release();
        }
    }

    internal static PacketHistogram Count(KismetDbSpan[] spans, PacketQuery query, PacketBuckets buckets, CancellationToken cancellation)
    {
        long[] counts = new long[buckets.Count];
        bool anyPacket = query.Device is null && query.Conditions.Count == 0;
        bool wholeSeconds = query.FromUs % Micro == 0 && query.ToUs % Micro == Micro - 1;
        foreach (IGrouping<KismetDbFile, KismetDbSpan> file in spans.Where(span => span.Meets(query)).GroupBy(static span => span.File))
        {
            SqliteDatabase? database = null;
            try
            {
                foreach (KismetDbSpan span in file)
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (anyPacket && buckets.WholeSeconds && (wholeSeconds || span.IsInside(query)) && span.Seconds() is { } seconds)
                    {
                        Add(seconds, query, buckets, counts);
                        continue;
                    }
                    database ??= new(span.File.Path, readOnly: true);
                    span.Read(database, Times, query, row => counts[buckets.Of(TimeOf(row))]++, cancellation);
                }
            }
            finally
            {
                database?.Dispose();
            }
        }
        return new(buckets, counts);
    }

    private static void Add(ulong[] seconds, PacketQuery query, PacketBuckets buckets, long[] counts)
    {
        foreach (ulong entry in seconds)
        {
            long us = (long)(entry >> 32) * Micro;
            if (us >= query.FromUs && us <= query.ToUs)
            {
                counts[buckets.Of(us)] += (uint)entry;
            }
        }
    }

    internal static IReadOnlyList<LoggedPacket> Newest(KismetDbSpan[] spans, PacketQuery query, int count, CancellationToken cancellation)
    {
        // One more than fits tells whether the page ends where a time does.
        PriorityQueue<LoggedPacket, (long Us, int File, long Row)> newest = new();
        KismetDbFile[] files = [.. spans.Select(static span => span.File).Distinct()];
        Dictionary<KismetDbFile, SqliteDatabase> open = [];
        try
        {
            foreach (KismetDbSpan span in spans.Where(span => span.Meets(query)).OrderByDescending(static span => span.NewestUs))
            {
                cancellation.ThrowIfCancellationRequested();
                if (Oldest(newest, count) > span.NewestUs)
                {
                    break;
                }
                if (!open.TryGetValue(span.File, out SqliteDatabase? database))
                {
                    open.Add(span.File, database = new(span.File.Path, readOnly: true));
                }
                int file = Array.IndexOf(files, span.File);
                span.Read(database, Columns, query, row => Offer(newest, count, row, file), cancellation);
            }
        }
        finally
        {
            foreach (SqliteDatabase database in open.Values)
            {
                database.Dispose();
            }
        }
        List<LoggedPacket> packets = new(newest.Count);
        while (newest.TryDequeue(out LoggedPacket? packet, out _))
        {
            packets.Add(packet);
        }
        packets.Reverse();
        return PacketPages.Cut(packets, count);
    }

    internal static StoredPacket? Find(KismetDbSpan[] spans, PacketQuery query, PacketId id, CancellationToken cancellation)
    {
        StoredPacket? found = null;
        foreach (KismetDbSpan span in spans.Where(span => span.Meets(query)))
        {
            using SqliteDatabase database = new(span.File.Path, readOnly: true);
            span.Read(database, Columns, query, row =>
            {
                if (found is null && FrameHash.Compute(row.Blob(PacketColumn)) == id.Hash)
                {
                    found = new(Packet(id.TimeUs, row), row.Blob(PacketColumn).ToArray());
                }
            }, cancellation);
            if (found is not null)
            {
                break;
            }
        }
        return found;
    }

    private static long Oldest(PriorityQueue<LoggedPacket, (long Us, int File, long Row)> newest, int count) =>
        newest.Count > count && newest.TryPeek(out _, out (long Us, int File, long Row) oldest) ? oldest.Us : long.MinValue;

    private static void Offer(PriorityQueue<LoggedPacket, (long Us, int File, long Row)> newest, int count, SqliteStatement row, int file)
    {
        long us = TimeOf(row);
        if (us < Oldest(newest, count))
        {
            return;
        }
        newest.Enqueue(Packet(us, row), (us, file, row.Int64(2)));
        if (newest.Count > count + 1)
        {
            _ = newest.Dequeue();
        }
    }

    private static long TimeOf(SqliteStatement row) => (row.Int64(0) * Micro) + row.Int64(1);

    private static LoggedPacket Packet(long us, SqliteStatement row) => new(us, row.Text(3))
    {
        Source = Address(row, 4),
        Destination = Address(row, 5),
        Transmitter = Address(row, 6),
        FrequencyKhz = row.Double(7),
        SignalDbm = (int)row.Int64(8),
        Length = (int)row.Int64(9),
        FullLength = (int)row.Int64(10),
        Datasource = Utf8Parser.TryParse(row.Utf8(11), out Guid uuid, out _) ? uuid : Guid.Empty,
        LinkType = (int)row.Int64(12),
        Latitude = row.Double(13),
        Longitude = row.Double(14),
        Altitude = row.Double(15),
        Tags = row.Text(16),
        Hash = FrameHash.Compute(row.Blob(PacketColumn)),
    };

    private static MacAddress Address(SqliteStatement row, int column) => MacAddress.TryParseAny(row.Text(column), out MacAddress address) ? address : default;
}
