using System.Buffers.Text;
using System.Collections.Immutable;
using KismetOrleans.Grains.Logging;
using KismetOrleans.Storage.Sqlite;
using KismetOrleans.Wire;

namespace KismetOrleans.Storage.Logs;

/// <summary>Answers from the files of the open kismetdb.</summary>
internal sealed class KismetDbHistory(KismetDbKind kind, LogRun run) : IPacketHistory
{
    /// <inheritdoc/>
    public IPacketPictures Pictures => new KismetDbPictures(kind, run);

    /// <inheritdoc/>
    public async ValueTask<IPacketHistoryReader> OpenAsync(PacketQuery query, HistoryExport export)
    {
        // What was captured before the question belongs to the answer.
        return new Reader(await run.DoAsync(open =>
        {
            open.Tend();
            return kind.Files.Select(file => KismetDbRows.Of(file, query)).ToArray();
        }), query, export);
    }

    /// <inheritdoc/>
    public async ValueTask<long> DropBeforeAsync(long seconds) => await run.DoAsync(file => ((KismetDbFile)file).DropBefore(seconds));

    private sealed class Reader(KismetDbRows[] files, PacketQuery query, HistoryExport export) : IPacketHistoryReader
    {
        private int _file = -1;
        private KismetDbReader? _reader;
        private long _left = query.Nothing ? 0 : query.Limit;

        public ValueTask<bool> ReadAsync(CancellationToken cancellation)
        {
            while (_left > 0)
            {
                if (_reader is null)
                {
                    if (++_file == files.Length)
                    {
                        return new(false);
                    }
                    _reader = new(files[_file], query);
                }
                if (!_reader.Read(export, ref _left, cancellation))
                {
                    _reader = null;
                }
                if (export.IsFull)
                {
                    return new(true);
                }
            }
            return new(false);
        }

        public ValueTask DisposeAsync() => default;
    }
}

/// <summary>What a file had when it was asked.</summary>
/// <param name="File">The file.</param>
/// <param name="Runs">Its complete runs.</param>
/// <param name="Last">Its last row.</param>
/// <param name="Newest">Rows after the complete runs that have all addresses that are asked for; null where none is.</param>
internal sealed record KismetDbRows(KismetDbFile File, ImmutableArray<AddressRuns.Run> Runs, long Last, long[]? Newest)
{
    /// <summary>What a file has now. For the thread that writes it.</summary>
    public static KismetDbRows Of(KismetDbFile file, PacketQuery query)
    {
        long[]? newest = null;
        foreach (MacAddress address in query.Addresses)
        {
            long[] rows = file.Index.FindNewest(address);
            newest = newest is null ? rows : [.. newest.Intersect(rows)];
        }
        return new(file, file.Index.Runs, file.CommittedNext - 1, newest);
    }
}

/// <summary>
/// Reads what a query asks for from one file, run by run (<see cref="AddressRuns"/>): runs of other times are passed over, and where an address is
/// asked for only the rows that have it are looked at. Nothing of the file stays open between two pieces, however slow the client is.
/// </summary>
internal sealed class KismetDbReader
{
    private readonly KismetDbFile _file;
    private readonly PacketQuery _query;
    private readonly MacAddress[] _addresses;
    private readonly ImmutableArray<AddressRuns.Run> _runs;
    private readonly List<long> _rows = [];
    private readonly List<long> _others = [];
    private readonly string _scan;
    private readonly string _one;
    private readonly long _last;
    private readonly long[]? _newest;
    private int _run;
    private bool _found;
    private int _place;
    private long _next;
    private byte[] _uuidText = [];
    private Guid _uuid;

    /// <summary>A reader of what the file had.</summary>
    public KismetDbReader(KismetDbRows rows, PacketQuery query)
    {
        (_file, _runs, _last, _newest) = rows;
        _query = query;
        _addresses = [.. query.Addresses];
        string where = SqliteConditions.Where(query);
        const string columns = "SELECT rowid, ts_sec, ts_usec, datasource, dlt, packet_full_len, packet FROM packets WHERE ";
        _scan = $"{columns} rowid BETWEEN ? AND ?{where} ORDER BY rowid";
        _one = $"{columns} rowid = ?{where}";
        _next = _runs is [AddressRuns.Run first, ..] ? first.First : 1;
    }

    /// <summary>Reads more.</summary>
    /// <param name="export">Where it goes.</param>
    /// <param name="left">Packets that may still be read.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>False at the end of the file.</returns>
    public bool Read(HistoryExport export, ref long left, CancellationToken cancellation)
    {
        using SqliteDatabase database = new(_file.Path, readOnly: true);
        // One look at the file's locks for all rows, not one for each.
        database.Execute("BEGIN");
        while (left > 0 && !export.IsFull)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_run > _runs.Length)
            {
                return false;
            }
            AddressRuns.Run? run = _run < _runs.Length ? _runs[_run] : null;
            long last = Math.Min(run?.Last ?? _last, _last);
            if (run is not null && (run.OldestUs > _query.ToUs || run.NewestUs < _query.FromUs))
            {
                Leave(last);
            }
            else if (_found || (run is null ? FindNewest() : Find(run)))
            {
                ReadFound(database, last, export, ref left);
            }
            else
            {
                Scan(database, last, export, ref left);
            }
        }
        return _run <= _runs.Length;
    }

    private void Leave(long last) => (_run, _next, _place, _found) = (_run + 1, last + 1, 0, false);

    private bool FindNewest()
    {
        _rows.Clear();
        _rows.AddRange(_newest ?? []);
        return _found = _newest is not null;
    }

    private bool Find(AddressRuns.Run run)
    {
        if (_addresses.Length == 0 || !_file.Index.Find(run, _addresses[0], _rows))
        {
            return false;
        }
        for (int i = 1; i < _addresses.Length && _rows.Count > 0; i++)
        {
            _ = _file.Index.Find(run, _addresses[i], _others);
            _ = _rows.RemoveAll(row => _others.BinarySearch(row) < 0);
        }
        return _found = true;
    }

    private void ReadFound(SqliteDatabase database, long last, HistoryExport export, ref long left)
    {
        while (_place < _rows.Count && left > 0 && !export.IsFull)
        {
            SqliteStatement one = SqliteConditions.Bind(database.Statement(_one).Bind(_rows[_place++]), _query);
            if (one.Step())
            {
                Add(one, export, ref left);
            }
            one.Ready();
        }
        if (_place == _rows.Count)
        {
            Leave(last);
        }
    }

    private void Scan(SqliteDatabase database, long last, HistoryExport export, ref long left)
    {
        SqliteStatement scan = SqliteConditions.Bind(database.Statement(_scan).Bind(_next).Bind(last), _query);
        while (left > 0 && !export.IsFull)
        {
            if (!scan.Step())
            {
                Leave(last);
                break;
            }
            _next = scan.Int64(0) + 1;
            Add(scan, export, ref left);
        }
        scan.Ready();
    }

    private void Add(SqliteStatement row, HistoryExport export, ref long left)
    {
        left--;
        export.Add(
            SourceOf(row.Utf8(3)), (LinkType)row.Int64(4), row.Int64(1) * 1_000_000 + row.Int64(2), (int)row.Int64(5), row.Blob(6));
    }

    // Long runs are of one source.
    private Guid SourceOf(ReadOnlySpan<byte> text)
    {
        if (!text.SequenceEqual(_uuidText))
        {
            _uuidText = text.ToArray();
            _uuid = Utf8Parser.TryParse(text, out Guid uuid, out _) ? uuid : Guid.Empty;
        }
        return _uuid;
    }
}
