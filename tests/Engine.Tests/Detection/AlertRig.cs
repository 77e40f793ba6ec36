using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Fingerprints;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Json;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Tests.Detection;

/// <summary>A partition, or several, with every kind of alert switched on: frames go in, the names of alerts come out.</summary>
internal sealed class AlertRig
{
    private readonly DevicePartition[] _partitions;
    private readonly ObservationBatch[] _batches;
    private readonly FrameDissector _dissector = new();
    private double _time;

    public AlertRig(int partitions = 1, AlertOptions? options = null, IFingerprintSource? fingerprints = null)
    {
        // What is squelched as Kismet ships it is looked for here.
        Dictionary<string, string> rates = AlertCatalogue.All.Where(static kind => kind.IsSquelched).ToDictionary(static kind => kind.Header, static _ => "100/sec,100/sec");
        options = (options ?? new()) with { Rates = rates };
        PartitionEnvironment environment = new(partitions, new(), new FakeManufacturers(), new NoSources(), Guid.Empty, new FakeClock())
        {
            Alerts = options,
            Fingerprints = fingerprints ?? FixedFingerprints.None,
        };
        _partitions = [.. Enumerable.Range(0, partitions).Select(i => new DevicePartition(i, environment))];
        _batches = [.. _partitions.Select(static _ => new ObservationBatch())];
    }

    /// <summary>What was noticed so far.</summary>
    public List<RaisedAlert> Alerts { get; } = [];

    /// <summary>Names of what was noticed so far, each once, in order.</summary>
    public string[] Names => [.. Alerts.Select(static alert => alert.Header).Distinct()];

    /// <summary>Hears a frame some time (seconds) after the one before.</summary>
    public AlertRig Hear(byte[] frame, double after = 0.05, ushort source = 1) => HearPacket(frame, LinkType.Ieee80211, after, source);

    /// <summary>Hears a frame at a signal in dBm.</summary>
    public AlertRig HearAt(byte[] frame, sbyte signal, double after = 0.05) => HearPacket(Frames.Heard(frame, signal), LinkType.Radiotap, after, 1);

    /// <summary>Hears what the snap length left of a frame.</summary>
    public AlertRig HearCut(byte[] frame, int cutOff) => HearPacket(frame, LinkType.Ieee80211, cutOff: cutOff);

    public AlertRig HearPacket(byte[] packet, LinkType type, double after = 0.05, ushort source = 1, int cutOff = 0)
    {
        _time += after;
        foreach (ObservationBatch batch in _batches)
        {
            batch.Reset(source, Packets.Start);
        }
        _dissector.Dissect(new Packets().Add(packet, type, _time, cutOff).ToBatch(), _batches);
        for (int i = 0; i < _partitions.Length; i++)
        {
            Alerts.AddRange(_partitions[i].Apply(_batches[i]).Alerts);
        }
        return this;
    }

    /// <summary>Forgets what was noticed so far.</summary>
    public AlertRig Clear()
    {
        Alerts.Clear();
        return this;
    }

    private sealed class NoSources : ISourceDirectory
    {
        public IReadOnlyList<DatasourceRecord> All => [];

        public DatasourceRecord? Find(ushort number) => null;
    }
}
