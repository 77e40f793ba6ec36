using System.Runtime.ExceptionServices;
using KismetOrleans.Engine.Channels;
using KismetOrleans.Engine.Gps;
using KismetOrleans.Engine.Locating;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Packets;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Datasources;

/// <summary>What a datasource reports to after each batch.</summary>
public interface IDatasourceObserver
{
    /// <summary>A batch was dissected and handed to the partitions.</summary>
    /// <param name="batch">What it added to the server's counts.</param>
    void BatchAccepted(in BatchSummary batch);

    /// <summary>A partition has applied its part of a batch.</summary>
    void BatchApplied(BatchOutcome outcome);

    /// <summary>A source's record was replaced. Called with the source's lock held, some times a second: it must not wait.</summary>
    void SourceChanged(DatasourceRecord before, DatasourceRecord after)
    {
    }

    /// <summary>Most of a source's packets cannot be read. As <see cref="SourceChanged"/>; once until they can.</summary>
    void SourceUnread(DatasourceRecord source, string reason)
    {
    }
}

/// <summary>What a batch adds to the server's counts.</summary>
/// <param name="Clock">Unix second of the server.</param>
/// <param name="ByPhy">Packets of each phy, by its number.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.BatchSummary")]
public readonly record struct BatchSummary(
    [property: Id(0)] uint Clock, [property: Id(1)] int Packets, [property: Id(2)] long Errors, [property: Id(3)] long[] ByPhy,
    [property: Id(4)] FrequencyUse[] Frequencies)
{
    /// <summary>Unix second at which the last packet was captured; 0 where that is not known.</summary>
    [Id(5)] public uint CapturedAt { get; init; }
}

/// <summary>
/// One source: order of its batches, counters, health. Not thread-safe: one caller feeds it. A batch is dissected while the partitions
/// still apply the one before; a third waits, so a reader is held back and nothing is lost.
/// </summary>
public sealed class Datasource
{
    private readonly PartitionFeed _feed;
    private readonly IDatasourceObserver _observer;
    private readonly TimeProvider _clock;
    private readonly FrameDissector _dissector = new();
    private readonly AnomalyReport _anomalies = new();
    private readonly UnreadPackets _unread = new();
    private readonly Rrd _packetsRrd = new();
    private readonly Rrd _dataRrd = new();
    private readonly long[] _phyBefore = new long[Phy.All.Count];
    // Dissects what was counted before and is resent: partitions need it again, the counters do not.
    private FrameDissector? _again;

    private readonly Lock _publishing = new();
    private readonly ulong _errorsBefore;

    // The newest batch of this session, and the newest that was ever counted.
    private Watermark _newest;
    private Watermark _counted;
    private ulong _packets;
    private readonly ulong _packetsBefore;
    private readonly long[] _physBefore = new long[Phy.All.Count];
    private string _unreadBecause = "";
    private DefinedPlace? _defined;
    private GeoPoint? _place;

    /// <summary>A source that has not delivered yet.</summary>
    /// <param name="record">What is known of it.</param>
    /// <param name="partitions">All partitions, by number.</param>
    /// <param name="observer">Whom to report to.</param>
    public Datasource(DatasourceRecord record, IReadOnlyList<IDevicePartition> partitions, IDatasourceObserver observer, TimeProvider clock)
    {
        _observer = observer;
        _clock = clock;
        _feed = new(record.Number, partitions, observer, _dissector.Anomalies);
        _packets = _packetsBefore = record.Packets;
        _errorsBefore = record.ErrorPackets;
        // Another version may know more phys, or fewer.
        Array.Copy(record.PacketsByPhy, _physBefore, Math.Min(record.PacketsByPhy.Length, _physBefore.Length));
        Record = record;
    }

    /// <summary>A source as it was when it was saved last: what came until then is known.</summary>
    /// <param name="record">What is known of it.</param>
    /// <param name="saved">Its newest saved batch.</param>
    /// <param name="partitions">All partitions, by number.</param>
    /// <param name="observer">Whom to report to.</param>
    public Datasource(
        DatasourceRecord record, Watermark saved, IReadOnlyList<IDevicePartition> partitions, IDatasourceObserver observer, TimeProvider clock)
        : this(record, partitions, observer, clock) => _newest = _counted = Saved = saved.OrNothing(clock.GetUtcNow());

    /// <summary>Where open packet streams are found; what is resent does not go there again.</summary>
    public PacketTaps? Taps
    {
        init => _dissector.Taps = value is null ? null : new(value, Record.Number, !Record.Remote && SourceDrivers.IsFile(Record.Driver));
    }

    /// <summary>Where the server is: where packets were seen that come with no position of their own. Null where nobody knows.</summary>
    public IPosition? Here { private get; init; }

    /// <summary>Buildings that definitions may name.</summary>
    public Buildings Buildings { private get; init; } = Buildings.None;

    /// <summary>The newest batch that is on disk in all partitions, with all before it.</summary>
    public Watermark Saved { get; private set; }

    /// <summary>
    /// A partition has lost what was not saved, or could not be reached: batches after <see cref="Saved"/> must come again, after
    /// <see cref="RewindAsync"/>. Until then batches are dropped.
    /// </summary>
    public bool MustRewind { get; private set; }

    /// <summary>The newest snapshot for the outside; replaced, never changed, so any thread may read it.</summary>
    public DatasourceRecord Record { get; private set; }

    public ulong Packets => _packets;

    /// <summary>Batches that were there already and were dropped.</summary>
    public long RepeatedBatches { get; private set; }

    /// <summary>What was wrong with packets, as far as the partitions have looked.</summary>
    public AnomalyCounts Anomalies => _dissector.Anomalies;

    /// <summary>Accepts a batch: drops it if it is known, dissects it and hands it on.</summary>
    /// <returns>
    /// Completes when the batch can be reused by its source; with the fault of a partition that could not apply the batch before.
    /// </returns>
    public async ValueTask AcceptAsync(PacketBatch packets)
    {
        if (_newest.Covers(packets.BootId, packets.Sequence))
        {
            RepeatedBatches++;
            return;
        }
        if (MustRewind)
        {
            return;
        }
        _newest = new(packets.BootId, packets.Sequence);
        bool counted = _counted.Covers(packets.BootId, packets.Sequence);
        _counted = counted ? _counted : _newest;
        uint now = (uint)_clock.GetUtcNow().ToUnixTimeSeconds();
        ObservationBatch[] filling = _feed.Begin(Record.Number, now);
        BatchSummary? summary = counted ? null : Dissect(packets, filling, now);
        if (counted)
        {
            (_again ??= new()).Dissect(packets, filling, PositionOf(packets));
        }
        // A partition's fault with the batch before is told, but where nobody can resend it does not cost this one.
        ExceptionDispatchInfo? fault = await WaitAsync();
        if (!MustRewind)
        {
            _feed.Send(packets.BootId, packets.Sequence);
        }
        if (summary is { } s)
        {
            _observer.BatchAccepted(s);
        }
        fault?.Throw();
    }

    // What never moves is where its definition says; then what the sensor knew itself; then a GPS of its name, and the server's place.
    private GeoPoint? PositionOf(PacketBatch packets)
    {
        if (packets.Count == 0)
        {
            return null;
        }
        DefinedPlace defined = Defined(Record.Definition);
        long timeNs = packets.Packets[0].TimeNs;
        if ((defined.Fixed ?? packets.Position) is { } place)
        {
            return _place = place.ToPoint(timeNs);
        }
        if (defined.Gps is not { } name)
        {
            return Here?.Current;
        }
        // It says where the sensor is now, not where it was when it filled its spool.
        return Math.Abs(_clock.NowNs() - timeNs) <= GpsUnit.PostedHolds.Ticks * TimeSpan.NanosecondsPerTick && Here?.Named(name) is { } now ? _place = now : null;
    }

    /// <summary>A sensor's own GPS says where it is, also when it hears nothing; null changes nothing.</summary>
    internal void SeenAt(GeoPoint? place)
    {
        if (place is not null && Defined(Record.Definition) is { Fixed: null, Gps: null })
        {
            _place = place;
        }
    }

    private DefinedPlace Defined(string definition)
    {
        DefinedPlace? defined = _defined;
        if (defined is null || defined.Text != definition || defined.Version != Buildings.Version)
        {
            // Where another definition's source was is not where this one's is.
            (_defined, _place) = (defined = DefinedPlace.Of(Record.Uuid, definition, Buildings), null);
        }
        return defined;
    }

    // A sensor stands somewhere before it hears anything.
    private DatasourceRecord WithPlace(DatasourceRecord record)
    {
        DefinedPlace defined = Defined(record.Definition);
        GeoPoint? place = defined.Fixed is not { } fixedAt ? (defined.Gps is { } name ? Here?.Named(name) : null) ?? _place ?? record.Place
            : _place ?? (record.Place is { HasFix: true } before && before.Latitude == fixedAt.Latitude && before.Longitude == fixedAt.Longitude ? before : fixedAt.ToPoint(_clock.NowNs()));
        return record with
        {
            Place = place,
            Building = defined.Building,
            Floor = defined.Floor,
            Warning = record.Warning.Length > 0 ? record.Warning : defined.Warning,
        };
    }

    private BatchSummary Dissect(PacketBatch packets, ObservationBatch[] filling, uint now)
    {
        long errors = _dissector.ErrorPackets;
        long bytes = _dissector.Bytes;
        _dissector.Dissect(packets, filling, PositionOf(packets));
        _packets += (ulong)packets.Count;
        _packetsRrd.Add(now, packets.Count);
        _dataRrd.Add(now, _dissector.Bytes - bytes);
        BatchSummary summary = new(now, packets.Count, _dissector.ErrorPackets - errors, PhysSinceLast(), _dissector.Frequencies.Take())
        {
            CapturedAt = packets.Count == 0 ? 0 : (uint)Math.Clamp(packets.Packets[packets.Count - 1].TimeNs / 1_000_000_000, 0, uint.MaxValue),
        };
        Meters.Accepted(summary.ByPhy, summary.Errors);
        return summary;
    }

    /// <summary>
    /// Whether everything that was counted has been accepted (again): only then do counters and batches belong together, and may be saved.
    /// </summary>
    public bool IsCaughtUp => _newest.Covers(_counted.BootId, _counted.Sequence);

    /// <summary>Begins to make sure that what was accepted is on disk: drains, and tells whom to ask.</summary>
    internal async ValueTask<Checkpoint> BeginCheckpointAsync()
    {
        if (await WaitAsync() is not null)
        {
            MustRewind = true;
        }
        return new(_newest, _packets, _errorsBefore + (ulong)_dissector.ErrorPackets, PacketsByPhy(), _feed.TakeTouched());
    }

    /// <summary>Asks the partitions of a checkpoint. Touches nothing of the source, so it can go on meanwhile.</summary>
    /// <returns>Whether all of them have it on disk.</returns>
    internal Task<bool> FlushAsync(Checkpoint checkpoint) => _feed.FlushAsync(checkpoint.Newest.BootId, checkpoint.Asked);

    /// <param name="saved">What <see cref="FlushAsync"/> said; false for a fault.</param>
    internal void EndCheckpoint(Checkpoint checkpoint, bool saved)
    {
        if (!saved)
        {
            MustRewind = true;
        }
        else if (!MustRewind)
        {
            Saved = checkpoint.Newest;
        }
    }

    /// <summary>Makes ready to accept again what came after <see cref="Saved"/>.</summary>
    public async ValueTask RewindAsync()
    {
        _ = await WaitAsync();
        _newest = Saved;
        _feed.Rewind();
        MustRewind = false;
    }

    /// <summary>Waits until the partitions have applied everything accepted.</summary>
    public async ValueTask DrainAsync() => (await WaitAsync())?.Throw();

    /// <summary>Publishes a new snapshot.</summary>
    /// <param name="change">Changes the part that the caller knows; counters are filled in here.</param>
    public void Publish(Func<DatasourceRecord, DatasourceRecord>? change = null)
    {
        lock (_publishing)
        {
            DatasourceRecord record = Record with
            {
                Packets = _packets,
                ErrorPackets = _errorsBefore + (ulong)_dissector.ErrorPackets,
                PacketsByPhy = PacketsByPhy(),
                PacketsRrd = _packetsRrd.Copy(),
                DataRrd = _dataRrd.Copy(),
                CheckSequences = _dissector.CheckSequences,
            };
            DatasourceRecord before = Record;
            record = change is null ? record : change(record);
            Record = WithPlace(WithUnread(record));
            _observer.SourceChanged(before, Record);
        }
    }

    // What else is wrong with a source goes before it.
    private DatasourceRecord WithUnread(DatasourceRecord record)
    {
        string before = _unreadBecause;
        _unreadBecause = _unread.Reason((long)(_packets - _packetsBefore), _dissector.Unread, _dissector.UnreadBecause, !SourceDrivers.IsFile(Record.Driver));
        bool isOwn = record.ErrorReason.Length == 0 || record.ErrorReason == before;
        if (!isOwn || (_unreadBecause.Length == 0 && before.Length == 0))
        {
            return record;
        }
        if (before.Length == 0)
        {
            _observer.SourceUnread(record, _unreadBecause);
        }
        return record with { Error = _unreadBecause.Length > 0, ErrorReason = _unreadBecause };
    }

    /// <summary>Changes the snapshot but for its counters; any thread may, while another one feeds the source.</summary>
    public void Note(Func<DatasourceRecord, DatasourceRecord> change)
    {
        lock (_publishing)
        {
            DatasourceRecord before = Record;
            Record = change(before);
            _observer.SourceChanged(before, Record);
        }
    }

    private async ValueTask<ExceptionDispatchInfo?> WaitAsync()
    {
        (bool gap, ExceptionDispatchInfo? fault) = await _feed.DrainAsync();
        MustRewind |= gap;
        _anomalies.Report(_dissector.Anomalies);
        return fault;
    }

    private long[] PacketsByPhy()
    {
        long[] counts = [.. _physBefore];
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] += _dissector.PacketsByPhy[i];
        }
        return counts;
    }

    private long[] PhysSinceLast()
    {
        long[] counts = new long[_phyBefore.Length];
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] = _dissector.PacketsByPhy[i] - _phyBefore[i];
            _phyBefore[i] += counts[i];
        }
        return counts;
    }
}

/// <summary>What a source had accepted at a moment, and who must have it on disk for it to be saved.</summary>
/// <param name="Newest">The newest batch.</param>
/// <param name="ErrorPackets">Packets with errors until then.</param>
/// <param name="PacketsByPhy">Packets of each phy until then, by its number.</param>
/// <param name="Asked">Partitions that got something since the last checkpoint, with the last sequence that each got.</param>
public sealed record Checkpoint(Watermark Newest, ulong Packets, ulong ErrorPackets, long[] PacketsByPhy, IReadOnlyList<(int Partition, ulong Sequence)> Asked);
