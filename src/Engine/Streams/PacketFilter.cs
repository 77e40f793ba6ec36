using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Streams;

/// <summary>What a packet stream takes.</summary>
public enum PacketFilterKind : byte
{
    /// <summary>Nothing: a device that cannot exist has no packets.</summary>
    Nothing,

    /// <summary>Everything, damaged packets too.</summary>
    All,

    /// <summary>Everything of one datasource.</summary>
    Source,

    /// <summary>Frames that have a device's address in any role.</summary>
    Device,

    /// <summary>Frames that a device sends.</summary>
    Sender,

    /// <summary>Frames of an 802.11 network.</summary>
    Bssid,
}

/// <summary>Which packets a stream takes; evaluated beside the datasource. Two numbers, so that it crosses process borders as it is.</summary>
/// <param name="Value">With what: a source's number, a <see cref="DeviceId"/>'s or an address's value; else 0.</param>
public readonly record struct PacketFilter(PacketFilterKind Kind, ulong Value)
{
    /// <summary>Takes everything.</summary>
    public static readonly PacketFilter All = new(PacketFilterKind.All, 0);

    public static readonly PacketFilter Nothing = new(PacketFilterKind.Nothing, 0);

    /// <summary>Whether the frame's addresses decide.</summary>
    public bool NeedsFrame => Kind >= PacketFilterKind.Device;

    /// <summary>Takes everything of the datasource of a number.</summary>
    public static PacketFilter OfSource(ushort number) => new(PacketFilterKind.Source, number);

    /// <summary>Takes what a device sends or is sent, and what names it in another role.</summary>
    public static PacketFilter OfDevice(DeviceId device) => Of(PacketFilterKind.Device, device.Value, device.Address);

    /// <summary>Takes what a device sends.</summary>
    public static PacketFilter FromDevice(DeviceId device) => Of(PacketFilterKind.Sender, device.Value, device.Address);

    /// <summary>Takes what has a BSSID.</summary>
    public static PacketFilter OfBssid(MacAddress bssid) => Of(PacketFilterKind.Bssid, bssid.Value, bssid);

    /// <summary>Whether anything of a source can be taken.</summary>
    internal bool CanTakeFrom(ushort source) => Kind switch
    {
        PacketFilterKind.Nothing => false,
        PacketFilterKind.Source => Value == source,
        _ => true,
    };

    /// <summary>Whether a packet is taken, as far as its frame decides (<see cref="NeedsFrame"/>).</summary>
    /// <param name="what">How far it was dissected.</param>
    /// <param name="frame">Its frame; looked at only where there is one.</param>
    internal bool Takes(DissectedAs what, in Dot11Frame frame)
    {
        if (!NeedsFrame)
        {
            return true;
        }
        if (what < DissectedAs.Dot11)
        {
            return false;
        }
        if (Kind == PacketFilterKind.Bssid)
        {
            return what == DissectedAs.Dot11 && frame.Bssid.Value == Value;
        }
        // Compared as a number: a filter that came over a border may name a phy that is not known here.
        DeviceId device = new(Value);
        if ((device.IsExtended ? Phy.Ieee802154.Id : (int)(Value >> 48)) != PhyOf(what))
        {
            return false;
        }
        MacAddress address = device.Address;
        if (Kind == PacketFilterKind.Sender)
        {
            // Control frames name at most who transmits them.
            return frame.Source == address || (frame.Source.IsZero && frame.Transmitter == address);
        }
        return frame.Source == address || frame.Destination == address || frame.Bssid == address
            || frame.Transmitter == address || frame.Receiver == address;
    }

    private static int PhyOf(DissectedAs what) => what switch
    {
        DissectedAs.Dot11 => Phy.Dot11.Id,
        DissectedAs.Btle or DissectedAs.BtleChained => Phy.Btle.Id,
        DissectedAs.Bluetooth => Phy.Bluetooth.Id,
        _ => Phy.Ieee802154.Id,
    };

    // Zero is what an address field holds that a frame does not have.
    private static PacketFilter Of(PacketFilterKind kind, ulong value, MacAddress address) => address.IsZero ? Nothing : new(kind, value);
}
