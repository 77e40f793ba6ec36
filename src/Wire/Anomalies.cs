namespace KismetOrleans.Wire;

/// <summary>What was wrong with a packet, one bit each, so that one packet can show several. Names are what counters are called.</summary>
[Flags]
public enum Anomalies : ulong
{
    /// <summary>Nothing wrong.</summary>
    None = 0,

    /// <summary>The packet was cut by the snap length inside the link header.</summary>
    LinkHeaderTruncated = 1UL << 0,

    /// <summary>The link header's version, length or layout contradicts its format.</summary>
    LinkHeaderMalformed = 1UL << 1,

    /// <summary>The radiotap header has a present bit that this parser does not know; fields after it are ignored.</summary>
    RadiotapUnknownField = 1UL << 2,

    /// <summary>The packet's link type has no decoder.</summary>
    LinkTypeUnsupported = 1UL << 3,

    /// <summary>The frame check sequence does not match, or the driver said so.</summary>
    FcsBad = 1UL << 4,

    /// <summary>The frame was cut by the snap length inside its header or body.</summary>
    FrameTruncated = 1UL << 5,

    /// <summary>The frame is shorter than its type's header although nothing was cut.</summary>
    FrameMalformed = 1UL << 6,

    /// <summary>The frame's protocol version is not 0.</summary>
    FrameVersionUnknown = 1UL << 7,

    /// <summary>An element runs past the end of a cut frame.</summary>
    ElementTruncated = 1UL << 8,

    /// <summary>An element's length or content contradicts its format.</summary>
    ElementMalformed = 1UL << 9,

    /// <summary>An SSID element longer than 32 bytes.</summary>
    SsidTooLong = 1UL << 10,

    /// <summary>A DS parameter set element longer than one byte.</summary>
    DsParameterTooLong = 1UL << 11,

    /// <summary>An RSN element whose counts run past its end.</summary>
    RsnMalformed = 1UL << 12,

    /// <summary>A WPA element whose counts run past its end.</summary>
    WpaMalformed = 1UL << 13,

    /// <summary>A WPS element whose attributes run past its end.</summary>
    WpsMalformed = 1UL << 14,

    /// <summary>An EAPOL frame whose lengths run past its end.</summary>
    EapolMalformed = 1UL << 15,

    /// <summary>An A-MSDU whose subframes run past its end.</summary>
    AmsduMalformed = 1UL << 16,

    /// <summary>A vendor drone identification that contradicts its format.</summary>
    DroneIdMalformed = 1UL << 17,

    /// <summary>A network packet (ARP, IP, UDP, DHCP, CDP) inside a data frame that contradicts its format.</summary>
    NetworkMalformed = 1UL << 18,

    /// <summary>A Bluetooth packet whose lengths contradict its format.</summary>
    BluetoothMalformed = 1UL << 19,

    /// <summary>The CRC of a Bluetooth packet does not match, or the radio said so.</summary>
    BluetoothCrcBad = 1UL << 20,

    /// <summary>The captured length is greater than the original length.</summary>
    LengthsContradict = 1UL << 21,

    /// <summary>A time whose fraction is a second or more, or that lies outside 1970–2106.</summary>
    TimeOutOfRange = 1UL << 22,
}
