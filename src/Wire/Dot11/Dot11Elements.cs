// IEEE Std 802.11-2020, clause 9.4.2: elements, as far as the API's records use them.
namespace KismetOrleans.Wire.Dot11;

/// <summary>A slice of the frame that was parsed: no copy is made of text or opaque bytes.</summary>
/// <param name="Offset">Bytes from the start of the elements.</param>
/// <param name="Length">Bytes.</param>
public readonly record struct Slice(ushort Offset, ushort Length)
{
    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>The bytes of this slice of <paramref name="elements"/>.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> elements) => elements.Slice(Offset, Length);
}

/// <summary>Which elements a frame had.</summary>
[Flags]
public enum ElementsSeen : ulong
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>0, SSID.</summary>
    Ssid = 1UL << 0,

    /// <summary>3, DS parameter set.</summary>
    DsParameter = 1UL << 1,

    /// <summary>7, country.</summary>
    Country = 1UL << 2,

    /// <summary>11, BSS load.</summary>
    BssLoad = 1UL << 3,

    /// <summary>33, power capability.</summary>
    PowerCapability = 1UL << 4,

    /// <summary>35, TPC report.</summary>
    TpcReport = 1UL << 5,

    /// <summary>36, supported channels.</summary>
    SupportedChannels = 1UL << 6,

    /// <summary>45, HT capabilities.</summary>
    HtCapabilities = 1UL << 7,

    /// <summary>61, HT operation.</summary>
    HtOperation = 1UL << 8,

    /// <summary>191, VHT capabilities.</summary>
    VhtCapabilities = 1UL << 9,

    /// <summary>192, VHT operation.</summary>
    VhtOperation = 1UL << 10,

    /// <summary>255/35, HE capabilities.</summary>
    HeCapabilities = 1UL << 11,

    /// <summary>255/36, HE operation.</summary>
    HeOperation = 1UL << 12,

    /// <summary>255/108, EHT capabilities.</summary>
    EhtCapabilities = 1UL << 13,

    /// <summary>255/106, EHT operation.</summary>
    EhtOperation = 1UL << 14,

    /// <summary>48, RSN.</summary>
    Rsn = 1UL << 15,

    /// <summary>221, WPA (00:50:F2 type 1).</summary>
    Wpa = 1UL << 16,

    /// <summary>221, WPS (00:50:F2 type 4).</summary>
    Wps = 1UL << 17,

    /// <summary>221, WMM (00:50:F2 type 2).</summary>
    Wmm = 1UL << 18,

    /// <summary>54, mobility domain (802.11r).</summary>
    MobilityDomain = 1UL << 19,

    /// <summary>70, RM enabled capabilities (802.11k).</summary>
    RmEnabled = 1UL << 20,

    /// <summary>113, mesh configuration.</summary>
    MeshConfiguration = 1UL << 21,

    /// <summary>114, mesh identifier.</summary>
    MeshId = 1UL << 22,

    /// <summary>127, extended capabilities.</summary>
    ExtendedCapabilities = 1UL << 23,

    /// <summary>133, Cisco CCX (access point's name).</summary>
    CiscoCcx = 1UL << 24,

    /// <summary>150, Cisco transmit power.</summary>
    CiscoTxPower = 1UL << 25,

    /// <summary>221, OWE transition mode (50:6F:9A type 28).</summary>
    OweTransition = 1UL << 26,

    /// <summary>221, Cisco client MFP.</summary>
    CiscoClientMfp = 1UL << 27,

    /// <summary>221, DJI DroneID.</summary>
    DjiDroneId = 1UL << 28,

    /// <summary>221, Open Drone ID (FA:0B:BC, older 90:3A:E6, type 0x0D).</summary>
    OpenDroneId = 1UL << 29,

    /// <summary>221, French identification of drones (6A:5C:35 type 1).</summary>
    FrenchDroneId = 1UL << 31,

    /// <summary>1 or 50, supported rates.</summary>
    Rates = 1UL << 30,
}

/// <summary>HT and VHT operation as the API prints it.</summary>
public enum ChannelWidth : byte
{
    /// <summary>No HT operation element.</summary>
    None,

    /// <summary>HT20.</summary>
    Ht20,

    /// <summary>HT40, secondary channel above.</summary>
    Ht40Plus,

    /// <summary>HT40, secondary channel below.</summary>
    Ht40Minus,

    /// <summary>80 MHz.</summary>
    Ht80,

    /// <summary>160 MHz.</summary>
    Ht160,

    /// <summary>80+80 MHz.</summary>
    Ht80Plus80,

    /// <summary>320 MHz.</summary>
    Ht320,
}

/// <summary>Everything that the records take from the elements of one management frame. Slices point into the elements' bytes.</summary>
public struct Dot11Elements
{
    /// <summary>Which elements were there.</summary>
    public ElementsSeen Seen;

    /// <summary>The raw SSID; at most 32 bytes (a longer one is an anomaly and left empty).</summary>
    public Slice Ssid;

    /// <summary>Supported rates (element 1), raw.</summary>
    public Slice Rates;

    /// <summary>Extended supported rates (element 50), raw.</summary>
    public Slice ExtendedRates;

    /// <summary>DS parameter set: current channel.</summary>
    public byte DsChannel;

    /// <summary>HT operation: primary channel.</summary>
    public byte HtPrimaryChannel;

    /// <summary>Width from HT and VHT operation.</summary>
    public ChannelWidth Width;

    /// <summary>VHT operation: channel centre segment 0 as a channel number.</summary>
    public byte VhtCenter0;

    /// <summary>VHT operation: channel centre segment 1 as a channel number.</summary>
    public byte VhtCenter1;

    /// <summary>HE operation: primary channel in the 6 GHz band; 0 in other bands. Then the centres are of that band, too.</summary>
    public byte Band6Channel;

    /// <summary>S1G operation: primary channel below 1 GHz; 0 in other bands.</summary>
    public byte S1gChannel;

    /// <summary>HE capabilities: byte of the channel widths.</summary>
    internal byte HeWidths;

    /// <summary>Width and centres are those of EHT operation.</summary>
    internal bool IsEhtWidth;

    /// <summary>Highest rate offered in Mbit/s over supported rates, HT and VHT capabilities (and HE and EHT where they offer more).</summary>
    public double MaxRate;

    /// <summary>Cipher and AKM suites of RSN, WPA, WAPI and OSEN, WPS offered.</summary>
    public CryptBits Crypt;

    /// <summary>Whether the last element runs past the end, so that what is behind it, or was cut off, is not known.</summary>
    public bool EndsEarly;

    /// <summary>RSN: number of pairwise suites that the element claims, also when it does not hold them.</summary>
    public ushort RsnPairwiseCount;

    /// <summary>RSN capabilities: management frame protection required (bit 6).</summary>
    public bool MfpRequired;

    /// <summary>RSN capabilities: management frame protection capable (bit 7).</summary>
    public bool MfpCapable;

    /// <summary>Country string, up to 3 bytes as sent.</summary>
    public Slice Country;

    /// <summary>Triplets after the country string: first channel, number of channels, power.</summary>
    public Slice CountryTriplets;

    /// <summary>BSS load: stations.</summary>
    public ushort BssStations;

    /// <summary>BSS load: channel utilisation, 0–255.</summary>
    public byte BssUtilization;

    /// <summary>Power capability: minimum, dBm as an byte.</summary>
    public byte MinTxPower;

    /// <summary>Power capability: maximum, dBm as an byte.</summary>
    public byte MaxTxPower;

    /// <summary>TPC report: transmit power, dBm as an byte.</summary>
    public byte TpcTxPower;

    /// <summary>Supported channels: pairs of first channel and number.</summary>
    public Slice SupportedChannels;

    /// <summary>Mobility domain identifier, as sent (little-endian).</summary>
    public ushort MobilityDomain;

    /// <summary>RM enabled capabilities: link measurement (bit 0).</summary>
    public bool LinkMeasurement;

    /// <summary>RM enabled capabilities: neighbour report (bit 1).</summary>
    public bool NeighborReport;

    /// <summary>Mesh identifier, raw.</summary>
    public Slice MeshId;

    /// <summary>Mesh configuration: connected to a gate (formation info bit 0).</summary>
    public bool MeshGateway;

    /// <summary>Mesh configuration: forwards (capability bit 3).</summary>
    public bool MeshForwarding;

    /// <summary>Mesh configuration: number of peerings.</summary>
    public byte MeshPeerings;

    /// <summary>Extended capabilities, raw.</summary>
    public Slice ExtendedCapabilities;

    /// <summary>Name that the access point gives itself in a vendor's element (Cisco, Aruba, Mist, Mojo, Ruckus, Aerohive, Fortinet).</summary>
    public Slice AccessPointName;

    /// <summary>Cisco CCX transmit power, dBm.</summary>
    public byte CcxTxPower;

    /// <summary>WMM: length of the longest element, without its two bytes of header.</summary>
    public byte WmmLength;

    /// <summary>WMM: how many TSPEC elements there are.</summary>
    public byte WmmTspecs;

    /// <summary>Wi-Fi Direct: length of the longest notice of absence attribute.</summary>
    public ushort P2pAbsenceLength;

    /// <summary>OWE transition: SSID of the other network.</summary>
    public Slice OweSsid;

    /// <summary>OWE transition: BSSID of the other network.</summary>
    public MacAddress OweBssid;

    /// <summary>WPS: version attribute, 0x10 for 1.0; version 2 keeps sending 0x10. The API prints this one.</summary>
    public byte WpsVersion;

    /// <summary>WPS: version from version 2's extension, 0x20 for 2.0; 0 where there is none.</summary>
    public byte WpsVersion2;

    /// <summary>WPS: state bits as the API prints them: configured 1, not configured 2, locked 4.</summary>
    public byte WpsState;

    /// <summary>WPS: configuration methods.</summary>
    public ushort WpsConfigMethods;

    /// <summary>WPS: device name.</summary>
    public Slice WpsDeviceName;

    /// <summary>WPS: manufacturer.</summary>
    public Slice WpsManufacturer;

    /// <summary>WPS: model name.</summary>
    public Slice WpsModelName;

    /// <summary>WPS: model number.</summary>
    public Slice WpsModelNumber;

    /// <summary>WPS: serial number.</summary>
    public Slice WpsSerialNumber;

    /// <summary>WPS: UUID-E, 16 bytes.</summary>
    public Slice WpsUuidE;

    /// <summary>DJI DroneID payload, after the OUI.</summary>
    public Slice DjiDroneId;

    /// <summary>Open Drone ID payload (message counter and messages), after OUI and type.</summary>
    public Slice OpenDroneId;

    /// <summary>French identification of drones: types, lengths and values.</summary>
    public Slice FrenchDroneId;

    /// <summary>OUI of a vendor element that tells the manufacturer, by the inventory's rules (12); 0 when none does.</summary>
    public uint ManufacturerOui;

    /// <summary>CRC-32 of all elements.</summary>
    public uint Checksum;

    /// <summary>Hash (xxHash32) over the elements that the beacon fingerprint lists.</summary>
    public uint BeaconFingerprint;

    /// <summary>Hash (xxHash32) over the elements that the probe fingerprint lists.</summary>
    public uint ProbeFingerprint;

    /// <summary>What was wrong.</summary>
    public Anomalies Anomalies;
}
