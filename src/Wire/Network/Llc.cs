// IEEE Std 802-2014, clause 9: LLC with the subnetwork access protocol; RFC 1042.
using System.Buffers.Binary;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Wire.Network;

/// <summary>The eight bytes of LLC and SNAP at the start of an MSDU.</summary>
public readonly record struct Llc(uint Oui, ushort Protocol)
{
    /// <summary>LLC (3), organisation (3) and protocol (2).</summary>
    public const int Length = 8;

    /// <summary>Source and destination access point of SNAP, unnumbered information.</summary>
    private const uint SnapHeader = 0xAAAA03;

    private const uint EthernetOui = 0x000000;

    /// <summary>IEEE Std 802.1H: bridge tunnel encapsulation of AppleTalk and IPX; other protocols come in it too.</summary>
    private const uint BridgeTunnelOui = 0x0000F8;

    private const uint CiscoOui = 0x00000C;
    private const ushort CiscoDiscovery = 0x2000;
    private const ushort EtherTypeIpv4 = 0x0800;
    private const ushort EtherTypeArp = 0x0806;
    private const ushort EtherTypeEapol = 0x888E;

    /// <summary>EAPOL packet type 3: EAPOL-Key.</summary>
    private const byte EapolTypeKey = 3;

    /// <summary>Whether <see cref="Protocol"/> is one of Ethernet's types.</summary>
    public bool IsEtherType => Oui is EthernetOui or BridgeTunnelOui;

    /// <summary>Reads the header; false where the bytes are too few or not SNAP.</summary>
    public static bool TryParse(ReadOnlySpan<byte> msdu, out Llc llc)
    {
        if (msdu.Length >= Length)
        {
            ulong header = BinaryPrimitives.ReadUInt64BigEndian(msdu);
            if (header >> 40 == SnapHeader)
            {
                llc = new Llc((uint)(header >> 16) & 0xFF_FFFF, (ushort)header);
                return true;
            }
        }
        llc = default;
        return false;
    }

    /// <summary>What kind of payload an MSDU carries; <see cref="PayloadKind.None"/> for every kind that is not looked at.</summary>
    internal static PayloadKind Classify(ReadOnlySpan<byte> msdu)
    {
        if (!TryParse(msdu, out Llc llc))
        {
            return PayloadKind.None;
        }
        ReadOnlySpan<byte> payload = msdu[Length..];
        if (llc.IsEtherType)
        {
            switch (llc.Protocol)
            {
                case EtherTypeEapol:
                    return payload.Length >= 2 && payload[1] == EapolTypeKey ? PayloadKind.EapolKey : PayloadKind.Eapol;
                case EtherTypeArp:
                    return PayloadKind.Arp;
                case EtherTypeIpv4:
                    return Ipv4.Classify(payload);
            }
        }
        return llc is { Oui: CiscoOui, Protocol: CiscoDiscovery } ? PayloadKind.Cdp : PayloadKind.None;
    }
}
