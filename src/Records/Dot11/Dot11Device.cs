using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;

namespace KismetOrleans.Records.Dot11;

/// <summary>Bits of <c>dot11.device.typeset</c>.</summary>
[Flags]
public enum Dot11TypeSet : uint
{
    None = 0,
    BeaconAp = 1,

    /// <summary>Ad-hoc.</summary>
    Adhoc = 2,

    Client = 4,

    /// <summary>Wired, behind an access point.</summary>
    Wired = 8,

    /// <summary>Wireless distribution system.</summary>
    Wds = 16,

    Turbocell = 32,
    InferredWireless = 64,
    InferredWired = 128,
    ProbeAp = 256,
}

/// <summary>The Wi-Fi part of a device (<c>dot11.device.*</c>).</summary>
public sealed class Dot11Device
{
    /// <summary>Roles seen.</summary>
    public Dot11TypeSet TypeSet;

    /// <summary>Deauthentications and disassociations in the running burst.</summary>
    public uint ClientDisconnects;

    /// <summary>Unix second of the last one.</summary>
    public uint ClientDisconnectsLast;

    /// <summary>Newest BSSID: zero when the newest frame had none, null when no frame ever had one.</summary>
    public MacAddress? LastBssid;

    /// <summary>TSF timer of the newest beacon, µs.</summary>
    public ulong BssTimestamp;

    public uint Fragments;
    public uint Retries;

    /// <summary>Payload bytes of data frames.</summary>
    public ulong DataSize;

    /// <summary>Payload bytes of retransmitted data frames.</summary>
    public ulong RetryDataSize;

    /// <summary>Unix second of the newest beacon.</summary>
    public uint LastBeaconTime;

    /// <summary>WPS M3 messages in the running window.</summary>
    public uint WpsM3Count;

    /// <summary>Unix second of the last one.</summary>
    public uint WpsM3Last;

    /// <summary>From the association request's power capability, dBm.</summary>
    public byte MinTxPower;

    /// <summary>From the association request's power capability, dBm.</summary>
    public byte MaxTxPower;

    /// <summary>802.11k link measurement.</summary>
    public bool LinkMeasurement;

    /// <summary>802.11k neighbour report.</summary>
    public bool NeighborReport;

    /// <summary>Hash over the listed elements of beacons.</summary>
    public uint BeaconFingerprint;

    /// <summary>Hash over the listed elements of probe requests.</summary>
    public uint ProbeFingerprint;

    /// <summary>Hash over the listed elements of probe responses: those that are listed for beacons.</summary>
    public uint ResponseFingerprint;

    /// <summary>Names of extended capabilities; null when none were seen.</summary>
    public string[]? ExtendedCapabilities;

    /// <summary>Channels from the association request; null when none were seen.</summary>
    public byte[]? SupportedChannels;

    /// <summary>SSIDs of beacons; null until the first.</summary>
    public AdvertisedSsid[]? Advertised;

    /// <summary>SSIDs of probe responses; null until the first.</summary>
    public AdvertisedSsid[]? Responded;

    /// <summary>SSIDs asked for; null until the first.</summary>
    public ProbedSsid[]? Probed;

    /// <summary>Newest beaconed or answered SSID: one of those in the maps.</summary>
    public AdvertisedSsid? LastBeaconed;

    /// <summary>Newest SSID asked for: one of those in the map.</summary>
    public ProbedSsid? LastProbed;

    /// <summary>Networks that this device talked to; null until the first.</summary>
    public SmallMap<Dot11Client>? Clients;

    /// <summary>Clients of this access point; null until the first.</summary>
    public SmallMap<DeviceId>? AssociatedClients;

    /// <summary>Access points whose timers began with this one's; null until the first.</summary>
    public List<MacAddress>? LikeByClock;

    /// <summary>Addresses that gave the same WPS identity; null until the first.</summary>
    public List<MacAddress>? LikeByIdentity;

    /// <summary>EAPOL-Key frames kept, by client; null until the first.</summary>
    public SmallMap<List<EapolRecord>>? Handshakes;

    /// <summary>Nonces of message 3; null until the first.</summary>
    public List<NonceRecord>? Nonces;

    /// <summary>Nonces of message 1; null until the first.</summary>
    public List<NonceRecord>? Anonces;

    /// <summary>Frame that carried a PMKID.</summary>
    public PacketRecord? PmkidPacket;

    /// <summary>Beacon kept beside a handshake.</summary>
    public PacketRecord? BeaconPacket;

    /// <summary>A beacon of a network that has keys, before any handshake: a recording may hold just one. Not shown.</summary>
    public PacketRecord? Announcement;

    /// <summary>The frame that told a name that beacons hide, or never came in a beacon: an answer, or an association. Not shown.</summary>
    public PacketRecord? Disclosure;

    /// <summary>Hash of the newest beacon's elements (without TIM), so that an unchanged beacon is not parsed again.</summary>
    public ulong BeaconHash;

    /// <summary>Hash of the newest probe response's elements.</summary>
    public ulong ResponseHash;

    /// <summary>Hash of the newest probe request's elements.</summary>
    public ulong ProbeHash;

    /// <summary>What attacks are told by and no record shows; null until there is something.</summary>
    public Dot11Watch? Watch;
}

/// <summary>What attacks on a device are told by.</summary>
public sealed class Dot11Watch
{
    /// <summary>Source that saw the newest jump of the timer, 0 before one: clocks of two need not agree.</summary>
    public ushort TimerSource;

    /// <summary>Jumps of the beacon's timer, of late.</summary>
    public byte TimerJumps;

    /// <summary>Unix second of the last of them.</summary>
    public uint TimerJumpLast;

    /// <summary>Unix second in which authentications are counted.</summary>
    public uint AuthenticationSecond;

    public uint Authentications;

    /// <summary>Network of the newest association request.</summary>
    public MacAddress AssociationBssid;

    public uint AssociationFingerprint;

    /// <summary>Unix second of it.</summary>
    public uint AssociationTime;

    /// <summary>Network that somebody disconnected this client from; zero when it was not, or has come back.</summary>
    public MacAddress DisconnectedFrom;

    /// <summary>Unix second of that.</summary>
    public uint DisconnectedTime;
}
