using System.Globalization;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Inspection;

/// <summary>Elements of management frames: each is given to their parser alone, and what that finds are its values.</summary>
internal static class ElementLayers
{
    private const byte Tim = 5;

    /// <summary>Adds a layer for each element.</summary>
    /// <param name="outer">The layer around them.</param>
    /// <param name="length">Their bytes.</param>
    public static void Read(PacketTree tree, PacketLayer outer, int start, int length, FrameKind kind)
    {
        ReadOnlySpan<byte> elements = tree.Bytes.AsSpan(start, length);
        ElementReader reader = new(elements);
        int end = 0;
        while (reader.TryRead(out byte id, out Slice body))
        {
            end = body.Offset + body.Length;
            int at = body.Offset - ElementReader.HeaderLength;
            PacketLayer layer = tree.Layer(outer, ElementNames.Of(id, body.Of(elements)), start + at, ElementReader.HeaderLength + body.Length);
            ReadOne(tree, layer, start + at, elements[at..end], id, kind);
        }
        if (reader.HasRest)
        {
            PacketLayer rest = tree.Layer(outer, "Element that ends too early", start + end, length - end);
            rest.Error = length - end < ElementReader.HeaderLength ? tree.TooShort
                : $"says that it has {elements[end + 1]} bytes, and {length - end - ElementReader.HeaderLength} are there";
        }
    }

    private static void ReadOne(PacketTree tree, PacketLayer layer, int at, ReadOnlySpan<byte> element, byte id, FrameKind kind)
    {
        int body = at + ElementReader.HeaderLength;
        int length = element.Length - ElementReader.HeaderLength;
        tree.Field(layer, "Element ID", id, at, 1);
        tree.Field(layer, "Length", length, at + 1, 1);
        int before = layer.Fields.Count;
        _ = Dot11ElementsParser.TryParse(element, kind, cut: false, out Dot11Elements e);
        layer.Error = Words.Of(e.Anomalies);
        if ((e.Seen & ElementsSeen.Ssid) != 0)
        {
            tree.Text(layer, "SSID", body, length);
        }
        Rates(tree, layer, at, element, e.Rates);
        Rates(tree, layer, at, element, e.ExtendedRates);
        if (id == Tim && length >= 2)
        {
            tree.Field(layer, "DTIM count", element[2], body, 1);
            tree.Field(layer, "DTIM period", element[3], body + 1, 1);
        }
        ReadChannel(tree, layer, at, e);
        ReadLoad(tree, layer, at, element, e);
        if (e.Crypt != CryptBits.None)
        {
            tree.Field(layer, "Security", CryptText.ToText(e.Crypt), body, length);
        }
        if ((e.Seen & ElementsSeen.Rsn) != 0)
        {
            tree.Field(layer, "Management frame protection", e.MfpRequired ? "required" : e.MfpCapable ? "capable" : "no");
        }
        ReadWps(tree, layer, at, element, e);
        ReadNames(tree, layer, at, element, e);
        if (layer.Fields.Count == before && length > 0)
        {
            tree.Hex(layer, "Data", body, length);
        }
    }

    private static void ReadChannel(PacketTree tree, PacketLayer layer, int at, in Dot11Elements e)
    {
        int body = at + ElementReader.HeaderLength;
        if ((e.Seen & ElementsSeen.DsParameter) != 0)
        {
            tree.Field(layer, "Channel", e.DsChannel, body, 1);
        }
        if ((e.Seen & ElementsSeen.HtOperation) != 0)
        {
            tree.Field(layer, "Primary channel", e.HtPrimaryChannel, body, 1);
        }
        if (e.Band6Channel != 0)
        {
            tree.Field(layer, "Primary channel of 6 GHz", e.Band6Channel);
        }
        if (e.Width != ChannelWidth.None)
        {
            tree.Field(layer, "Channel width", e.Width switch
            {
                ChannelWidth.Ht20 => "20 MHz",
                ChannelWidth.Ht40Plus => "40 MHz, second channel above",
                ChannelWidth.Ht40Minus => "40 MHz, second channel below",
                ChannelWidth.Ht80 => "80 MHz",
                ChannelWidth.Ht160 => "160 MHz",
                ChannelWidth.Ht320 => "320 MHz",
                _ => "80+80 MHz",
            });
        }
        if ((e.Seen & ElementsSeen.VhtOperation) != 0)
        {
            tree.Field(layer, "Center of segment 0", e.VhtCenter0, body + 1, 1);
            tree.Field(layer, "Center of segment 1", e.VhtCenter1, body + 2, 1);
        }
        if (e.MaxRate > 0)
        {
            tree.Field(layer, "Highest rate", string.Create(CultureInfo.InvariantCulture, $"{e.MaxRate:0.#} Mbit/s"));
        }
    }

    private static void ReadLoad(PacketTree tree, PacketLayer layer, int at, ReadOnlySpan<byte> element, in Dot11Elements e)
    {
        int body = at + ElementReader.HeaderLength;
        if ((e.Seen & ElementsSeen.Country) != 0)
        {
            tree.Text(layer, "Country", at + e.Country.Offset, e.Country.Length);
            ReadOnlySpan<byte> triplets = e.CountryTriplets.Of(element);
            for (int i = 0; i + 3 <= triplets.Length; i += 3)
            {
                tree.Field(layer, "Channels", $"{triplets[i]}, {triplets[i + 1]} of them, {(sbyte)triplets[i + 2]} dBm", at + e.CountryTriplets.Offset + i, 3);
            }
        }
        if ((e.Seen & ElementsSeen.BssLoad) != 0)
        {
            tree.Field(layer, "Stations", e.BssStations, body, 2);
            tree.Field(layer, "Channel utilization", $"{e.BssUtilization} of 255", body + 2, 1);
        }
        if ((e.Seen & ElementsSeen.PowerCapability) != 0)
        {
            tree.Field(layer, "Power", $"{(sbyte)e.MinTxPower} to {(sbyte)e.MaxTxPower} dBm", body, 2);
        }
        if ((e.Seen & ElementsSeen.TpcReport) != 0)
        {
            tree.Field(layer, "Transmit power", $"{(sbyte)e.TpcTxPower} dBm", body, 1);
        }
        if ((e.Seen & ElementsSeen.MobilityDomain) != 0)
        {
            tree.Field(layer, "Mobility domain", string.Create(CultureInfo.InvariantCulture, $"{e.MobilityDomain:X4}"), body, 2);
        }
        if ((e.Seen & ElementsSeen.MeshConfiguration) != 0)
        {
            tree.Field(layer, "Peerings", e.MeshPeerings);
            tree.Field(layer, "Connected to a gate", e.MeshGateway ? "yes" : "no");
            tree.Field(layer, "Forwards", e.MeshForwarding ? "yes" : "no");
        }
    }

    private static void ReadWps(PacketTree tree, PacketLayer layer, int at, ReadOnlySpan<byte> element, in Dot11Elements e)
    {
        if ((e.Seen & ElementsSeen.Wps) == 0)
        {
            return;
        }
        byte version = e.WpsVersion2 != 0 ? e.WpsVersion2 : e.WpsVersion;
        if (version != 0)
        {
            tree.Field(layer, "Version", $"{version >> 4}.{version & 0x0F}");
        }
        if (e.WpsState != 0)
        {
            tree.Field(layer, "State", (e.WpsState & 2) != 0 ? "not configured" : (e.WpsState & 4) != 0 ? "configured, locked" : "configured");
        }
        Text(tree, layer, "Device name", at, e.WpsDeviceName);
        Text(tree, layer, "Manufacturer", at, e.WpsManufacturer);
        Text(tree, layer, "Model name", at, e.WpsModelName);
        Text(tree, layer, "Model number", at, e.WpsModelNumber);
        Text(tree, layer, "Serial number", at, e.WpsSerialNumber);
        if (!e.WpsUuidE.IsEmpty)
        {
            tree.Hex(layer, "UUID", at + e.WpsUuidE.Offset, e.WpsUuidE.Length);
        }
    }

    private static void ReadNames(PacketTree tree, PacketLayer layer, int at, ReadOnlySpan<byte> element, in Dot11Elements e)
    {
        Text(tree, layer, "Mesh ID", at, e.MeshId);
        Text(tree, layer, "Name of the access point", at, e.AccessPointName);
        if ((e.Seen & ElementsSeen.OweTransition) != 0)
        {
            tree.Field(layer, "BSSID of the other network", e.OweBssid.ToString());
            Text(tree, layer, "SSID of the other network", at, e.OweSsid);
        }
        ReadFrench(tree, layer, at, element, e);
        if ((e.Seen & ElementsSeen.OpenDroneId) != 0 && OpenDroneId.TryParse(e.OpenDroneId.Of(element), out OpenDroneId drone) == ParseStatus.Ok)
        {
            Text(tree, layer, "Identification", at + e.OpenDroneId.Offset, drone.Id);
            Text(tree, layer, "Operator", at + e.OpenDroneId.Offset, drone.OperatorId);
            if ((drone.Seen & OpenDroneIdSeen.Location) != 0)
            {
                tree.Field(layer, "Position", string.Create(CultureInfo.InvariantCulture, $"{drone.Latitude:0.0000000}, {drone.Longitude:0.0000000}"));
            }
        }
    }

    private static void ReadFrench(PacketTree tree, PacketLayer layer, int at, ReadOnlySpan<byte> element, in Dot11Elements e)
    {
        if ((e.Seen & ElementsSeen.FrenchDroneId) != 0 && FrenchDroneId.TryParse(e.FrenchDroneId.Of(element), out FrenchDroneId drone) == ParseStatus.Ok)
        {
            Text(tree, layer, "Identification", at + e.FrenchDroneId.Offset, drone.Id.IsEmpty ? drone.SerialNumber : drone.Id);
            if (drone.HasPosition)
            {
                tree.Field(layer, "Position", string.Create(CultureInfo.InvariantCulture, $"{drone.Latitude:0.00000}, {drone.Longitude:0.00000}"));
            }
        }
    }

    private static void Rates(PacketTree tree, PacketLayer layer, int at, ReadOnlySpan<byte> element, Slice rates)
    {
        if (!rates.IsEmpty)
        {
            // Units of 500 kbit/s; the highest bit marks the basic ones.
            IEnumerable<string> texts = rates.Of(element).ToArray().Select(static rate =>
                string.Create(CultureInfo.InvariantCulture, $"{(rate & 0x7F) / 2.0:0.#}{((rate & 0x80) != 0 ? "*" : "")}"));
            tree.Field(layer, "Rates", string.Join(' ', texts) + " Mbit/s (* basic)", at + rates.Offset, rates.Length);
        }
    }

    private static void Text(PacketTree tree, PacketLayer layer, string name, int at, Slice slice)
    {
        if (!slice.IsEmpty)
        {
            tree.Text(layer, name, at + slice.Offset, slice.Length);
        }
    }
}
