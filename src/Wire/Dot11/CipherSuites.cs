// IEEE Std 802.11-2020, tables 9-149 (cipher suite selectors) and 9-151 (AKM suite selectors), 802.11be-2024 for AKMs 22 to 25; Wi-Fi Alliance for the others.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Dot11;

/// <summary>What each suite selector adds to the API's crypt bits. Which version of WPA it is the element says, and the AKM where it is the third.</summary>
internal static class CipherSuites
{
    /// <summary>Bytes of a selector: OUI and type.</summary>
    internal const int Length = 4;

    /// <summary>Suite selectors of IEEE 802.11, in RSN elements.</summary>
    private const uint RsnOui = 0x000FAC;

    /// <summary>Suite selectors in WPA elements.</summary>
    private const uint WpaOui = 0x0050F2;

    private const uint OsenSelector = VendorElement.WifiAlliance << 8 | 1;
    private const uint DppSelector = VendorElement.WifiAlliance << 8 | 2;
    private const uint CckmSelector = VendorElement.Cisco << 8;

    private const CryptBits Wpa3 = CryptBits.Wpa3;

    /// <summary>The group cipher of a selector. Group traffic not allowed (7) adds nothing, nor do other organisations' ciphers.</summary>
    internal static CryptBits Group(ReadOnlySpan<byte> suite) => TypeOf(suite) switch
    {
        1 => CryptBits.GroupWep40,
        2 => CryptBits.GroupTkip,
        3 => CryptBits.GroupOcb,
        4 => CryptBits.GroupCcmp128,
        5 => CryptBits.GroupWep104,
        6 => CryptBits.GroupBipCmac128,
        8 => CryptBits.GroupGcmp128,
        9 => CryptBits.GroupGcmp256,
        10 => CryptBits.GroupCcmp256,
        11 => CryptBits.GroupBipGmac128,
        12 => CryptBits.GroupBipGmac256,
        13 => CryptBits.GroupBipCmac256,
        _ => CryptBits.None,
    };

    /// <summary>The pairwise cipher of a selector. Use group cipher (0) adds nothing to it.</summary>
    internal static CryptBits Pairwise(ReadOnlySpan<byte> suite) => TypeOf(suite) switch
    {
        1 => CryptBits.PairwiseWep40,
        2 => CryptBits.PairwiseTkip,
        3 => CryptBits.PairwiseOcb,
        4 => CryptBits.PairwiseCcmp128,
        5 => CryptBits.PairwiseWep104,
        6 => CryptBits.PairwiseBipCmac128,
        8 => CryptBits.PairwiseGcmp128,
        9 => CryptBits.PairwiseGcmp256,
        10 => CryptBits.PairwiseCcmp256,
        11 => CryptBits.PairwiseBipGmac128,
        12 => CryptBits.PairwiseBipGmac256,
        13 => CryptBits.PairwiseBipCmac256,
        _ => CryptBits.None,
    };

    /// <summary>Authentication and key management of a selector.</summary>
    internal static CryptBits Akm(ReadOnlySpan<byte> suite)
    {
        uint selector = BinaryPrimitives.ReadUInt32BigEndian(suite);
        return (selector >> 8) switch
        {
            RsnOui => RsnAkm((byte)selector),
            WpaOui => (byte)selector switch
            {
                1 => CryptBits.Akm1X,
                2 => CryptBits.AkmPsk,
                _ => CryptBits.None,
            },
            _ => selector switch
            {
                OsenSelector => CryptBits.AkmOsen,
                DppSelector => CryptBits.AkmDpp,
                CckmSelector => CryptBits.AkmCckm,
                _ => CryptBits.None,
            },
        };
    }

    private static CryptBits RsnAkm(byte type) => type switch
    {
        1 => CryptBits.Akm1X,
        2 => CryptBits.AkmPsk,
        3 => CryptBits.Akm1XFt,
        4 => CryptBits.AkmPskFt,
        5 => CryptBits.Akm1XSha256,
        6 => CryptBits.AkmPskSha256,
        7 => CryptBits.AkmTdls,
        8 => Wpa3 | CryptBits.AkmSae,
        9 => Wpa3 | CryptBits.AkmSaeFt,
        10 => Wpa3 | CryptBits.AkmApPeer,
        11 => Wpa3 | CryptBits.AkmSuiteBSha256,
        12 => Wpa3 | CryptBits.AkmSuiteBSha384,
        // The one wants Suite B's ciphers besides, the other does not.
        13 or 22 => Wpa3 | CryptBits.Akm1XFtSha384,
        14 => Wpa3 | CryptBits.AkmFilsSha256,
        15 => Wpa3 | CryptBits.AkmFilsSha384,
        16 => Wpa3 | CryptBits.AkmFtFilsSha256,
        17 => Wpa3 | CryptBits.AkmFtFilsSha384,
        18 => Wpa3 | CryptBits.AkmOwe,
        19 => Wpa3 | CryptBits.AkmPskSha384Ft,
        20 => Wpa3 | CryptBits.AkmPskSha384,
        21 => CryptBits.AkmPasn,
        23 => Wpa3 | CryptBits.Akm1XSha384,
        24 => Wpa3 | CryptBits.AkmSaeExt,
        25 => Wpa3 | CryptBits.AkmSaeFtExt,
        _ => CryptBits.None,
    };

    private static int TypeOf(ReadOnlySpan<byte> suite)
    {
        uint selector = BinaryPrimitives.ReadUInt32BigEndian(suite);
        return selector >> 8 is RsnOui or WpaOui ? (int)(selector & 0xFF) : -1;
    }
}
