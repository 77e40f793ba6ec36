using KismetOrleans.Wire.Network;
using KismetOrleans.Wire.Tests.Dot11;

namespace KismetOrleans.Wire.Tests.Network;

/// <summary>DHCP: what a client tells about itself, what a server gives it, options that lie.</summary>
public sealed class DhcpTests
{
    [Fact]
    public void A_discover_tells_about_the_client()
    {
        byte[] message = Make.Hex(SampleFrames.DhcpMessage);
        Assert.Equal(ParseStatus.Ok, Dhcp.TryParse(message, cut: false, out Dhcp dhcp));
        Assert.Equal(Dhcp.Discover, dhcp.MessageType);
        Assert.Equal(Make.Mac(Make.Station), dhcp.ClientMac);
        Assert.Equal("pc1", dhcp.HostName.Text(message));
        Assert.Equal("MSFT 5.0", dhcp.VendorClass.Text(message));
        Assert.Equal("01020000000001", Convert.ToHexString(dhcp.ClientId.Of(message)));
        Assert.Equal(Make.Mac(Make.Station), dhcp.ClientIdMac);
        Assert.Equal(0xC000024Du, dhcp.RequestedAddress);
        Assert.Equal(0u, dhcp.YourAddress);
    }

    [Fact]
    public void An_acknowledgement_tells_address_mask_and_router()
    {
        byte[] message = Make.Hex(SampleFrames.DhcpMessage[..^Options.Length] + "350105 0104FFFFFF00 0308C0000201C0000202 3D02FF00 00 FF");
        // yiaddr 192.0.2.77
        Make.Hex("C000024D").CopyTo(message, 16);
        Assert.Equal(ParseStatus.Ok, Dhcp.TryParse(message, cut: false, out Dhcp dhcp));
        Assert.Equal(Dhcp.Acknowledge, dhcp.MessageType);
        Assert.Equal(0xC000024Du, dhcp.YourAddress);
        Assert.Equal(0xFFFFFF00u, dhcp.SubnetMask);
        Assert.Equal(0xC0000201u, dhcp.Router);
        Assert.Equal(MacAddress.Zero, dhcp.ClientIdMac);
    }

    // What SampleFrames.DhcpMessage has behind the magic number.
    private const string Options = " 350101 3D0701020000000001 0C03706331 3C084D53465420352E30 3204C000024D FF";

    [Fact]
    public void Cutting_anywhere_keeps_the_options_before_the_cut()
    {
        byte[] message = Make.Hex(SampleFrames.DhcpMessage);
        for (int length = 0; length < message.Length; length++)
        {
            Assert.Equal(ParseStatus.Truncated, Dhcp.TryParse(message[..length], cut: true, out Dhcp dhcp));
            Assert.Equal(length >= 243, dhcp.MessageType == Dhcp.Discover);
        }
    }

    [Fact]
    public void A_missing_end_option_is_no_fault_but_a_lying_length_is()
    {
        byte[] message = Make.Hex(SampleFrames.DhcpMessage);
        Assert.Equal(ParseStatus.Ok, Dhcp.TryParse(message[..^1], cut: false, out _));
        Assert.Equal(ParseStatus.Malformed, Dhcp.TryParse(message[..^2], cut: false, out _));
        message[236] ^= 1;
        Assert.Equal(ParseStatus.Malformed, Dhcp.TryParse(message, cut: false, out _));
    }
}
