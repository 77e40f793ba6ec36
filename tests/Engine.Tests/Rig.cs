using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Files;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Tests;

/// <summary>
/// The trackers of one partition with its devices laid open: packets go in, each through the dissector of its source, and devices can be
/// looked at. What it does is what DevicePartition.Apply does.
/// </summary>
internal sealed class Rig
{
    private readonly DuplicateFilter _duplicates;
    private readonly Dot11Tracker _dot11;
    private readonly BtleTracker _btle;
    private readonly Ieee802154Tracker _ieee802154;
    private readonly HciTracker _hci;
    private readonly ObservationBatch _batch = new();

    public Rig(TrackingOptions? options = null)
    {
        options ??= new();
        Devices = new(0, 1, new FakeManufacturers());
        _duplicates = new(options.DuplicateWindow, options.DuplicateCapacity);
        DeviceUpdater updater = new(Devices, options);
        UavMatcher drones = new(options.DroneRules, Devices.Anomalies);
        _dot11 = new(Devices, updater, options, drones);
        _btle = new(Devices, updater, drones);
        _ieee802154 = new(Devices, updater);
        _hci = new(Devices, updater, drones);
    }

    public DeviceSet Devices { get; }

    public FrameDissector Dissector { get; } = new();

    public FakeClock Clock { get; } = new();

    /// <summary>The Wi-Fi device of an address, which must be there.</summary>
    public Device this[MacAddress address] => Devices.Find(new(Phy.Dot11, address)) ?? throw new KeyNotFoundException($"no device {address}");

    /// <summary>Its Wi-Fi part.</summary>
    public Dot11Device Dot11(MacAddress address) => this[address].Dot11!;

    /// <summary>Hears a frame without radio header.</summary>
    public Rig Hear(byte[] frame, double at = 0, ushort source = 1) => HearPacket(frame, LinkType.Ieee80211, at, source);

    /// <summary>Hears a frame at a signal in dBm, on channel 6 unless another is given.</summary>
    public Rig HearAt(byte[] frame, sbyte signal, double at = 0, ushort source = 1, SampleGenerator.Channel? channel = null) =>
        HearPacket(Frames.Heard(frame, signal, channel), LinkType.Radiotap, at, source);

    public Rig HearPacket(byte[] packet, LinkType type, double at = 0, ushort source = 1, int cutOff = 0)
    {
        return HearBatch(new Packets().Add(packet, type, at, cutOff).ToBatch(), source);
    }

    /// <summary>Hears the packets of a capture file.</summary>
    public Rig HearFile(string path)
    {
        using CaptureFileReader reader = CaptureFileReader.Open(path);
        PacketBatch packets = new();
        while (reader.TryRead(packets))
        {
            _ = HearBatch(packets, 1);
        }
        return this;
    }

    private Rig HearBatch(PacketBatch packets, ushort source)
    {
        _batch.Reset(source, Clock.Second);
        Dissector.Dissect(packets, [_batch]);
        foreach (ref readonly Observation o in _batch.Items)
        {
            if (o.Kind == ObservationKind.Related)
            {
                Devices.Relate(o, _batch.Clock);
                continue;
            }
            Hearing hearing = _duplicates.Hear(o.Hash, o.TimeNs, source);
            switch (o.Kind)
            {
                case ObservationKind.Dot11:
                    _dot11.Apply(o, _batch, hearing);
                    break;
                case ObservationKind.Btle:
                    _btle.Apply(o, _batch, hearing);
                    break;
                case ObservationKind.Ieee802154:
                    _ieee802154.Apply(o, _batch, hearing);
                    break;
                case ObservationKind.BluetoothHci:
                    _hci.Apply(o, _batch, hearing);
                    break;
            }
        }
        return this;
    }
}
