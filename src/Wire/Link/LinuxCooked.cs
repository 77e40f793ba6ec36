// tcpdump.org, "LINKTYPE_LINUX_SLL" and "LINKTYPE_LINUX_SLL2": what Linux gives for any interface ("any"). Big endian.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Link;

/// <summary>Linux's cooked headers (113, 276) in front of what a monitor interface saw: the hardware type says which header comes next.</summary>
internal static class LinuxCooked
{
    /// <summary>Direction, hardware type, length of the address, address, protocol.</summary>
    private const int Length = 16;

    /// <summary>Protocol, reserved, interface, hardware type, direction, length of the address, address.</summary>
    private const int LengthOfTwo = 20;

    private const int HardwareAt = 2, HardwareOfTwoAt = 8;

    // linux/if_arp.h: ARPHRD_IEEE80211, _PRISM, _RADIOTAP, _IEEE802154_MONITOR.
    private const ushort Ieee80211 = 801, Prism = 802, Radiotap = 803, Ieee802154Monitor = 805;

    public static ParseStatus TryParse(ReadOnlySpan<byte> packet, int originalLength, bool isTwo, ref RadioHeader header)
    {
        int length = isTwo ? LengthOfTwo : Length;
        if (packet.Length < length)
        {
            return LinkHeader.Short(packet, originalLength, length, ref header);
        }
        header.HeaderLength = length;
        header.Inner = BinaryPrimitives.ReadUInt16BigEndian(packet[(isTwo ? HardwareOfTwoAt : HardwareAt)..]) switch
        {
            Ieee80211 => LinkType.Ieee80211,
            Prism => LinkType.Prism,
            Radiotap => LinkType.Radiotap,
            Ieee802154Monitor => LinkType.Ieee802154NoFcs,
            _ => LinkType.None,
        };
        if (header.Inner == LinkType.None)
        {
            header.Anomalies |= Anomalies.LinkTypeUnsupported;
            return ParseStatus.Unsupported;
        }
        return ParseStatus.Ok;
    }
}
