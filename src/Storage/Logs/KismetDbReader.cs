using System.Buffers.Text;
using System.Collections.Immutable;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Storage.Sqlite;
using KismetOrleans.Wire;

namespace KismetOrleans.Storage.Logs;

/// <summary>
/// Reads what a query asks for from one file, run by run (<see cref="AddressRuns"/>): runs of other times are passed over, and where an address is
/// asked for only the rows that have it are looked at, whose pages are fetched ahead. Nothing of the file stays open between two pieces, however slow the client is.
/// </summary>
internal sealed class KismetDbReader
{
    // Whose pages are fetched from the disk together.
    private const int RowsAhead = 1024;

    // Runs in which addresses are looked up in one go: few at first, since the first packets may be all that are asked for.
    private const int FirstRuns = 8;
    private const int MaxRuns = 128;
    private const string Columns = "SELECT rowid, ts_sec, ts_usec, datasource, dlt, packet_full_len, packet FROM packets WHERE ";
    private readonly KismetDbFile _file;
    private readonly PacketQuery _query;
    private readonly MacAddress[] _addresses;
    private readonly ImmutableArray<AddressRuns.Run> _runs;
    private readonly string _scan;
    private readonly string _one;
    private readonly long _last;
    private readonly long[]? _newest;
    private readonly List<long> _rows = [];
    private readonly List<long> _ofRun = [];
    private readonly List<long> _others = [];
    private int _runsAtOnce = FirstRuns;
    private int _run;
    private int _place;
    private int _fetched;
    private long _next;
    private byte[] _uuidText = [];
    private Guid _uuid;

    public KismetDbReader(KismetDbRows rows, PacketQuery query)
    {
        (_file, _runs, _last, _newest) = rows;
        _query = query;
        _addresses = [.. query.Addresses];
        string where = SqliteConditions.Where(query);
        _scan = $"{Columns} rowid BETWEEN ? AND ?{where} ORDER BY rowid";
        _one = $"{Columns} rowid = ?{where}";
        _next = _runs is [AddressRuns.Run first, ..] ? first.First : 1;
    }

    /// <summary>Reads more.</summary>
    /// <param name="left">Packets that may still be read.</param>
    /// <returns>False at the end of the file.</returns>
    public bool Read(HistoryExport export, ref long left, CancellationToken cancellation)
    {
        using SqliteDatabase database = new(_file.Path, readOnly: true);
        // One look at the file's locks for all rows, not one for each.
        database.Execute("BEGIN");
        while (left > 0 && !export.IsFull)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_place < _rows.Count)
            {
                ReadFound(database, export, ref left, cancellation);
            }
            else if (_run > _runs.Length)
            {
                return false;
            }
            else if (!Find())
            {
                Scan(database, export, ref left, cancellation);
            }
        }
        return _place < _rows.Count || _run <= _runs.Length;
    }

    private void Leave(long last) => (_run, _next) = (_run + 1, last + 1);

    // The last row of a run; after the complete ones comes what is newer.
    private long LastOf(AddressRuns.Run? run) => Math.Min(run?.Last ?? _last, _last);

    /// <summary>Finds rows of the next runs, or passes over runs that cannot have any.</summary>
    /// <returns>False where the next run must be read from end to end.</returns>
    private bool Find()
    {
        _rows.Clear();
        (_place, _fetched) = (0, 0);
        if (_run == _runs.Length)
        {
            if (_newest is null)
            {
                return false;
            }
            _rows.AddRange(_newest);
            Leave(_last);
            return true;
        }
        List<AddressRuns.Run> asked = [];
        int before = _run;
        while (_run < _runs.Length && asked.Count < _runsAtOnce)
        {
            AddressRuns.Run run = _runs[_run];
            if (run.OldestUs <= _query.ToUs && run.NewestUs >= _query.FromUs)
            {
                if (_addresses.Length == 0 || run.Count < 0)
                {
                    break;
                }
                asked.Add(run);
            }
            Leave(LastOf(run));
        }
        asked.ForEach(run => _file.Index.Fetch(run, _addresses[0]));
        foreach (AddressRuns.Run run in asked)
        {
            Find(run);
            _rows.AddRange(_ofRun);
        }
        _runsAtOnce = _rows.Count >= RowsAhead ? _runsAtOnce : Math.Min(_runsAtOnce * 2, MaxRuns);
        return _run > before;
    }

    private void Find(AddressRuns.Run run)
    {
        _ = _file.Index.Find(run, _addresses[0], _ofRun);
        for (int i = 1; i < _addresses.Length && _ofRun.Count > 0; i++)
        {
            _ = _file.Index.Find(run, _addresses[i], _others);
            _ = _ofRun.RemoveAll(row => _others.BinarySearch(row) < 0);
        }
    }

    private void ReadFound(SqliteDatabase database, HistoryExport export, ref long left, CancellationToken cancellation)
    {
        while (_place < _rows.Count && left > 0 && !export.IsFull)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_place >= _fetched)
            {
                int ahead = (int)Math.Min(Math.Min(_rows.Count - _place, RowsAhead), left);
                _file.Leaves.Fetch(_rows, _place, ahead);
                _fetched = _place + ahead;
            }
            SqliteStatement one = SqliteConditions.Bind(database.Statement(_one).Bind(_rows[_place++]), _query);
            if (one.Step())
            {
                Add(one, export, ref left);
            }
            one.Ready();
        }
    }

    private void Scan(SqliteDatabase database, HistoryExport export, ref long left, CancellationToken cancellation)
    {
        long last = LastOf(_run < _runs.Length ? _runs[_run] : null);
        SqliteStatement scan = SqliteConditions.Bind(database.Statement(_scan).Bind(_next).Bind(last), _query);
        while (left > 0 && !export.IsFull)
        {
            cancellation.ThrowIfCancellationRequested();
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
            SourceOf(row.Utf8(3)), (LinkType)row.Int64(4), (row.Int64(1) * 1_000_000) + row.Int64(2), (int)row.Int64(5), row.Blob(6));
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
