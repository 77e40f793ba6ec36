// IEEE Std 802.15.4-2020, clause 7.2: general MAC frame format; 7.3: format of individual frame types.

namespace KismetOrleans.Wire.Ieee802154;

/// <summary>Frame types (table 7-1).</summary>
public enum Ieee802154Type : byte
{
    /// <summary>Beacon.</summary>
    Beacon = 0,

    /// <summary>Data.</summary>
    Data = 1,

    /// <summary>Acknowledgment; most have no addresses.</summary>
    Acknowledgment = 2,

    /// <summary>MAC command, such as an association.</summary>
    Command = 3,

    /// <summary>Not assigned.</summary>
    Reserved = 4,

    /// <summary>Multipurpose: a header of its own (clause 7.3.5).</summary>
    Multipurpose = 5,

    /// <summary>A fragment, which has no addresses (clause 7.3.6).</summary>
    Fragment = 6,

    /// <summary>Extended (clause 7.3.7).</summary>
    Extended = 7,
}

/// <summary>Address modes (table 7-3).</summary>
public enum Ieee802154AddressMode : byte
{
    /// <summary>No address.</summary>
    None = 0,

    /// <summary>Not assigned.</summary>
    Reserved = 1,

    /// <summary>16 bits that the network gave.</summary>
    Short = 2,

    /// <summary>64 bits that the maker gave.</summary>
    Extended = 3,
}

/// <summary>The MAC header of a frame.</summary>
public struct Ieee802154Frame
{
    /// <summary>A PAN identifier of all networks, and of none known; a short address of all devices.</summary>
    public const ushort Broadcast = 0xFFFF;

    /// <summary>The short address of a device that has none yet (clause 8.4.3.1, macShortAddress).</summary>
    internal const ushort NoShortAddress = 0xFFFE;

    // First bytes of the six that a device's address has that is known by its short one: locally administered, so no maker's.
    private const ulong ShortPrefix = 0x0200_0000_0000;

    /// <summary>Frame type.</summary>
    public Ieee802154Type Type;

    /// <summary>Frame version: 0 (2003), 1 (2006), 2 (2015 and later).</summary>
    public byte Version;

    /// <summary>Whether there is an auxiliary security header.</summary>
    public bool IsSecured;

    /// <summary>Whether the payload is encrypted (security level 4 and above), not only signed.</summary>
    public bool IsEncrypted;

    /// <summary>Sequence number; 0 where it is suppressed.</summary>
    public byte Sequence;

    /// <summary>Network of the destination; <see cref="Broadcast"/> where the frame does not say.</summary>
    public ushort DestinationPan;

    /// <summary>Network of the source; that of the destination where the frame leaves it out, <see cref="Broadcast"/> where neither is there.</summary>
    public ushort SourcePan;

    /// <summary>How the source is named.</summary>
    public Ieee802154AddressMode SourceMode;

    /// <summary>How the destination is named.</summary>
    public Ieee802154AddressMode DestinationMode;

    /// <summary>The sender's 16 or 64 bits.</summary>
    public ulong SourceAddress;

    /// <summary>The receiver's 16 or 64 bits.</summary>
    public ulong DestinationAddress;

    /// <summary>Bytes from the start of the frame to its payload, behind security header and header elements.</summary>
    public int PayloadOffset;

    /// <summary>What was wrong with the frame.</summary>
    public Anomalies Anomalies;

    /// <summary>Who sent it, zero where the frame does not say: the extended address, or network and short address as <c>02:00:PP:PP:SS:SS</c>.</summary>
    public readonly MacAddress Source => AddressOf(SourceMode, SourcePan, SourceAddress);

    /// <summary>Who shall get it, zero where it is for all or the frame does not say.</summary>
    public readonly MacAddress Destination => AddressOf(DestinationMode, DestinationPan, DestinationAddress);

    /// <summary>The address of a device by the network's 16 bits and its own. A short address is unique in its network alone.</summary>
    internal static MacAddress OfShort(ushort pan, ushort address) =>
        address is Broadcast or NoShortAddress ? MacAddress.Zero : new(ShortPrefix | ((ulong)pan << 16) | address);

    private static MacAddress AddressOf(Ieee802154AddressMode mode, ushort pan, ulong address) => mode switch
    {
        Ieee802154AddressMode.Short => OfShort(pan, (ushort)address),
        Ieee802154AddressMode.Extended => MacAddress.OfExtended(address),
        _ => MacAddress.Zero,
    };
}
