// IEEE Std 802.11-2020, table 9-92 (element IDs); 802.11ax-2021 and 802.11be for the extensions.
namespace KismetOrleans.Wire.Dot11;

internal static class ElementId
{
    internal const byte Ssid = 0;
    internal const byte SupportedRates = 1;
    internal const byte DsParameter = 3;
    internal const byte Tim = 5;
    internal const byte Country = 7;
    internal const byte BssLoad = 11;
    internal const byte PowerCapability = 33;
    internal const byte TpcReport = 35;
    internal const byte SupportedChannels = 36;
    internal const byte HtCapabilities = 45;
    internal const byte Rsn = 48;
    internal const byte ExtendedRates = 50;
    internal const byte NeighborReport = 52;
    internal const byte MobilityDomain = 54;
    internal const byte HtOperation = 61;
    internal const byte Wapi = 68;
    internal const byte RmEnabled = 70;
    internal const byte MultipleBssid = 71;
    internal const byte NontransmittedCapability = 83;
    internal const byte MultipleBssidIndex = 85;
    internal const byte MeshConfiguration = 113;
    internal const byte MeshId = 114;
    internal const byte ExtendedCapabilities = 127;
    internal const byte CiscoCcx = 133;
    internal const byte CiscoVendor = 150;
    internal const byte VhtCapabilities = 191;
    internal const byte VhtOperation = 192;
    internal const byte S1gCompatibility = 213;
    internal const byte Vendor = 221;
    internal const byte S1gOperation = 232;
    internal const byte Extension = 255;

    /// <summary>Element ID extensions, the first byte of an element 255.</summary>
    internal const byte ExtensionHeCapabilities = 35;
    internal const byte ExtensionHeOperation = 36;
    internal const byte ExtensionEhtOperation = 106;
    internal const byte ExtensionEhtCapabilities = 108;
}
