using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire.Bluetooth;

namespace KismetOrleans.Engine.Detection;

/// <summary>Bluetooth devices and packets that are known for trouble.</summary>
internal sealed class BluetoothDetector(AlertCollector alerts)
{
    // As the alert's inventory has them.
    private const uint FirstFlipper = 0x80E126, LastFlipper = 0x80E127;

    /// <summary>Looks at a device that is seen for the first time by an address of its own (a random one has no maker).</summary>
    public void Added(Device device, in Observation o, ObservationBatch batch)
    {
        if (device.Id.Address.Oui is FirstFlipper or LastFlipper && alerts.Wants(AlertKind.FlipperZero))
        {
            alerts.Raise(AlertKind.FlipperZero, device, o, batch, $"{device.Id.Address} has an address of Flipper Zero");
        }
    }

    /// <summary>Looks at what a device advertises.</summary>
    public void Advertised(Device device, in BtleAdvertisement a, in Observation o, ObservationBatch batch)
    {
        if (a.Pdu is BtlePdu.AdvInd or BtlePdu.AdvScanInd && a.Content.HasOverlongElement && alerts.Wants(AlertKind.BleedingTooth))
        {
            alerts.Raise(
                AlertKind.BleedingTooth, device, o, batch,
                $"{device.Id.Address} advertises {a.Content.LongestElement} bytes at once, more than there is room for");
        }
    }
}
