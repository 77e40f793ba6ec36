// IEEE Std 802.11-2020, 9.4.2.24 (RSN element): cipher and AKM suites, as bits of the API's dot11.advertisedssid.crypt_bitfield.
namespace KismetOrleans.Wire.Dot11;

/// <summary>Bits of <c>dot11.advertisedssid.crypt_bitfield</c>.</summary>
[Flags]
public enum CryptBits : ulong
{
    /// <summary>Open.</summary>
    None = 0,

    /// <summary>WEP.</summary>
    Wep = 1UL << 0,

    /// <summary>Some kind of WPA.</summary>
    Wpa = 1UL << 1,

    /// <summary>WPA version 1.</summary>
    Wpa1 = 1UL << 2,

    /// <summary>WPA version 2 (RSN).</summary>
    Wpa2 = 1UL << 3,

    /// <summary>WPA version 3.</summary>
    Wpa3 = 1UL << 4,

    /// <summary>WAPI (GB 15629.11), whose keys <see cref="AkmPsk"/> or, for certificates, <see cref="Akm1X"/> tell. This bit and the others of ours are none of Kismet's.</summary>
    Wapi = 1UL << 5,

    /// <summary>AKM OSEN (Hotspot 2.0's online sign-up); ours.</summary>
    AkmOsen = 1UL << 6,

    /// <summary>Group cipher WEP-40.</summary>
    GroupWep40 = 1UL << 7,

    /// <summary>Group cipher WEP-104.</summary>
    GroupWep104 = 1UL << 8,

    /// <summary>Group cipher TKIP.</summary>
    GroupTkip = 1UL << 9,

    /// <summary>Group cipher CCMP-128.</summary>
    GroupCcmp128 = 1UL << 10,

    /// <summary>Group cipher BIP-CMAC-128.</summary>
    GroupBipCmac128 = 1UL << 11,

    /// <summary>Group cipher GCMP-128.</summary>
    GroupGcmp128 = 1UL << 12,

    /// <summary>Group cipher GCMP-256.</summary>
    GroupGcmp256 = 1UL << 13,

    /// <summary>Group cipher CCMP-256.</summary>
    GroupCcmp256 = 1UL << 14,

    /// <summary>Group cipher BIP-GMAC-128.</summary>
    GroupBipGmac128 = 1UL << 15,

    /// <summary>Group cipher BIP-GMAC-256.</summary>
    GroupBipGmac256 = 1UL << 16,

    /// <summary>Group cipher BIP-CMAC-256.</summary>
    GroupBipCmac256 = 1UL << 17,

    /// <summary>Group cipher OCB.</summary>
    GroupOcb = 1UL << 18,

    /// <summary>AKM PASN (21); ours.</summary>
    AkmPasn = 1UL << 19,

    /// <summary>AKM 802.1X with SHA-384 (23); ours.</summary>
    Akm1XSha384 = 1UL << 20,

    /// <summary>AKM CCKM of Cisco; ours.</summary>
    AkmCckm = 1UL << 21,

    /// <summary>AKM DPP (Easy Connect); ours.</summary>
    AkmDpp = 1UL << 22,

    /// <summary>Pairwise cipher WEP-40.</summary>
    PairwiseWep40 = 1UL << 23,

    /// <summary>Pairwise cipher WEP-104.</summary>
    PairwiseWep104 = 1UL << 24,

    /// <summary>Pairwise cipher TKIP.</summary>
    PairwiseTkip = 1UL << 25,

    /// <summary>Pairwise cipher CCMP-128.</summary>
    PairwiseCcmp128 = 1UL << 26,

    /// <summary>Pairwise cipher BIP-CMAC-128.</summary>
    PairwiseBipCmac128 = 1UL << 27,

    /// <summary>Pairwise cipher GCMP-128.</summary>
    PairwiseGcmp128 = 1UL << 28,

    /// <summary>Pairwise cipher GCMP-256.</summary>
    PairwiseGcmp256 = 1UL << 29,

    /// <summary>Pairwise cipher CCMP-256.</summary>
    PairwiseCcmp256 = 1UL << 30,

    /// <summary>Pairwise cipher BIP-GMAC-128.</summary>
    PairwiseBipGmac128 = 1UL << 31,

    /// <summary>Pairwise cipher BIP-GMAC-256.</summary>
    PairwiseBipGmac256 = 1UL << 32,

    /// <summary>Pairwise cipher BIP-CMAC-256.</summary>
    PairwiseBipCmac256 = 1UL << 33,

    /// <summary>Pairwise cipher OCB.</summary>
    PairwiseOcb = 1UL << 34,

    /// <summary>AKM SAE with a hash by its group (24); ours.</summary>
    AkmSaeExt = 1UL << 35,

    /// <summary>AKM FT over SAE with a hash by its group (25); ours.</summary>
    AkmSaeFtExt = 1UL << 36,

    /// <summary>AKM 802.1X.</summary>
    Akm1X = 1UL << 37,

    /// <summary>AKM PSK.</summary>
    AkmPsk = 1UL << 38,

    /// <summary>AKM FT over 802.1X.</summary>
    Akm1XFt = 1UL << 39,

    /// <summary>AKM FT with PSK.</summary>
    AkmPskFt = 1UL << 40,

    /// <summary>AKM 802.1X with SHA-256.</summary>
    Akm1XSha256 = 1UL << 41,

    /// <summary>AKM PSK with SHA-256.</summary>
    AkmPskSha256 = 1UL << 42,

    /// <summary>AKM TDLS.</summary>
    AkmTdls = 1UL << 43,

    /// <summary>AKM SAE.</summary>
    AkmSae = 1UL << 44,

    /// <summary>AKM FT over SAE.</summary>
    AkmSaeFt = 1UL << 45,

    /// <summary>AKM AP peer key.</summary>
    AkmApPeer = 1UL << 46,

    /// <summary>AKM Suite B with SHA-256.</summary>
    AkmSuiteBSha256 = 1UL << 47,

    /// <summary>AKM Suite B with SHA-384.</summary>
    AkmSuiteBSha384 = 1UL << 48,

    /// <summary>AKM FT over 802.1X with SHA-384.</summary>
    Akm1XFtSha384 = 1UL << 49,

    /// <summary>AKM FILS with SHA-256.</summary>
    AkmFilsSha256 = 1UL << 50,

    /// <summary>AKM FILS with SHA-384.</summary>
    AkmFilsSha384 = 1UL << 51,

    /// <summary>AKM FT over FILS with SHA-256.</summary>
    AkmFtFilsSha256 = 1UL << 52,

    /// <summary>AKM FT over FILS with SHA-384.</summary>
    AkmFtFilsSha384 = 1UL << 53,

    /// <summary>AKM OWE.</summary>
    AkmOwe = 1UL << 54,

    /// <summary>AKM FT with PSK and SHA-384.</summary>
    AkmPskSha384Ft = 1UL << 55,

    /// <summary>AKM PSK with SHA-384.</summary>
    AkmPskSha384 = 1UL << 56,

    /// <summary>WPS offered.</summary>
    Wps = 1UL << 57,

    /// <summary>EAP method LEAP seen.</summary>
    EapLeap = 1UL << 58,

    /// <summary>EAP method TLS seen.</summary>
    EapTls = 1UL << 59,

    /// <summary>EAP method TTLS seen.</summary>
    EapTtls = 1UL << 60,

    /// <summary>EAP method PEAP seen.</summary>
    EapPeap = 1UL << 61,

    /// <summary>EAP identity seen.</summary>
    EapIdentity = 1UL << 62,
}
