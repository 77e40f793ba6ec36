using KismetOrleans.Engine.Observations;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Network;

namespace KismetOrleans.Engine.Tracking;

/// <summary>What a client's frame said that its record does not keep.</summary>
/// <param name="MessageType">Type of the DHCP message, 0 without.</param>
/// <param name="IdMac">Address that DHCP's client identifier holds; zero without.</param>
/// <param name="SenderIp">Address that it sends from, by ARP or IP; 0 without.</param>
internal readonly record struct DhcpSeen(byte MessageType, MacAddress IdMac, uint SenderIp);

/// <summary>What data frames in clear tell about a client's place in the network (inventory: dot11-tracking.md, 9).</summary>
internal static class Dot11Network
{
    // LLC and SNAP headers in front of the network packet (IEEE 802-2014, 9.5).
    private const int LlcBytes = 8;

    /// <summary>Kind of an address that came by DHCP.</summary>
    public const byte DhcpKind = (byte)IpKind.Dhcp;

    public static void Learn(Dot11Client client, in Observation o, ObservationBatch batch, out DhcpSeen seen)
    {
        seen = default;
        ReadOnlySpan<byte> frame = batch.Bytes(o);
        if (o.Frame.IsAmsdu || frame.Length < o.Frame.BodyOffset + LlcBytes)
        {
            return;
        }
        bool cut = o.Frame.IsCut;
        ReadOnlySpan<byte> packet = frame[(o.Frame.BodyOffset + LlcBytes)..];
        switch (o.Frame.Payload)
        {
            case PayloadKind.Arp:
                if (Arp.TryParse(packet, cut, out Arp arp) == ParseStatus.Ok && arp.SenderIp != 0)
                {
                    seen = new(0, default, arp.SenderIp);
                    SetAddress(client, IpKind.Arp, arp.SenderIp);
                }
                break;
            case PayloadKind.Dhcp:
                seen = LearnDhcp(client, packet, cut);
                break;
            case PayloadKind.IpTransport:
                if (Ipv4.TryParse(packet, cut, out Ipv4 ip) == ParseStatus.Ok && ip.Source != 0)
                {
                    seen = new(0, default, ip.Source);
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

    private static DhcpSeen LearnDhcp(Dot11Client client, ReadOnlySpan<byte> packet, bool cut)
    {
        if (Ipv4.TryParse(packet, cut, out Ipv4 ip) != ParseStatus.Ok || !ip.IsFirstFragment || packet.Length < ip.HeaderLength + 8)
        {
            return default;
        }
        ReadOnlySpan<byte> message = packet[(ip.HeaderLength + 8)..];
        if (Dhcp.TryParse(message, cut, out Dhcp dhcp) == ParseStatus.Malformed)
        {
            return default;
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
        return new(dhcp.MessageType, dhcp.ClientIdMac, 0);
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
