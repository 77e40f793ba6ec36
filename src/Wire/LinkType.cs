// tcpdump.org, "Link-layer header types" (LINKTYPE_ values).
namespace KismetOrleans.Wire;

/// <summary>The link types of capture files that have a decoder here.</summary>
public enum LinkType : ushort
{
    /// <summary>Not known yet.</summary>
    None = 0,

    /// <summary>IEEE 802.11 without a radio header.</summary>
    Ieee80211 = 105,

    /// <summary>Prism monitor header, then IEEE 802.11.</summary>
    Prism = 119,

    /// <summary>Radiotap header, then IEEE 802.11.</summary>
    Radiotap = 127,

    /// <summary>AVS header, then IEEE 802.11.</summary>
    Avs = 163,

    /// <summary>Per-Packet Information header, then the link type that it names.</summary>
    Ppi = 192,

    /// <summary>Bluetooth Low Energy link layer: access address, header, payload, CRC.</summary>
    BtleLinkLayer = 251,

    /// <summary>A radio pseudo-header, then the Bluetooth Low Energy link layer.</summary>
    BtleLinkLayerWithPhdr = 256,
}
