using System.IO.Hashing;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Wire.Tests.Dot11;

/// <summary>What each plain element gives, and what its faults are called.</summary>
public sealed class Dot11ElementsParserTests
{
    [Fact]
    public void A_beacon_with_one_of_everything_gives_everything()
    {
        byte[] elements = SampleFrames.FullBeacon[36..];
        Assert.Equal(ParseStatus.Ok, Dot11ElementsParser.TryParse(elements, FrameKind.Beacon, cut: false, out Dot11Elements e));
        Assert.Equal("lab", e.Ssid.Text(elements));
        Assert.Equal(8, e.Rates.Length);
        Assert.Equal(4, e.ExtendedRates.Length);
        Assert.Equal(6, e.DsChannel);
        Assert.Equal("DE ", e.Country.Text(elements));
        Assert.Equal("010D14", Convert.ToHexString(e.CountryTriplets.Of(elements)));
        Assert.Equal(3, e.BssStations);
        Assert.Equal(128, e.BssUtilization);
        Assert.Equal(2, e.MinTxPower);
        Assert.Equal(20, e.MaxTxPower);
        Assert.Equal(17, e.TpcTxPower);
        Assert.Equal("0104", Convert.ToHexString(e.SupportedChannels.Of(elements)));
        Assert.Equal(0xB2A1, e.MobilityDomain);
        Assert.True(e.LinkMeasurement);
        Assert.True(e.NeighborReport);
        Assert.Equal("mesh", e.MeshId.Text(elements));
        Assert.True(e.MeshGateway);
        Assert.Equal(3, e.MeshPeerings);
        Assert.True(e.MeshForwarding);
        Assert.Equal(8, e.ExtendedCapabilities.Length);
        Assert.Equal(11, e.CcxTxPower);
        Assert.Equal(6, e.HtPrimaryChannel);
        Assert.Equal(ChannelWidth.Ht80, e.Width);
        Assert.Equal(155, e.VhtCenter0);
        Assert.Equal(0, e.VhtCenter1);
        Assert.Equal(1300, e.MaxRate);
        Assert.True(e.MfpCapable);
        Assert.False(e.MfpRequired);
        Assert.Equal("WPA2 WPA2-PSK TKIP AES-CCMP", CryptText.ToText(e.Crypt));
        Assert.Equal("name", e.AccessPointName.Text(elements));
        Assert.Equal("owe", e.OweSsid.Text(elements));
        Assert.Equal(MacAddress.Read([2, 0, 0, 0, 0, 9]), e.OweBssid);
        Assert.Equal(24, e.WmmLength);
        Assert.Equal(0, e.WmmTspecs);
        Assert.Equal(2, e.P2pAbsenceLength);
        Assert.Equal(AccessPointOui, e.ManufacturerOui);
        Assert.Equal(Crc32.HashToUInt32(elements), e.Checksum);
        Assert.Equal(Anomalies.None, e.Anomalies);
        // One of every flag that there is, but of EHT, HE operation and Cisco's MFP.
        const ElementsSeen missing = ElementsSeen.EhtCapabilities | ElementsSeen.EhtOperation | ElementsSeen.HeOperation | ElementsSeen.CiscoClientMfp;
        Assert.Equal((ElementsSeen)((1UL << 31) - 1) & ~missing, e.Seen);
    }

    private const uint AccessPointOui = 0x000B86;

    [Fact]
    public void No_elements_are_well_formed()
    {
        Dot11Elements e = Make.Elements("");
        Assert.Equal(ElementsSeen.None, e.Seen);
        Assert.Equal(0u, e.Checksum);
        Assert.Equal(0u, e.BeaconFingerprint);
    }

    [Fact]
    public void An_SSID_of_33_bytes_is_not_used_but_spoils_nothing()
    {
        Dot11Elements e = Make.Elements("0021" + new string('A', 66) + "030106");
        Assert.Equal(Anomalies.SsidTooLong, e.Anomalies);
        Assert.True(e.Ssid.IsEmpty);
        Assert.Equal(ElementsSeen.DsParameter, e.Seen);
        Assert.Equal(32, Make.Elements("0020" + new string('A', 64)).Ssid.Length);
    }

    [Fact]
    public void The_first_SSID_counts() => Assert.Equal(2, Make.Elements("0001 61 0001 62").Ssid.Offset);

    [Fact]
    public void A_long_DS_parameter_makes_the_frame_corrupt()
    {
        Dot11Elements e = Make.Elements("0302 0600", ParseStatus.Malformed);
        Assert.Equal(Anomalies.DsParameterTooLong, e.Anomalies);
        Assert.Equal(0, e.DsChannel);
    }

    [Theory]
    [InlineData("0703 44")]
    [InlineData("07")]
    public void An_element_past_the_end_is_malformed_or_truncated(string hex)
    {
        Assert.Equal(Anomalies.ElementMalformed, Make.Elements("0001 61" + hex, ParseStatus.Malformed).Anomalies);
        Dot11Elements cut = Make.Elements("0001 61" + hex, ParseStatus.Truncated, cut: true);
        Assert.Equal(Anomalies.ElementTruncated, cut.Anomalies);
        Assert.Equal(ElementsSeen.Ssid, cut.Seen);
    }

    [Theory]
    [InlineData("0100")] // no rates
    [InlineData("0300")] // no channel
    [InlineData("0702 4445")] // country string of two bytes
    [InlineData("0B04 00000000")] // BSS load
    [InlineData("2101 00")] // power capability
    [InlineData("2301 00")] // TPC report
    [InlineData("2D01 00")] // HT capabilities
    [InlineData("3D01 00")] // HT operation
    [InlineData("BF01 00")] // VHT capabilities
    [InlineData("C001 00")] // VHT operation
    [InlineData("3602 A1B2")] // mobility domain
    [InlineData("4600")] // RM enabled capabilities
    [InlineData("7106 000000000000")] // mesh configuration
    [InlineData("DD02 0050")] // vendor element without an OUI
    [InlineData("DD0A 506F9A1C 020000000009")] // OWE transition without an SSID's length
    [InlineData("DD0C 506F9A1C 020000000009 02 61")] // OWE transition whose SSID runs past the end
    public void Too_short_an_element_is_malformed(string hex)
    {
        Dot11Elements e = Make.Elements(hex, ParseStatus.Malformed);
        Assert.Equal(Anomalies.ElementMalformed, e.Anomalies);
        Assert.Equal(ElementsSeen.None, e.Seen);
    }

    [Theory]
    [InlineData("FF01 23", ElementsSeen.HeCapabilities)]
    [InlineData("FF01 24", ElementsSeen.HeOperation)]
    [InlineData("FF01 6A", ElementsSeen.EhtOperation)]
    [InlineData("FF01 6C", ElementsSeen.EhtCapabilities)]
    [InlineData("FF01 01", ElementsSeen.None)]
    [InlineData("FF00", ElementsSeen.None)]
    public void Extension_elements_are_seen(string hex, ElementsSeen expected) => Assert.Equal(expected, Make.Elements(hex).Seen);
}
