using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Wire.Tests.Dot11;

/// <summary>The WPS element's attributes, and the EAP message that WPS guesses are counted by.</summary>
public sealed class WpsTests
{
    private const string Head = "0050F2 04";

    [Fact]
    public void Attributes_are_read()
    {
        string hex = Make.Element(221, Head + "104A 0001 10 1044 0001 02 1057 0001 01 1008 0002 0680 1011 0002 6431 1021 0002 6D31 1023 0002 6E31" +
            "1024 0002 6E32 1042 0002 7331 1047 0010 000102030405060708090A0B0C0D0E0F 1049 0006 00372A 00 01 20");
        byte[] elements = Make.Hex(hex);
        Dot11Elements e = Make.Elements(hex);
        Assert.Equal(0x10, e.WpsVersion);
        Assert.Equal(0x20, e.WpsVersion2);
        Assert.Equal(1 | 4, e.WpsState);
        Assert.Equal(0x0680, e.WpsConfigMethods);
        Assert.Equal("d1", e.WpsDeviceName.Text(elements));
        Assert.Equal("m1", e.WpsManufacturer.Text(elements));
        Assert.Equal("n1", e.WpsModelName.Text(elements));
        Assert.Equal("n2", e.WpsModelNumber.Text(elements));
        Assert.Equal("s1", e.WpsSerialNumber.Text(elements));
        Assert.Equal("000102030405060708090A0B0C0D0E0F", Convert.ToHexString(e.WpsUuidE.Of(elements)));
        // WPS says nothing about encryption; the server that clients know sets no bit for it either.
        Assert.Equal(CryptBits.None, e.Crypt);
    }

    [Fact]
    public void Not_configured_is_state_2() => Assert.Equal(2, Make.Elements(Make.Element(221, Head + "1044 0001 01")).WpsState);

    [Theory]
    [InlineData("1011 0003 6431")] // a length past the end
    [InlineData("1011 00")] // half a header
    [InlineData("1044 0002 0101")] // a state of two bytes
    public void Attributes_that_do_not_fit_are_malformed(string attributes) =>
        Assert.Equal(Anomalies.WpsMalformed, Make.Elements(Make.Element(221, Head + attributes), ParseStatus.Malformed).Anomalies);

    [Fact]
    public void M3_is_recognised()
    {
        Assert.True(IsM3(SampleFrames.EapWpsM3));
        // Flag 0x02: a message length comes before the attributes.
        Assert.True(IsM3(SampleFrames.EapWpsM3.Replace("04 00 104A", "04 02 0F0F 104A").Replace("0018", "001A")));
        Assert.False(IsM3(SampleFrames.EapWpsM3.Replace("10220001 07", "10220001 05")));
        Assert.False(IsM3(SampleFrames.EapWpsM3.Replace("00372A", "00372B")));
        Assert.False(IsM3(SampleFrames.EapWpsM3.Replace("10220001 07", "10220002 07")));
        Assert.False(IsM3(SampleFrames.EapIdentity));
        Assert.False(IsM3(SampleFrames.Eapol1));
    }

    private static bool IsM3(string body)
    {
        byte[] frame = Make.ToDs(body);
        Dot11Frame f = Make.Parse(frame);
        return EapWps.IsM3(frame, in f);
    }
}
