using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Ieee802154;

namespace KismetOrleans.Engine.Tracking;

/// <summary>
/// What 802.15.4 frames say about who sends them and whom they are for. A device is its extended address, or its network and short address; the
/// answer to an association tells which belong together.
/// </summary>
internal sealed class Ieee802154Tracker(DeviceSet devices, DeviceUpdater updater)
{
    /// <summary>Applies a frame to those of its devices that this partition owns.</summary>
    public void Apply(in Observation o, ObservationBatch batch, Hearing hearing)
    {
        Device? sender = Take(o.Frame.Source);
        Device? receiver = o.Frame.Destination == o.Frame.Source ? null : Take(o.Frame.Destination);
        if ((sender ?? receiver) is null || Ieee802154Parser.TryParse(batch.Bytes(o), o.Frame.IsCut, out Ieee802154Frame f) != ParseStatus.Ok)
        {
            return;
        }
        if (sender is not null)
        {
            updater.Update(sender, o, batch, Role.Sender | Role.OnAir, hearing);
            Describe(sender, f.SourcePan, o);
            if (o.Frame.Code is > 0 and <= byte.MaxValue + 1)
            {
                sender.Ieee802154!.Hear((byte)(o.Frame.Code - 1));
            }
            sender.Ieee802154!.IsCoordinator |= f.Type == Ieee802154Type.Beacon;
        }
        if (receiver is not null)
        {
            updater.Update(receiver, o, batch, Role.Receiver, hearing);
            Describe(receiver, f.DestinationPan, o);
            if (receiver.Id.IsExtended && Ieee802154Parser.AssignedAddress(batch.Bytes(o), f) is { } assigned)
            {
                receiver.Ieee802154!.ShortAddress = assigned;
            }
        }
    }

    private Device? Take(MacAddress address)
    {
        DeviceId id = new(Phy.Ieee802154, address);
        if (address.IsZero || !devices.Owns(id))
        {
            return null;
        }
        Device device = devices.FindOrAdd(id, out bool added);
        if (added)
        {
            device.Ieee802154 = new() { ShortAddress = address.IsExtended ? null : (ushort)address.Value };
            device.Type = "802.15.4";
        }
        return device;
    }

    private static void Describe(Device device, ushort pan, in Observation o)
    {
        if (pan != Ieee802154Frame.Broadcast)
        {
            device.Ieee802154!.Pan = pan;
        }
        if (o.FrequencyKhz != 0)
        {
            device.Channel = ChannelNames.OfIeee802154(o.FrequencyKhz);
        }
    }
}
