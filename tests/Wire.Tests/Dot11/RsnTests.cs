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
            CryptBits.AkmPskSha384Ft, CryptBits.AkmPskSha384, CryptBits.AkmPasn, CryptBits.Akm1XFtSha384, CryptBits.Akm1XSha384, CryptBits.AkmSaeExt,
            CryptBits.AkmSaeFtExt,
        ];
        for (int type = 1; type <= expected.Length; type++)
        {
            CryptBits versions = type is <= 7 or 21 ? CryptBits.Wpa | CryptBits.Wpa2 : CryptBits.Wpa | CryptBits.Wpa2 | CryptBits.Wpa3;
            CryptBits all = versions | CryptBits.GroupCcmp128 | CryptBits.PairwiseCcmp128 | expected[type - 1];
            Assert.Equal(all, Rsn($"0100 000FAC04 0100 000FAC04 0100 000FAC{type:X2} 0000").Crypt);
        }
    }

    private const CryptBits V2 = CryptBits.Wpa | CryptBits.Wpa2;

    [Theory]
    [InlineData(1, CryptBits.GroupWep40 | CryptBits.PairwiseWep40)]
    [InlineData(2, CryptBits.GroupTkip | CryptBits.PairwiseTkip)]
    [InlineData(3, CryptBits.GroupOcb | CryptBits.PairwiseOcb)]
    [InlineData(4, CryptBits.GroupCcmp128 | CryptBits.PairwiseCcmp128)]
    [InlineData(5, CryptBits.GroupWep104 | CryptBits.PairwiseWep104)]
    [InlineData(6, CryptBits.GroupBipCmac128 | CryptBits.PairwiseBipCmac128)]
    [InlineData(8, CryptBits.GroupGcmp128 | CryptBits.PairwiseGcmp128)]
    [InlineData(9, CryptBits.GroupGcmp256 | CryptBits.PairwiseGcmp256)]
    [InlineData(10, CryptBits.GroupCcmp256 | CryptBits.PairwiseCcmp256)]
    [InlineData(11, CryptBits.GroupBipGmac128 | CryptBits.PairwiseBipGmac128)]
    [InlineData(12, CryptBits.GroupBipGmac256 | CryptBits.PairwiseBipGmac256)]
    [InlineData(13, CryptBits.GroupBipCmac256 | CryptBits.PairwiseBipCmac256)]
    [InlineData(0, CryptBits.None)]
    [InlineData(7, CryptBits.None)]
    public void Every_cipher_suite_has_its_bits_and_all_are_WPA2(int type, CryptBits expected)
    {
        // AKM suite 0 is reserved and adds nothing.
        Assert.Equal(V2 | expected, Rsn($"0100 000FAC{type:X2} 0100 000FAC{type:X2} 0100 000FAC00 0000").Crypt);
    }

    [Theory]
    [InlineData("00409600", CryptBits.AkmCckm)]
    [InlineData("506F9A01", CryptBits.AkmOsen)]
    [InlineData("506F9A02", CryptBits.AkmDpp)]
    [InlineData("00E04C01", CryptBits.None)]
    public void Other_organisations_AKMs_have_bits_where_they_are_known(string akm, CryptBits expected) =>
        Assert.Equal(V2 | expected, Rsn($"0100 00409600 0100 00409600 0100 {akm} 0000").Crypt);

    [Theory]
    [InlineData("000FAC02 0100 000FAC02 0100 000FAC02", "WPA2 WPA2-PSK TKIP")]
    [InlineData("000FAC02 0100 000FAC02 0100 000FAC01", "WPA2 WPA2-EAP TKIP")]
    [InlineData("000FAC04 0100 000FAC00 0100 000FAC02", "WPA2 WPA2-PSK AES-CCMP")]
    [InlineData("000FAC02 0100 000FAC02 0100 000FAC08", "WPA3 WPA3-SAE TKIP")]
    [InlineData("000FAC01 0100 000FAC04 0100 000FAC02", "WPA2 WPA2-PSK WEP40 AES-CCMP")]
    [InlineData("000FAC04 0100 000FAC04 0200 000FAC18 000FAC19", "WPA3 WPA3-SAE-EXT WPA3-SAE-EXT-FT AES-CCMP")]
    public void An_RSN_element_is_WPA2_or_WPA3_whatever_its_ciphers(string suites, string text) =>
        Assert.Equal(text, CryptText.ToText(Rsn($"0100 {suites} 0000").Crypt));

    [Fact]
    public void Overriding_elements_add_to_what_the_network_offers()
    {
        Dot11Elements e = Make.Elements(
            Make.Element(48, "0100 000FAC04 0100 000FAC04 0100 000FAC02 8000") + Make.Element(221, "506F9A 29 0100 000FAC04 0100 000FAC04 0100 000FAC08 C000")
            + Make.Element(221, "506F9A 2A 0100 000FAC04 0100 000FAC09 0100 000FAC18 C000"));
        Assert.Equal("WPA3 WPA3-PSK WPA3-SAE WPA3-SAE-EXT AES-CCMP AES-GCMP256", CryptText.ToText(e.Crypt));
        Assert.Equal((true, false), (e.MfpCapable, e.MfpRequired));
    }

    [Theory]
    [InlineData("44", "0100 0100 00147202 0100 00147201 00147201 0000", "WAPI WAPI-PSK SMS4")]
    [InlineData("44", "0100 0100 00147201 0100 00147201 00147201 0000", "WAPI WAPI-CERT SMS4")]
    [InlineData("DD", "506F9A 12 000FAC07 0100 000FAC04 0100 506F9A01 0000", "OSEN AES-CCMP")]
    public void WAPI_and_OSEN_are_themselves(string id, string body, string text) =>
        Assert.Equal(text, CryptText.ToText(Make.Elements(Make.Element(Convert.ToByte(id, 16), body)).Crypt));

    [Fact]
    public void WAPI_beside_RSN_is_both()
    {
        string rsn = Make.Element(48, "0100 000FAC04 0100 000FAC04 0100 000FAC02 0000");
        Assert.Equal(
            "WPA2 WPA2-PSK AES-CCMP WAPI", CryptText.ToText(Make.Elements(rsn + Make.Element(68, "0100 0100 00147202 0100 00147201 00147201 0000")).Crypt));
    }

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
        Assert.Equal(V2, e.Crypt & V2);
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
