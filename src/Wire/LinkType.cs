// tcpdump.org, "Link-layer header types" (LINKTYPE_ values).
namespace KismetOrleans.Wire;

/// <summary>The link types of capture files that have a decoder here.</summary>
public enum LinkType : ushort
{
    /// <summary>Not known yet.</summary>
    None = 0,

    /// <summary>IEEE 802.11 without a radio header.</summary>
    Ieee80211 = 105,

    /// <summary>Linux's cooked header, then what its hardware type says.</summary>
    LinuxCooked = 113,

    /// <summary>Prism monitor header, then IEEE 802.11.</summary>
    Prism = 119,

    /// <summary>Radiotap header, then IEEE 802.11.</summary>
    Radiotap = 127,

    /// <summary>AVS header, then IEEE 802.11.</summary>
    Avs = 163,

    /// <summary>Packets between a host and its Bluetooth controller, with their type (H4).</summary>
    BluetoothHciH4 = 187,

    /// <summary>Per-Packet Information header, then the link type that it names.</summary>
    Ppi = 192,

    /// <summary>IEEE 802.15.4 with its frame check sequence.</summary>
    Ieee802154WithFcs = 195,

    /// <summary>A direction, then what <see cref="BluetoothHciH4"/> has.</summary>
    BluetoothHciH4WithPhdr = 201,

    /// <summary>IEEE 802.15.4 without frame check sequence.</summary>
    Ieee802154NoFcs = 230,

    /// <summary>Bluetooth Low Energy link layer: access address, header, payload, CRC.</summary>
    BtleLinkLayer = 251,

    /// <summary>Adapter and kind as Linux's Bluetooth monitor gives them, then an HCI packet without its type.</summary>
    BluetoothLinuxMonitor = 254,

    /// <summary>A radio pseudo-header, then the Bluetooth Low Energy link layer.</summary>
    BtleLinkLayerWithPhdr = 256,

    /// <summary>A header of Nordic's nRF sniffer, then the Bluetooth Low Energy link layer.</summary>
    NordicBle = 272,

    /// <summary>Linux's second cooked header, then what its hardware type says.</summary>
    LinuxCooked2 = 276,

    /// <summary>A header of types, lengths and values, then IEEE 802.15.4; the header says whether with check sequence.</summary>
    Ieee802154Tap = 283,

    /// <summary>No packet: a report in JSON, of a thermometer or a meter. A number of ours, too.</summary>
    JsonReport = 65_534,

    /// <summary>No packet: what a list of devices tells of one, as a scan report. A number of ours, which link types will hardly reach.</summary>
    ScanReport = 65_535,
}
