// IEEE Std 802.11-2020, clause 9.2: MAC frame formats.
namespace KismetOrleans.Wire.Dot11;

/// <summary>Frame types, clause 9.2.4.1.3.</summary>
public enum FrameType : byte
{
    /// <summary>Management.</summary>
    Management = 0,

    /// <summary>Control.</summary>
    Control = 1,

    /// <summary>Data.</summary>
    Data = 2,

    /// <summary>Extension.</summary>
    Extension = 3,
}

/// <summary>Type and subtype together: type in bits 4–5, subtype in bits 0–3 (table 9-1).</summary>
public enum FrameKind : byte
{
    /// <summary>Association request.</summary>
    AssociationRequest = 0x00,

    /// <summary>Association response.</summary>
    AssociationResponse = 0x01,

    /// <summary>Reassociation request.</summary>
    ReassociationRequest = 0x02,

    /// <summary>Reassociation response.</summary>
    ReassociationResponse = 0x03,

    /// <summary>Probe request.</summary>
    ProbeRequest = 0x04,

    /// <summary>Probe response.</summary>
    ProbeResponse = 0x05,

    /// <summary>Timing advertisement.</summary>
    TimingAdvertisement = 0x06,

    /// <summary>Beacon.</summary>
    Beacon = 0x08,

    /// <summary>Announcement traffic indication message.</summary>
    Atim = 0x09,

    /// <summary>Disassociation.</summary>
    Disassociation = 0x0A,

    /// <summary>Authentication.</summary>
    Authentication = 0x0B,

    /// <summary>Deauthentication.</summary>
    Deauthentication = 0x0C,

    /// <summary>Action.</summary>
    Action = 0x0D,

    /// <summary>Action without acknowledgement.</summary>
    ActionNoAck = 0x0E,

    /// <summary>Data.</summary>
    Data = 0x20,

    /// <summary>Null data (no payload).</summary>
    Null = 0x24,

    /// <summary>QoS data.</summary>
    QosData = 0x28,

    /// <summary>QoS null (no payload).</summary>
    QosNull = 0x2C,
}

/// <summary>The second byte of the frame control field (clause 9.2.4.1).</summary>
[Flags]
public enum FrameFlags : byte
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>To the distribution system.</summary>
    ToDs = 0x01,

    /// <summary>From the distribution system.</summary>
    FromDs = 0x02,

    /// <summary>More fragments follow.</summary>
    MoreFragments = 0x04,

    /// <summary>Retransmission.</summary>
    Retry = 0x08,

    /// <summary>Power management.</summary>
    PowerManagement = 0x10,

    /// <summary>More data buffered.</summary>
    MoreData = 0x20,

    /// <summary>The body is encrypted.</summary>
    Protected = 0x40,

    /// <summary>+HTC or strict order.</summary>
    Order = 0x80,
}

/// <summary>What kind of payload a data frame carries, as far as the tracker looks at it.</summary>
public enum PayloadKind : byte
{
    /// <summary>None, or one that is not looked at.</summary>
    None,

    /// <summary>EAPOL-Key (IEEE 802.11-2020, 12.7.2).</summary>
    EapolKey,

    /// <summary>Other EAPOL (EAP identity, WPS).</summary>
    Eapol,

    /// <summary>ARP.</summary>
    Arp,

    /// <summary>DHCP over UDP over IPv4.</summary>
    Dhcp,

    /// <summary>Other UDP or TCP over IPv4.</summary>
    IpTransport,

    /// <summary>Cisco Discovery Protocol.</summary>
    Cdp,
}

/// <summary>How the body of a protected data frame is encrypted, as its IV tells.</summary>
public enum FrameCipher : byte
{
    /// <summary>Not protected.</summary>
    None,

    /// <summary>WEP: no extended IV.</summary>
    Wep,

    /// <summary>TKIP, CCMP or GCMP: extended IV.</summary>
    Wpa,

    /// <summary>Protected, but too short to hold the IV that tells.</summary>
    Unknown,
}

/// <summary>One 802.11 MAC frame: header, address roles, fixed parameters of management frames, and where the rest begins.</summary>
public struct Dot11Frame
{
    /// <summary>Type and subtype.</summary>
    public FrameKind Kind;

    /// <summary>Flags of the frame control field.</summary>
    public FrameFlags Flags;

    /// <summary>Fragment number.</summary>
    public byte Fragment;

    /// <summary>Kind of payload of an unprotected data frame.</summary>
    public PayloadKind Payload;

    /// <summary>Encryption of a protected data frame.</summary>
    public FrameCipher Cipher;

    /// <summary>Whether the capture cut the frame (snap length), as the caller said: what is missing then is no fault of the sender.</summary>
    public bool IsCut;

    /// <summary>Whether the data frame holds an A-MSDU (QoS control bit 7).</summary>
    public bool IsAmsdu;

    /// <summary>Sequence number.</summary>
    public ushort Sequence;

    /// <summary>Bytes from the start of the frame to its body (after QoS, HT control and mesh control).</summary>
    public ushort BodyOffset;

    /// <summary>Bytes of the body that were captured, without the check sequence.</summary>
    public int BodyLength;

    /// <summary>Bytes from the start of the frame to what follows the LLC and SNAP headers of <see cref="Payload"/>; 0 where it is none.</summary>
    public ushort PayloadOffset;

    /// <summary>Bytes of the payload that were captured: to the end of the frame or of the A-MSDU's subframe.</summary>
    public int PayloadLength;

    /// <summary>Who sends the payload (SA), zero where the frame does not say.</summary>
    public MacAddress Source;

    /// <summary>Who shall get the payload (DA).</summary>
    public MacAddress Destination;

    /// <summary>The BSS identifier; zero in four-address frames.</summary>
    public MacAddress Bssid;

    /// <summary>Who sent this frame over the air (TA).</summary>
    public MacAddress Transmitter;

    /// <summary>Who this frame is sent to over the air (RA).</summary>
    public MacAddress Receiver;

    /// <summary>Beacon, probe response: TSF timer in microseconds.</summary>
    public ulong Timestamp;

    /// <summary>Beacon, probe response: interval in time units of 1,024 µs. (Re)association request: listen interval.</summary>
    public ushort Interval;

    /// <summary>Beacon, probe response, (re)association: capability information (clause 9.4.1.4).</summary>
    public ushort Capabilities;

    /// <summary>Deauthentication and disassociation: reason code. Association response and authentication: status code.</summary>
    public ushort Code;

    /// <summary>Authentication: algorithm number. Action: category in the high byte and action in the low byte.</summary>
    public ushort Algorithm;

    /// <summary>Bytes from the start of the frame to the first element of a management frame; 0 where it has none.</summary>
    public ushort ElementsOffset;

    /// <summary>Hash of the elements but TIM (5), which changes with every beacon; 0 where the frame has none. Equal hashes mean that nothing needs parsing again.</summary>
    public ulong ElementsHash;

    /// <summary>What was wrong with the frame.</summary>
    public Anomalies Anomalies;

    /// <summary>The frame's type.</summary>
    public readonly FrameType Type => (FrameType)((byte)Kind >> 4);

    /// <summary>Whether the frame is to the distribution system and not from it.</summary>
    public readonly bool IsToDs => (Flags & (FrameFlags.ToDs | FrameFlags.FromDs)) == FrameFlags.ToDs;

    /// <summary>Whether the frame is from the distribution system and not to it.</summary>
    public readonly bool IsFromDs => (Flags & (FrameFlags.ToDs | FrameFlags.FromDs)) == FrameFlags.FromDs;

    /// <summary>Whether the frame has four addresses (both DS bits).</summary>
    public readonly bool IsWds => (Flags & (FrameFlags.ToDs | FrameFlags.FromDs)) == (FrameFlags.ToDs | FrameFlags.FromDs);

    /// <summary>Whether the body is encrypted.</summary>
    public readonly bool IsProtected => (Flags & FrameFlags.Protected) != 0;

    /// <summary>Whether the frame is a retransmission.</summary>
    public readonly bool IsRetry => (Flags & FrameFlags.Retry) != 0;

    /// <summary>Whether the frame is a data frame without payload.</summary>
    public readonly bool IsNull => Type == FrameType.Data && ((byte)Kind & 0x04) != 0;

    /// <summary>Whether the capability information says IBSS (bit 1).</summary>
    public readonly bool IsIbss => (Capabilities & 0x0002) != 0;

    /// <summary>Whether the capability information says privacy (bit 4).</summary>
    public readonly bool IsPrivacy => (Capabilities & 0x0010) != 0;
}
