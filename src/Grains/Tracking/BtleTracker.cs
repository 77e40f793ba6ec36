using KismetOrleans.Grains.Observations;
using KismetOrleans.Records.Bluetooth;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Bluetooth;

namespace KismetOrleans.Grains.Tracking;

/// <summary>What Bluetooth Low Energy advertising says about its senders.</summary>
public sealed class BtleTracker(DeviceSet devices, DeviceUpdater updater)
{
    /// <summary>Applies an advertisement to its sender.</summary>
    public void Apply(in Observation o, ObservationBatch batch, bool duplicate)
    {
        Device device = devices.FindOrAdd(new(Phy.Btle, o.Frame.Source), out bool added);
        if (added)
        {
            device.Btle = new();
            device.Type = "BTLE Device";
        }
        updater.Update(device, o, batch, Role.Sender | Role.OnAir, duplicate);
        if (o.FrequencyKhz != 0)
        {
            device.Channel = ChannelNames.OfBtle(o.FrequencyKhz);
        }
        ReadOnlySpan<byte> octets = batch.Octets(o);
        if (duplicate || BtleAdvertising.TryParse(octets, out BtleAdvertisement a) != ParseStatus.Ok)
        {
            return;
        }
        if (a.IsRandom && device.Manufacturer == "Unknown")
        {
            device.Manufacturer = "Randomized";
        }
        if (a.Content.HasFlags)
        {
            BtleDevice btle = device.Btle!;
            btle.LimitedDiscoverable = ((byte)a.Content.Flags & 1) != 0;
            btle.GeneralDiscoverable = ((byte)a.Content.Flags & 2) != 0;
            btle.BrEdrUnsupported = ((byte)a.Content.Flags & 4) != 0;
            btle.SimultaneousController = ((byte)a.Content.Flags & 8) != 0;
            btle.SimultaneousHost = ((byte)a.Content.Flags & 16) != 0;
        }
        ReadOnlySpan<byte> name = a.Content.Name.Of(octets);
        if (!name.IsEmpty)
        {
            string text = SsidText.PrintableName(name);
            device.Name = text == device.Name ? device.Name : text;
        }
    }
}
