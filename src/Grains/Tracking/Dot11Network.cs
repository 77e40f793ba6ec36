using KismetOrleans.Grains.Observations;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Network;

namespace KismetOrleans.Grains.Tracking;

/// <summary>What data frames in clear tell about a client's place in the network (inventory: dot11-tracking.md, 9).</summary>
internal static class Dot11Network
{
    // LLC and SNAP headers in front of the network packet (IEEE 802-2014, 9.5).
    private const int LlcOctets = 8;

    /// <summary>Learns from a frame that the client sent.</summary>
    public static void Learn(Dot11Client client, in Observation o, ObservationBatch batch)
    {
        ReadOnlySpan<byte> frame = batch.Octets(o);
        if (o.Frame.IsAmsdu || frame.Length < o.Frame.BodyOffset + LlcOctets)
        {
            return;
        }
        bool cut = o.Frame.IsCut;
        ReadOnlySpan<byte> packet = frame[(o.Frame.BodyOffset + LlcOctets)..];
        switch (o.Frame.Payload)
        {
            case PayloadKind.Arp:
                if (Arp.TryParse(packet, cut, out Arp arp) == ParseStatus.Ok && arp.SenderIp != 0)
                {
                    SetAddress(client, IpKind.Arp, arp.SenderIp);
                }
                break;
            case PayloadKind.Dhcp:
                LearnDhcp(client, packet, cut);
                break;
            case PayloadKind.IpTransport:
                if (Ipv4.TryParse(packet, cut, out Ipv4 ip) == ParseStatus.Ok && ip.Source != 0)
                {
                    SetAddress(client, IpKind.Transport, ip.Source);
                }
                break;
            case PayloadKind.Eapol:
                if (EapPacket.TryParse(frame, o.Frame, out EapPacket eap) == ParseStatus.Ok)
                {
                    client.EapIdentity = Text(eap.Identity, frame) ?? client.EapIdentity;
                }
                break;
            case PayloadKind.Cdp:
                if (Cdp.TryParse(packet, cut, out Cdp cdp) != ParseStatus.Malformed)
                {
                    client.CdpDevice = Text(cdp.DeviceId, packet) ?? client.CdpDevice;
                    client.CdpPort = Text(cdp.PortId, packet) ?? client.CdpPort;
                }
                break;
        }
    }

    private static void LearnDhcp(Dot11Client client, ReadOnlySpan<byte> packet, bool cut)
    {
        if (Ipv4.TryParse(packet, cut, out Ipv4 ip) != ParseStatus.Ok || !ip.IsFirstFragment || packet.Length < ip.HeaderLength + 8)
        {
            return;
        }
        ReadOnlySpan<byte> message = packet[(ip.HeaderLength + 8)..];
        if (Dhcp.TryParse(message, cut, out Dhcp dhcp) == ParseStatus.Malformed)
        {
            return;
        }
        client.DhcpHost = Text(dhcp.HostName, message) ?? client.DhcpHost;
        client.DhcpVendor = Text(dhcp.VendorClass, message) ?? client.DhcpVendor;
        uint address = dhcp.MessageType == Dhcp.Request ? dhcp.RequestedAddress : dhcp.ClientAddress;
        if (address != 0)
        {
            SetAddress(client, IpKind.Dhcp, address);
            client.Ip!.Netmask = dhcp.SubnetMask;
            client.Ip.Gateway = dhcp.Router;
        }
    }

    // Better knowledge is not replaced by worse: DHCP over ARP over plain traffic.
    private static void SetAddress(Dot11Client client, IpKind kind, uint address)
    {
        IpData ip = client.Ip ??= new();
        if (ip.Kind <= (byte)kind)
        {
            ip.Kind = (byte)kind;
            ip.Address = address;
        }
    }

    private static string? Text(Slice slice, ReadOnlySpan<byte> packet) => slice.IsEmpty ? null : SsidText.PrintableName(slice.Of(packet));

    private enum IpKind : byte
    {
        Transport = 2,
        Arp = 3,
        Dhcp = 4,
    }
}
