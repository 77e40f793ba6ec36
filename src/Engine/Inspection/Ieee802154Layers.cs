using System.Globalization;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Ieee802154;

namespace KismetOrleans.Engine.Inspection;

/// <summary>802.15.4 frames.</summary>
internal static class Ieee802154Layers
{
    public static void Read(PacketTree tree, int start, int length)
    {
        ParseStatus status = Ieee802154Parser.TryParse(tree.Bytes.AsSpan(start, length), tree.IsCut, out Ieee802154Frame f);
        int header = status == ParseStatus.Ok ? Math.Clamp(f.PayloadOffset, 0, length) : length;
        PacketLayer layer = tree.Layer(null, $"IEEE 802.15.4 {Words.Of(f.Type.ToString())}", start, header);
        layer.Error = Words.Of(status, f.Anomalies, tree);
        if (length >= 2)
        {
            tree.Hex(layer, "Frame control", start, 2);
        }
        tree.Field(layer, "Version", f.Version);
        if (status != ParseStatus.Ok)
        {
            return;
        }
        tree.Field(layer, "Sequence number", f.Sequence);
        Address(tree, layer, "Destination", f.DestinationMode, f.DestinationPan, f.DestinationAddress);
        Address(tree, layer, "Source", f.SourceMode, f.SourcePan, f.SourceAddress);
        tree.Field(layer, "Security", f.IsEncrypted ? "encrypted" : f.IsSecured ? "signed" : "none");
        tree.Data(layer, f.IsEncrypted ? "Encrypted payload" : "Payload", start + header, length - header);
    }

    private static void Address(PacketTree tree, PacketLayer layer, string name, Ieee802154AddressMode mode, ushort pan, ulong address)
    {
        if (mode is Ieee802154AddressMode.Short or Ieee802154AddressMode.Extended)
        {
            tree.Field(layer, name, mode == Ieee802154AddressMode.Short
                ? string.Create(CultureInfo.InvariantCulture, $"{address:X4} of network {pan:X4}")
                : string.Create(CultureInfo.InvariantCulture, $"{address:X16} of network {pan:X4}"));
        }
    }
}
