using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Wire.Tests.Dot11;

/// <summary>Vendor elements: names of access points, Cisco's, WMM, Wi-Fi Direct, the manufacturer's choice.</summary>
public sealed class VendorElementTests
{
    [Theory]
    // "ap" in the layout of each vendor; Wireshark reads all but Mojo's alike.
    [InlineData(221, "000B86 01 03 00 6170")] // Aruba
    [InlineData(221, "5C5B35 01 6170")] // Mist
    [InlineData(221, "001174 06 6170")] // Mojo
    [InlineData(221, "001392 03 6170")] // Ruckus
    [InlineData(221, "001977 21 00 07 02 6170")] // Aerohive: version, subtype, length
    [InlineData(221, "00090F 0A00 02 02 4D4F 01 02 6170")] // Fortinet: model before name
    [InlineData(133, "00008F000F00FF035900 61700000000000000000000000000000 05")] // Cisco CCX
    public void Access_points_tell_their_names(byte id, string body)
    {
        string element = Make.Element(id, body);
        Assert.Equal("ap", Make.Elements(element).AccessPointName.Text(Make.Hex(element)));
    }

    [Theory]
    [InlineData(221, "000B86 01 03 00")] // no name
    [InlineData(221, "000B86 01 04 00 6170")] // another subtype
    [InlineData(221, "5C5B35 02 6170")]
    [InlineData(221, "001977 21 00 07 03 6170")] // a length past the end
    [InlineData(221, "00090F 0A00 01 03 6170")]
    [InlineData(221, "00090F 0A00 02 02 4D4F")]
    [InlineData(133, "00008F000F00FF035900 6170")] // shorter than the name's field
    [InlineData(133, "00008F000F00FF035900 00000000000000000000000000000000")] // NULs
    public void Where_there_is_no_name_none_is_made_up(byte id, string body) =>
        Assert.True(Make.Elements(Make.Element(id, body)).AccessPointName.IsEmpty);

    [Fact]
    public void Cisco_tells_power_and_client_MFP()
    {
        Dot11Elements e = Make.Elements(Make.Element(150, "004096 00 11 00") + Make.Element(221, "004096 14 01"));
        Assert.Equal(17, e.CcxTxPower);
        Assert.Equal(ElementsSeen.CiscoTxPower | ElementsSeen.CiscoClientMfp, e.Seen);
        Assert.Equal(ElementsSeen.None, Make.Elements(Make.Element(150, "004096 01 11") + Make.Element(221, "004096 14 00")).Seen);
    }

    [Fact]
    public void WMM_counts_TSPECs_and_measures_the_longest()
    {
        string tspec = Make.Element(221, "0050F2 02 02 01" + new string('0', 110));
        Dot11Elements e = Make.Elements(Make.Element(221, "0050F2 02 00 01 00") + tspec + tspec);
        Assert.Equal(2, e.WmmTspecs);
        Assert.Equal(61, e.WmmLength);
    }

    [Fact]
    public void The_claimed_length_of_a_notice_of_absence_shows_even_if_it_lies()
    {
        // Attribute 2 of two bytes, then attribute 12 that claims 40.
        Dot11Elements e = Make.Elements(Make.Element(221, "506F9A 09 02 0200 AABB 0C 2800 0000"));
        Assert.Equal(40, e.P2pAbsenceLength);
        Assert.Equal(Anomalies.None, e.Anomalies);
    }

    [Theory]
    [InlineData("000C43", "000CE7", 0x000CE7u)] // the last
    [InlineData("00156D", "000CE7", 0x00156Du)] // Ubiquiti is preferred
    [InlineData("000CE7", "004096", 0x004096u)] // so is Cisco
    [InlineData("000CE7", "0050F2", 0x000CE7u)] // never Microsoft
    [InlineData("001018", "506F9A", 0u)] // nor Broadcom nor the Wi-Fi Alliance
    public void The_manufacturer_is_chosen_among_OUIs(string first, string second, uint expected)
    {
        string elements = Make.Element(221, first + "EE") + Make.Element(221, second + "EE");
        Assert.Equal(expected, Make.Elements(elements).ManufacturerOui);
        Assert.Equal(expected, Make.Elements(elements, kind: FrameKind.ProbeResponse).ManufacturerOui);
        Assert.Equal(0u, Make.Elements(elements, kind: FrameKind.ProbeRequest).ManufacturerOui);
    }

    [Fact]
    public void OWE_transition_says_nothing_about_this_networks_encryption()
    {
        Dot11Elements e = Make.Elements(Make.Element(221, "506F9A 1C 020000000009 03 6F7765"));
        Assert.Equal(CryptBits.None, e.Crypt);
        Assert.Equal(ElementsSeen.OweTransition, e.Seen);
    }
}
