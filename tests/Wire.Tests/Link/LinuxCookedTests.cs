using KismetOrleans.Wire.Link;
using KismetOrleans.Wire.Tests.Dot11;

namespace KismetOrleans.Wire.Tests.Link;

/// <summary>Linux's cooked headers (113, 276): what a capture of the interface "any" has in front of what monitor interfaces heard.</summary>
public sealed class LinuxCookedTests
{
    // Radiotap with 2437 MHz and −50 dBm.
    private const string Radiotap = "0000 0D00 28000000 8509 0000 CE";
    private const string Frame = "80000000 FFFFFFFFFFFF 020000000001 020000000001 0000";

    [Theory]
    [InlineData(LinkType.LinuxCooked, "0003 0323 0000 0000000000000000 0004" + Radiotap, 29, 2_437_000u)]
    [InlineData(LinkType.LinuxCooked2, "0004 0000 00000003 0323 03 00 0000000000000000" + Radiotap, 33, 2_437_000u)]
    [InlineData(LinkType.LinuxCooked, "0003 0321 0000 0000000000000000 0004", 16, 0u)]
    public void The_hardware_type_says_what_comes_next(LinkType type, string header, int length, uint khz)
    {
        byte[] packet = Make.Hex(header + Frame);
        Assert.Equal(ParseStatus.Ok, LinkHeader.TryParse(type, packet, packet.Length, out RadioHeader h));
        Assert.Equal((length, LinkType.Ieee80211, khz), (h.HeaderLength, h.Inner, h.FrequencyKhz));
        for (int cut = 0; cut < length; cut++)
        {
            Assert.Equal(ParseStatus.Truncated, LinkHeader.TryParse(type, packet.AsSpan(0, cut), packet.Length, out _));
        }
    }

    [Fact]
    public void Other_hardware_is_not_read()
    {
        // Ethernet.
        byte[] packet = Make.Hex("0000 0001 0006 0200000000010000 0800" + Frame);
        Assert.Equal(ParseStatus.Unsupported, LinkHeader.TryParse(LinkType.LinuxCooked, packet, packet.Length, out RadioHeader h));
        Assert.Equal(Anomalies.LinkTypeUnsupported, h.Anomalies);
    }
}
