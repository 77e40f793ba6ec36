using System.Globalization;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Bluetooth;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Inspection;

/// <summary>Bluetooth packets, sniffed and told by a controller.</summary>
internal static class BluetoothLayers
{
    private const int LinkLayerHeader = 6;
    private const int Crc = 3;

    /// <summary>Adds the layers of a packet of the Low Energy link layer.</summary>
    public static void ReadBtle(PacketTree tree, int start, int length)
    {
        ReadOnlySpan<byte> packet = tree.Bytes.AsSpan(start, length);
        ParseStatus status = BtleAdvertising.TryParse(packet, out BtleAdvertisement a);
        PacketLayer layer = tree.Layer(null, LinkLayers.NameOf(LinkType.BtleLinkLayer), start, Math.Min(length, LinkLayerHeader));
        layer.Error = Words.Of(status, a.Anomalies, tree);
        if (length < LinkLayerHeader)
        {
            return;
        }
        tree.Hex(layer, "Access address", start, 4);
        if (status == ParseStatus.Unsupported && a.Address.IsZero)
        {
            layer.Error = "not of an advertising channel";
            tree.Data(layer, "Data", start + LinkLayerHeader, length - LinkLayerHeader);
            return;
        }
        tree.Field(layer, "PDU type", Words.Of(a.Pdu.ToString()).Replace(' ', '-').ToUpperInvariant(), start + 4, 1);
        tree.Field(layer, "Length", packet[5], start + 5, 1);
        if (!a.Address.IsZero)
        {
            tree.Field(layer, "Address", $"{a.Address} ({(a.IsRandom ? "random" : "public")})");
        }
        if (!a.Target.IsZero)
        {
            tree.Field(layer, "Target", $"{a.Target} ({(a.IsTargetRandom ? "random" : "public")})");
        }
        if (a.HasTxPower)
        {
            tree.Field(layer, "Transmit power", $"{a.TxPower} dBm");
        }
        if (a.HasCrc)
        {
            tree.Hex(layer, "CRC", start + LinkLayerHeader + packet[5], Crc);
        }
        ReadElements(tree, layer, start, packet, a.Data);
    }

    /// <summary>Adds the layers of a packet between a host and its controller.</summary>
    public static void ReadHci(PacketTree tree, int start, int length)
    {
        ReadOnlySpan<byte> packet = tree.Bytes.AsSpan(start, length);
        PacketLayer layer = tree.Layer(null, LinkLayers.NameOf(LinkType.BluetoothHciH4), start, length);
        if (length > 0)
        {
            tree.Field(layer, "Packet type", packet[0] switch
            {
                1 => "command (1)",
                2 => "ACL data (2)",
                3 => "synchronous data (3)",
                4 => "event (4)",
                5 => "isochronous data (5)",
                _ => $"{packet[0]}",
            }, start, 1);
        }
        HciReports reports = new(packet, tree.IsCut);
        while (reports.TryRead(out HciReport report))
        {
            PacketLayer one = tree.Layer(layer, Words.Of(report.Event.ToString()), start, length);
            tree.Field(one, "Address", $"{report.Address} ({(report.IsRandom ? "random" : "public")})");
            if (report.HasRssi)
            {
                tree.Field(one, "Signal", $"{report.Rssi} dBm");
            }
            if (report.TxPower is { } power)
            {
                tree.Field(one, "Transmit power", $"{power} dBm");
            }
            if (!report.Name.IsEmpty)
            {
                tree.Text(one, "Name", start + report.Name.Offset, report.Name.Length);
            }
            ReadElements(tree, one, start, packet, report.Data);
        }
        layer.Error = Words.Of(reports.Anomalies);
    }

    private static void ReadElements(PacketTree tree, PacketLayer outer, int start, ReadOnlySpan<byte> packet, Slice data)
    {
        int at = start + data.Offset;
        int end = at + data.Length;
        foreach (AdvertisingElements element in new AdvertisingElements(data.Of(packet)))
        {
            int length = element.Value.Length;
            string name = Enum.IsDefined(element.Type) ? Words.Of(element.Type.ToString()) : $"type 0x{(byte)element.Type:X2}";
            PacketLayer layer = tree.Layer(outer, "Advertising data: " + name, at, 2 + length);
            if (element.Type is AdvertisingType.Name or AdvertisingType.ShortName)
            {
                tree.Text(layer, "Name", at + 2, length);
            }
            else if (element.UuidLength > 0 && (element.IsServices || element.IsSolicitation))
            {
                for (int i = 0; i + element.UuidLength <= length; i += element.UuidLength)
                {
                    tree.Field(layer, "UUID", Uuid(element.Value.Slice(i, element.UuidLength)), at + 2 + i, element.UuidLength);
                }
            }
            else if (element.Type == AdvertisingType.Manufacturer && length >= 2)
            {
                tree.Field(layer, "Company", string.Create(CultureInfo.InvariantCulture, $"{element.Value[1]:X2}{element.Value[0]:X2}"), at + 2, 2);
                tree.Hex(layer, "Data", at + 4, length - 2);
            }
            else if (element.Type == AdvertisingType.TxPower && length == 1)
            {
                tree.Field(layer, "Transmit power", $"{(sbyte)element.Value[0]} dBm", at + 2, 1);
            }
            else
            {
                tree.Hex(layer, "Data", at + 2, length);
            }
            at += 2 + length;
        }
        if (at < end && tree.Bytes.AsSpan(at, end - at).IndexOfAnyExcept((byte)0) >= 0)
        {
            tree.Data(outer, "Advertising data that end too early", at, end - at, tree.TooShort);
        }
    }

    private static string Uuid(ReadOnlySpan<byte> bytes)
    {
        byte[] forward = bytes.ToArray();
        Array.Reverse(forward);
        return Convert.ToHexString(forward);
    }
}
