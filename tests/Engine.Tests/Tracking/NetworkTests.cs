using KismetOrleans.Records.Dot11;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Tracking;

/// <summary>What packets in clear tell about a client: addresses, names, the switch that it hangs on.</summary>
public sealed class NetworkTests
{
    private const uint Ip = 0xC0A8_0117; // 192.168.1.23
    private const uint Server = 0xC0A8_0101;
    private readonly Rig _rig = new();

    [Fact]
    public void ARP_tells_the_senders_address()
    {
        _rig.Hear(ToDs(Client, Ap, MacAddress.Broadcast, NetworkPackets.Arp(1, Client, Ip, default, Server)));
        Assert.Equal((3, Ip, 0u, 0u), Address(Client));
    }

    [Fact]
    public void UDP_and_TCP_tell_the_source()
    {
        _rig.Hear(ToDs(Client, Ap, Wired, NetworkPackets.Tcp(Ip, Server, 4000, 443, 2, 1, [])));
        Assert.Equal((2, Ip, 0u, 0u), Address(Client));
        // The receiver's address is not learnt from it: it may be any router's.
        Assert.Null(Part(Wired).Ip);
    }

    [Fact]
    public void DHCP_tells_name_vendor_and_the_address_that_is_asked_for()
    {
        _rig.Hear(ToDs(Client, Ap, MacAddress.Broadcast, NetworkPackets.Dhcp(NetworkPackets.Discover, Client, 1, 0, 0, "lab-pc-7", "MSFT 5.0"), 1));
        Assert.Equal(("lab-pc-7", "MSFT 5.0"), (Part(Client).DhcpHost, Part(Client).DhcpVendor));
        Assert.Null(Part(Client).Ip);
        _rig.Hear(ToDs(Client, Ap, MacAddress.Broadcast, NetworkPackets.Dhcp(NetworkPackets.Request, Client, 1, Ip, Server), 2));
        Assert.Equal((4, Ip, 0u, 0u), Address(Client));
        // A message without them takes nothing away.
        Assert.Equal(("lab-pc-7", "MSFT 5.0"), (Part(Client).DhcpHost, Part(Client).DhcpVendor));
    }

    [Fact]
    public void Worse_knowledge_does_not_replace_better()
    {
        _rig.Hear(ToDs(Client, Ap, MacAddress.Broadcast, NetworkPackets.Dhcp(NetworkPackets.Request, Client, 1, Ip, Server), 1));
        _rig.Hear(ToDs(Client, Ap, Wired, NetworkPackets.Udp(0x0A00_0001, Server, 1, 2, []), 2));
        _rig.Hear(ToDs(Client, Ap, Wired, NetworkPackets.Arp(1, Client, 0x0A00_0002, default, Server), 3));
        Assert.Equal((4, Ip, 0u, 0u), Address(Client));
    }

    [Fact]
    public void A_newer_address_of_the_same_kind_replaces_the_older()
    {
        _rig.Hear(ToDs(Client, Ap, Wired, NetworkPackets.Arp(1, Client, 1, default, Server), 1));
        _rig.Hear(ToDs(Client, Ap, Wired, NetworkPackets.Arp(1, Client, 2, default, Server), 2));
        Assert.Equal((3, 2u, 0u, 0u), Address(Client));
    }

    [Fact]
    public void An_ARP_probe_without_address_tells_nothing()
    {
        _rig.Hear(ToDs(Client, Ap, MacAddress.Broadcast, NetworkPackets.Arp(1, Client, 0, default, Ip)));
        Assert.Null(Part(Client).Ip);
    }

    [Fact]
    public void CDP_tells_device_and_port_of_the_switch()
    {
        _rig.Hear(FromDs(Ap, Wired, new(0x0100_0CCC_CCCC), NetworkPackets.Cdp("sw-b2-1", "GigabitEthernet1/0/7")));
        Assert.Equal(("sw-b2-1", "GigabitEthernet1/0/7"), (Part(Wired).CdpDevice, Part(Wired).CdpPort));
    }

    [Fact]
    public void The_answer_to_who_are_you_tells_the_identity()
    {
        _rig.Hear(FromDs(Ap, Ap, Client, Eapol.Eap(1, 1, 1, []), 1)).Hear(ToDs(Client, Ap, Ap, Eapol.Eap(2, 1, 1, Text("anna@example.org")), 2));
        Assert.Equal("anna@example.org", Part(Client).EapIdentity);
        // PEAP (25) carries no identity in clear.
        _rig.Hear(ToDs(Client, Ap, Ap, Eapol.Eap(2, 2, 25, [0x20, 1, 2, 3]), 3));
        Assert.Equal("anna@example.org", Part(Client).EapIdentity);
    }

    [Fact]
    public void A_fragment_in_the_middle_is_not_taken_for_a_packet()
    {
        _rig.Hear(ToDs(Client, Ap, Wired, NetworkPackets.Arp(1, Client, Ip, default, Server), fragment: 1));
        Assert.Null(Part(Client).Ip);
    }

    [Fact]
    public void Ciphertext_is_not_looked_into()
    {
        byte[] body = NetworkPackets.Arp(1, Client, Ip, default, Server);
        _rig.Hear(ToDs(Client, Ap, Wired, body, more: FrameFlags.Protected));
        Assert.Null(Part(Client).Ip);
    }

    [Fact]
    public void Every_cut_of_a_packet_is_survived()
    {
        byte[][] frames =
        [
            ToDs(Client, Ap, Wired, NetworkPackets.Arp(1, Client, Ip, default, Server)),
            ToDs(Client, Ap, Wired, NetworkPackets.Dhcp(NetworkPackets.Request, Client, 1, Ip, Server, "host", "vendor")),
            FromDs(Ap, Wired, new(0x0100_0CCC_CCCC), NetworkPackets.Cdp("switch", "port")),
        ];
        foreach (byte[] frame in frames)
        {
            for (int length = 0; length < frame.Length; length++)
            {
                _rig.HearPacket(frame[..length], LinkType.Ieee80211, length);
                _rig.HearPacket(frame[..length], LinkType.Ieee80211, 1000 + length, cutOff: frame.Length - length);
            }
        }
        Assert.Equal("host", Part(Client).DhcpHost);
    }

    private Dot11Client Part(MacAddress client) =>
        _rig.Dot11(client).Clients!.TryGet(Ap, out Dot11Client? part) ? part : throw new KeyNotFoundException();

    private (int Kind, uint Address, uint Netmask, uint Gateway) Address(MacAddress client) =>
        Part(client).Ip is { } ip ? (ip.Kind, ip.Address, ip.Netmask, ip.Gateway) : default;
}
