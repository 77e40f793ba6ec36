using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Detection;
using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Fingerprints;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Engine.Presence;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Json;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Partitions;

/// <summary>What a partition shares with the rest of its host.</summary>
public sealed record PartitionEnvironment(
    int Count, TrackingOptions Options, IManufacturers Manufacturers, ISourceDirectory Sources, Guid ServerUuid, TimeProvider Clock)
{
    public AlertOptions Alerts { get; init; } = new();

    /// <summary>Who listens to what happens to devices; null for nobody.</summary>
    public IEvents? Events { get; init; }

    /// <summary>Which aircraft there are; null where there is no registry of them.</summary>
    public IAircraftRegistry? Aircraft { get; init; }

    /// <summary>How devices are expected to look.</summary>
    public IFingerprintSource Fingerprints { get; init; } = FixedFingerprints.None;
}

/// <summary>
/// The devices of one partition and everything that happens to them. Not thread-safe: its host calls it from one worker at a time, so
/// there are no locks inside.
/// </summary>
public sealed class DevicePartition
{
    // More misses than that at once no core waits for, and what is brought near should not be gone when it is used.
    internal const int WarmAhead = 16;

    // Reports of scanners of all partitions that a repetition is known by, whose senders say what they are; some 40 bytes each.
    private const int ReportCapacity = 262_144;

    // A flood fills the spare part again sooner.
    private const uint FullSeconds = 60;
    private const uint FullMessageSeconds = 600;
    private readonly PartitionEnvironment _environment;
    private readonly DeviceSet _devices;
    private readonly DuplicateFilter _duplicates;

    // Apart from the frames, of which a busy radio brings more in a minute. Null until there is a report that can be repeated.
    private DuplicateFilter? _reports;
    private readonly Dot11Tracker _dot11;
    private readonly BtleTracker _btle;
    private readonly Ieee802154Tracker _ieee802154;
    private readonly HciTracker _hci;
    private readonly ScanTracker _scans;
    private readonly SensorTracker _sensors;
    private readonly FingerprintDetector _fingerprints;
    private readonly Dictionary<ulong, Watermark> _watermarks = [];
    private readonly HashSet<ulong> _moved = [];
    private readonly FailedObservations _failed = new();
    private readonly bool _durable;
    private readonly DeviceRanks _ranks;
    private readonly PresenceBook _presence;
    private readonly int _most;
    private uint _fullUntil;
    private uint _fullMessageAt;
    private long _duplicateCount;

    /// <summary>An empty partition.</summary>
    /// <param name="number">Its number, from 0.</param>
    /// <param name="environment">What it shares with its host.</param>
    /// <param name="durable">Whether changes are remembered for <see cref="TakeChanges"/>.</param>
    public DevicePartition(int number, PartitionEnvironment environment, bool durable = false)
    {
        Number = number;
        _environment = environment;
        _durable = durable;
        _presence = new(environment.Options, environment.Sources, environment.Clock, environment.Count, durable);
        _devices = new(number, environment.Count, environment.Manufacturers) { KeepsChanges = durable, Presence = _presence, Alerts = new(environment.Alerts), Fingerprints = environment.Fingerprints, Aircraft = environment.Aircraft, Events = new(environment.Events) };
        _ranks = new(environment.Alerts, environment.Fingerprints);
        _most = environment.Options.MostOf(number, environment.Count);
        _fingerprints = new(_devices.Alerts, environment.Fingerprints);
        _duplicates = new(environment.Options.DuplicateWindow, environment.Options.DuplicateCapacity / environment.Count) { KeepsLearnt = durable };
        DeviceUpdater updater = new(_devices, environment.Options);
        UavMatcher drones = new(environment.Options.DroneRules, _devices.Anomalies);
        _dot11 = new(_devices, updater, environment.Options, drones);
        _btle = new(_devices, updater, drones);
        _ieee802154 = new(_devices, updater);
        _hci = new(_devices, updater, drones);
        _scans = new(_devices, updater, drones);
        _sensors = new(_devices, updater, environment.Options);
        Queries = new(environment, _devices, _presence);
    }

    /// <summary>Its number, from 0.</summary>
    public int Number { get; }

    /// <summary>Devices; any thread may ask.</summary>
    public int Devices => _devices.All.Length;

    /// <summary>What can be asked of it.</summary>
    public PartitionQueries Queries { get; }

    /// <summary>The newest observations that could not be applied, oldest first, with their bytes. Any thread may ask.</summary>
    public IReadOnlyList<FailedObservation> Failed => _failed.Newest;

    /// <summary>Takes in what was saved; before anything else.</summary>
    public void Restore(PartitionImage image)
    {
        foreach (Device device in image.Devices)
        {
            _devices.Restore(device);
        }
        _presence.Restore(image.Presence);
        Trim();
        foreach ((ulong feed, Watermark watermark) in image.Watermarks)
        {
            _watermarks[feed] = watermark.OrNothing(_environment.Clock.GetUtcNow());
        }
        foreach (ReadOnlyMemory<byte> seen in image.Seen)
        {
            _duplicates.Restore(seen.Span);
            if (DuplicateFilter.HasReports(seen.Span))
            {
                Reports.Restore(seen.Span, reports: true);
            }
        }
    }

    /// <summary>Writes what changed since the last call.</summary>
    internal void TakeChanges(PartitionChanges changes)
    {
        _devices.TakeChanged(changes.Add, changes.Removed);
        _presence.Take(changes);
        foreach (ulong feed in _moved)
        {
            changes.Watermarks.Add(new(feed, _watermarks[feed]));
        }
        _moved.Clear();
        changes.Seen = _reports is null ? _duplicates.TakeLearnt() : [.. _duplicates.TakeLearnt(), .. _reports.TakeLearnt()];
        changes.SeenCapacity = (_duplicates.Capacity + (_reports?.Capacity ?? 0)) * DuplicateFilter.LearntBytes;
    }

    /// <summary>Whether a batch of a feed was applied.</summary>
    public bool Covers(ulong feed, ulong bootId, ulong sequence) =>
        _watermarks.TryGetValue(feed, out Watermark watermark) && watermark.Covers(bootId, sequence);

    /// <inheritdoc cref="IDevicePartition.ApplyAsync"/>
    public BatchOutcome Apply(ObservationBatch batch)
    {
        if (batch.Mark.Sequence > 0 && Refuse(batch) is { } refused)
        {
            Meters.Applied(refused.Gap ? BatchResult.Gap : BatchResult.Repeated);
            return refused;
        }
        _devices.Events.Begin();
        _fingerprints.Renew(_devices);
        if (batch.Mark.Sequence > 0)
        {
            Move(batch.Mark);
        }
        long duplicates = 0;
        int failed = 0;
        int forgotten = 0;
        ReadOnlySpan<Observation> items = batch.Items;
        for (int i = 0; i < items.Length; i++)
        {
            if (i % WarmAhead == 0)
            {
                foreach (ref readonly Observation soon in items.Slice(i, Math.Min(WarmAhead, items.Length - i)))
                {
                    _duplicates.Warm(soon.Hash, soon.TimeNs);
                }
            }
            ref readonly Observation o = ref items[i];
            try
            {
                duplicates += Apply(in o, batch) ? 1 : 0;
            }
            catch (Exception e)
            {
                // Sent again it would fail again, so the batch counts as applied; and the others in it are not to be lost for this one.
                failed++;
                _failed.Add(new(batch.Clock, o, batch.Bytes(o).ToArray(), e));
            }
            forgotten += Trim();
        }
        _duplicateCount += duplicates;
        Meters.Applied(BatchResult.Applied);
        Meters.Duplicates.Add(duplicates);
        IReadOnlyList<MessageRecord> messages = _devices.TakeMessages(batch.Clock);
        _fullUntil = forgotten > 0 ? batch.Clock + FullSeconds : _fullUntil;
        if (batch.Clock < _fullUntil)
        {
            // That each is new says nothing then, and would push everything else out of the ring.
            messages = [];
        }
        if (failed > 0)
        {
            Meters.ObservationsFailed.Add(failed);
            messages = [.. messages, _failed.Message(failed, FramesOf(items), Number, batch.Clock)];
        }
        if (forgotten > 0 && FullMessage(batch.Clock) is { } full)
        {
            messages = [.. messages, full];
        }
        return new(batch.Clock, messages, duplicates, _devices.Anomalies.Take())
        {
            Alerts = _devices.Alerts.Take(),
            Events = _devices.Events.Take(),
        };
    }

    private DuplicateFilter Reports =>
        _reports ??= new(TimeSpan.FromSeconds(1), Math.Max(64, ReportCapacity / _environment.Count)) { KeepsLearnt = _durable };

    // Whether it was seen before and its sender is told of it here.
    private bool Apply(in Observation o, ObservationBatch batch)
    {
        if (o.Kind is ObservationKind.Dot11Scan or ObservationKind.BluetoothScan)
        {
            if (o.Hash != 0 && Reports.Hear(o.Hash, DuplicateFilter.ReportTimeNs, o.Source) != Hearing.First)
            {
                return true;
            }
            // No frames: what a scanner reports twice it has seen twice, unless it says that it is the same report.
            _scans.Apply(o, batch);
            return false;
        }
        if (o.Kind == ObservationKind.JsonReport)
        {
            // What a thermometer says twice it has measured twice.
            _sensors.Apply(o, batch);
            return false;
        }
        if (o.Kind == ObservationKind.Related)
        {
            _devices.Relate(o, batch.Clock);
            return false;
        }
        Hearing hearing = _duplicates.Hear(o.Hash, o.TimeNs, o.Source);
        switch (o.Kind)
        {
            case ObservationKind.Dot11:
                _dot11.Apply(o, batch, hearing);
                break;
            case ObservationKind.Btle:
                _btle.Apply(o, batch, hearing);
                break;
            case ObservationKind.Ieee802154:
                _ieee802154.Apply(o, batch, hearing);
                break;
            case ObservationKind.BluetoothHci:
                _hci.Apply(o, batch, hearing);
                break;
        }
        return hearing != Hearing.First && IsFirstOwner(o);
    }

    private static int FramesOf(ReadOnlySpan<Observation> items)
    {
        int frames = 0;
        foreach (ref readonly Observation o in items)
        {
            frames += o.Kind == ObservationKind.Related ? 0 : 1;
        }
        return frames;
    }

    // Null when the batch is the next one of its feed.
    private BatchOutcome? Refuse(ObservationBatch batch)
    {
        BatchMark mark = batch.Mark;
        if (_watermarks.TryGetValue(mark.Feed, out Watermark watermark) && watermark.Covers(mark.BootId, mark.Sequence))
        {
            return BatchOutcome.Nothing(batch.Clock);
        }
        if (mark.Previous > 0 && !watermark.Covers(mark.BootId, mark.Previous))
        {
            return BatchOutcome.Nothing(batch.Clock) with { Gap = true };
        }
        return null;
    }

    private void Move(BatchMark mark)
    {
        _watermarks[mark.Feed] = new(mark.BootId, mark.Sequence);
        if (_durable)
        {
            _ = _moved.Add(mark.Feed);
        }
    }

    /// <inheritdoc cref="IDevicePartition.EditAsync"/>
    public EditOutcome Edit(DeviceId id, DeviceEdit edit)
    {
        if (_devices.FindToChange(id) is not { } device)
        {
            return EditOutcome.Unknown;
        }
        device.ModTime = Now();
        return edit.TryApply(device) ? EditOutcome.Done : EditOutcome.TooManyTags;
    }

    /// <summary>Looks at the devices whose place in the list of fingerprints has changed, rather than with the next batch.</summary>
    /// <returns>What was noticed.</returns>
    public IReadOnlyList<RaisedAlert> RenewFingerprints()
    {
        _fingerprints.Renew(_devices);
        return _devices.Alerts.Take();
    }

    /// <inheritdoc cref="IDevicePartition.CountAsync"/>
    public PartitionCounts Count() => new(
        _devices.All.Length, _devices.CountsByPhy.ToArray(), _devices.AccessPoints, new Dictionary<ushort, int>(_devices.CountsBySource), _duplicateCount);

    /// <inheritdoc cref="IDevicePartition.MaintainAsync"/>
    public void Maintain()
    {
        uint now = Now();
        Retire(now);
        ForgetSources();
        _presence.Maintain();
        foreach (Device device in _devices.All)
        {
            device.PacketsRrd?.Compact(now);
            device.TxRrd?.Compact(now);
            device.RxRrd?.Compact(now);
            device.DataRrd?.Compact(now);
            device.Signal?.History?.Compact(now);
            foreach (SeenBy seen in device.SeenBy)
            {
                seen.SignalHistory?.Compact(now);
            }
        }
    }

    // The feed of a source is its number; those of journals are others.
    private void ForgetSources()
    {
        _devices.ForgetSources(_environment.Sources);
        foreach ((ulong feed, Watermark mark) in _watermarks)
        {
            if (feed <= ushort.MaxValue && mark != default && _environment.Sources.IsForgotten((ushort)feed))
            {
                Move(new(feed, 0, 0, 0));
            }
        }
    }

    private void Retire(uint now)
    {
        TrackingOptions options = _environment.Options;
        if (options.MaxIdle is { } idle)
        {
            long oldest = now - (long)idle.TotalSeconds;
            _ = _devices.RemoveWhere(device => device.ModTime < oldest && !DeviceEdit.IsOn(device));
        }
    }

    private int Trim()
    {
        int forgotten = _devices.Trim(_most, _ranks);
        if (forgotten > 0)
        {
            Meters.DevicesForgotten.Add(forgotten);
        }
        return forgotten;
    }

    // Every ten minutes, and of one partition alone: addresses are spread evenly, so that all are full at the same time.
    private MessageRecord? FullMessage(uint now)
    {
        if (Number != 0 || now - (long)_fullMessageAt < FullMessageSeconds)
        {
            return null;
        }
        _fullMessageAt = now;
        return new(
            $"There are as many devices as Tracking:MaxDevices ({_environment.Options.MaxDevices}) allows: of those that nobody named, tagged or was alerted of, those seen longest ago are forgotten",
            MessageFlags.Error, now);
    }

    // A frame goes to the owner of each of its addresses. The owner of the first counts it, so that partitions add up.
    private bool IsFirstOwner(in Observation o)
    {
        ref readonly Dot11Frame f = ref o.Frame;
        if (o.Kind != ObservationKind.Dot11)
        {
            Phy phy = o.Kind switch
            {
                ObservationKind.Btle => Phy.Btle,
                ObservationKind.Ieee802154 => Phy.Ieee802154,
                _ => Phy.Bluetooth,
            };
            return _devices.Owns(new(phy, f.Source.IsZero ? f.Destination : f.Source));
        }
        return _devices.OwnsDot11(
            Dot11Tracker.IsStation(f.Source) ? f.Source
            : Dot11Tracker.IsStation(f.Bssid) ? f.Bssid
            : Dot11Tracker.IsStation(f.Destination) ? f.Destination
            : Dot11Tracker.IsStation(f.Transmitter) ? f.Transmitter
            : f.Receiver);
    }

    private uint Now() => (uint)_environment.Clock.GetUtcNow().ToUnixTimeSeconds();
}
