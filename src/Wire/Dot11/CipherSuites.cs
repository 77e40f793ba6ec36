// IEEE Std 802.11-2020, tables 9-149 (cipher suite selectors) and 9-151 (AKM suite selectors); Wi-Fi Alliance WPA for 00:50:F2.
namespace KismetOrleans.Wire.Dot11;

/// <summary>What each suite selector adds to the API's crypt bits.</summary>
internal static class CipherSuites
{
    /// <summary>Suite selectors of IEEE 802.11, in RSN elements.</summary>
    internal const uint RsnOui = 0x000FAC;

    /// <summary>Suite selectors in WPA elements.</summary>
    internal const uint WpaOui = 0x0050F2;

    private const CryptBits Wpa3 = CryptBits.Wpa | CryptBits.Wpa3;

    /// <summary>A group cipher; <paramref name="type"/> is the selector's last octet.</summary>
    internal static CryptBits Group(byte type) => type switch
    {
        1 => CryptBits.Wep | CryptBits.GroupWep40,
        2 => CryptBits.Wpa | CryptBits.GroupTkip,
        3 => CryptBits.Wpa | CryptBits.GroupOcb,
        4 => CryptBits.Wpa | CryptBits.GroupCcmp128,
        5 => CryptBits.Wep | CryptBits.GroupWep104,
        6 => CryptBits.Wpa | CryptBits.GroupBipCmac128,
        8 => CryptBits.Wpa | CryptBits.GroupGcmp128,
        9 => CryptBits.Wpa | CryptBits.GroupGcmp256,
        10 => CryptBits.Wpa | CryptBits.GroupCcmp256,
        11 => CryptBits.Wpa | CryptBits.GroupBipGmac128,
        12 => CryptBits.Wpa | CryptBits.GroupBipGmac256,
        13 => CryptBits.Wpa | CryptBits.GroupBipCmac256,
        _ => CryptBits.None,
    };

    /// <summary>A pairwise cipher of an RSN element. Use group cipher (0) and group traffic not allowed (7) add nothing.</summary>
    internal static CryptBits RsnPairwise(byte type) => type switch
    {
        1 => CryptBits.Wep | CryptBits.PairwiseWep40,
        2 => CryptBits.Wpa | CryptBits.PairwiseTkip,
        3 => CryptBits.Wpa2 | CryptBits.PairwiseOcb,
        4 => CryptBits.Wpa2 | CryptBits.PairwiseCcmp128,
        5 => CryptBits.Wep | CryptBits.PairwiseWep104,
        6 => CryptBits.Wpa3 | CryptBits.PairwiseBipCmac128,
        8 => CryptBits.Wpa2 | CryptBits.PairwiseGcmp128,
        9 => CryptBits.Wpa2 | CryptBits.PairwiseGcmp256,
        10 => CryptBits.Wpa2 | CryptBits.PairwiseCcmp256,
        11 => CryptBits.Wpa3 | CryptBits.PairwiseBipGmac128,
        12 => CryptBits.Wpa3 | CryptBits.PairwiseBipGmac256,
        13 => CryptBits.Wpa3 | CryptBits.PairwiseBipCmac256,
        _ => CryptBits.None,
    };

    /// <summary>A pairwise cipher of a WPA element: the first version of WPA, so never a sign of WPA2.</summary>
    internal static CryptBits WpaPairwise(byte type) => type switch
    {
        1 => CryptBits.Wep | CryptBits.PairwiseWep40,
        2 => CryptBits.Wpa | CryptBits.PairwiseTkip,
        3 => CryptBits.Wpa | CryptBits.PairwiseOcb,
        4 => CryptBits.Wpa | CryptBits.PairwiseCcmp128,
        5 => CryptBits.Wep | CryptBits.PairwiseWep104,
        _ => CryptBits.None,
    };

    /// <summary>An authentication and key management suite of an RSN element.</summary>
    internal static CryptBits RsnAkm(byte type) => type switch
    {
        1 => CryptBits.Wpa | CryptBits.Akm1X,
        2 => CryptBits.Wpa | CryptBits.AkmPsk,
        3 => CryptBits.Wpa | CryptBits.Akm1XFt,
        4 => CryptBits.Wpa | CryptBits.AkmPskFt,
        5 => CryptBits.Wpa | CryptBits.Akm1XSha256,
        6 => CryptBits.Wpa | CryptBits.AkmPskSha256,
        7 => CryptBits.Wpa | CryptBits.AkmTdls,
        8 or 24 => Wpa3 | CryptBits.AkmSae,
        9 or 25 => Wpa3 | CryptBits.AkmSaeFt,
        10 => Wpa3 | CryptBits.AkmApPeer,
        11 => Wpa3 | CryptBits.AkmSuiteBSha256,
        12 => Wpa3 | CryptBits.AkmSuiteBSha384,
        13 => Wpa3 | CryptBits.Akm1XFtSha384,
        14 => Wpa3 | CryptBits.AkmFilsSha256,
        15 => Wpa3 | CryptBits.AkmFilsSha384,
        16 => Wpa3 | CryptBits.AkmFtFilsSha256,
        17 => Wpa3 | CryptBits.AkmFtFilsSha384,
        18 => Wpa3 | CryptBits.AkmOwe,
        19 => Wpa3 | CryptBits.AkmPskSha384Ft,
        20 => Wpa3 | CryptBits.AkmPskSha384,
        _ => CryptBits.None,
    };

    /// <summary>An authentication and key management suite of a WPA element.</summary>
    internal static CryptBits WpaAkm(byte type) => type switch
    {
        1 => CryptBits.Wpa | CryptBits.Akm1X,
        2 => CryptBits.Wpa | CryptBits.AkmPsk,
        _ => CryptBits.None,
    };
}
