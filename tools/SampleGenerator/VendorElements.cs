// IEEE Std 802.11-2020, clause 9.4.2.25: vendor specific element (221).
using System.Text;
using KismetOrleans.Wire;

namespace KismetOrleans.SampleGenerator;

/// <summary>Vendor elements: what Microsoft, the Wi-Fi Alliance and makers of access points put into beacons.</summary>
public static class VendorElements
{
    /// <summary>221, any vendor element.</summary>
    /// <param name="oui">The vendor's 24-bit identifier.</param>
    /// <param name="body">What follows it, beginning with the vendor's type.</param>
    public static byte[] Of(uint oui, ReadOnlySpan<byte> body) => Elements.Of(221, new FrameBuilder().Oui(oui).Raw(body).ToArray());

    /// <summary>WMM parameter element (Wi-Fi Alliance, WMM specification 2.2.2): the usual access categories.</summary>
    public static byte[] Wmm() => Of(0x0050F2,
        [2, 1, 1, 0x80, 0, 0x03, 0xA4, 0, 0, 0x27, 0xA4, 0, 0, 0x42, 0x43, 0x5E, 0, 0x62, 0x32, 0x2F, 0]);

    /// <summary>WMM information element, as stations send it.</summary>
    public static byte[] WmmInformation() => Of(0x0050F2, [2, 0, 1, 0]);

    /// <summary>OWE transition mode (Wi-Fi Alliance, OWE specification 2.2.1): where the other network of the pair is.</summary>
    public static byte[] OweTransition(MacAddress bssid, ReadOnlySpan<byte> ssid) =>
        Of(0x506F9A, new FrameBuilder().U8(28).Address(bssid).U8((byte)ssid.Length).Raw(ssid).ToArray());

    /// <summary>Hotspot 2.0 indication, release 2.</summary>
    public static byte[] Hotspot20() => Of(0x506F9A, [16, 0x10]);

    /// <summary>Apple's device information, which has no meaning here but is what makes probes differ.</summary>
    public static byte[] Apple() => Of(0x0017F2, [0x0A, 0x00, 0x01, 0x04, 0x00, 0x00, 0x00, 0x00]);

    /// <summary>133, Cisco CCX: ten bytes of which no use is made, the name in sixteen, number of clients, three more bytes.</summary>
    public static byte[] CiscoCcxName(string name, byte clients) =>
        Elements.Of(133, new FrameBuilder().Raw([0x07, 0x00, 0x8F, 0, 0x0F, 0, 0xFF, 0x03, 0x59, 0]).Text(name, 16).U8(clients)
            .Raw([0, 0, 0x3A]).ToArray());

    /// <summary>150, Cisco transmit power in dBm.</summary>
    public static byte[] CiscoTransmitPower(byte power) => Elements.Of(150, [0x00, 0x40, 0x96, 0x00, power, 0x00]);

    /// <summary>Cisco client MFP.</summary>
    public static byte[] CiscoClientMfp() => Of(0x004096, [0x14, 0x01]);

    /// <summary>Aruba: the access point's name.</summary>
    public static byte[] ArubaName(string name) => Of(0x000B86, [0x01, 0x03, 0x00, .. Encoding.UTF8.GetBytes(name)]);

    /// <summary>Mist: the access point's name.</summary>
    public static byte[] MistName(string name) => Of(0x5C5B35, [0x01, .. Encoding.UTF8.GetBytes(name)]);

    /// <summary>Ruckus: the access point's name.</summary>
    public static byte[] RuckusName(string name) => Of(0x001392, [0x03, .. Encoding.UTF8.GetBytes(name)]);

    /// <summary>Mojo (Arista): the access point's name.</summary>
    public static byte[] MojoName(string name) => Of(0x001174, [0x06, .. Encoding.UTF8.GetBytes(name)]);

    /// <summary>Aerohive: type, version, subtype and the access point's name with its length, ended by NUL.</summary>
    public static byte[] AerohiveName(string name)
    {
        byte[] text = [.. Encoding.UTF8.GetBytes(name), 0];
        return Of(0x001977, [0x21, 0x01, 0x00, (byte)text.Length, .. text]);
    }

    /// <summary>Fortinet: system element with the access point's name.</summary>
    public static byte[] FortinetName(string name)
    {
        byte[] text = Encoding.UTF8.GetBytes(name);
        return Of(0x00090F, [0x0A, 0x00, 0x01, (byte)text.Length, .. text]);
    }
}
