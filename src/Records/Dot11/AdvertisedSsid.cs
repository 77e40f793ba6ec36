using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Records.Dot11;

/// <summary>An SSID that an access point beacons or answers with (<c>dot11.advertisedssid.*</c>).</summary>
public sealed class AdvertisedSsid
{
    /// <summary>Printable form; bytes that are not UTF-8 read <c>\xNN</c>. "" when cloaked.</summary>
    public string Ssid = "";

    /// <summary>Bytes of the raw SSID.</summary>
    public byte Length;

    /// <summary>xxHash32 of the raw bytes followed by their number.</summary>
    public uint Hash;

    public bool Beacon;
    public bool ProbeResponse;

    /// <summary>Empty or all NUL.</summary>
    public bool Cloaked;

    /// <summary>Management frame protection required.</summary>
    public bool MfpRequired;

    /// <summary>Management frame protection supported.</summary>
    public bool MfpSupported;

    /// <summary>802.11r announced.</summary>
    public bool Mobility;

    /// <summary>802.11e BSS load announced.</summary>
    public bool Qbss;

    /// <summary>Cisco client MFP.</summary>
    public bool CiscoClientMfp;

    /// <summary>Primary channel of HT operation, "" without.</summary>
    public string Channel = "";

    /// <summary>Channel of the DS parameter set, else that of HT operation; 0 without.</summary>
    public byte AnnouncedChannel;

    /// <summary>Hash of the channels that the country element lists; 0 without.</summary>
    public uint CountryChannels;

    public ChannelWidth Width;

    /// <summary>Centre of segment 0 in MHz.</summary>
    public ushort Center1;

    /// <summary>Centre of segment 1 in MHz.</summary>
    public ushort Center2;

    /// <summary>Unix second of the first frame.</summary>
    public uint FirstTime;

    /// <summary>Unix second of the newest frame.</summary>
    public uint LastTime;

    /// <summary>Ciphers and key management.</summary>
    public CryptBits Crypt;

    /// <summary>The legacy set of the same.</summary>
    public ulong CryptSet;

    /// <summary>The same in words.</summary>
    public string CryptText = "";

    /// <summary>Highest rate in Mbit/s.</summary>
    public float MaxRate;

    /// <summary>Beacons a second as announced.</summary>
    public uint BeaconRate;

    public uint BeaconsSecond;

    /// <summary>CRC-32 of the elements.</summary>
    public uint ElementsChecksum;

    public ushort MobilityDomain;

    /// <summary>Stations by BSS load.</summary>
    public ushort QbssStations;

    /// <summary>Channel utilisation by BSS load, per cent.</summary>
    public float QbssUtilization;

    /// <summary>Cisco transmit power, dBm.</summary>
    public byte CcxTxPower;

    /// <summary>Transmit power by TPC report, dBm.</summary>
    public byte TxPower;

    /// <summary>Country; null where the frame was never parsed for it.</summary>
    public string? Country;

    /// <summary>Access point's name in a vendor element.</summary>
    public string? BeaconInfo;

    /// <summary>OWE transition: the other SSID.</summary>
    public string? OweSsid;

    /// <summary>OWE transition: bytes of the other SSID.</summary>
    public byte OweSsidLength;

    /// <summary>OWE transition: the other BSSID.</summary>
    public MacAddress OweBssid;

    /// <summary>Wi-Fi protected setup; null without.</summary>
    public WpsInfo? Wps;

    /// <summary>Mesh; null without.</summary>
    public MeshInfo? Mesh;

    /// <summary>Position; null until a fix was seen.</summary>
    public Location? Location;
}

/// <summary>Wi-Fi protected setup as announced.</summary>
/// <param name="Version">Version, 0x10 or 0x20.</param>
/// <param name="State">Bits: configured 1, not configured 2, locked 4.</param>
/// <param name="ModelNumber">Model number.</param>
/// <param name="SerialNumber">Serial number.</param>
public sealed record WpsInfo(
    byte Version, byte State, ushort ConfigMethods, string? DeviceName, string? Manufacturer, string? ModelName, string? ModelNumber, string? SerialNumber);

/// <summary>802.11s as announced.</summary>
/// <param name="Gateway">Connected to a gate.</param>
public sealed record MeshInfo(string MeshId, bool Gateway, bool Forwarding, byte Peerings);

/// <summary>An SSID that a device asked for (<c>dot11.probedssid.*</c>).</summary>
public sealed class ProbedSsid
{
    /// <summary>Printable form, "" for a broadcast probe.</summary>
    public string Ssid = "";

    /// <summary>Bytes of the raw SSID.</summary>
    public byte Length;

    /// <summary>xxHash32 of the raw bytes followed by their number.</summary>
    public uint Hash;

    /// <summary>Access point of a (re)association request; zero for probes.</summary>
    public MacAddress Bssid;

    /// <summary>Unix second of the first frame.</summary>
    public uint FirstTime;

    /// <summary>Unix second of the newest frame.</summary>
    public uint LastTime;

    /// <summary>Ciphers and key management.</summary>
    public CryptBits Crypt;

    /// <summary>The same in words.</summary>
    public string CryptText = "";

    /// <summary>Management frame protection required.</summary>
    public bool MfpRequired;

    /// <summary>Management frame protection supported.</summary>
    public bool MfpSupported;

    /// <summary>Whether 802.11r was announced.</summary>
    public bool Mobility;

    public ushort MobilityDomain;

    /// <summary>Wi-Fi protected setup; null without.</summary>
    public WpsInfo? Wps;

    /// <summary>Position; null until a fix was seen.</summary>
    public Location? Location;
}
