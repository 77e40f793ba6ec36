// RFC 826: Address Resolution Protocol, for Ethernet and IPv4.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Network;

/// <summary>An ARP packet that maps IPv4 to 48-bit addresses. IPv4 addresses have the first printed byte highest.</summary>
public struct Arp
{
    private const int TotalLength = 28;

    /// <summary>Ethernet (1), IPv4 (0x0800), six and four bytes.</summary>
    private const ulong EthernetAndIpv4 = 0x0001_0800_0604;

    /// <summary>1 is a request, 2 a reply.</summary>
    public ushort Operation;

    /// <summary>Sender's hardware address.</summary>
    public MacAddress SenderMac;

    /// <summary>Sender's IPv4 address, 0 in probes (RFC 5227).</summary>
    public uint SenderIp;

    /// <summary>Target's hardware address.</summary>
    public MacAddress TargetMac;

    /// <summary>Target's IPv4 address.</summary>
    public uint TargetIp;

    /// <summary>Parses an ARP packet; <see cref="ParseStatus.Unsupported"/> for other address families than Ethernet and IPv4.</summary>
    /// <param name="packet">From the hardware type on.</param>
    /// <param name="cut">Whether the capture's snap length cut the packet.</param>
    /// <param name="arp">What was found.</param>
    public static ParseStatus TryParse(ReadOnlySpan<byte> packet, bool cut, out Arp arp)
    {
        arp = default;
        if (packet.Length < 8)
        {
            return cut ? ParseStatus.Truncated : ParseStatus.Malformed;
        }
        ulong head = BinaryPrimitives.ReadUInt64BigEndian(packet);
        arp.Operation = (ushort)head;
        if (head >> 16 != EthernetAndIpv4)
        {
            return ParseStatus.Unsupported;
        }
        if (packet.Length < TotalLength)
        {
            return cut ? ParseStatus.Truncated : ParseStatus.Malformed;
        }
        arp.SenderMac = MacAddress.Read(packet[8..]);
        arp.SenderIp = BinaryPrimitives.ReadUInt32BigEndian(packet[14..]);
        arp.TargetMac = MacAddress.Read(packet[18..]);
        arp.TargetIp = BinaryPrimitives.ReadUInt32BigEndian(packet[24..]);
        return ParseStatus.Ok;
    }
}
