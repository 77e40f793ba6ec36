// IEEE Std 802.11-2020, table 9-153 (Extended Capabilities field); bits above 72: 802.11ax-2021, 802.11az-2022, 802.11be.
namespace KismetOrleans.Wire.Dot11;

/// <summary>Names of the bits of the extended capabilities element (127).</summary>
public static class ExtendedCapabilities
{
    /// <summary>What each bit says, in words; empty where the bit is reserved.</summary>
    private static readonly string[] Table =
    [
        "20/40 BSS coexistence management",
        "GLK",
        "Extended channel switching",
        "GLK-GCR",
        "PSMP",
        "",
        "S-PSMP",
        "Event",
        "Diagnostics",
        "Multicast diagnostics",
        "Location tracking",
        "FMS",
        "Proxy ARP service",
        "Collocated interference reporting",
        "Civic location",
        "Geospatial location",
        "TFS",
        "WNM sleep mode",
        "TIM broadcast",
        "BSS transition",
        "QoS traffic capability",
        "AC station count",
        "Multiple BSSID",
        "Timing measurement",
        "Channel usage",
        "SSID list",
        "DMS",
        "UTC TSF offset",
        "TPU buffer STA",
        "TDLS peer PSM",
        "TDLS channel switching",
        "Interworking",
        "QoS map",
        "EBR",
        "SSPN interface",
        "",
        "MSGCF",
        "TDLS",
        "TDLS prohibited",
        "TDLS channel switching prohibited",
        "Reject unadmitted frame",
        // Three bits that hold one number.
        "Service interval granularity bit 0",
        "Service interval granularity bit 1",
        "Service interval granularity bit 2",
        "Identifier location",
        "U-APSD coexistence",
        "WNM notification",
        "QAB",
        "UTF-8 SSID",
        "QMF activated",
        "QMF reconfiguration activated",
        "Robust AV streaming",
        "Advanced GCR",
        "Mesh GCR",
        "SCS",
        "QLoad report",
        "Alternate EDCA",
        "Unprotected TXOP negotiation",
        "Protected TXOP negotiation",
        "",
        "Protected QLoad report",
        "TDLS wider bandwidth",
        "Operating mode notification",
        "Maximum MSDUs in A-MSDU bit 0",
        "Maximum MSDUs in A-MSDU bit 1",
        "Channel schedule management",
        "Geodatabase in-band enabling signal",
        "Network channel control",
        "White space map",
        "Channel availability query",
        "Fine timing measurement responder",
        "Fine timing measurement initiator",
        "FILS",
        "Extended spectrum management",
        "Future channel guidance",
        "PAD",
        "",
        "TWT requester",
        "TWT responder",
        "OBSS narrow bandwidth RU in OFDMA tolerance",
        "Complete list of nontransmitted BSSID profiles",
        "SAE passwords in use",
        "SAE passwords used exclusively",
        "Enhanced multi-BSSID advertisement",
        "Beacon protection",
        "Mirrored SCS",
        "OCT",
        "Local MAC address policy",
        "",
        "TWT parameters range",
    ];

    /// <summary>Names by bit number, counted from the least significant bit of the first byte; empty where the bit is reserved.</summary>
    public static ReadOnlySpan<string> Names => Table;

    /// <summary>The next named bit that is set, from <paramref name="bit"/> on; −1 when there is none. Begin with 0, go on with the answer plus one.</summary>
    /// <param name="capabilities">The element's body.</param>
    /// <param name="bit">Where to begin.</param>
    internal static int NextNamed(ReadOnlySpan<byte> capabilities, int bit)
    {
        int end = Math.Min(capabilities.Length * 8, Table.Length);
        for (int i = Math.Max(bit, 0); i < end; i++)
        {
            if ((capabilities[i >> 3] >> (i & 7) & 1) != 0 && Table[i].Length != 0)
            {
                return i;
            }
        }
        return -1;
    }
}
