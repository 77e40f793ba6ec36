using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Wire.Tests.Dot11;

/// <summary>RSN and WPA elements: suites to bits, defaults of what is left out, counts that lie.</summary>
public sealed class RsnTests
{
    [Fact]
    public void Every_AKM_suite_has_its_bit()
    {
        CryptBits[] expected =
        [
            CryptBits.Akm1X, CryptBits.AkmPsk, CryptBits.Akm1XFt, CryptBits.AkmPskFt, CryptBits.Akm1XSha256, CryptBits.AkmPskSha256, CryptBits.AkmTdls,
            CryptBits.AkmSae, CryptBits.AkmSaeFt, CryptBits.AkmApPeer, CryptBits.AkmSuiteBSha256, CryptBits.AkmSuiteBSha384, CryptBits.Akm1XFtSha384,
            CryptBits.AkmFilsSha256, CryptBits.AkmFilsSha384, CryptBits.AkmFtFilsSha256, CryptBits.AkmFtFilsSha384, CryptBits.AkmOwe,
            CryptBits.AkmPskSha384Ft, CryptBits.AkmPskSha384,
        ];
        for (int type = 1; type <= expected.Length; type++)
        {
            CryptBits versions = type <= 7 ? CryptBits.Wpa | CryptBits.Wpa2 : CryptBits.Wpa | CryptBits.Wpa2 | CryptBits.Wpa3;
            CryptBits all = versions | CryptBits.GroupCcmp128 | CryptBits.PairwiseCcmp128 | expected[type - 1];
            Assert.Equal(all, Rsn($"0100 000FAC04 0100 000FAC04 0100 000FAC{type:X2} 0000").Crypt);
        }
        Assert.Equal(CryptBits.AkmSae | CryptBits.AkmSaeFt, Rsn("0100 000FAC04 0100 000FAC04 0200 000FAC18 000FAC19 0000").Crypt & Akms);
    }

    private const CryptBits Akms = CryptBits.AkmSae | CryptBits.AkmSaeFt | CryptBits.Akm1X | CryptBits.AkmPsk;

    [Theory]
    [InlineData(1, CryptBits.Wep | CryptBits.GroupWep40 | CryptBits.PairwiseWep40)]
    [InlineData(2, CryptBits.Wpa | CryptBits.GroupTkip | CryptBits.PairwiseTkip)]
    [InlineData(4, CryptBits.Wpa | CryptBits.Wpa2 | CryptBits.GroupCcmp128 | CryptBits.PairwiseCcmp128)]
    [InlineData(5, CryptBits.Wep | CryptBits.GroupWep104 | CryptBits.PairwiseWep104)]
    [InlineData(6, CryptBits.Wpa | CryptBits.Wpa3 | CryptBits.GroupBipCmac128 | CryptBits.PairwiseBipCmac128)]
    [InlineData(8, CryptBits.Wpa | CryptBits.Wpa2 | CryptBits.GroupGcmp128 | CryptBits.PairwiseGcmp128)]
    [InlineData(9, CryptBits.Wpa | CryptBits.Wpa2 | CryptBits.GroupGcmp256 | CryptBits.PairwiseGcmp256)]
    [InlineData(10, CryptBits.Wpa | CryptBits.Wpa2 | CryptBits.GroupCcmp256 | CryptBits.PairwiseCcmp256)]
    [InlineData(11, CryptBits.Wpa | CryptBits.Wpa3 | CryptBits.GroupBipGmac128 | CryptBits.PairwiseBipGmac128)]
    [InlineData(12, CryptBits.Wpa | CryptBits.Wpa3 | CryptBits.GroupBipGmac256 | CryptBits.PairwiseBipGmac256)]
    [InlineData(13, CryptBits.Wpa | CryptBits.Wpa3 | CryptBits.GroupBipCmac256 | CryptBits.PairwiseBipCmac256)]
    [InlineData(7, CryptBits.None)]
    public void Every_cipher_suite_has_its_bits(int type, CryptBits expected)
    {
        // AKM suite 0 is reserved and adds nothing.
        Assert.Equal(expected, Rsn($"0100 000FAC{type:X2} 0100 000FAC{type:X2} 0100 000FAC00 0000").Crypt);
    }

    [Fact]
    public void Other_organisations_suites_have_no_bits() =>
        Assert.Equal(CryptBits.None, Rsn("0100 00409600 0100 00409600 0100 00409600 0000").Crypt);

    [Theory]
    [InlineData("0100")] // version only
    [InlineData("0100 000FAC04")]
    [InlineData("0100 000FAC04 0100 000FAC04")]
    [InlineData("0100 000FAC04 0100 000FAC04 0100 000FAC01")]
    public void What_is_left_out_is_CCMP_and_802_1X(string body)
    {
        Dot11Elements e = Rsn(body);
        const CryptBits expected = CryptBits.Wpa | CryptBits.Wpa2 | CryptBits.GroupCcmp128 | CryptBits.PairwiseCcmp128 | CryptBits.Akm1X;
        Assert.Equal(expected, e.Crypt);
        Assert.False(e.MfpCapable);
    }

    [Theory]
    [InlineData("0000", false, false)]
    [InlineData("8000", false, true)]
    [InlineData("C000", true, true)]
    public void Capabilities_tell_management_frame_protection(string capabilities, bool required, bool capable)
    {
        Dot11Elements e = Rsn($"0100 000FAC04 0100 000FAC04 0100 000FAC02 {capabilities} 0000");
        Assert.Equal(required, e.MfpRequired);
        Assert.Equal(capable, e.MfpCapable);
    }

    [Theory]
    [InlineData("01", 0)]
    [InlineData("0100 000F", 0)]
    [InlineData("0100 000FAC04 01", 0)]
    [InlineData("0100 000FAC04 0200 000FAC04", 2)]
    [InlineData("0100 000FAC04 0104 000FAC04", 1025)]
    [InlineData("0100 000FAC04 FFFF", 65535)]
    [InlineData("0100 000FAC04 0100 000FAC04 0200 000FAC02", 1)]
    [InlineData("0100 000FAC04 0100 000FAC04 0100 000FAC02 00", 1)]
    public void Counts_that_run_past_the_end_are_malformed(string body, int pairwise)
    {
        Dot11Elements e = Make.Elements(Make.Element(48, body), ParseStatus.Malformed);
        Assert.Equal(Anomalies.RsnMalformed, e.Anomalies);
        Assert.Equal(pairwise, e.RsnPairwiseCount);
    }

    [Fact]
    public void A_WPA_element_is_version_1_whatever_its_cipher()
    {
        Dot11Elements e = Make.Elements(Make.Element(221, "0050F2 01 0100 0050F202 0200 0050F202 0050F204 0200 0050F201 0050F202"));
        const CryptBits expected = CryptBits.Wpa | CryptBits.Wpa1 | CryptBits.GroupTkip | CryptBits.PairwiseTkip | CryptBits.PairwiseCcmp128
            | CryptBits.Akm1X | CryptBits.AkmPsk;
        Assert.Equal(expected, e.Crypt);
        Assert.Equal(ElementsSeen.Wpa, e.Seen);
    }

    [Theory]
    [InlineData("01")]
    [InlineData("0100 0050")]
    [InlineData("0100 0050F202 01")]
    [InlineData("0100 0050F202 0200 0050F202")]
    [InlineData("0100 0050F202 0100 0050F202 0100")]
    public void WPA_counts_that_run_past_the_end_are_malformed(string body) =>
        Assert.Equal(Anomalies.WpaMalformed, Make.Elements(Make.Element(221, "0050F2 01" + body), ParseStatus.Malformed).Anomalies);

    private static Dot11Elements Rsn(string body) => Make.Elements(Make.Element(48, body));
}
