using KismetOrleans.Engine.Detection;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Scanning;
using KismetOrleans.Records.Bluetooth;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Tracking;

/// <summary>What reports of scanners say about devices (inventory: scan-mode.md, 3 to 5).</summary>
internal sealed class ScanTracker(DeviceSet devices, DeviceUpdater updater, UavMatcher drones)
{
    // A device's tags come from outside without end, a screen's worth of them is enough.
    private const int MaxTags = 64;

    // As many services as one device has, with room for those that rotate their data's UUID.
    private const int MaxServices = 64;
    private readonly ScanTrackerDot11 _dot11 = new(devices, drones);
    private readonly BluetoothDetector _watch = new(devices.Alerts);

    public void Apply(in Observation o, ObservationBatch batch)
    {
        if (o.Kind == ObservationKind.Dot11Scan)
        {
            ApplyDot11(o, batch);
        }
        else
        {
            ApplyBluetooth(o, batch);
        }
    }

    private void ApplyDot11(in Observation o, ObservationBatch batch)
    {
        DeviceId id = new(Phy.Dot11, o.Frame.Source);
        if (!devices.Owns(id) || !Dot11ScanPayload.TryRead(batch.Bytes(o), out Dot11ScanPayload payload))
        {
            return;
        }
        Device device = devices.FindOrAdd(id, out bool added);
        if (added)
        {
            device.Dot11 = new() { Advertised = [] };
        }
        updater.Update(device, o, batch, Role.Sender | Role.OnAir, Hearing.First);
        _dot11.Apply(device, o, batch, payload);
        Tag(device, payload.Tags);
    }

    private void ApplyBluetooth(in Observation o, ObservationBatch batch)
    {
        DeviceId id = new(Phy.Bluetooth, o.Frame.Source);
        if (!devices.Owns(id) || !BluetoothScanPayload.TryRead(batch.Bytes(o), out BluetoothScanPayload payload))
        {
            return;
        }
        Device device = devices.FindOrAdd(id, out bool added);
        if (added)
        {
            device.Bluetooth = new();
            _watch.Added(device, o, batch);
            device.Type = "Bluetooth Device";
            device.Channel = "FHSS";
        }
        updater.Update(device, o, batch, Role.Sender | Role.OnAir, Hearing.First);
        BluetoothDevice bluetooth = device.Bluetooth!;
        device.Name = Text(device.Name, payload.Name);
        device.Type = Text(device.Type, payload.Type);
        bluetooth.TxPower = payload.TxPower ?? bluetooth.TxPower;
        bluetooth.PathLoss = payload.PathLoss ?? bluetooth.PathLoss;
        if (!payload.ScanData.IsEmpty && !payload.ScanData.SequenceEqual(bluetooth.ScanData))
        {
            bluetooth.ScanData = payload.ScanData.ToArray();
        }
        foreach (ScanPairs.Enumerator pair in payload.ServiceData)
        {
            string uuid = SsidText.Printable(pair.Name);
            if (bluetooth.ServiceData.Count < MaxServices || bluetooth.ServiceData.ContainsKey(uuid))
            {
                bluetooth.ServiceData[uuid] = pair.Value.ToArray();
            }
        }
        Tag(device, payload.Tags);
    }

    private static void Tag(Device device, ScanPairs tags)
    {
        foreach (ScanPairs.Enumerator pair in tags)
        {
            string name = SsidText.Printable(pair.Name);
            device.Tags ??= [];
            if (device.Tags.Count < MaxTags || device.Tags.ContainsKey(name))
            {
                device.Tags[name] = SsidText.Printable(pair.Value);
            }
        }
    }

    // The old string where nothing, or nothing new, was said.
    private static string Text(string old, ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty || TextMatch.Equals(bytes, old) ? old : SsidText.Printable(bytes);
}
