using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;

namespace KismetOrleans.Records.Dot11;

/// <summary>A device's part in one network (<c>dot11.client.*</c>).</summary>
public sealed class Dot11Client
{
    public MacAddress Bssid;

    /// <summary>Unix second of the first frame.</summary>
    public uint FirstTime;

    /// <summary>Unix second of the newest frame.</summary>
    public uint LastTime;

    /// <summary>Payload bytes retransmitted.</summary>
    public ulong RetryDataSize;

    public uint Fragments;
    public uint Retries;

    /// <summary>DHCP host name.</summary>
    public string? DhcpHost;

    /// <summary>DHCP vendor class.</summary>
    public string? DhcpVendor;

    /// <summary>EAP identity.</summary>
    public string? EapIdentity;

    /// <summary>CDP device.</summary>
    public string? CdpDevice;

    /// <summary>CDP port.</summary>
    public string? CdpPort;

    /// <summary>Network addresses; null until some were seen.</summary>
    public IpData? Ip;

    /// <summary>Position; null until a fix was seen.</summary>
    public Location? Location;
}

/// <summary>Network addresses learnt from data frames (<c>kismet.common.ipdata.*</c>).</summary>
public sealed class IpData
{
    /// <summary>0 unknown, 1 factory, 2 UDP or TCP, 3 ARP, 4 DHCP, 5 group.</summary>
    public byte Kind;

    /// <summary>IPv4 address, first printed byte highest.</summary>
    public uint Address;

    /// <summary>Netmask likewise.</summary>
    public uint Netmask;

    /// <summary>Gateway likewise.</summary>
    public uint Gateway;
}

/// <summary>A kept frame (<c>kismet.packet.*</c>).</summary>
/// <param name="TimeNs">Nanoseconds since 1970.</param>
/// <param name="LinkType">Link type of <paramref name="Data"/>: 105, the bare frame.</param>
/// <param name="Data">The bytes.</param>
public sealed record PacketRecord(long TimeNs, uint LinkType, byte[] Data);

/// <summary>A kept EAPOL-Key frame (<c>dot11.eapol.*</c>).</summary>
/// <param name="TimeNs">Nanoseconds since 1970.</param>
/// <param name="Direction">1 from the access point, 2 to it.</param>
/// <param name="Message">1–4.</param>
/// <param name="Nonce">32 bytes.</param>
/// <param name="Pmkid">16 bytes, or none.</param>
public sealed record EapolRecord(
    long TimeNs, byte Direction, byte Message, ulong ReplayCounter, bool Install, byte[] Nonce, byte[] Pmkid, PacketRecord Packet);

/// <summary>A nonce seen (<c>dot11.eapol.nonce.*</c>).</summary>
/// <param name="TimeNs">Nanoseconds since 1970.</param>
/// <param name="Message">1 or 3.</param>
/// <param name="Nonce">32 bytes.</param>
public sealed record NonceRecord(long TimeNs, byte Message, ulong ReplayCounter, bool Install, byte[] Nonce);
