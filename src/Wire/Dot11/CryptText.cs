// No standard: how the API puts crypt bits into words (dot11.advertisedssid.crypt_string) and into its older set of bits (crypt_set).
using System.Collections.Concurrent;
using System.Text;

namespace KismetOrleans.Wire.Dot11;

/// <summary>Text of <see cref="CryptBits"/>.</summary>
public static class CryptText
{
    /// <summary>Anybody can send any mixture of suites, so the cache must end somewhere; a campus shows some dozens.</summary>
    private const int CacheMaximum = 4096;

    private static readonly ConcurrentDictionary<CryptBits, string> Cache = new();

    /// <summary>
    /// What follows the version (as in <c>WPA2-PSK</c>) for each AKM suite, in the API's order. Suites of one family repeat their word,
    /// as clients count on: two PSK suites read <c>WPA2 WPA2-PSK WPA2-PSK AES-CCMP</c>. OWE has no version in front.
    /// </summary>
    private static readonly (CryptBits Bit, string Word)[] Akms =
    [
        (CryptBits.AkmPsk, "-PSK"),
        (CryptBits.AkmPskFt, "-PSK"),
        (CryptBits.AkmPskSha256, "-PSK"),
        (CryptBits.AkmPskSha384, "-PSK"),
        (CryptBits.AkmPskSha384Ft, "-PSK"),
        (CryptBits.AkmSae, "-SAE"),
        (CryptBits.AkmSaeFt, "-SAE"),
        (CryptBits.AkmSaeExt, "-SAE-EXT"),
        (CryptBits.AkmSaeFtExt, "-SAE-EXT-FT"),
        (CryptBits.AkmTdls, "-TDLS"),
        (CryptBits.AkmApPeer, "-AP-PEER"),
        (CryptBits.AkmFilsSha256, "-FILS"),
        (CryptBits.AkmFilsSha384, "-FILS"),
        (CryptBits.AkmFtFilsSha256, "-FILS"),
        (CryptBits.AkmFtFilsSha384, "-FILS"),
        (CryptBits.AkmOwe, "OWE"),
        (CryptBits.Akm1X, "-EAP"),
        (CryptBits.Akm1XSha256, "-EAP-SHA256"),
        (CryptBits.Akm1XFt, "-EAP-FT"),
        (CryptBits.Akm1XFtSha384, "-EAP-FT-SHA384"),
        (CryptBits.Akm1XSha384, "-EAP-SHA384"),
        (CryptBits.AkmSuiteBSha256, "-EAP-SUITEB-SHA256"),
        (CryptBits.AkmSuiteBSha384, "-EAP-SUITEB-SHA384"),
        (CryptBits.AkmPasn, "-PASN"),
        (CryptBits.AkmCckm, "-CCKM"),
        (CryptBits.AkmDpp, "-DPP"),
        (CryptBits.AkmOsen, "-OSEN"),
        (CryptBits.EapPeap, "-PEAP"),
        (CryptBits.EapLeap, "-LEAP"),
        (CryptBits.EapTtls, "-TTLS"),
        (CryptBits.EapTls, "-TLS"),
    ];

    /// <summary>Ciphers, group or pairwise, in the API's order.</summary>
    private static readonly (CryptBits Bits, string Word)[] Ciphers =
    [
        (CryptBits.GroupWep40 | CryptBits.PairwiseWep40, "WEP40"),
        (CryptBits.GroupWep104 | CryptBits.PairwiseWep104, "WEP104"),
        (CryptBits.GroupTkip | CryptBits.PairwiseTkip, "TKIP"),
        (CryptBits.GroupOcb | CryptBits.PairwiseOcb, "AES-OCB"),
        (CryptBits.GroupCcmp128 | CryptBits.PairwiseCcmp128, "AES-CCMP"),
        (CryptBits.GroupBipCmac128 | CryptBits.PairwiseBipCmac128, "AES-BIP-CMAC128"),
        (CryptBits.GroupGcmp128 | CryptBits.PairwiseGcmp128, "AES-GCMP128"),
        (CryptBits.GroupGcmp256 | CryptBits.PairwiseGcmp256, "AES-GCMP256"),
        (CryptBits.GroupCcmp256 | CryptBits.PairwiseCcmp256, "AES-CCMP256"),
        (CryptBits.GroupBipGmac128 | CryptBits.PairwiseBipGmac128, "AES-BIP-GMAC128"),
        (CryptBits.GroupBipGmac256 | CryptBits.PairwiseBipGmac256, "AES-BIP-GMAC256"),
        (CryptBits.GroupBipCmac256 | CryptBits.PairwiseBipCmac256, "AES-BIP-CMAC256"),
    ];

    /// <summary>The text, such as <c>WPA2 WPA2-PSK AES-CCMP</c>; <c>Open</c> for a network that has no cipher. Repeats cost no allocation.</summary>
    public static string ToText(CryptBits bits)
    {
        if (Cache.TryGetValue(bits, out string? text))
        {
            return text;
        }
        text = Build(bits);
        if (Cache.Count >= CacheMaximum)
        {
            // Begin again, so that after a flood of made-up networks the real ones are found here again.
            Cache.Clear();
        }
        Cache.TryAdd(bits, text);
        return text;
    }

    private static string Build(CryptBits bits)
    {
        if (Has(bits, CryptBits.Wep))
        {
            return Has(bits, CryptBits.GroupWep40 | CryptBits.PairwiseWep40) ? "WEP40"
                : Has(bits, CryptBits.GroupWep104 | CryptBits.PairwiseWep104) ? "WEP104"
                : "WEP";
        }
        bool isWpa = Has(bits, CryptBits.Wpa);
        if (!isWpa && Has(bits, CryptBits.Wapi))
        {
            // Its only cipher has no bit.
            return (Has(bits, CryptBits.AkmPsk) ? "WAPI WAPI-PSK" : Has(bits, CryptBits.Akm1X) ? "WAPI WAPI-CERT" : "WAPI") + " SMS4";
        }
        string version = Has(bits, CryptBits.Wpa3) ? "WPA3"
            : Has(bits, CryptBits.Wpa2) ? "WPA2"
            : Has(bits, CryptBits.Wpa1) ? "WPA1"
            : "WPA";
        var text = new StringBuilder();
        if (isWpa)
        {
            Append(text, version);
        }
        foreach ((CryptBits bit, string word) in Akms)
        {
            if (Has(bits, bit))
            {
                // Online sign-up has an element of its own beside RSN's; there it stands alone.
                Append(text, word[0] != '-' ? word : bit == CryptBits.AkmOsen && !isWpa ? word[1..] : version + word);
            }
        }
        foreach ((CryptBits pair, string word) in Ciphers)
        {
            if (Has(bits, pair))
            {
                Append(text, word);
            }
        }
        if (isWpa && Has(bits, CryptBits.Wapi))
        {
            Append(text, "WAPI");
        }
        return text.Length == 0 ? "Open" : text.ToString();
    }

    /// <summary>
    /// The API's older set of bits. SAE has a bit there that the API never sets for it, and the general WPA bit appears with a version or
    /// an AKM suite only; both are seen in what a server answered. What is neither WEP nor WPA is an unknown one that is no WEP.
    /// </summary>
    public static ulong ToLegacySet(CryptBits bits)
    {
        const CryptBits versions = CryptBits.Wpa1 | CryptBits.Wpa2 | CryptBits.Wpa3;
        const CryptBits psk = CryptBits.AkmPsk | CryptBits.AkmPskFt | CryptBits.AkmPskSha256 | CryptBits.AkmPskSha384 | CryptBits.AkmPskSha384Ft;
        const CryptBits eap = CryptBits.Akm1X | CryptBits.Akm1XFt | CryptBits.Akm1XSha256 | CryptBits.Akm1XFtSha384 | CryptBits.AkmSuiteBSha256
            | CryptBits.AkmSuiteBSha384 | CryptBits.Akm1XSha384;
        const CryptBits ccm = CryptBits.GroupCcmp128 | CryptBits.PairwiseCcmp128 | CryptBits.GroupCcmp256 | CryptBits.PairwiseCcmp256;
        return Legacy(bits, CryptBits.Wep, 1)
            | Legacy(bits, CryptBits.GroupWep40 | CryptBits.PairwiseWep40, 3)
            | Legacy(bits, CryptBits.GroupWep104 | CryptBits.PairwiseWep104, 4)
            | Legacy(bits, CryptBits.GroupTkip | CryptBits.PairwiseTkip, 5)
            | Legacy(bits, versions, 6)
            | Legacy(bits, psk, 7)
            | Legacy(bits, CryptBits.GroupOcb | CryptBits.PairwiseOcb, 8)
            | Legacy(bits, ccm, 9)
            | Legacy(bits, eap, 11)
            | Legacy(bits, CryptBits.EapLeap, 12)
            | Legacy(bits, CryptBits.EapTtls, 13)
            | Legacy(bits, CryptBits.EapTls, 14)
            | Legacy(bits, CryptBits.EapPeap, 15)
            | Legacy(bits, CryptBits.AkmOwe, 17)
            | Legacy(bits, CryptBits.Wapi | CryptBits.AkmOsen, 25)
            | Legacy(bits, CryptBits.Wps, 26)
            | Legacy(bits, CryptBits.Wpa1, 27)
            | Legacy(bits, CryptBits.Wpa2, 28)
            | Legacy(bits, CryptBits.Wpa3, 29);
    }

    private static ulong Legacy(CryptBits bits, CryptBits any, int bit) => Has(bits, any) ? 1UL << bit : 0;

    private static bool Has(CryptBits bits, CryptBits any) => (bits & any) != 0;

    private static void Append(StringBuilder text, string word)
    {
        if (text.Length > 0)
        {
            text.Append(' ');
        }
        text.Append(word);
    }
}
