using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Network;
using KismetOrleans.Wire.Tests.Dot11;

namespace KismetOrleans.Wire.Tests.Network;

/// <summary>ARP, IPv4, UDP and CDP inside data frames.</summary>
public sealed class NetworkTests
{
    private const int LlcLength = Llc.Length;

    [Fact]
    public void Llc_needs_SNAP()
    {
        Assert.True(Llc.TryParse(Make.Hex("AAAA0300000C2000"), out Llc llc));
        Assert.Equal(new Llc(0x00000C, 0x2000), llc);
        Assert.False(Llc.TryParse(Make.Hex("AAAB0300000C2000"), out _));
        Assert.False(Llc.TryParse(Make.Hex("AAAA0300000C20"), out _));
    }

    [Fact]
    public void Arp_tells_who_has_which_address()
    {
        byte[] packet = Make.Hex(SampleFrames.Arp)[LlcLength..];
        Assert.Equal(ParseStatus.Ok, Arp.TryParse(packet, cut: false, out Arp arp));
        Assert.Equal(1, arp.Operation);
        Assert.Equal(Make.Mac(Make.Station), arp.SenderMac);
        Assert.Equal(0xC000020Au, arp.SenderIp);
        Assert.Equal(MacAddress.Zero, arp.TargetMac);
        Assert.Equal(0xC0000201u, arp.TargetIp);
        for (int length = 0; length < packet.Length; length++)
        {
            Assert.Equal(ParseStatus.Malformed, Arp.TryParse(packet[..length], cut: false, out _));
            Assert.Equal(ParseStatus.Truncated, Arp.TryParse(packet[..length], cut: true, out _));
        }
    }

    [Fact]
    public void Arp_of_other_families_is_unsupported() =>
        Assert.Equal(ParseStatus.Unsupported, Arp.TryParse(Make.Hex("0006 0800 06 04 0001" + new string('0', 40)), cut: false, out _));

    [Fact]
    public void Ipv4_tells_addresses_and_ports()
    {
        byte[] packet = Make.Hex(SampleFrames.Dhcp)[LlcLength..];
        Assert.Equal(ParseStatus.Ok, Ipv4.TryParse(packet, cut: false, out Ipv4 ip));
        Assert.Equal(0xC000020Au, ip.Source);
        Assert.Equal(0xC0000201u, ip.Destination);
        Assert.True(ip.IsUdp);
        Assert.False(ip.IsTcp);
        Assert.True(ip.IsFirstFragment);
        Assert.Equal(20, ip.HeaderLength);
        Assert.Equal(packet.Length, ip.TotalLength);
        Assert.True(Udp.TryParse(packet.AsSpan(ip.HeaderLength), out Udp udp));
        Assert.Equal(new Udp(68, 67, 0x0128), udp);
        Assert.True(udp.IsDhcp);
        Assert.False(Udp.TryParse(packet.AsSpan(ip.HeaderLength, 7), out _));
    }

    [Theory]
    [InlineData("6500 0014 0000 0000 4011 0000 C000020A C0000201", ParseStatus.Malformed)] // version 6
    [InlineData("4400 0014 0000 0000 4011 0000 C000020A C0000201", ParseStatus.Malformed)] // header of 16 bytes
    [InlineData("4600 0018 0000 0000 4011 0000 C000020A C0000201", ParseStatus.Malformed)] // options that are not there
    [InlineData("4500 0013 0000 0000 4011 0000 C000020A C0000201", ParseStatus.Malformed)] // total below the header
    [InlineData("4500 0014 0000 2001 4011 0000 C000020A C0000201", ParseStatus.Ok)] // a later fragment
    public void Ipv4_headers_are_checked(string hex, ParseStatus expected)
    {
        Assert.Equal(expected, Ipv4.TryParse(Make.Hex(hex), cut: false, out Ipv4 ip));
        Assert.Equal(expected == ParseStatus.Ok, ip.FragmentOffset == 1);
    }

    [Fact]
    public void A_later_fragment_has_no_ports_to_look_at()
    {
        string later = SampleFrames.Dhcp.Replace("0000 0000 40 11", "0000 2001 40 11");
        Assert.NotEqual(SampleFrames.Dhcp, later);
        Assert.Equal(PayloadKind.Dhcp, Llc.Classify(Make.Hex(SampleFrames.Dhcp)));
        Assert.Equal(PayloadKind.IpTransport, Llc.Classify(Make.Hex(later)));
    }

    [Fact]
    public void Cdp_tells_device_and_port()
    {
        byte[] packet = Make.Hex(SampleFrames.Cdp)[LlcLength..];
        Assert.Equal(ParseStatus.Ok, Cdp.TryParse(packet, cut: false, out Cdp cdp));
        Assert.Equal("switch1", cdp.DeviceId.Text(packet));
        Assert.Equal("Fa0/1", cdp.PortId.Text(packet));
        Assert.Equal(ParseStatus.Malformed, Cdp.TryParse(packet[..^1], cut: false, out cdp));
        Assert.Equal("switch1", cdp.DeviceId.Text(packet));
        Assert.True(cdp.PortId.IsEmpty);
        Assert.Equal(ParseStatus.Truncated, Cdp.TryParse(packet[..^1], cut: true, out _));
    }

    [Theory]
    [InlineData("02 B4 0000 0001 0003", ParseStatus.Malformed)] // a field shorter than its header
    [InlineData("03 B4 0000", ParseStatus.Unsupported)] // version 3
    [InlineData("02 B4 00", ParseStatus.Malformed)]
    [InlineData("02 B4 0000", ParseStatus.Ok)]
    public void Cdp_lengths_are_checked(string hex, ParseStatus expected) =>
        Assert.Equal(expected, Cdp.TryParse(Make.Hex(hex), cut: false, out _));
}
