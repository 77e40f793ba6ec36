// IEEE Std 802.11-2020, clause 9.4.2: elements.
using System.Buffers.Binary;
using System.IO.Hashing;

namespace KismetOrleans.Wire.Dot11;

/// <summary>Reads all elements of a management frame in one walk.</summary>
public static class Dot11ElementsParser
{
    /// <summary>Longest SSID (clause 9.4.2.2).</summary>
    private const int SsidMaximum = 32;

    private const int CountryStringLength = 3;
    private const int BssLoadLength = 5;
    private const int MobilityDomainLength = 3;
    private const int MeshConfigurationLength = 7;
    private const int S1gOperationLength = 6;

    /// <summary>What makes a frame's elements count as malformed. Too long an SSID does not: it is only not used.</summary>
    private const Anomalies Corrupting = Anomalies.ElementMalformed | Anomalies.DsParameterTooLong | Anomalies.RsnMalformed | Anomalies.WpaMalformed
        | Anomalies.WpsMalformed;

    /// <summary>Parses the elements.</summary>
    /// <param name="elements">From <see cref="Dot11Frame.ElementsOffset"/> to the end of the frame.</param>
    /// <param name="kind">The frame's kind: the manufacturer's OUI is taken from what access points send.</param>
    /// <param name="cut">Whether the capture's snap length cut the frame.</param>
    /// <param name="e">What was found; after a fault it holds everything that could be read.</param>
    /// <returns>
    /// <see cref="ParseStatus.Malformed"/> where an element contradicts its format or runs past an uncut frame;
    /// <see cref="ParseStatus.Truncated"/> where the frame was cut inside an element.
    /// </returns>
    public static ParseStatus TryParse(ReadOnlySpan<byte> elements, FrameKind kind, bool cut, out Dot11Elements e)
    {
        e = default;
        if (elements.Length > Dot11Parser.MaximumLength)
        {
            e.Anomalies |= Anomalies.ElementMalformed;
            return ParseStatus.Malformed;
        }
        e.Checksum = Crc32.HashToUInt32(elements);
        FingerprintElements fingerprints = default;
        var vendors = new ManufacturerChoice(kind);
        var reader = new ElementReader(elements);
        while (reader.TryRead(out byte id, out Slice body))
        {
            ReadOnlySpan<byte> bytes = body.Of(elements);
            fingerprints.Note(id, body, bytes);
            if (id == ElementId.Vendor)
            {
                VendorElement.Parse(bytes, body, ref e);
                vendors.Note(bytes);
            }
            else
            {
                ParseOne(id, bytes, body, ref e);
            }
        }
        if (reader.HasRest)
        {
            e.Anomalies |= cut ? Anomalies.ElementTruncated : Anomalies.ElementMalformed;
            e.EndsEarly = true;
            if (!cut)
            {
                Part(elements[reader.Next..], ref e);
            }
        }
        e.ManufacturerOui = vendors.Oui;
        e.BeaconFingerprint = fingerprints.Beacon(elements);
        e.ProbeFingerprint = fingerprints.Probe(elements);
        if ((e.Anomalies & Corrupting) != 0)
        {
            return ParseStatus.Malformed;
        }
        return (e.Anomalies & Anomalies.ElementTruncated) != 0 ? ParseStatus.Truncated : ParseStatus.Ok;
    }

    // Of an element that runs past the end what is there is used: suites that are whole, the channel.
    private static void Part(ReadOnlySpan<byte> rest, ref Dot11Elements e)
    {
        ReadOnlySpan<byte> bytes = rest[Math.Min(rest.Length, ElementReader.HeaderLength)..];
        if (rest[0] == ElementId.Rsn)
        {
            Rsn.ParsePart(bytes, ref e);
        }
        else if (rest[0] == ElementId.Vendor && bytes.StartsWith(VendorElement.WpaStart))
        {
            Wpa.Parse(bytes[VendorElement.WpaStart.Length..], ref e);
        }
        else if (rest[0] == ElementId.HtOperation && bytes.Length > 0)
        {
            e.HtPrimaryChannel = bytes[0];
        }
    }

    private static void ParseOne(byte id, ReadOnlySpan<byte> bytes, Slice body, ref Dot11Elements e)
    {
        switch (id)
        {
            case ElementId.Ssid:
                Ssid(body, ref e);
                break;
            case ElementId.SupportedRates:
                e.Rates = body;
                Rates.Supported(bytes, ref e);
                break;
            case ElementId.ExtendedRates:
                e.ExtendedRates = body;
                Rates.Supported(bytes, ref e);
                break;
            case ElementId.DsParameter:
                DsParameter(bytes, ref e);
                break;
            case ElementId.Country when Has(bytes, CountryStringLength, ElementsSeen.Country, ref e):
                e.Country = body with { Length = CountryStringLength };
                e.CountryTriplets = new Slice((ushort)(body.Offset + CountryStringLength), (ushort)(body.Length - CountryStringLength));
                break;
            case ElementId.BssLoad when Has(bytes, BssLoadLength, ElementsSeen.BssLoad, ref e):
                e.BssStations = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
                e.BssUtilization = bytes[2];
                break;
            case ElementId.PowerCapability when Has(bytes, 2, ElementsSeen.PowerCapability, ref e):
                e.MinTxPower = bytes[0];
                e.MaxTxPower = bytes[1];
                break;
            case ElementId.TpcReport when Has(bytes, 2, ElementsSeen.TpcReport, ref e):
                e.TpcTxPower = bytes[0];
                break;
            case ElementId.SupportedChannels when Has(bytes, 2, ElementsSeen.SupportedChannels, ref e):
                e.SupportedChannels = body;
                break;
            case ElementId.HtCapabilities:
                Rates.HtCapabilities(bytes, ref e);
                break;
            case ElementId.HtOperation:
                ChannelOperation.Ht(bytes, ref e);
                break;
            case ElementId.VhtCapabilities:
                Rates.VhtCapabilities(bytes, ref e);
                break;
            case ElementId.VhtOperation:
                ChannelOperation.Vht(bytes, ref e);
                break;
            case ElementId.Rsn:
                Rsn.Parse(bytes, ref e);
                break;
            case ElementId.Wapi:
                Wapi.Parse(bytes, ref e);
                break;
            case ElementId.MobilityDomain when Has(bytes, MobilityDomainLength, ElementsSeen.MobilityDomain, ref e):
                e.MobilityDomain = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
                break;
            case ElementId.RmEnabled when Has(bytes, 1, ElementsSeen.RmEnabled, ref e):
                e.LinkMeasurement = (bytes[0] & 0x01) != 0;
                e.NeighborReport = (bytes[0] & 0x02) != 0;
                break;
            case ElementId.MeshConfiguration when Has(bytes, MeshConfigurationLength, ElementsSeen.MeshConfiguration, ref e):
                MeshConfiguration(bytes, ref e);
                break;
            case ElementId.MeshId:
                e.Seen |= ElementsSeen.MeshId;
                e.MeshId = body;
                break;
            case ElementId.ExtendedCapabilities when Has(bytes, 1, ElementsSeen.ExtendedCapabilities, ref e):
                e.ExtendedCapabilities = body;
                break;
            case ElementId.S1gOperation when bytes.Length >= S1gOperationLength:
                e.S1gChannel = bytes[2];
                break;
            case ElementId.CiscoCcx:
                CiscoElement.Ccx(bytes, body, ref e);
                break;
            case ElementId.CiscoVendor:
                CiscoElement.TxPower(bytes, ref e);
                break;
            case ElementId.Extension when bytes.Length > 0:
                Extension(bytes[0], bytes[1..], ref e);
                break;
        }
    }

    /// <summary>Notes an element whose fixed part has <paramref name="length"/> bytes; false and an anomaly where it is shorter.</summary>
    private static bool Has(ReadOnlySpan<byte> bytes, int length, ElementsSeen seen, ref Dot11Elements e)
    {
        if (bytes.Length < length)
        {
            e.Anomalies |= Anomalies.ElementMalformed;
            return false;
        }
        e.Seen |= seen;
        return true;
    }

    private static void Ssid(Slice body, ref Dot11Elements e)
    {
        if (body.Length > SsidMaximum)
        {
            e.Anomalies |= Anomalies.SsidTooLong;
        }
        else if ((e.Seen & ElementsSeen.Ssid) == 0)
        {
            // The first one counts; a second is how scanners are fooled.
            e.Seen |= ElementsSeen.Ssid;
            e.Ssid = body;
        }
    }

    private static void DsParameter(ReadOnlySpan<byte> bytes, ref Dot11Elements e)
    {
        if (bytes.Length > 1)
        {
            e.Anomalies |= Anomalies.DsParameterTooLong;
        }
        else if (Has(bytes, 1, ElementsSeen.DsParameter, ref e))
        {
            e.DsChannel = bytes[0];
        }
    }

    /// <summary>Clause 9.4.2.97: formation info is byte 5, capability byte 6.</summary>
    private static void MeshConfiguration(ReadOnlySpan<byte> bytes, ref Dot11Elements e)
    {
        e.MeshGateway = (bytes[5] & 0x01) != 0;
        e.MeshPeerings = (byte)(bytes[5] >> 1 & 0x3F);
        e.MeshForwarding = (bytes[6] & 0x08) != 0;
    }

    private static void Extension(byte extension, ReadOnlySpan<byte> bytes, ref Dot11Elements e)
    {
        switch (extension)
        {
            case ElementId.ExtensionHeCapabilities:
                HeRates.He(bytes, ref e);
                break;
            case ElementId.ExtensionHeOperation:
                HeOperation.Parse(bytes, ref e);
                break;
            case ElementId.ExtensionEhtCapabilities:
                HeRates.Eht(bytes, ref e);
                break;
            case ElementId.ExtensionEhtOperation:
                HeOperation.ParseEht(bytes, ref e);
                break;
        }
    }
}
