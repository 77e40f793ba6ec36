using System.Buffers.Binary;
using System.Globalization;

namespace KismetOrleans.Engine.Inspection;

/// <summary>Names of elements: IEEE Std 802.11-2020, table 9-92, 802.11ax-2021 and 802.11be; of vendors' elements those that are met everywhere.</summary>
internal static class ElementNames
{
    private const byte Vendor = 221, Extension = 255;

    private static readonly Dictionary<int, string> s_names = new()
    {
        [0] = "SSID",
        [1] = "Supported rates",
        [3] = "DS parameter set",
        [4] = "CF parameter set",
        [5] = "Traffic indication map",
        [6] = "IBSS parameter set",
        [7] = "Country",
        [10] = "Request",
        [11] = "BSS load",
        [12] = "EDCA parameter set",
        [16] = "Challenge text",
        [32] = "Power constraint",
        [33] = "Power capability",
        [34] = "TPC request",
        [35] = "TPC report",
        [36] = "Supported channels",
        [37] = "Channel switch announcement",
        [38] = "Measurement request",
        [39] = "Measurement report",
        [40] = "Quiet",
        [42] = "ERP",
        [45] = "HT capabilities",
        [46] = "QoS capability",
        [48] = "RSN",
        [50] = "Extended supported rates",
        [51] = "AP channel report",
        [52] = "Neighbor report",
        [54] = "Mobility domain",
        [55] = "Fast BSS transition",
        [56] = "Timeout interval",
        [59] = "Supported operating classes",
        [60] = "Extended channel switch announcement",
        [61] = "HT operation",
        [62] = "Secondary channel offset",
        [63] = "BSS average access delay",
        [67] = "BSS available admission capacity",
        [70] = "RM enabled capabilities",
        [71] = "Multiple BSSID",
        [72] = "20/40 BSS coexistence",
        [74] = "Overlapping BSS scan parameters",
        [76] = "Management MIC",
        [84] = "SSID list",
        [85] = "Multiple BSSID index",
        [90] = "BSS max idle period",
        [107] = "Interworking",
        [108] = "Advertisement protocol",
        [111] = "Roaming consortium",
        [113] = "Mesh configuration",
        [114] = "Mesh ID",
        [127] = "Extended capabilities",
        [133] = "Cisco CCX",
        [150] = "Cisco",
        [191] = "VHT capabilities",
        [192] = "VHT operation",
        [193] = "Extended BSS load",
        [194] = "Wide bandwidth channel switch",
        [195] = "Transmit power envelope",
        [196] = "Channel switch wrapper",
        [198] = "Quiet channel",
        [199] = "Operating mode notification",
        [201] = "Reduced neighbor report",
        [216] = "Target wake time",
        [244] = "RSN extension",
    };

    // By the first byte of an element 255.
    private static readonly Dictionary<int, string> s_extensions = new()
    {
        [32] = "OWE Diffie-Hellman parameter",
        [33] = "Password identifier",
        [35] = "HE capabilities",
        [36] = "HE operation",
        [37] = "UORA parameter set",
        [38] = "MU EDCA parameter set",
        [39] = "Spatial reuse parameter set",
        [42] = "BSS color change announcement",
        [52] = "Max channel switch time",
        [55] = "Non-inheritance",
        [56] = "Known BSSID",
        [59] = "HE 6 GHz band capabilities",
        [88] = "Multiple BSSID configuration",
        [93] = "Rejected groups",
        [106] = "EHT operation",
        [107] = "Multi-link",
        [108] = "EHT capabilities",
    };

    // By OUI and type.
    private static readonly Dictionary<uint, string> s_vendors = new()
    {
        [0x0050F201] = "WPA",
        [0x0050F202] = "WMM",
        [0x0050F204] = "WPS",
        [0x506F9A09] = "Wi-Fi Direct",
        [0x506F9A0A] = "Wi-Fi Display",
        [0x506F9A10] = "Hotspot 2.0",
        [0x506F9A12] = "OSEN",
        [0x506F9A13] = "Wi-Fi Aware",
        [0x506F9A16] = "Multiband operation",
        [0x506F9A1B] = "Cellular connectivity",
        [0x506F9A1C] = "OWE transition mode",
        [0xFA0BBC0D] = "Open Drone ID",
    };

    public static string Of(byte id, ReadOnlySpan<byte> body)
    {
        if (id == Vendor)
        {
            return body.Length >= 4 && s_vendors.TryGetValue(BinaryPrimitives.ReadUInt32BigEndian(body), out string? vendor) ? vendor
                : body.Length >= 3 ? string.Create(CultureInfo.InvariantCulture, $"Vendor {body[0]:X2}:{body[1]:X2}:{body[2]:X2}")
                : "Vendor";
        }
        if (id == Extension && body.Length > 0)
        {
            return s_extensions.TryGetValue(body[0], out string? extension) ? extension : $"Extension {body[0]}";
        }
        return s_names.TryGetValue(id, out string? name) ? name : $"Element {id}";
    }
}
