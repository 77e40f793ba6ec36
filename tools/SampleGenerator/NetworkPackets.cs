// IEEE Std 802.2, SNAP; RFC 1035 (DNS). ARP, IPv4, UDP, TCP and DHCP are PacketDotNet's.
using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using KismetOrleans.Wire;
using PacketDotNet;
using PacketDotNet.DhcpV4;
using PacketDotNet.Utils;

namespace KismetOrleans.SampleGenerator;

/// <summary>Network packets behind their LLC/SNAP header, as data frames carry them.</summary>
public static class NetworkPackets
{
    /// <summary>DHCP message types (RFC 2132, 9.6).</summary>
    public const byte Discover = 1, Offer = 2, Request = 3, Acknowledge = 5;

    /// <summary>Bytes up to the options, the magic number included (RFC 2131, section 2).</summary>
    private const int DhcpHeaderLength = 240;

    private const uint DhcpMagic = 0x6382_5363;
    private const int DoNotFragment = 2;

    // Subnet mask, router, name server, domain name, broadcast address.
    private static readonly HashSet<DhcpV4OptionType> s_asked = [(DhcpV4OptionType)1, (DhcpV4OptionType)3, (DhcpV4OptionType)6, (DhcpV4OptionType)15, (DhcpV4OptionType)28];

    /// <summary>Anything behind a SNAP header.</summary>
    public static byte[] Snap(ushort etherType, ReadOnlySpan<byte> payload) =>
        new FrameBuilder().Raw([0xAA, 0xAA, 0x03, 0, 0, 0]).U16Big(etherType).Raw(payload).ToArray();

    /// <summary>ARP over Ethernet and IPv4; operation 1 asks, 2 answers.</summary>
    public static byte[] Arp(ushort operation, MacAddress senderMac, uint senderIp, MacAddress targetMac, uint targetIp) =>
        Snap((ushort)EthernetType.Arp, new ArpPacket((ArpOperation)operation, Mac(targetMac), Ip(targetIp), Mac(senderMac), Ip(senderIp)).Bytes);

    /// <summary>UDP over IPv4.</summary>
    public static byte[] Udp(uint source, uint destination, ushort sourcePort, ushort destinationPort, ReadOnlySpan<byte> payload)
    {
        UdpPacket udp = new(sourcePort, destinationPort) { PayloadData = payload.ToArray() };
        return OverIp(source, destination, udp, udp.UpdateUdpChecksum);
    }

    /// <summary>A TCP segment over IPv4.</summary>
    public static byte[] Tcp(uint source, uint destination, ushort sourcePort, ushort destinationPort, byte flags, uint sequence,
        ReadOnlySpan<byte> payload)
    {
        TcpPacket tcp = new(sourcePort, destinationPort) { Flags = flags, SequenceNumber = sequence, WindowSize = 64240, PayloadData = payload.ToArray() };
        return OverIp(source, destination, tcp, tcp.UpdateTcpChecksum);
    }

    /// <summary>DHCP between ports 68 and 67.</summary>
    /// <param name="type">Message type.</param>
    /// <param name="client">The client's address.</param>
    /// <param name="transaction">Transaction number.</param>
    /// <param name="offered">Address offered or acknowledged; 0 in the client's messages.</param>
    /// <param name="server">The server's address; 0 in a discover.</param>
    /// <param name="hostName">Host name (option 12); empty for none.</param>
    /// <param name="vendorClass">Vendor class (option 60); empty for none.</param>
    public static byte[] Dhcp(byte type, MacAddress client, uint transaction, uint offered, uint server, string hostName = "",
        string vendorClass = "")
    {
        bool fromClient = type is Discover or Request;
        UdpPacket udp = fromClient ? new(68, 67) : new(67, 68);
        List<DhcpV4Option> options = [new MessageTypeOption((DhcpV4MessageType)type)];
        if (fromClient)
        {
            options.Add(new ClientIdOption(Mac(client)) { HardwareType = DhcpV4HardwareType.Ethernet });
            if (type == Request)
            {
                options.AddRange([new AddressRequestOption(Ip(offered)), new ServerIdOption(Ip(server))]);
            }
            if (hostName.Length > 0)
            {
                options.Add(new HostNameOption(hostName));
            }
            if (vendorClass.Length > 0)
            {
                options.Add(new ClassIdOption(vendorClass));
            }
            options.Add(new ParameterListOption(s_asked));
        }
        else
        {
            options.AddRange(
            [
                new ServerIdOption(Ip(server)), new AddressTimeOption(TimeSpan.FromDays(1)), new SubnetMaskOption(Ip(0xFFFF_FF00)), new RouterOption(Ip(server)),
                new DomainNameServerOption(Ip(server)),
            ]);
        }
        // Options are written over what is there, so there must be as much as they need, and an end: type and length of each, 255.
        byte[] message = new byte[DhcpHeaderLength + options.Sum(static option => 2 + option.Length) + 1];
        message[DhcpHeaderLength] = 255;
        DhcpV4Packet dhcp = new(new ByteArraySegment(message), udp)
        {
            Operation = fromClient ? DhcpV4Operation.BootRequest : DhcpV4Operation.BootReply,
            HardwareType = DhcpV4HardwareType.Ethernet,
            HardwareLength = 6,
            TransactionId = transaction,
            YourAddress = Ip(fromClient ? 0 : offered),
            ServerAddress = Ip(fromClient ? 0 : server),
            ClientHardwareAddress = Mac(client),
            MagicNumber = DhcpMagic,
        };
        dhcp.SetOptions(options);
        // Of a packet inside, UDP would count the options twice.
        udp.PayloadData = dhcp.Bytes;
        return fromClient ? OverIp(0, 0xFFFF_FFFF, udp, udp.UpdateUdpChecksum) : OverIp(server, offered, udp, udp.UpdateUdpChecksum);
    }

    /// <summary>A DNS question for an address.</summary>
    public static byte[] DnsQuery(ushort id, string name)
    {
        var question = new FrameBuilder().U16Big(id).U16Big(0x0100).U16Big(1).Zero(6);
        foreach (string label in name.Split('.'))
        {
            question.U8((byte)label.Length).Text(label);
        }
        return question.U8(0).U16Big(1).U16Big(1).ToArray();
    }

    /// <summary>Cisco Discovery Protocol, version 2: device and port.</summary>
    public static byte[] Cdp(string device, string port)
    {
        var tlvs = new FrameBuilder().U16Big(1).U16Big((ushort)(4 + device.Length)).Text(device).U16Big(3)
            .U16Big((ushort)(4 + port.Length)).Text(port);
        byte[] message = new FrameBuilder().U8(2).U8(180).U16(0).Raw(tlvs.ToArray()).ToArray();
        ushort sum = (ushort)ChecksumUtils.OnesComplementSum(message, 0, message.Length);
        (message[2], message[3]) = ((byte)(sum >> 8), (byte)sum);
        return new FrameBuilder().Raw([0xAA, 0xAA, 0x03, 0x00, 0x00, 0x0C, 0x20, 0x00]).Raw(message).ToArray();
    }

    private static byte[] OverIp(uint source, uint destination, TransportPacket transport, Action updateChecksum)
    {
        IPv4Packet ip = new(Ip(source), Ip(destination)) { Id = (ushort)(source + destination), FragmentFlags = DoNotFragment, TimeToLive = 64, PayloadPacket = transport };
        // Of the pseudo-header too, so the addresses come first.
        updateChecksum();
        ip.UpdateIPChecksum();
        return Snap((ushort)EthernetType.IPv4, ip.Bytes);
    }

    private static IPAddress Ip(uint address) => new((long)BinaryPrimitives.ReverseEndianness(address));

    private static PhysicalAddress Mac(MacAddress address) => new(new FrameBuilder().Address(address).ToArray());
}
