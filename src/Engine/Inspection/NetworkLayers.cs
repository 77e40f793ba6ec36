using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Server;
using PacketDotNet;
using PacketDotNet.DhcpV4;
using PacketDotNet.Tcp;
using PacketDotNet.Utils;

namespace KismetOrleans.Engine.Inspection;

/// <summary>
/// What is above LLC, as PacketDotNet reads it: from its classes each layer's place and values. It reads lazily and throws on whatever contradicts its
/// format, so each packet is asked for by itself.
/// </summary>
internal static class NetworkLayers
{
    // Of packets in packets. Tunnels in tunnels are three or four layers deep, and PacketDotNet goes down by recursion.
    private const int MaxDepth = 12;

    /// <summary>Adds the layers of a packet.</summary>
    /// <param name="tree">The packet that was captured.</param>
    /// <param name="outer">The layer around it.</param>
    /// <param name="length">Its bytes.</param>
    public static void Read(PacketTree tree, PacketLayer outer, ushort etherType, int start, int length)
    {
        ByteArraySegment segment = new(tree.Bytes, start, length);
        Packet? packet = null;
        string? error = null;
        try
        {
            packet = (EthernetType)etherType switch
            {
                EthernetType.IPv4 => new IPv4Packet(segment),
                EthernetType.IPv6 => new IPv6Packet(segment),
                EthernetType.Arp => new ArpPacket(segment),
                EthernetType.VLanTaggedFrame or EthernetType.ProviderBridging => new Ieee8021QPacket(segment),
                EthernetType.Lldp => new LldpPacket(segment),
                EthernetType.WakeOnLan => new WakeOnLanPacket(segment),
                _ => null,
            };
        }
        catch (Exception e) when (IsOfPacket(e))
        {
            error = tree.TooShort;
        }
        if (packet is null)
        {
            tree.Data(outer, Enum.IsDefined((EthernetType)etherType) ? ((EthernetType)etherType).ToString() : "Data", start, length, error);
            return;
        }
        // PacketDotNet knows no end but the array's, so that a header that is cut would go on in the check sequence, or in the next packet of an A-MSDU.
        tree.End = start + length;
        Read(tree, outer, packet, start, length, 0);
        tree.End = tree.Bytes.Length;
    }

    // PacketDotNet has no exception of its own for what contradicts its format.
    private static bool IsOfPacket(Exception e) => e is not (OutOfMemoryException or StackOverflowException);

    private static void Read(PacketTree tree, PacketLayer outer, Packet packet, int start, int length, int depth)
    {
        PacketLayer layer = tree.Layer(outer, NameOf(packet), start, Math.Clamp(packet.HeaderSegment.Length, 0, length));
        try
        {
            Describe(tree, layer, packet, start, length);
        }
        catch (Exception e) when (IsOfPacket(e))
        {
            layer.Error = tree.TooShort;
        }
        int rest = start + layer.Length, restLength = length - layer.Length;
        if (packet is IPv4Packet { FragmentOffset: > 0 })
        {
            tree.Data(layer, "Later fragment", rest, restLength);
            return;
        }
        if (depth == MaxDepth)
        {
            tree.Data(layer, "Data", rest, restLength, "too deep to be shown");
            return;
        }
        try
        {
            // A packet that it wrote anew stands nowhere in this one.
            if (packet.PayloadPacket is { HeaderSegment: { } header } inside && ReferenceEquals(header.Bytes, tree.Bytes) && header.Offset >= start && header.Offset <= start + length)
            {
                Read(tree, layer, inside, header.Offset, start + length - header.Offset, depth + 1);
                return;
            }
            tree.Data(layer, "Data", rest, restLength);
        }
        catch (Exception e) when (IsOfPacket(e))
        {
            tree.Data(layer, packet is IPPacket ip ? ip.Protocol.ToString().ToUpperInvariant() : "Data", rest, restLength, tree.TooShort);
        }
    }

    private static string NameOf(Packet packet) => packet switch
    {
        IPv4Packet => "IPv4",
        IPv6Packet => "IPv6",
        TcpPacket => "TCP",
        UdpPacket => "UDP",
        ArpPacket => "ARP",
        IcmpV4Packet => "ICMP",
        IcmpV6Packet => "ICMPv6",
        NdpPacket => "Neighbor Discovery",
        DhcpV4Packet => "DHCP",
        Ieee8021QPacket => "VLAN tag",
        LldpPacket => "LLDP",
        WakeOnLanPacket => "Wake-on-LAN",
        IgmpPacket => "IGMP",
        _ => packet.GetType().Name.Replace("Packet", "", StringComparison.Ordinal),
    };

    private static void Describe(PacketTree tree, PacketLayer layer, Packet packet, int start, int length)
    {
        switch (packet)
        {
            case IPv4Packet ip:
                DescribeIpv4(tree, layer, ip, start, length);
                break;
            case IPv6Packet ip:
                DescribeIpv6(tree, layer, ip, start, length);
                break;
            case TcpPacket tcp:
                DescribeTcp(tree, layer, tcp, start);
                break;
            case UdpPacket udp:
                tree.Field(layer, "Source port", udp.SourcePort, start, 2);
                tree.Field(layer, "Destination port", udp.DestinationPort, start + 2, 2);
                tree.Field(layer, "Length", udp.Length, start + 4, 2);
                tree.Field(layer, "Checksum", Hex(udp.Checksum), start + 6, 2);
                layer.Error = udp.Length > length ? tree.TooShort : udp.Length < layer.Length ? "says that it is shorter than its header" : null;
                break;
            case ArpPacket arp:
                DescribeArp(tree, layer, arp, start);
                break;
            case DhcpV4Packet dhcp:
                DescribeDhcp(tree, layer, dhcp, start, length);
                break;
            case IcmpV4Packet icmp:
                tree.Field(layer, "Type and code", $"{Words.Of(icmp.TypeCode.ToString())} ({(ushort)icmp.TypeCode >> 8}, {(ushort)icmp.TypeCode & 0xFF})", start, 2);
                tree.Field(layer, "Checksum", Hex(icmp.Checksum), start + 2, 2);
                tree.Field(layer, "Identifier", icmp.Id, start + 4, 2);
                tree.Field(layer, "Sequence number", icmp.Sequence, start + 6, 2);
                break;
            case IcmpV6Packet icmp:
                tree.Field(layer, "Type", $"{Words.Of(icmp.Type.ToString())} ({(byte)icmp.Type})", start, 1);
                tree.Field(layer, "Code", icmp.Code, start + 1, 1);
                tree.Field(layer, "Checksum", Hex(icmp.Checksum), start + 2, 2);
                break;
            case NdpNeighborSolicitationPacket ndp:
                tree.Field(layer, "Target", ndp.TargetAddress.ToString());
                break;
            case NdpNeighborAdvertisementPacket ndp:
                tree.Field(layer, "Target", ndp.TargetAddress.ToString());
                break;
            case Ieee8021QPacket vlan:
                tree.Field(layer, "VLAN", vlan.VlanIdentifier, start, 2);
                tree.Field(layer, "Type", Hex((ushort)vlan.Type), start + 2, 2);
                break;
            case WakeOnLanPacket wake:
                tree.Field(layer, "Destination", Mac(wake.DestinationAddress));
                break;
            case IgmpV2Packet igmp:
                tree.Field(layer, "Type", $"{Words.Of(igmp.Type.ToString())} ({(byte)igmp.Type})", start, 1);
                tree.Field(layer, "Group", igmp.GroupAddress.ToString(), start + 4, 4);
                break;
        }
    }

    private static void DescribeIpv4(PacketTree tree, PacketLayer layer, IPv4Packet ip, int start, int length)
    {
        tree.Field(layer, "Version", (int)ip.Version, start, 1);
        tree.Field(layer, "Header length", ip.HeaderLength * 4, start, 1);
        tree.Field(layer, "Differentiated services", Hex((byte)ip.DifferentiatedServices), start + 1, 1);
        tree.Field(layer, "Total length", ip.TotalLength, start + 2, 2);
        tree.Field(layer, "Identification", Hex(ip.Id), start + 4, 2);
        tree.Field(layer, "Fragment", $"offset {ip.FragmentOffset * 8}{((ip.FragmentFlags & 2) != 0 ? ", do not fragment" : "")}{((ip.FragmentFlags & 1) != 0 ? ", more follow" : "")}", start + 6, 2);
        tree.Field(layer, "Time to live", ip.TimeToLive, start + 8, 1);
        tree.Field(layer, "Protocol", $"{ip.Protocol.ToString().ToUpperInvariant()} ({(int)ip.Protocol})", start + 9, 1);
        tree.Field(layer, "Header checksum", Hex(ip.Checksum), start + 10, 2);
        tree.Field(layer, "Source", ip.SourceAddress.ToString(), start + 12, 4);
        tree.Field(layer, "Destination", ip.DestinationAddress.ToString(), start + 16, 4);
        layer.Error = (int)ip.Version != 4 ? "not of version 4"
            : ip.HeaderLength < 5 || ip.TotalLength < ip.HeaderLength * 4 ? "lengths contradict each other"
            : ip.TotalLength > length ? tree.TooShort
            : null;
    }

    private static void DescribeIpv6(PacketTree tree, PacketLayer layer, IPv6Packet ip, int start, int length)
    {
        tree.Field(layer, "Version", (int)ip.Version, start, 1);
        tree.Field(layer, "Traffic class", ip.TrafficClass, start, 2);
        tree.Field(layer, "Flow label", Hex(ip.FlowLabel), start + 1, 3);
        tree.Field(layer, "Payload length", ip.PayloadLength, start + 4, 2);
        tree.Field(layer, "Next header", $"{ip.NextHeader.ToString().ToUpperInvariant()} ({(int)ip.NextHeader})", start + 6, 1);
        tree.Field(layer, "Hop limit", ip.HopLimit, start + 7, 1);
        tree.Field(layer, "Source", ip.SourceAddress.ToString(), start + 8, 16);
        tree.Field(layer, "Destination", ip.DestinationAddress.ToString(), start + 24, 16);
        foreach (IPv6ExtensionHeader extension in ip.ExtensionHeaders)
        {
            tree.Field(layer, "Extension header", $"{extension.Header} ({(int)extension.Header}), {extension.Length} bytes");
        }
        layer.Error = (int)ip.Version != 6 ? "not of version 6" : IPv6Fields.HeaderLength + ip.PayloadLength > length ? tree.TooShort : null;
    }

    private static void DescribeTcp(PacketTree tree, PacketLayer layer, TcpPacket tcp, int start)
    {
        string[] flags =
        [
            .. new[]
            {
                (tcp.Synchronize, "SYN"), (tcp.Acknowledgment, "ACK"), (tcp.Push, "PSH"), (tcp.Finished, "FIN"), (tcp.Reset, "RST"), (tcp.Urgent, "URG"),
                (tcp.ExplicitCongestionNotificationEcho, "ECE"), (tcp.CongestionWindowReduced, "CWR"),
            }.Where(static flag => flag.Item1).Select(static flag => flag.Item2),
        ];
        tree.Field(layer, "Source port", tcp.SourcePort, start, 2);
        tree.Field(layer, "Destination port", tcp.DestinationPort, start + 2, 2);
        tree.Field(layer, "Sequence number", tcp.SequenceNumber, start + 4, 4);
        tree.Field(layer, "Acknowledgment number", tcp.AcknowledgmentNumber, start + 8, 4);
        tree.Field(layer, "Header length", tcp.DataOffset * 4, start + 12, 1);
        tree.Field(layer, "Flags", flags.Length == 0 ? "none" : string.Join(' ', flags), start + 12, 2);
        tree.Field(layer, "Window", tcp.WindowSize, start + 14, 2);
        tree.Field(layer, "Checksum", Hex(tcp.Checksum), start + 16, 2);
        tree.Field(layer, "Urgent pointer", tcp.UrgentPointer, start + 18, 2);
        if (tcp.DataOffset < 5)
        {
            layer.Error = "says that it is shorter than a header";
            return;
        }
        try
        {
            foreach (TcpOption option in tcp.OptionsCollection ?? [])
            {
                tree.Field(layer, "Option", $"{Words.Of(option.Kind.ToString())} ({(byte)option.Kind}){(option.Bytes.Length > 2 ? ": " + Convert.ToHexString(option.Bytes.AsSpan(2)) : "")}");
            }
        }
        catch (Exception e) when (IsOfPacket(e))
        {
            layer.Error = "options contradict their format";
        }
    }

    private static void DescribeArp(PacketTree tree, PacketLayer layer, ArpPacket arp, int start)
    {
        tree.Field(layer, "Hardware type", (int)arp.HardwareAddressType, start, 2);
        tree.Field(layer, "Protocol type", Hex((ushort)arp.ProtocolAddressType), start + 2, 2);
        tree.Field(layer, "Operation", $"{Words.Of(arp.Operation.ToString())} ({(ushort)arp.Operation})", start + 6, 2);
        if (arp is not { HardwareAddressLength: 6, ProtocolAddressLength: 4 })
        {
            layer.Error = "not of Ethernet and IPv4";
            return;
        }
        tree.Field(layer, "Sender hardware address", Mac(arp.SenderHardwareAddress), start + 8, 6);
        tree.Field(layer, "Sender protocol address", arp.SenderProtocolAddress.ToString(), start + 14, 4);
        tree.Field(layer, "Target hardware address", Mac(arp.TargetHardwareAddress), start + 18, 6);
        tree.Field(layer, "Target protocol address", arp.TargetProtocolAddress.ToString(), start + 24, 4);
    }

    private static void DescribeDhcp(PacketTree tree, PacketLayer layer, DhcpV4Packet dhcp, int start, int length)
    {
        // Its header is all of the message.
        layer.Length = length;
        tree.Field(layer, "Operation", Words.Of(dhcp.Operation.ToString()), start, 1);
        tree.Field(layer, "Transaction ID", Hex((int)dhcp.TransactionId), start + 4, 4);
        tree.Field(layer, "Client address", dhcp.ClientAddress.ToString(), start + 12, 4);
        tree.Field(layer, "Your address", dhcp.YourAddress.ToString(), start + 16, 4);
        tree.Field(layer, "Server address", dhcp.ServerAddress.ToString(), start + 20, 4);
        tree.Field(layer, "Relay address", dhcp.GatewayAddress.ToString(), start + 24, 4);
        tree.Field(layer, "Client hardware address", Mac(dhcp.ClientHardwareAddress), start + 28, 6);
        try
        {
            foreach (DhcpV4Option option in dhcp.GetOptions())
            {
                tree.Field(layer, $"Option {(byte)option.OptionType}, {Words.Of(option.OptionType.ToString())}", Value(option));
            }
        }
        catch (Exception e) when (IsOfPacket(e))
        {
            layer.Error = "options contradict their format";
        }
    }

    private static string Value(DhcpV4Option option) => option switch
    {
        MessageTypeOption type => Words.Of(type.MessageType.ToString()),
        HostNameOption or ClassIdOption or DomainNameOption or MessageOption => SsidText.Printable(option.Data),
        AddressRequestOption or SubnetMaskOption or ServerIdOption or BroadcastAddressOption when option.Data.Length == 4 => new IPAddress(option.Data).ToString(),
        _ => Convert.ToHexString(option.Data),
    };

    private static string Mac(PhysicalAddress address) => string.Join(':', address.GetAddressBytes().Select(static part => part.ToString("X2", CultureInfo.InvariantCulture)));

    private static string Hex(ushort value) => string.Create(CultureInfo.InvariantCulture, $"0x{value:X4}");

    private static string Hex(byte value) => string.Create(CultureInfo.InvariantCulture, $"0x{value:X2}");

    private static string Hex(int value) => string.Create(CultureInfo.InvariantCulture, $"0x{value:X8}");
}
