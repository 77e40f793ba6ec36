using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Detection;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Bluetooth;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Bluetooth;

namespace KismetOrleans.Engine.Tracking;

/// <summary>What Bluetooth Low Energy advertising says about who sends it, and about whom a request is for.</summary>
internal sealed class BtleTracker(DeviceSet devices, DeviceUpdater updater, UavMatcher drones)
{
    private const byte LowEnergy = 2;
    private readonly BluetoothDetector _watch = new(devices.Alerts);

    /// <summary>Applies a packet to those of its devices that this partition owns.</summary>
    public void Apply(in Observation o, ObservationBatch batch, Hearing hearing)
    {
        bool isRead = BtleChains.IsJoined(o) ? BtleAdvertising.TryParseJoined(batch.Bytes(o), out BtleAdvertisement a)
            : BtleAdvertising.TryParse(batch.Bytes(o), out a) != ParseStatus.Unsupported && a.IsReliable;
        if (!isRead)
        {
            return;
        }
        if (Take(a.Address, out bool added) is { } sender)
        {
            if (added && !a.IsRandom)
            {
                _watch.Added(sender, o, batch);
            }
            updater.Update(sender, o, batch, Role.Sender | Role.OnAir, hearing);
            Describe(sender, a.IsRandom, o);
            if (a.IsAdvertiser && hearing == Hearing.First)
            {
                _watch.Advertised(sender, a, o, batch);
                Read(sender, a, batch.Bytes(o));
                if (!a.Content.OpenDroneId.IsEmpty)
                {
                    drones.ApplyOpenDroneId(sender, a.Content.OpenDroneId.Of(batch.Bytes(o)), o.TimeNs);
                }
            }
        }
        if (Take(a.Target, out _) is { } target)
        {
            updater.Update(target, o, batch, Role.Receiver, hearing);
            Describe(target, a.IsTargetRandom, o);
        }
    }

    private Device? Take(MacAddress address, out bool added)
    {
        added = false;
        DeviceId id = new(Phy.Btle, address);
        if (address.IsZero || !devices.Owns(id))
        {
            return null;
        }
        Device device = devices.FindOrAdd(id, out added);
        if (added)
        {
            device.Btle = new();
            device.Type = "BTLE Device";
        }
        return device;
    }

    private static void Describe(Device device, bool random, in Observation o)
    {
        if (o.FrequencyKhz != 0)
        {
            device.Channel = ChannelNames.OfBtle(o.FrequencyKhz);
        }
        if (random && device.Manufacturer == "Unknown")
        {
            device.Manufacturer = "Randomized";
        }
    }

    private static void Read(Device device, in BtleAdvertisement a, ReadOnlySpan<byte> bytes)
    {
        if (a.Content.HasFlags)
        {
            BtleDevice btle = device.Btle!;
            btle.LimitedDiscoverable = ((byte)a.Content.Flags & 1) != 0;
            btle.GeneralDiscoverable = ((byte)a.Content.Flags & 2) != 0;
            btle.BrEdrUnsupported = ((byte)a.Content.Flags & 4) != 0;
            btle.SimultaneousController = ((byte)a.Content.Flags & 8) != 0;
            btle.SimultaneousHost = ((byte)a.Content.Flags & 16) != 0;
        }
        BluetoothFields.Read(device, bytes, a.Data, a.Content, a.Pdu == BtlePdu.ScanRsp, LowEnergy);
        if (a.HasTxPower)
        {
            BluetoothFields.Of(device, LowEnergy).TxPower = a.TxPower;
        }
    }
}
