using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Network;

namespace KismetOrleans.Wire.Tests.Dot11;

/// <summary>Runs a frame through everything that looks at it, and checks what must hold whatever the bytes are.</summary>
internal static class AllParsers
{
    internal static void Run(ReadOnlySpan<byte> frame, bool cut)
    {
        ParseStatus status = Dot11Parser.TryParse(frame, cut, out Dot11Frame f);
        Assert.False(status == ParseStatus.Truncated && !cut);
        Assert.True(f.BodyOffset + f.BodyLength <= frame.Length || status != ParseStatus.Ok);
        Assert.True(f.PayloadOffset + f.PayloadLength <= frame.Length);
        NeighborReport.HighestChannel(frame, in f);
        if (f.ElementsOffset != 0)
        {
            ReadOnlySpan<byte> elements = frame[f.ElementsOffset..];
            Dot11ElementsParser.TryParse(elements, f.Kind, cut, out Dot11Elements e);
            CheckSlices(elements, in e);
            ReadOnlySpan<byte> french = e.FrenchDroneId.Of(elements);
            FrenchDroneId.TryParse(french, out FrenchDroneId drone);
            _ = drone.Id.Of(french).Length + drone.SerialNumber.Of(french).Length + drone.Manufacturer.Of(french).Length;
            CryptText.ToText(e.Crypt);
            CryptText.ToLegacySet(e.Crypt);
        }
        if (f.Payload == PayloadKind.None)
        {
            return;
        }
        ReadOnlySpan<byte> payload = frame.Slice(f.PayloadOffset, f.PayloadLength);
        EapolKey.TryParse(frame, in f, out EapolKey key);
        _ = key.Nonce.Of(frame).Length + key.Mic.Of(frame).Length + key.KeyData.Of(frame).Length + key.Pmkid.Of(frame).Length;
        EapPacket.TryParse(frame, in f, out EapPacket eap);
        _ = eap.Data.Of(frame).Length + eap.Identity.Of(frame).Length;
        EapWps.IsM3(frame, in f);
        RunNetwork(payload, cut);
    }

    internal static void RunNetwork(ReadOnlySpan<byte> payload, bool cut)
    {
        Arp.TryParse(payload, cut, out _);
        Cdp.TryParse(payload, cut, out Cdp cdp);
        _ = cdp.DeviceId.Of(payload).Length + cdp.PortId.Of(payload).Length;
        Dhcp.TryParse(payload, cut, out Dhcp dhcp);
        _ = dhcp.HostName.Of(payload).Length + dhcp.VendorClass.Of(payload).Length + dhcp.ClientId.Of(payload).Length;
        if (Ipv4.TryParse(payload, cut, out Ipv4 ip) == ParseStatus.Ok && Udp.TryParse(payload[ip.HeaderLength..], out _))
        {
            ReadOnlySpan<byte> message = payload[(ip.HeaderLength + Udp.HeaderLength)..];
            Dhcp.TryParse(message, cut, out dhcp);
            _ = dhcp.HostName.Of(message).Length + dhcp.VendorClass.Of(message).Length + dhcp.ClientId.Of(message).Length;
        }
    }

    private static void CheckSlices(ReadOnlySpan<byte> elements, in Dot11Elements e)
    {
        foreach (Slice slice in (ReadOnlySpan<Slice>)
        [
            e.Ssid, e.Rates, e.ExtendedRates, e.Country, e.CountryTriplets, e.SupportedChannels, e.MeshId, e.ExtendedCapabilities, e.AccessPointName,
            e.OweSsid, e.WpsDeviceName, e.WpsManufacturer, e.WpsModelName, e.WpsModelNumber, e.WpsSerialNumber, e.WpsUuidE, e.DjiDroneId,
            e.OpenDroneId, e.FrenchDroneId,
        ])
        {
            Assert.True(slice.Offset + slice.Length <= elements.Length);
        }
        DjiDroneId.TryParse(e.DjiDroneId.Of(elements), out DjiDroneId dji);
        _ = dji.Serial.Of(e.DjiDroneId.Of(elements)).Length;
        OpenDroneId.TryParse(e.OpenDroneId.Of(elements), out OpenDroneId odid);
        _ = odid.Id.Of(e.OpenDroneId.Of(elements)).Length + odid.SelfId.Of(e.OpenDroneId.Of(elements)).Length;
    }
}
