using KismetOrleans.Engine.Filters;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Records.Json;
using KismetOrleans.Storage.Sqlite;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Storage.Logs;

/// <summary>
/// A kismetdb that is being written. While it is open, SQLite keeps a log beside it, so that readers and the writer do not wait for each other;
/// when it is closed it is one plain file.
/// </summary>
internal sealed class KismetDbFile : ILogFile
{
    // What was committed survives the server; nothing is forced to the disk for each commit. Dirty pages wait in memory until a commit: 64 MB hold one.
    // What stands in SQLite's log is copied into the file by another thread (Checkpoint), since that waits for the disk.
    private const string Settings =
        "PRAGMA page_size = 32768; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; "
        + "PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY";


    /// <summary>
    /// Bytes of a page. Of smaller ones there are more above the leaves, each of which a cold read waits for; of pages of 16 KiB a device's row fills
    /// one and leaves a third of it empty.
    /// </summary>
    public const int PageBytes = 32768;

    // Where rows are bound one by one.
    private const int RowsPerCommit = 1 << 16;

    // The log is copied when it has this size. While nothing but writing happens it grows on, and is begun anew at a pause, or here at the latest.
    private const long CheckpointBytes = 64L << 20;
    private const long MaxLogBytes = 1L << 30;

    // Of a device's row before any was written.
    private const long FirstRowBytes = 20_000;

    // A file that shall be smaller than its tables takes some devices nevertheless.
    private const int LeastPages = 4;
    private const int SpareShare = 32;
    private readonly SqliteDatabase _database;
    private readonly KismetDbPackets _packets;
    private readonly KismetDbPages? _pages;
    private readonly KismetDbSightings _sightings;
    private readonly PacketNumbers _numbers = new();
    private readonly bool _dataPackets;
    private bool _closed;
    private long _bytesAtEnd;
    private long _pageCount;
    private long _unmeasured;
    private readonly long _least;
    private Task _checkpoint = Task.CompletedTask;

    /// <summary>Makes the tables of a new file.</summary>
    /// <param name="path">The file, which is there and empty.</param>
    /// <param name="version">Version of the server.</param>
    /// <param name="dataPackets">Whether data frames are written.</param>
    /// <param name="gather">Whether packets are gathered where SQLite can take them over whole, instead of bound one by one.</param>
    /// <exception cref="SqliteFault">It cannot be written.</exception>
    public KismetDbFile(string path, ISourceDirectory sources, string version, bool dataPackets, bool gather = true)
    {
        Path = path;
        _dataPackets = dataPackets;
        _database = new(path, readOnly: false);
        try
        {
            _database.Execute(Settings);
            _database.Execute("BEGIN");
            _database.Execute(KismetDbSchema.Create);
            _database.Statement("INSERT INTO KISMET (kismet_version, db_version, db_module) VALUES (?, ?, 'kismetlog')")
                .Bind(version).Bind(KismetDbSchema.Version).Run();
            _database.Execute("COMMIT");
            _packets = new(_database, sources);
            _sightings = new(_database, sources);
            _pages = gather ? new(_database, sources) : null;
            Index = new(path + "-index");
            Leaves = new(path, PageBytes);
            _least = Measure() + (LeastPages * PageBytes);
        }
        catch
        {
            _database.Dispose();
            throw;
        }
    }

    public string Path { get; }

    /// <summary>What is left out.</summary>
    public FilterGate Filters { get; init; } = new();

    public AddressRuns Index { get; }
    public LeafPages Leaves { get; }

    /// <summary>Row after the newest that readers see.</summary>
    public long CommittedNext { get; private set; } = 1;

    public SeenDevices Seen { get; } = new();

    /// <summary>Bytes that a device's row takes, about.</summary>
    public long RowBytes { get; set; } = FirstRowBytes;

    public long Bytes => _closed ? _bytesAtEnd : (_pageCount * PageBytes) + (_pages?.Bytes ?? 0) + _unmeasured;

    // With the rows that it must have at its end, of which it is known about how large they are.
    public bool IsFull(long limit) => Bytes + (Seen.Missing * RowBytes) >= Math.Max(limit - (limit / SpareShare), _least);

    public long Packets { get; private set; }

    /// <summary>Packets that were written and not dropped since.</summary>
    public long Kept { get; private set; }

    public void Write(TappedPackets packets, ref int position, long limit)
    {
        while (packets.TryRead(ref position, out TappedPacket packet))
        {
            if (packet.IsLoss)
            {
                continue;
            }
            PacketDigest.Read(packet, out PacketDigest digest);
            Seen.Add(digest);
            if (!_dataPackets && digest.Frame.Type == FrameType.Data && !digest.Source.IsZero)
            {
                continue;
            }
            if (digest.IsBlocked(Filters))
            {
                continue;
            }
            Add(packet, digest);
            if (_sightings.IsDue(packet, digest) && !Filters.BlocksDevice(digest.Phy, digest.Source))
            {
                Begin();
                _sightings.Write(packet, digest);
            }
            Index.Add(packet.TimeNs / 1000, digest.Source, digest.Destination, digest.Transmitter);
            Packets++;
            Kept++;
            if (IsFull(limit))
            {
                return;
            }
        }
    }

    /// <summary>Looks how large it is.</summary>
    public long Measure()
    {
        _pageCount = PageCount;
        _unmeasured = 0;
        return Bytes;
    }

    /// <summary>Rows of devices were written.</summary>
    /// <param name="before">Its bytes before.</param>
    /// <param name="rows">How many there are more.</param>
    public void Grew(long before, int rows)
    {
        long bytes = Measure() - before;
        // Of fewer the pages in which they share say too much.
        if (rows >= 32)
        {
            RowBytes = Math.Max(1, ((RowBytes * 3) + (bytes / rows)) / 4);
        }
    }

    /// <summary>Writes a row into another table than that of packets.</summary>
    /// <returns>It, to be bound and run.</returns>
    public SqliteStatement Row(string sql)
    {
        Begin();
        return _database.Statement(sql);
    }

    public void Tend() => Commit();

    /// <summary>Removes packets that are older than a Unix second.</summary>
    /// <returns>How many.</returns>
    public long DropBefore(long seconds)
    {
        Commit();
        _database.Statement("DELETE FROM packets WHERE ts_sec < ?").Bind(seconds).Run();
        long dropped = _database.Changes;
        _database.Statement("DELETE FROM data WHERE ts_sec < ?").Bind(seconds).Run();
        if (dropped > 0)
        {
            Kept -= dropped;
            long last = _database.Statement("SELECT coalesce(max(rowid), 0) FROM packets").Single();
            Index.Restart(last);
            Leaves.Clear();
            _packets.Next = last + 1;
            CommittedNext = last + 1;
        }
        return dropped;
    }

    public void Close()
    {
        Commit();
        _checkpoint.Wait();
        // A file that other tools take has no companions.
        _database.Reset();
        _database.Execute("PRAGMA journal_mode = DELETE");
        _bytesAtEnd = Bytes;
        _closed = true;
        CommittedNext = _packets.Next;
    }

    public void Dispose()
    {
        if (!_closed && _database.InTransaction)
        {
            try
            {
                _database.Reset();
                _database.Execute("ROLLBACK");
            }
            catch (SqliteFault)
            {
                // What was committed is there; the rest is lost with whatever is wrong.
            }
        }
        _checkpoint.ContinueWith(static _ => { }, TaskScheduler.Default).Wait();
        _database.Dispose();
    }

    private long PageCount => _database.Statement("PRAGMA main.page_count").Single();

    private void Add(in TappedPacket packet, in PacketDigest digest)
    {
        ulong number = _numbers.Next(packet);
        if (_pages is not null && Gather(_pages, packet, digest, number))
        {
            Leaves.Add(_packets.Next + _pages.Rows - 1, _pages.RowBytes);
            return;
        }
        Begin();
        _packets.Write(packet, digest, number);
        _unmeasured += packet.Bytes.Length;
        if (_packets.Next - CommittedNext >= RowsPerCommit)
        {
            Commit();
        }
    }

    private bool Gather(KismetDbPages pages, in TappedPacket packet, in PacketDigest digest, ulong number)
    {
        if (pages.TryAdd(packet, digest, number))
        {
            return true;
        }
        // Perhaps there is room now; and what is bound comes after what was gathered.
        Commit();
        return pages.TryAdd(packet, digest, number);
    }

    private void Begin()
    {
        if (!_database.InTransaction)
        {
            _database.Execute("BEGIN");
        }
    }

    private void Commit()
    {
        bool open = _database.InTransaction;
        if (open)
        {
            _database.Execute("COMMIT");
        }
        // After what was written row by row: nothing is gathered while there is any.
        long before = PageCount;
        long last = _pages?.Save() ?? 0;
        if (last > 0)
        {
            _packets.Next = last + 1;
            Leaves.Commit(before, PageCount);
        }
        CommittedNext = _packets.Next;
        _ = Measure();
        if (open || last > 0)
        {
            Checkpoint();
        }
    }

    private void Checkpoint()
    {
        if (!_checkpoint.IsCompleted)
        {
            return;
        }
        // What went wrong there goes wrong here.
        _checkpoint.GetAwaiter().GetResult();
        FileInfo log = new(Path + "-wal");
        long bytes = log.Exists ? log.Length : 0;
        if (bytes >= MaxLogBytes)
        {
            _database.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        else if (bytes >= CheckpointBytes)
        {
            _checkpoint = Task.Run(() =>
            {
                using SqliteDatabase database = new(Path, readOnly: false);
                database.Execute("PRAGMA synchronous = NORMAL; PRAGMA wal_checkpoint(PASSIVE)");
            });
        }
    }
}
