using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Wire.Bluetooth;

/// <summary>What a controller tells its host about one device. Slices point into the H4 packet.</summary>
public struct HciReport
{
    /// <summary>Event (volume 4, part E, 7.7).</summary>
    public HciEvent Event;

    /// <summary>The device.</summary>
    public MacAddress Address;

    /// <summary>Whether it was seen as Bluetooth Low Energy.</summary>
    public bool IsLowEnergy;

    /// <summary>Whether <see cref="Address"/> is random.</summary>
    public bool IsRandom;

    /// <summary>Whether <see cref="Data"/> are of a scan response.</summary>
    public bool IsScanResponse;

    /// <summary>Whether more data follow in another event, so that the last element may be cut.</summary>
    public bool IsIncomplete;

    /// <summary>Whether <see cref="Rssi"/> is there.</summary>
    public bool HasRssi;

    /// <summary>Signal in dBm.</summary>
    public sbyte Rssi;

    /// <summary>Transmit power in dBm; null where it is not told.</summary>
    public sbyte? TxPower;

    /// <summary>Class of a classic device; null where it is not told.</summary>
    public ClassOfDevice? Class;

    /// <summary>The device's name as it told it on request, up to its first NUL.</summary>
    public Slice Name;

    /// <summary>Advertising, scan response or extended inquiry response data.</summary>
    public Slice Data;
}

/// <summary>Events that name devices; those of LE meta events (0x3E) are numbered from 0x100.</summary>
public enum HciEvent : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Inquiry Result (7.7.2).</summary>
    InquiryResult = 0x02,

    /// <summary>Connection Complete (7.7.3).</summary>
    ConnectionComplete = 0x03,

    /// <summary>Connection Request (7.7.4).</summary>
    ConnectionRequest = 0x04,

    /// <summary>Remote Name Request Complete (7.7.7).</summary>
    RemoteName = 0x07,

    /// <summary>Inquiry Result with RSSI (7.7.33).</summary>
    InquiryResultRssi = 0x22,

    /// <summary>Extended Inquiry Result (7.7.38).</summary>
    ExtendedInquiryResult = 0x2F,

    /// <summary>LE Meta (7.7.65).</summary>
    LeMeta = 0x3E,

    /// <summary>LE Connection Complete (7.7.65.1).</summary>
    LeConnectionComplete = 0x101,

    /// <summary>LE Advertising Report (7.7.65.2).</summary>
    LeAdvertisingReport = 0x102,

    /// <summary>LE Enhanced Connection Complete, version 1 (7.7.65.10).</summary>
    LeEnhancedConnectionComplete = 0x10A,

    /// <summary>LE Directed Advertising Report (7.7.65.11).</summary>
    LeDirectedAdvertisingReport = 0x10B,

    /// <summary>LE Extended Advertising Report (7.7.65.13).</summary>
    LeExtendedAdvertisingReport = 0x10D,

    /// <summary>LE Enhanced Connection Complete, version 2.</summary>
    LeEnhancedConnectionComplete2 = 0x129,
}
