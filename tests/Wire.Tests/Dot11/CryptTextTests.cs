using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Wire.Tests.Dot11;

/// <summary>Crypt bits in words and in the older set of bits, as a real server printed them or as decision 8 mends them.</summary>
[Collection(Collections.CryptText)]
public sealed class CryptTextTests
{
    private const CryptBits Ccmp = CryptBits.GroupCcmp128 | CryptBits.PairwiseCcmp128;
    private const CryptBits V2 = CryptBits.Wpa | CryptBits.Wpa2;
    private const CryptBits V3 = V2 | CryptBits.Wpa3;

    [Theory]
    [InlineData(0UL, "Open", 0UL)]
    [InlineData(1UL, "WEP", 2UL)]
    [InlineData(67109890UL, "WPA AES-CCMP", 512UL)]
    [InlineData(137506063374UL, "WPA2 WPA2-EAP AES-CCMP", 402655808UL)]
    [InlineData(274945016842UL, "WPA2 WPA2-PSK AES-CCMP", 268436160UL)]
    [InlineData(274945016846UL, "WPA2 WPA2-PSK AES-CCMP", 402653888UL)]
    [InlineData(274978570766UL, "WPA2 WPA2-PSK TKIP AES-CCMP", 402653920UL)]
    [InlineData(1374456644622UL, "WPA2 WPA2-PSK WPA2-PSK AES-CCMP", 402653888UL)]
    [InlineData(17592253154330UL, "WPA3 WPA3-SAE AES-CCMP", 805306944UL)]
    [InlineData(18014398576591898UL, "WPA3 OWE AES-CCMP", 805438016UL)]
    public void Bits_read_as_a_server_printed_them(ulong bits, string text, ulong legacy)
    {
        Assert.Equal(text, CryptText.ToText((CryptBits)bits));
        Assert.Equal(legacy, CryptText.ToLegacySet((CryptBits)bits));
    }

    [Theory]
    [InlineData(CryptBits.Wep | CryptBits.GroupWep40, "WEP40")]
    [InlineData(CryptBits.Wep | CryptBits.PairwiseWep104, "WEP104")]
    [InlineData(CryptBits.Wps, "Open")]
    [InlineData(V2 | Ccmp | CryptBits.Akm1X | CryptBits.Akm1XSha256, "WPA2 WPA2-EAP WPA2-EAP-SHA256 AES-CCMP")]
    [InlineData(V3 | CryptBits.Akm1XFtSha384 | CryptBits.PairwiseGcmp256 | CryptBits.GroupGcmp256, "WPA3 WPA3-EAP-FT-SHA384 AES-GCMP256")]
    [InlineData(V3 | CryptBits.AkmSuiteBSha384 | CryptBits.PairwiseGcmp256, "WPA3 WPA3-EAP-SUITEB-SHA384 AES-GCMP256")]
    [InlineData(V3 | Ccmp | CryptBits.AkmPsk | CryptBits.AkmSae, "WPA3 WPA3-PSK WPA3-SAE AES-CCMP")]
    [InlineData(V3 | Ccmp | CryptBits.AkmFilsSha256 | CryptBits.AkmFtFilsSha384, "WPA3 WPA3-FILS WPA3-FILS AES-CCMP")]
    [InlineData(V2 | Ccmp | CryptBits.Akm1X | CryptBits.EapPeap | CryptBits.EapTls, "WPA2 WPA2-EAP WPA2-PEAP WPA2-TLS AES-CCMP")]
    [InlineData(CryptBits.Wpa | CryptBits.Wpa1 | CryptBits.AkmPsk | CryptBits.GroupTkip, "WPA1 WPA1-PSK TKIP")]
    public void Text_follows_the_order_of_the_inventory(CryptBits bits, string expected) => Assert.Equal(expected, CryptText.ToText(bits));

    [Fact]
    public void A_repeat_is_the_same_string() =>
        Assert.Same(CryptText.ToText(V2 | Ccmp | CryptBits.AkmPsk), CryptText.ToText(V2 | Ccmp | CryptBits.AkmPsk));

    [Fact]
    public void More_mixtures_than_the_cache_holds_still_read_right_from_many_threads() => Parallel.For(0, 20_000, i =>
    {
        // Thirteen AKM bits from 37 on in every mixture, more than once.
        CryptBits bits = CryptBits.Wpa | CryptBits.PairwiseTkip | (CryptBits)((ulong)(i & 0x1FFF) << 37);
        string text = CryptText.ToText(bits);
        Assert.StartsWith("WPA", text);
        Assert.EndsWith("TKIP", text);
        // PSK, FT with PSK, and PSK with SHA-256 read alike.
        Assert.Equal((i & 0b10_1010) != 0, text.Contains("WPA-PSK"));
    });
}
