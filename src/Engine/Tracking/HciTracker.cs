using KismetOrleans.Engine.Detection;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Bluetooth;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Bluetooth;

namespace KismetOrleans.Engine.Tracking;

/// <summary>What a Bluetooth controller tells its host about devices: classic ones and low energy ones, of phy Bluetooth.</summary>
public sealed class HciTracker(DeviceSet devices, DeviceUpdater updater, UavMatcher drones)
{
    /// <summary>Frequency that the API gives for devices that hop over the whole band.</summary>
    public const uint BandKhz = 2_400_000;

    private const byte Classic = 1, LowEnergy = 2;
    private readonly BluetoothDetector _watch = new(devices.Alerts);

    /// <summary>Applies a report to its device, if this partition owns it.</summary>
    internal void Apply(in Observation o, ObservationBatch batch, Hearing hearing)
    {
        DeviceId id = new(Phy.Bluetooth, o.Frame.Source);
        ReadOnlySpan<byte> packet = batch.Bytes(o);
        if (!devices.Owns(id) || !TryFind(packet, o, out HciReport report))
        {
            return;
        }
        byte kind = report.IsLowEnergy ? LowEnergy : Classic;
        Device device = devices.FindOrAdd(id, out bool added);
        BluetoothDevice bluetooth = BluetoothFields.Of(device, kind);
        if (added)
        {
            device.Channel = "FHSS";
            if (!report.IsRandom)
            {
                _watch.Added(device, o, batch);
            }
        }
        updater.Update(device, o, batch, Role.Sender | Role.OnAir, hearing);
        bluetooth.Kind = kind;
        device.Type = report.IsLowEnergy ? "BTLE" : "BR/EDR";
        device.BasicTypeSet |= (byte)BasicType.Peer;
        if (report.IsRandom && device.Manufacturer == "Unknown")
        {
            device.Manufacturer = "Randomized";
        }
        if (hearing == Hearing.First)
        {
            Read(device, bluetooth, report, packet, o, kind);
        }
    }

    private void Read(Device device, BluetoothDevice bluetooth, in HciReport report, ReadOnlySpan<byte> packet, in Observation o, byte kind)
    {
        bluetooth.TxPower = report.TxPower ?? bluetooth.TxPower;
        if (report.Class is { } reported)
        {
            BluetoothFields.Class(bluetooth, reported);
        }
        BluetoothFields.Name(device, report.Name.Of(packet), isComplete: true);
        if (report.Data.IsEmpty)
        {
            return;
        }
        if (!AdvertisingData.TryParse(packet, report.Data, out AdvertisingData content) && !report.IsIncomplete && !o.Frame.IsCut)
        {
            devices.Anomalies.Note(Anomalies.BluetoothMalformed);
        }
        BluetoothFields.Read(device, packet, report.Data, content, report.IsScanResponse, kind);
        if (!content.OpenDroneId.IsEmpty)
        {
            drones.ApplyOpenDroneId(device, content.OpenDroneId.Of(packet), o.TimeNs);
        }
    }

    // The dissector numbered the reports of the packet.
    private static bool TryFind(ReadOnlySpan<byte> packet, in Observation o, out HciReport report)
    {
        HciReports reports = new(packet, o.Frame.IsCut);
        for (int left = o.Frame.Sequence; reports.TryRead(out report); left--)
        {
            if (left == 0)
            {
                return true;
            }
        }
        return false;
    }
}
