using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Wire.Tests.Dot11;

/// <summary>Highest rates and channel widths against the tables of IEEE Std 802.11-2020, clauses 19.5 and 21.5.</summary>
public sealed class RatesTests
{
    [Theory]
    [InlineData("82848B96", 11)]
    [InlineData("0C1218243048606C", 54)]
    [InlineData("82 FF", 1)] // HT PHY membership selector
    [InlineData("82 FB", 1)] // SAE hash-to-element only
    public void Supported_rates_are_half_megabits_but_for_membership_selectors(string rates, double expected) =>
        Assert.Equal(expected, Make.Elements(Make.Element(1, rates)).MaxRate);

    [Fact]
    public void Extended_rates_count_too() => Assert.Equal(54, Make.Elements("0102 8284 3201 6C").MaxRate);

    [Theory]
    // Capability information (little-endian) and MCS set.
    [InlineData("0C00", "FF000000", 65)]
    [InlineData("2C00", "FF000000", 72.2)]
    [InlineData("0C00", "FFFF0000", 130)]
    [InlineData("2C00", "FFFF0000", 144.4)]
    [InlineData("0E00", "FF000000", 135)]
    [InlineData("6E00", "FF000000", 150)]
    [InlineData("6E00", "FFFF0000", 300)]
    [InlineData("6E00", "FFFFFF00", 450)]
    [InlineData("2C00", "FFFFFF00", 216.7)]
    [InlineData("6E00", "FFFFFFFF", 600)]
    [InlineData("2E00", "0F000000", 54)] // MCS 3 at 40 MHz; the short interval is for 20 MHz only
    [InlineData("6E00", "00000000", 0)]
    public void HT_rates_follow_streams_width_and_guard_interval(string info, string mcs, double expected) =>
        Assert.Equal(expected, Make.Elements(Make.Element(45, $"{info} 17 {mcs} 00000000000000000000000000000000000000")).MaxRate);

    [Theory]
    // Capability information (little-endian) and receive map.
    [InlineData("B2598203", "FEFF", 433.3)]
    [InlineData("92598203", "FEFF", 390)] // long guard interval
    [InlineData("B2598203", "FAFF", 866.7)]
    [InlineData("B2598203", "EAFF", 1300)]
    [InlineData("B2598203", "AAFF", 1733.3)]
    [InlineData("B2598203", "F0FF", 650)] // two streams, MCS 7
    [InlineData("B2598203", "F5FF", 780)] // two streams, MCS 8
    [InlineData("F6598203", "FAFF", 1733.3)] // 160 MHz
    [InlineData("FA598203", "FAFF", 1733.3)] // 160 and 80+80 MHz
    [InlineData("B2598203", "FFFF", 0)]
    public void VHT_rates_follow_streams_width_and_guard_interval(string info, string map, double expected) =>
        Assert.Equal(expected, Make.Elements(Make.Element(191, $"{info} {map} 0000 0000 0000")).MaxRate);

    [Theory]
    // First byte of the PHY capabilities (widths) and receive maps, each with a transmit map.
    [InlineData("00", "FCFF FCFF", 86)] // 20 MHz, one stream, MCS 7
    [InlineData("00", "FDFF FDFF", 114.7)] // MCS 9
    [InlineData("02", "FAFF FAFF", 573.5)] // 40 MHz, two streams, MCS 11
    [InlineData("04", "FAFF FAFF", 1201)]
    [InlineData("04", "AAFF AAFF", 2402)] // four streams
    [InlineData("0C", "FAFF FAFF FAFF FAFF", 2402)] // 160 MHz
    [InlineData("0C", "AAFF AAFF FAFF FAFF", 2402)] // with fewer streams than at 80 MHz
    [InlineData("04", "FFFF FFFF", 0)]
    public void HE_rates_follow_streams_and_width(string widths, string maps, double expected) =>
        Assert.Equal(expected, Make.Elements(Make.Element(255, $"23 000000000000 {widths} 00000000000000000000 {maps}")).MaxRate);

    [Theory]
    // First byte of the PHY capabilities and a map for each width, MCS 0–9, 10–11 and 12–13.
    [InlineData("00", "222222 222222", 2882.4)] // 160 MHz, two streams, MCS 13
    [InlineData("00", "222200 222200", 2402)] // MCS 11
    [InlineData("02", "222222 222222 222222", 5764.7)] // 320 MHz
    [InlineData("02", "444444 444444 444444", 11529.4)]
    public void EHT_rates_follow_streams_and_width(string first, string maps, double expected) => Assert.Equal(
        expected,
        Make.Elements(
            Make.Element(255, "23 000000000000 0C 00000000000000000000 FFFF FFFF FFFF FFFF") + Make.Element(255, $"6C 0000 {first} 0000000000000000 {maps}")).MaxRate);

    [Theory]
    [InlineData("00", ChannelWidth.Ht20)]
    [InlineData("05", ChannelWidth.Ht40Plus)]
    [InlineData("07", ChannelWidth.Ht40Minus)]
    public void HT_operation_tells_the_secondary_channel(string info, ChannelWidth expected)
    {
        Dot11Elements e = Make.Elements(Make.Element(61, $"24{info}0000000000000000000000000000000000000000"));
        Assert.Equal(expected, e.Width);
        Assert.Equal(36, e.HtPrimaryChannel);
    }

    [Theory]
    [InlineData("00 2A 00", ChannelWidth.Ht40Plus)]
    [InlineData("01 2A 00", ChannelWidth.Ht80)]
    [InlineData("02 32 00", ChannelWidth.Ht160)]
    [InlineData("03 2A 9B", ChannelWidth.Ht80Plus80)]
    [InlineData("01 2A 32", ChannelWidth.Ht160)] // 80 and a second centre 8 channels on (table 9-274)
    [InlineData("01 2A 9B", ChannelWidth.Ht80Plus80)]
    public void VHT_operation_widens_in_either_order(string operation, ChannelWidth expected)
    {
        string ht = Make.Element(61, "24050000000000000000000000000000000000000000");
        string vht = Make.Element(192, operation + "0000");
        Assert.Equal(expected, Make.Elements(ht + vht).Width);
        Assert.Equal(expected, Make.Elements(vht + ht).Width);
    }
}
