// RFC 768: User Datagram Protocol.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Network;

/// <summary>The header of a UDP datagram.</summary>
internal readonly record struct Udp(ushort SourcePort, ushort DestinationPort, ushort TotalLength)
{
    public const int HeaderLength = 8;

    private const ushort DhcpServer = 67;
    private const ushort DhcpClient = 68;

    /// <summary>Whether both ports are those of DHCP (relays use 67 on both sides).</summary>
    public bool IsDhcp => SourcePort is DhcpServer or DhcpClient && DestinationPort is DhcpServer or DhcpClient;

    /// <summary>Reads the header; false where the bytes are too few.</summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out Udp udp)
    {
        if (datagram.Length < HeaderLength)
        {
            udp = default;
            return false;
        }
        udp = new Udp(
            BinaryPrimitives.ReadUInt16BigEndian(datagram),
            BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]),
            BinaryPrimitives.ReadUInt16BigEndian(datagram[4..]));
        return true;
    }
}
