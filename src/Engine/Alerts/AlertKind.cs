namespace KismetOrleans.Engine.Alerts;

/// <summary>Kinds of alerts that the server raises itself, in the order in which they are listed.</summary>
internal enum AlertKind : byte
{
    Kismet,

    /// <summary>DEVICEFOUND.</summary>
    DeviceFound,

    /// <summary>DEVICELOST.</summary>
    DeviceLost,

    /// <summary>DHCPCLIENTID.</summary>
    DhcpClientId,

    /// <summary>NETSTUMBLER.</summary>
    NetStumbler,

    /// <summary>NULLPROBERESP.</summary>
    NullProbeResponse,

    /// <summary>LUCENTTEST.</summary>
    LucentTest,

    /// <summary>MSFBCOMSSID.</summary>
    MsfBroadcomSsid,

    /// <summary>MSFDLINKRATE.</summary>
    MsfDlinkRate,

    /// <summary>MSFNETGEARBEACON.</summary>
    MsfNetgearBeacon,

    /// <summary>LONGSSID.</summary>
    LongSsid,

    /// <summary>DISCONCODEINVALID.</summary>
    DisassociationCode,

    /// <summary>DEAUTHCODEINVALID.</summary>
    DeauthenticationCode,

    /// <summary>WMMOVERFLOW.</summary>
    WmmOverflow,

    /// <summary>CHANCHANGE.</summary>
    ChannelChange,

    /// <summary>DHCPCONFLICT.</summary>
    DhcpConflict,

    /// <summary>BCASTDISCON.</summary>
    BroadcastDisconnect,

    /// <summary>AIRJACKSSID.</summary>
    AirJack,

    /// <summary>CRYPTODROP.</summary>
    CryptoDrop,

    /// <summary>DHCPNAMECHANGE.</summary>
    DhcpNameChange,

    /// <summary>DHCPOSCHANGE.</summary>
    DhcpOsChange,

    /// <summary>ADHOCCONFLICT.</summary>
    AdHocConflict,

    /// <summary>SSIDCANARY.</summary>
    SsidCanary,

    /// <summary>APSPOOF.</summary>
    ApSpoof,

    /// <summary>DOT11D.</summary>
    CountryChange,

    /// <summary>BEACONRATE.</summary>
    BeaconRate,

    /// <summary>ADVCRYPTCHANGE.</summary>
    CryptChange,

    /// <summary>MALFORMMGMT.</summary>
    MalformedManagement,

    /// <summary>WPSBRUTE.</summary>
    WpsBrute,

    /// <summary>KARMAOUI.</summary>
    KarmaOui,

    Overpowered,

    /// <summary>NONCEDEGRADE.</summary>
    NonceDegrade,

    /// <summary>NONCEREUSE.</summary>
    NonceReuse,

    /// <summary>WMMTSPEC.</summary>
    WmmTspec,

    /// <summary>RSNLOOP.</summary>
    RsnLoop,

    /// <summary>BCOM11KCHAN.</summary>
    Broadcom11kChannel,

    /// <summary>BSSTIMESTAMP.</summary>
    BssTimestamp,

    /// <summary>PROBECHAN.</summary>
    ProbeChannel,

    /// <summary>QCOMEXTENDED.</summary>
    QualcommExtended,

    /// <summary>BADFIXLENIE.</summary>
    BadLengthElement,

    /// <summary>RTLWIFIP2P.</summary>
    RealtekP2p,

    /// <summary>DEAUTHFLOOD.</summary>
    DisconnectFlood,

    /// <summary>NOCLIENTMFP.</summary>
    NoClientMfp,

    /// <summary>RTL8195VD1406.</summary>
    Realtek8195,

    /// <summary>VDOO202027301.</summary>
    Vdoo1,

    /// <summary>VDOO202027302.</summary>
    Vdoo2,

    /// <summary>FORMATSTRING.</summary>
    FormatString,

    /// <summary>FLIPPERZERO.</summary>
    FlipperZero,

    /// <summary>BLEEDINGTOOTH.</summary>
    BleedingTooth,

    /// <summary>SOURCEERROR.</summary>
    SourceError,

    /// <summary>ROOTUSER.</summary>
    RootUser,

    /// <summary>BADFRAGMENT.</summary>
    BadFragment,

    /// <summary>PLAINTEXTDATA.</summary>
    PlaintextData,

    /// <summary>MACSTEALER.</summary>
    MacStealer,

    /// <summary>DISASSOCTRAFFIC.</summary>
    DisconnectedTraffic,

    /// <summary>PROBEONLYAP.</summary>
    ProbeOnlyAp,

    /// <summary>SSIDFLOOD.</summary>
    SsidFlood,

    /// <summary>AUTHFLOOD.</summary>
    AuthenticationFlood,

    Fingerprint,

    /// <summary>UNLISTEDAP.</summary>
    UnlistedAp,

    /// <summary>SENSORDOWN.</summary>
    SensorDown,

    /// <summary>SENSORDEAF.</summary>
    SensorDeaf,

    /// <summary>SENSORCLOCK.</summary>
    SensorClock,

    /// <summary>SENSORDROPS.</summary>
    SensorDrops,
}
