using KismetOrleans.Engine.Logging;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Ieee802154;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Engine.Inspection;

/// <summary>
/// Takes one packet apart for people: layers, each with its values and their places. Up to LLC it asks the parsers that packets are tracked by, above
/// them PacketDotNet. It allocates freely, so no packet that is captured comes through here.
/// </summary>
public static class PacketInspector
{
    /// <summary>Takes a packet of the history apart.</summary>
    public static PacketView Inspect(StoredPacket stored)
    {
        byte[] bytes = stored.Bytes;
        if (bytes.Length == 0)
        {
            return new(stored.Packet, bytes, [], "the log has no bytes of this packet");
        }
        PacketTree tree = new(bytes, bytes.Length < stored.Packet.FullLength);
        string? error = null;
        try
        {
            Read(tree, (LinkType)stored.Packet.LinkType, Math.Max(stored.Packet.FullLength, bytes.Length));
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentException or OverflowException or InvalidOperationException)
        {
            // Nobody vouches for a packet; what was read until then is shown.
            error = $"the rest could not be read: {e.Message}";
        }
        return new(stored.Packet, bytes, tree.Layers, error ?? (tree.IsFull ? "larger than is shown: layers or values are left out" : null) ?? Cut(stored));
    }

    private static string? Cut(StoredPacket stored) => stored.Bytes.Length < stored.Packet.FullLength
        ? $"the capture cut it: {stored.Bytes.Length} of {stored.Packet.FullLength} bytes"
        : null;

    private static void Read(PacketTree tree, LinkType type, int originalLength)
    {
        ParseStatus status = LinkHeader.TryParse(type, tree.Bytes, originalLength, out RadioHeader radio);
        if (status != ParseStatus.Ok)
        {
            string name = LinkLayers.NameOf(type);
            tree.Data(null, name, 0, tree.Bytes.Length, Words.Of(status, radio.Anomalies, tree));
            return;
        }
        LinkLayers.Read(tree, type, radio);
        int start = radio.HeaderLength;
        // Where nothing tells of a check sequence its value does (decisions 15), as while packets are tracked.
        int fcsLength = radio is { FcsLength: 0, Inner: LinkType.Ieee80211 } && !tree.IsCut && EndsWithFcs(tree.Bytes.AsSpan(start)) ? Dot11Fcs.Length : radio.FcsLength;
        int length = tree.Bytes.Length - start - fcsLength;
        switch (radio.Inner)
        {
            case LinkType.Ieee80211:
                Dot11Layers.Read(tree, start, length);
                break;
            case LinkType.BtleLinkLayer:
                BluetoothLayers.ReadBtle(tree, start, length);
                break;
            case LinkType.BluetoothHciH4:
                BluetoothLayers.ReadHci(tree, start, length);
                break;
            case LinkType.Ieee802154NoFcs:
                Ieee802154Layers.Read(tree, start, length);
                break;
            default:
                tree.Data(null, LinkLayers.NameOf(radio.Inner), start, length, "of a kind that is not read here");
                break;
        }
        if (fcsLength > 0)
        {
            ReadFcs(tree, start, length, fcsLength);
        }
    }

    private static bool EndsWithFcs(ReadOnlySpan<byte> frame) =>
        frame.Length > Dot11Fcs.Length && Dot11Fcs.Matches(frame);

    private static void ReadFcs(PacketTree tree, int start, int length, int fcsLength)
    {
        ReadOnlySpan<byte> frame = tree.Bytes.AsSpan(start, length + fcsLength);
        bool matches = fcsLength == Dot11Fcs.Length
            ? EndsWithFcs(frame)
            : Ieee802154Fcs.Matches(frame);
        PacketLayer layer = tree.Layer(null, "Frame check sequence", start + length, fcsLength);
        tree.Hex(layer, "Value", start + length, fcsLength);
        layer.Error = matches ? null : "does not match the frame";
    }
}
