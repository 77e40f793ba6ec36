// No standard: sources differ in how much they say of the same security.
namespace KismetOrleans.Wire.Dot11;

/// <summary>Compares what two sources say of a network's security.</summary>
public static class CryptDetail
{
    private const CryptBits Ciphers = CryptBits.GroupWep40 | CryptBits.GroupWep104 | CryptBits.GroupTkip | CryptBits.GroupCcmp128 | CryptBits.GroupBipCmac128
        | CryptBits.GroupGcmp128 | CryptBits.GroupGcmp256 | CryptBits.GroupCcmp256 | CryptBits.GroupBipGmac128 | CryptBits.GroupBipGmac256
        | CryptBits.GroupBipCmac256 | CryptBits.GroupOcb | CryptBits.PairwiseWep40 | CryptBits.PairwiseWep104 | CryptBits.PairwiseTkip
        | CryptBits.PairwiseCcmp128 | CryptBits.PairwiseBipCmac128 | CryptBits.PairwiseGcmp128 | CryptBits.PairwiseGcmp256 | CryptBits.PairwiseCcmp256
        | CryptBits.PairwiseBipGmac128 | CryptBits.PairwiseBipGmac256 | CryptBits.PairwiseBipCmac256 | CryptBits.PairwiseOcb;

    /// <summary>
    /// Whether <paramref name="brief"/> names no ciphers and nothing that <paramref name="full"/> does not have: the same network in fewer words,
    /// as <c>WPA2_PSK</c> is of one with CCMP.
    /// </summary>
    public static bool IsBriefOf(CryptBits brief, CryptBits full)
    {
        brief &= ~CryptBits.Wps;
        return brief != 0 && (brief & Ciphers) == 0 && (brief & full) == brief;
    }
}
