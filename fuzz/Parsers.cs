using KismetOrleans.Packets;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Bluetooth;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Ieee802154;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Fuzz;

/// <summary>Every parser of Wire on one packet, whatever its kind. None of them may allocate.</summary>
internal static class Parsers
{
    public static void Parse(in CapturedPacket packet, ReadOnlySpan<byte> bytes)
    {
        if (LinkHeader.TryParse(packet.LinkType, bytes, packet.OriginalLength, out RadioHeader radio) != ParseStatus.Ok)
        {
            return;
        }
        ReadOnlySpan<byte> frame = bytes[radio.HeaderLength..];
        frame = frame[..^Math.Min(frame.Length, radio.FcsLength)];
        if (radio.Inner == LinkType.BtleLinkLayer)
        {
            if (BtleAdvertising.TryParse(frame, out BtleAdvertisement advertisement) == ParseStatus.Ok)
            {
                _ = advertisement.Data.Of(frame);
                _ = advertisement.Content.Name.Of(frame);
                Drone(advertisement.Content.OpenDroneId.Of(frame));
                Advertising(advertisement.Data.Of(frame));
            }
            return;
        }
        bool isCut = packet.Length < packet.OriginalLength;
        if (radio.Inner == LinkType.BluetoothHciH4)
        {
            HciReports reports = new(frame, isCut);
            while (reports.TryRead(out HciReport report))
            {
                _ = report.Name.Of(frame);
                _ = AdvertisingData.TryParse(frame, report.Data, out AdvertisingData content);
                Drone(content.OpenDroneId.Of(frame));
                Advertising(report.Data.Of(frame));
            }
            return;
        }
        if (radio.Inner == LinkType.Ieee802154NoFcs)
        {
            if (Ieee802154Parser.TryParse(frame, isCut, out Ieee802154Frame f802154) == ParseStatus.Ok)
            {
                _ = frame[f802154.PayloadOffset..];
                _ = Ieee802154Parser.AssignedAddress(frame, f802154);
            }
            return;
        }
        ParseStatus status = Dot11Parser.TryParse(frame, isCut, out Dot11Frame f);
        if (status is ParseStatus.Unsupported)
        {
            return;
        }
        if (NanService.TryFindOpenDroneId(frame[Math.Min((int)f.BodyOffset, frame.Length)..], out Slice message) == ParseStatus.Ok)
        {
            Drone(message.Of(frame[f.BodyOffset..]));
        }
        Payloads(frame, f);
        if (f.ElementsOffset > 0 && f.ElementsOffset <= frame.Length)
        {
            Elements(frame[f.ElementsOffset..], f);
        }
    }

    private static void Advertising(ReadOnlySpan<byte> data)
    {
        foreach (AdvertisingElements element in new AdvertisingElements(data))
        {
            if (element.UuidLength > 0 && element.Value.Length >= element.UuidLength)
            {
                _ = AdvertisingElements.ReadUuid(element.Value[..element.UuidLength]);
            }
        }
    }

    private static void Payloads(ReadOnlySpan<byte> frame, in Dot11Frame f)
    {
        if (EapolKey.TryParse(frame, f, out EapolKey key) == ParseStatus.Ok)
        {
            _ = key.Nonce.Of(frame);
            _ = key.Mic.Of(frame);
            _ = key.KeyData.Of(frame);
            _ = key.Pmkid.Of(frame);
        }
        if (EapPacket.TryParse(frame, f, out EapPacket eap) == ParseStatus.Ok)
        {
            _ = eap.Data.Of(frame);
        }
        _ = EapWps.IsM3(frame, f);
        _ = NeighborReport.HighestChannel(frame, f);
    }

    private static void Elements(ReadOnlySpan<byte> elements, in Dot11Frame f)
    {
        // Slices are promised to lie within the bytes after a fault too: taking one out must not throw.
        Dot11ElementsParser.TryParse(elements, f.Kind, f.IsCut, out Dot11Elements e);
        _ = e.Ssid.Of(elements);
        _ = e.Country.Of(elements);
        _ = e.CountryTriplets.Of(elements);
        _ = e.SupportedChannels.Of(elements);
        _ = e.MeshId.Of(elements);
        _ = e.AccessPointName.Of(elements);
        _ = e.OweSsid.Of(elements);
        _ = e.WpsDeviceName.Of(elements);
        _ = e.WpsManufacturer.Of(elements);
        _ = e.WpsModelName.Of(elements);
        _ = e.WpsModelNumber.Of(elements);
        _ = e.WpsSerialNumber.Of(elements);
        _ = e.WpsUuidE.Of(elements);
        ReadOnlySpan<byte> extended = e.ExtendedCapabilities.Of(elements);
        for (int bit = ExtendedCapabilities.NextNamed(extended, 0); bit >= 0; bit = ExtendedCapabilities.NextNamed(extended, bit + 1))
        {
        }
        Drone(e.OpenDroneId.Of(elements));
        ReadOnlySpan<byte> dji = e.DjiDroneId.Of(elements);
        if (DjiDroneId.TryParse(dji, out DjiDroneId drone) == ParseStatus.Ok)
        {
            _ = drone.Serial.Of(dji);
        }
    }

    private static void Drone(ReadOnlySpan<byte> payload)
    {
        if (OpenDroneId.TryParse(payload, out OpenDroneId drone) == ParseStatus.Ok)
        {
            _ = drone.Id.Of(payload);
            _ = drone.SelfId.Of(payload);
            _ = drone.OperatorId.Of(payload);
        }
    }
}
