using System.Globalization;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Engine.Inspection;

/// <summary>The header that a receiver puts in front of a frame.</summary>
internal static class LinkLayers
{
    public static string NameOf(LinkType type) => type switch
    {
        LinkType.Radiotap => "Radiotap header",
        LinkType.Ppi => "PPI header",
        LinkType.Prism => "Prism header",
        LinkType.Avs => "AVS header",
        LinkType.LinuxCooked or LinkType.LinuxCooked2 => "Linux cooked header",
        LinkType.BluetoothLinuxMonitor => "Bluetooth monitor of Linux",
        LinkType.ScanReport => "Scan report",
        LinkType.JsonReport => "Report in JSON",
        LinkType.Ieee80211 => "IEEE 802.11",
        LinkType.BtleLinkLayer => "Bluetooth LE link layer",
        LinkType.BtleLinkLayerWithPhdr => "Bluetooth LE radio header",
        LinkType.NordicBle => "nRF sniffer header",
        LinkType.BluetoothHciH4 => "Bluetooth HCI",
        LinkType.BluetoothHciH4WithPhdr => "Bluetooth HCI direction",
        LinkType.Ieee802154NoFcs or LinkType.Ieee802154WithFcs => "IEEE 802.15.4",
        LinkType.Ieee802154Tap => "IEEE 802.15.4 TAP header",
        _ => $"Link type {(int)type}",
    };

    public static void Read(PacketTree tree, LinkType type, in RadioHeader radio)
    {
        if (radio.HeaderLength == 0)
        {
            return;
        }
        PacketLayer layer = tree.Layer(null, NameOf(type), 0, radio.HeaderLength);
        layer.Error = Words.Of(radio.Anomalies);
        if (type is LinkType.Radiotap or LinkType.Ppi)
        {
            tree.Field(layer, "Version", tree.Bytes[0], 0, 1);
            tree.Field(layer, "Header length", radio.HeaderLength, 2, 2);
        }
        if (type == LinkType.Radiotap)
        {
            tree.Field(layer, "Present", string.Create(CultureInfo.InvariantCulture, $"0x{BitConverter.ToUInt32(tree.Bytes, 4):X8}"), 4, 4);
        }
        if (radio.FrequencyKhz != 0)
        {
            tree.Field(layer, "Frequency", string.Create(CultureInfo.InvariantCulture, $"{radio.FrequencyKhz / 1000.0:0.###} MHz"));
        }
        if (radio.SignalKind != SignalKind.None)
        {
            tree.Field(layer, "Signal", radio.SignalKind == SignalKind.Dbm ? $"{radio.Signal} dBm" : $"{radio.Signal} (the receiver's own scale)");
        }
        if (radio.Noise != 0)
        {
            tree.Field(layer, "Noise", radio.SignalKind == SignalKind.Rssi ? $"{radio.Noise} (the receiver's own scale)" : $"{radio.Noise} dBm");
        }
        if (radio.HasLqi)
        {
            tree.Field(layer, "Link quality", radio.Lqi);
        }
        if (radio.Rate100Kbps != 0)
        {
            tree.Field(layer, "Rate", string.Create(CultureInfo.InvariantCulture, $"{radio.Rate100Kbps / 10.0:0.#} Mbit/s"));
        }
        if (radio.Encoding != RadioEncoding.Unknown)
        {
            tree.Field(layer, "Encoding", Words.Of(radio.Encoding.ToString()).ToUpperInvariant());
        }
        if (radio.Carrier != RadioCarrier.Unknown)
        {
            tree.Field(layer, "Carrier", radio.Carrier.ToString().Replace("Dot11", "802.11", StringComparison.Ordinal));
        }
        if (radio.Fix >= 2)
        {
            tree.Field(layer, "Position", string.Create(CultureInfo.InvariantCulture, $"{radio.Latitude:0.0000000}, {radio.Longitude:0.0000000}"));
        }
        if (radio.Fix >= 3)
        {
            tree.Field(layer, "Altitude", string.Create(CultureInfo.InvariantCulture, $"{radio.Altitude:0.#} m"));
        }
        tree.Field(layer, "Check sequence", radio.FcsLength == 0 ? "none" : $"{radio.FcsLength} bytes at the end");
    }
}
