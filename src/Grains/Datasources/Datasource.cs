using System.Runtime.ExceptionServices;
using KismetOrleans.Grains.Channels;
using KismetOrleans.Grains.Observations;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;

namespace KismetOrleans.Grains.Datasources;

/// <summary>What a datasource reports to after each batch.</summary>
public interface IDatasourceObserver
{
    /// <summary>A batch was dissected and handed to the partitions.</summary>
    /// <param name="batch">What it added to the server's counts.</param>
    void BatchAccepted(in BatchSummary batch);

    /// <summary>A partition has applied its part of a batch.</summary>
    void BatchApplied(BatchOutcome outcome);
}

/// <summary>What a batch adds to the server's counts.</summary>
/// <param name="Clock">Unix second of the server.</param>
/// <param name="Packets">Packets.</param>
/// <param name="Errors">Packets with errors.</param>
/// <param name="ByPhy">Packets of each phy, by its number.</param>
/// <param name="Frequencies">Use of frequencies.</param>
public readonly record struct BatchSummary(uint Clock, int Packets, long Errors, long[] ByPhy, FrequencyUse[] Frequencies);

/// <summary>
/// One source: order of its batches, counters, health. Not thread-safe: one caller feeds it. A batch is dissected while the partitions
/// still apply the one before; a third waits, so a reader is held back and nothing is lost.
/// </summary>
public sealed class Datasource
{
    private readonly IReadOnlyList<IDevicePartition> _partitions;
    private readonly IDatasourceObserver _observer;
    private readonly TimeProvider _clock;
    private readonly FrameDissector _dissector = new();
    private readonly Rrd _packetsRrd = new();
    private readonly Rrd _dataRrd = new();
    private readonly long[] _phyBefore = new long[Phy.All.Count];
    private ObservationBatch[] _filling;
    private ObservationBatch[] _applying;
    private readonly Task<BatchOutcome>?[] _pending;

    // Null until the first batch, whose number may be any.
    private ulong? _bootId;
    private ulong _sequence;
    private ulong _packets;

    /// <summary>A source that has not delivered yet.</summary>
    /// <param name="record">What is known of it.</param>
    /// <param name="partitions">All partitions, by number.</param>
    /// <param name="observer">Whom to report to.</param>
    /// <param name="clock">The server's clock.</param>
    public Datasource(DatasourceRecord record, IReadOnlyList<IDevicePartition> partitions, IDatasourceObserver observer, TimeProvider clock)
    {
        _partitions = partitions;
        _observer = observer;
        _clock = clock;
        _filling = NewBatches(partitions.Count);
        _applying = NewBatches(partitions.Count);
        _pending = new Task<BatchOutcome>?[partitions.Count];
        Record = record;
    }

    /// <summary>The newest snapshot for the outside; replaced, never changed, so any thread may read it.</summary>
    public DatasourceRecord Record { get; private set; }

    /// <summary>Packets accepted.</summary>
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
        if (packets.BootId == _bootId && packets.Sequence <= _sequence)
        {
            RepeatedBatches++;
            return;
        }
        _bootId = packets.BootId;
        _sequence = packets.Sequence;
        uint now = (uint)_clock.GetUtcNow().ToUnixTimeSeconds();
        foreach (ObservationBatch batch in _filling)
        {
            batch.Reset(Record.Number, now);
        }
        long errors = _dissector.ErrorPackets;
        long octets = _dissector.Octets;
        _dissector.Dissect(packets, _filling);
        _packets += (ulong)packets.Count;
        _packetsRrd.Add(now, packets.Count);
        _dataRrd.Add(now, _dissector.Octets - octets);
        // A partition's fault with the batch before is told, but it does not cost this one.
        ExceptionDispatchInfo? fault = await WaitAsync();
        (_filling, _applying) = (_applying, _filling);
        for (int i = 0; i < _partitions.Count; i++)
        {
            if (_applying[i].Count > 0)
            {
                _pending[i] = _partitions[i].ApplyAsync(_applying[i]).AsTask();
            }
        }
        _observer.BatchAccepted(new(now, packets.Count, _dissector.ErrorPackets - errors, PhysSinceLast(), _dissector.Frequencies.Take()));
        fault?.Throw();
    }

    /// <summary>Waits until the partitions have applied everything accepted.</summary>
    public async ValueTask DrainAsync() => (await WaitAsync())?.Throw();

    /// <summary>Publishes a new snapshot.</summary>
    /// <param name="change">Changes the part that the caller knows; counters are filled in here.</param>
    public void Publish(Func<DatasourceRecord, DatasourceRecord>? change = null)
    {
        DatasourceRecord record = Record with
        {
            Packets = _packets,
            ErrorPackets = (ulong)_dissector.ErrorPackets,
            PacketsRrd = _packetsRrd.Copy(),
            DataRrd = _dataRrd.Copy(),
        };
        Record = change is null ? record : change(record);
    }

    // For all partitions, also after a fault: a batch must not be filled again while one of them still reads it.
    private async ValueTask<ExceptionDispatchInfo?> WaitAsync()
    {
        ExceptionDispatchInfo? fault = null;
        for (int i = 0; i < _pending.Length; i++)
        {
            if (_pending[i] is not { } pending)
            {
                continue;
            }
            _pending[i] = null;
            try
            {
                BatchOutcome outcome = await pending;
                _dissector.Anomalies.Add(outcome.Anomalies);
                if (outcome.Duplicates > 0 || outcome.Messages.Count > 0)
                {
                    _observer.BatchApplied(outcome);
                }
            }
            catch (Exception e)
            {
                fault ??= ExceptionDispatchInfo.Capture(e);
            }
        }
        return fault;
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

    private static ObservationBatch[] NewBatches(int count) => [.. Enumerable.Range(0, count).Select(static _ => new ObservationBatch())];
}
