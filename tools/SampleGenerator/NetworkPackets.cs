// IEEE Std 802.2, SNAP; RFC 826 (ARP), RFC 791 (IPv4), RFC 768 (UDP), RFC 9293 (TCP), RFC 2131 and 2132 (DHCP).
using KismetOrleans.Wire;

namespace KismetOrleans.SampleGenerator;

/// <summary>Network packets behind their LLC/SNAP header, as data frames carry them.</summary>
public static class NetworkPackets
{
    /// <summary>DHCP message types (RFC 2132, 9.6).</summary>
    public const byte Discover = 1, Offer = 2, Request = 3, Acknowledge = 5;

    /// <summary>Anything behind a SNAP header.</summary>
    public static byte[] Snap(ushort etherType, ReadOnlySpan<byte> payload) =>
        new FrameBuilder().Raw([0xAA, 0xAA, 0x03, 0, 0, 0]).U16Big(etherType).Raw(payload).ToArray();

    /// <summary>ARP over Ethernet and IPv4; operation 1 asks, 2 answers.</summary>
    public static byte[] Arp(ushort operation, MacAddress senderMac, uint senderIp, MacAddress targetMac, uint targetIp) =>
        Snap(0x0806, new FrameBuilder().U16Big(1).U16Big(0x0800).U8(6).U8(4).U16Big(operation)
            .Address(senderMac).U32Big(senderIp).Address(targetMac).U32Big(targetIp).ToArray());

    /// <summary>UDP over IPv4.</summary>
    public static byte[] Udp(uint source, uint destination, ushort sourcePort, ushort destinationPort, ReadOnlySpan<byte> payload)
    {
        byte[] datagram = new FrameBuilder().U16Big(sourcePort).U16Big(destinationPort).U16Big((ushort)(8 + payload.Length)).U16(0)
            .Raw(payload).ToArray();
        return Ip(17, source, destination, WithChecksum(datagram, 6, 17, source, destination));
    }

    /// <summary>A TCP segment over IPv4.</summary>
    public static byte[] Tcp(uint source, uint destination, ushort sourcePort, ushort destinationPort, byte flags, uint sequence,
        ReadOnlySpan<byte> payload)
    {
        byte[] segment = new FrameBuilder().U16Big(sourcePort).U16Big(destinationPort).U32Big(sequence).U32Big(0).U8(0x50).U8(flags)
            .U16Big(64240).U16(0).U16(0).Raw(payload).ToArray();
        return Ip(6, source, destination, WithChecksum(segment, 16, 6, source, destination));
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
        var message = new FrameBuilder().U8(fromClient ? (byte)1 : (byte)2).U8(1).U8(6).U8(0).U32Big(transaction).Zero(4)
            .U32Big(0).U32Big(fromClient ? 0 : offered).U32Big(fromClient ? 0 : server).U32Big(0).Address(client).Zero(10).Zero(192)
            .U32Big(0x6382_5363)
            .Raw([53, 1, type]);
        if (fromClient)
        {
            message.Raw([61, 7, 1]).Address(client);
            if (type == Request)
            {
                message.Raw([50, 4]).U32Big(offered).Raw([54, 4]).U32Big(server);
            }
            if (hostName.Length > 0)
            {
                message.Raw([12, (byte)hostName.Length]).Text(hostName);
            }
            if (vendorClass.Length > 0)
            {
                message.Raw([60, (byte)vendorClass.Length]).Text(vendorClass);
            }
            message.Raw([55, 5, 1, 3, 6, 15, 28]);
        }
        else
        {
            message.Raw([54, 4]).U32Big(server).Raw([51, 4]).U32Big(86400).Raw([1, 4]).U32Big(0xFFFF_FF00).Raw([3, 4]).U32Big(server)
                .Raw([6, 4]).U32Big(server);
        }
        byte[] octets = message.U8(255).ToArray();
        return fromClient ? Udp(0, 0xFFFF_FFFF, 68, 67, octets) : Udp(server, offered, 67, 68, octets);
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
        ushort sum = Sum(message, 0);
        (message[2], message[3]) = ((byte)(sum >> 8), (byte)sum);
        return new FrameBuilder().Raw([0xAA, 0xAA, 0x03, 0x00, 0x00, 0x0C, 0x20, 0x00]).Raw(message).ToArray();
    }

    private static byte[] Ip(byte protocol, uint source, uint destination, byte[] payload)
    {
        byte[] header = new FrameBuilder().U8(0x45).U8(0).U16Big((ushort)(20 + payload.Length)).U16Big((ushort)(source + destination))
            .U16Big(0x4000).U8(64).U8(protocol).U16(0).U32Big(source).U32Big(destination).ToArray();
        ushort sum = Sum(header, 0);
        (header[10], header[11]) = ((byte)(sum >> 8), (byte)sum);
        return Snap(0x0800, [.. header, .. payload]);
    }

    private static byte[] WithChecksum(byte[] segment, int at, byte protocol, uint source, uint destination)
    {
        uint pseudo = (source >> 16) + (source & 0xFFFF) + (destination >> 16) + (destination & 0xFFFF) + protocol + (uint)segment.Length;
        ushort sum = Sum(segment, pseudo);
        (segment[at], segment[at + 1]) = ((byte)(sum >> 8), (byte)sum);
        return segment;
    }

    /// <summary>The internet checksum (RFC 1071).</summary>
    private static ushort Sum(ReadOnlySpan<byte> octets, uint sum)
    {
        for (int i = 0; i < octets.Length; i++)
        {
            sum += (uint)(octets[i] << (i % 2 == 0 ? 8 : 0));
        }
        while (sum > 0xFFFF)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }
        return (ushort)~sum;
    }
}
