// RFC 791: Internet Protocol, section 3.1.
using System.Buffers.Binary;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Wire.Network;

/// <summary>The header of an IPv4 packet. Addresses are numbers whose highest byte is the first one printed.</summary>
public struct Ipv4
{
    /// <summary>Header without options.</summary>
    internal const int MinimumLength = 20;

    private const byte ProtocolTcp = 6;
    private const byte ProtocolUdp = 17;

    /// <summary>Source address.</summary>
    public uint Source;

    /// <summary>Destination address.</summary>
    public uint Destination;

    /// <summary>Protocol of the payload (6 is TCP, 17 is UDP).</summary>
    public byte Protocol;

    /// <summary>Bytes of the header, options included.</summary>
    public byte HeaderLength;

    /// <summary>Bytes of header and payload, as the header says; what was captured may be less or, with padding, more.</summary>
    public ushort TotalLength;

    /// <summary>Fragment offset in units of eight bytes.</summary>
    public ushort FragmentOffset;

    /// <summary>Whether the payload is UDP.</summary>
    public readonly bool IsUdp => Protocol == ProtocolUdp;

    /// <summary>Whether the payload is TCP.</summary>
    public readonly bool IsTcp => Protocol == ProtocolTcp;

    /// <summary>Whether the payload begins here and not in an earlier fragment.</summary>
    public readonly bool IsFirstFragment => FragmentOffset == 0;

    /// <summary>Parses the header. The payload is <c>packet[HeaderLength..]</c>.</summary>
    /// <param name="packet">From the version byte on.</param>
    /// <param name="cut">Whether the capture's snap length cut the packet.</param>
    /// <param name="ip">What was found.</param>
    public static ParseStatus TryParse(ReadOnlySpan<byte> packet, bool cut, out Ipv4 ip)
    {
        ip = default;
        if (packet.Length < MinimumLength)
        {
            return cut ? ParseStatus.Truncated : ParseStatus.Malformed;
        }
        int headerLength = (packet[0] & 0x0F) * 4;
        if (packet[0] >> 4 != 4 || headerLength < MinimumLength)
        {
            return ParseStatus.Malformed;
        }
        if (headerLength > packet.Length)
        {
            return cut ? ParseStatus.Truncated : ParseStatus.Malformed;
        }
        ip.HeaderLength = (byte)headerLength;
        ip.TotalLength = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        ip.FragmentOffset = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x1FFF);
        ip.Protocol = packet[9];
        ip.Source = BinaryPrimitives.ReadUInt32BigEndian(packet[12..]);
        ip.Destination = BinaryPrimitives.ReadUInt32BigEndian(packet[16..]);
        return ip.TotalLength < headerLength ? ParseStatus.Malformed : ParseStatus.Ok;
    }

    /// <summary>Whether a packet is DHCP, other UDP or TCP, or neither.</summary>
    internal static PayloadKind Classify(ReadOnlySpan<byte> packet)
    {
        if (TryParse(packet, cut: false, out Ipv4 ip) != ParseStatus.Ok || !(ip.IsUdp || ip.IsTcp))
        {
            return PayloadKind.None;
        }
        bool isDhcp = ip.IsUdp && ip.IsFirstFragment && Udp.TryParse(packet[ip.HeaderLength..], out Udp udp) && udp.IsDhcp;
        return isDhcp ? PayloadKind.Dhcp : PayloadKind.IpTransport;
    }
}
