using System.Text;
using KismetOrleans.Wire;

namespace KismetOrleans.SampleGenerator.Campus;

/// <summary>Everyone on the campus who sends beacons: at least one of each kind of security, physical layer and oddity.</summary>
internal sealed class Networks
{
    private static readonly byte[][] Germany2 = [Elements.Country("DE ", 1, 13, 20)];
    private static readonly byte[][] Germany5 =
        [Elements.Country("DE ", 36, 4, 23, 52, 4, 23, 100, 11, 30), Elements.PowerConstraint(3), Elements.TpcReport(17)];
    private static readonly byte[][] Us5 = [Elements.Country("US ", 36, 4, 24, 149, 5, 30), Elements.PowerConstraint(0)];
    private static readonly byte[][] World6 = [Elements.Country("DE\u0004", 1, 24, 23), Elements.TpcReport(14)];

    private readonly List<AccessPoint> all = [];

    /// <summary>All of them, in the order of their making.</summary>
    public IReadOnlyList<AccessPoint> All => all;

    public AccessPoint Open { get; }
    public AccessPoint Wep { get; }
    public AccessPoint Wpa1 { get; }
    public AccessPoint Mixed { get; }
    public AccessPoint Psk { get; }
    public AccessPoint PskFt { get; }
    public AccessPoint PskFtPeer { get; }
    public AccessPoint Enterprise { get; }
    public AccessPoint Sha256 { get; }
    public AccessPoint Sae { get; }
    public AccessPoint Sae6 { get; }
    public AccessPoint Transition { get; }
    public AccessPoint Enterprise192 { get; }
    public AccessPoint Owe { get; }
    public AccessPoint Hidden { get; }
    public AccessPoint HiddenNul { get; }
    public AccessPoint MeshA { get; }
    public AccessPoint MeshB { get; }
    public AccessPoint AdHocA { get; }
    public AccessPoint AdHocB { get; }
    public AccessPoint Bridge { get; }
    public AccessPoint BridgeFar { get; }
    public AccessPoint OpenDrone { get; }
    public AccessPoint DjiDrone { get; }

    public Networks()
    {
        // Security, from none to the strongest.
        Open = Add("F0:9F:C2:10:20:30", "Campus-Guest", Channel.On2(1), -52, standard: [.. Germany2, Elements.BssLoad(7, 61)]);
        Wep = Add("00:14:6C:3E:41:02", "oldlab", Channel.On2(11), -71, Security.Wep, Phy.Ofdm);
        Wpa1 = Add("00:18:39:9A:00:17", "printers", Channel.On2(6), -74, Security.Wpa1Psk, Phy.Ofdm);
        Mixed = Add("20:AA:4B:55:12:8C", "workshop", Channel.On2(6), -66, Security.Mixed, width: Width.Mhz40Plus, standard: Germany2);
        Psk = Add("50:C7:BF:2A:6D:10", "Library", Channel.On2(1), -48, Security.Wpa2Psk, standard: [.. Germany2, Elements.BssLoad(12, 97)],
            wps: new WpsElement());
        PskFt = Add("24:A4:3C:71:00:01", "Dormitory", Channel.On5(36), -58, Security.Wpa2PskFt, Phy.Vht, Width.Mhz80,
            [.. Germany5, Elements.RmEnabled()]);
        PskFtPeer = Add("24:A4:3C:71:00:02", "Dormitory", Channel.On5(52), -69, Security.Wpa2PskFt, Phy.Vht, Width.Mhz80,
            [.. Germany5, Elements.RmEnabled()]);
        Enterprise = Add("00:1A:1E:C0:44:50", "campus", Channel.On5(44), -61, Security.Wpa2Enterprise, Phy.He, Width.Mhz80,
            [.. Germany5, Elements.BssLoad(31, 140), Elements.RmEnabled(), Elements.Interworking()],
            [VendorElements.Hotspot20(), VendorElements.ArubaName("ap-main-hall-3")]);
        Sha256 = Add("00:1A:1E:C0:44:51", "campus-iot", Channel.On5(44), -61, Security.Wpa2Sha256, Phy.He, Width.Mhz80, Germany5,
            [VendorElements.ArubaName("ap-main-hall-3")]);
        Sae = Add("5C:5B:35:08:11:22", "Research", Channel.On5(149), -55, Security.Wpa3Sae, Phy.He, Width.Mhz40Plus, Us5,
            [VendorElements.MistName("mist-lab-2")]);
        Transition = Add("B4:FB:E4:19:AA:03", "Canteen", Channel.On2(11), -63, Security.Wpa3Transition, Phy.He, standard: Germany2);
        Enterprise192 = Add("00:1A:1E:C0:60:08", "administration", Channel.On5(100), -77, Security.Wpa3Enterprise192, Phy.He, Width.Mhz160,
            Germany5);
        AccessPoint oweOpen, owe;
        byte[] oweName = "Foyer-owe"u8.ToArray(), oweOpenName = "Foyer"u8.ToArray();
        MacAddress oweMac = Mac("78:8A:20:44:0B:11"), oweOpenMac = Mac("78:8A:20:44:0B:10");
        oweOpen = Add(new(oweOpenMac, oweOpenName, Sounds(Channel.On5(48), -64))
        {
            Phy = Phy.Vht,
            Width = Width.Mhz80,
            Standard = Germany5,
            Vendor = [VendorElements.OweTransition(oweMac, oweName)],
        });
        owe = Add(new(oweMac, oweName, oweOpen.Radio)
        {
            Phy = Phy.Vht,
            Width = Width.Mhz80,
            Standard = Germany5,
            Security = Security.Owe,
            Cloak = Cloak.Empty,
            Vendor = [VendorElements.OweTransition(oweOpenMac, oweOpenName)],
        });
        Owe = owe;
        Add("78:8A:20:44:0B:20", "Garden", Channel.On2(6), -80, Security.Owe, Phy.He, standard: Germany2);
        Add("FC:EC:DA:31:07:7E", "fils-test", Channel.On5(40), -70, Security.Fils, Phy.He, Width.Mhz80, Germany5);
        Add("50:C7:BF:90:01:44", "TP-Link_0144", Channel.On2(3), -79, Security.Wpa2Psk, standard: Germany2,
            wps: new WpsElement { Locked = true, SerialNumber = "1", ModelName = "TL-WR841N", ModelNumber = "13.0" });
        Add("C8:3A:35:00:BE:EF", "setup-me", Channel.On2(9), -83,
            wps: new WpsElement
            {
                Configured = false,
                Manufacturer = "Tenda",
                ModelName = "AC6",
                DeviceName = "Tenda AC6",
                SerialNumber = "",
                ModelNumber = "",
            });

        // Physical layers, 6 GHz.
        Add("00:14:6C:00:1B:1B", "b-only", Channel.On2(10), -88, phy: Phy.Dsss);
        Add("04:18:D6:A1:36:01", "a-only", Channel.On5(36), -85, Security.Wpa2Psk, Phy.Ofdm, standard: Us5);
        Add("04:18:D6:A1:36:02", "n5-minus", Channel.On5(40), -81, Security.Wpa2Psk, width: Width.Mhz40Minus, standard: Germany5);
        Add("04:18:D6:A1:36:03", "vht160", Channel.On5(100), -73, Security.Wpa2Psk, Phy.Vht, Width.Mhz160, Germany5);
        Sae6 = Add("5C:5B:35:08:66:05", "Research-6", Channel.On6(5), -60, Security.Wpa3Sae, Phy.He, Width.Mhz80, World6,
            [VendorElements.MistName("mist-lab-2")]);
        Add("5C:5B:35:08:66:37", "Open-6", Channel.On6(37), -67, Security.Owe, Phy.He, Width.Mhz160, World6);
        Add("5C:5B:35:08:66:93", "Seven", Channel.On6(69), -62, Security.Wpa3Sae, Phy.Eht, Width.Mhz320, World6);
        Add("5C:5B:35:08:66:94", "Seven", Channel.On5(36), -59, Security.Wpa3Transition, Phy.Eht, Width.Mhz160, Us5);
        Add("5C:5B:35:08:66:95", "Seven", Channel.On2(1), -57, Security.Wpa3Transition, Phy.Eht);

        // Names that are hard to show.
        Hidden = Add("F0:9F:C2:10:20:31", "staff-only", Channel.On2(1), -52, Security.Wpa2Psk, standard: Germany2, cloak: Cloak.Empty);
        HiddenNul = Add("50:C7:BF:77:00:0A", "not shown", Channel.On5(44), -68, Security.Wpa2Psk, Phy.Vht, Width.Mhz80, Germany5,
            cloak: Cloak.Nul);
        Add("00:25:9C:01:02:03", [0xB2, 0xE2, 0xCA, 0xD4, 0xCD, 0xF8, 0xC2, 0xE7], Channel.On2(4), -82, Security.Wpa2Psk);
        Add("00:25:9C:01:02:04", [0xFF, 0xFE, 0x00, 0x01, 0x80, 0xC3, 0x28, 0xED, 0xA0, 0x80], Channel.On2(4), -84, Security.Wpa2Psk);
        Add("00:25:9C:01:02:05", "Café Überall ☕ 学校", Channel.On2(7), -78, Security.Wpa2Psk);
        Add("00:25:9C:01:02:06", "say \"hi\" \\ o'clock", Channel.On2(7), -79, Security.Wpa2Psk);
        Add("00:25:9C:01:02:07", "<script>alert(1)</script>", Channel.On2(8), -80);
        Add("00:25:9C:01:02:08", "tab\tbell\u0007esc\u001b[31m", Channel.On2(8), -86, Security.Wpa2Psk);
        Add("00:25:9C:01:02:09", " leading and trailing blanks  ", Channel.On2(8), -87, Security.Wpa2Psk);

        // Names that access points give themselves.
        Add("58:97:BD:0C:15:C0", "campus", Channel.On5(60), -76, Security.Wpa2Enterprise,
            standard: [.. Germany5, VendorElements.CiscoCcxName("AP-Library-1", 9),
            VendorElements.CiscoTransmitPower(14)], vendor: [VendorElements.CiscoClientMfp()]);
        Add("00:13:92:5A:5A:01", "campus", Channel.On5(112), -80, Security.Wpa2Enterprise, Phy.Vht, Width.Mhz80, Germany5,
            [VendorElements.RuckusName("ruckus-gym")]);
        Add("00:19:77:0A:0E:01", "campus", Channel.On5(116), -81, Security.Wpa2Enterprise, Phy.Vht, Width.Mhz80, Germany5,
            [VendorElements.AerohiveName("hive-12")]);
        Add("00:09:0F:F0:12:01", "campus", Channel.On2(11), -79, Security.Wpa2Enterprise, standard: Germany2,
            vendor: [VendorElements.FortinetName("FAP-231F-lobby")]);

        Add("00:11:74:33:10:01", "campus", Channel.On5(120), -82, Security.Wpa2Enterprise, standard: Germany5,
            vendor: [VendorElements.MojoName("mojo-east-1")]);

        // Not access points.
        MeshA = Mesh("24:0A:C4:4D:00:01", -58);
        MeshB = Mesh("24:0A:C4:4D:00:02", -66);
        MacAddress cell = Mac("02:11:87:3C:5E:99");
        AdHocA = AdHoc("00:13:02:77:10:01", cell, -69);
        AdHocB = AdHoc("00:13:02:77:10:02", cell, -75);
        Bridge = Add("04:18:D6:B0:00:01", "roof-link", Channel.On5(157), -65, Security.Wpa2Psk, Phy.Vht, Width.Mhz40Plus, Us5);
        BridgeFar = Add("04:18:D6:B0:00:02", "roof-link", Channel.On5(157), -84, Security.Wpa2Psk, Phy.Vht, Width.Mhz40Plus, Us5);
        OpenDrone = Add("9A:3C:5B:D0:00:01", "RID-1596F350", Channel.On2(6), -72, phy: Phy.Ofdm, interval: 200);
        DjiDrone = Add("60:60:1F:AB:CD:01", "Mavic-ABCD01", Channel.On2(11), -76, Security.Wpa2Psk, interval: 200);
    }

    /// <summary>Reads an address that stands in the source.</summary>
    public static MacAddress Mac(string text) =>
        MacAddress.TryParse(text, out MacAddress address) ? address : throw new FormatException($"'{text}' is not an address");

    private static Radio Sounds(Channel channel, sbyte signal, Phy phy = Phy.Vht) => new(channel, signal)
    {
        // Two kinds of receivers: the one for 5 and 6 GHz has two antennas and says what each heard.
        HasAntennas = channel.Band != Band.Ghz2,
        Period = 31 + channel.Number % 40,
        HtMcs = phy == Phy.Ht ? (byte)5 : null,
        VhtMcs = phy >= Phy.Vht && channel.Band == Band.Ghz5 ? (byte)7 : null,
    };

    private AccessPoint Add(
        string mac, string ssid, Channel channel, sbyte signal, Security? security = null, Phy phy = Phy.Ht, Width width = Width.Mhz20,
        byte[][]? standard = null, byte[][]? vendor = null, Cloak cloak = Cloak.None, WpsElement? wps = null, ushort interval = 100) =>
        Add(mac, Encoding.UTF8.GetBytes(ssid), channel, signal, security, phy, width, standard, vendor, cloak, wps, interval);

    private AccessPoint Add(
        string mac, byte[] ssid, Channel channel, sbyte signal, Security? security = null, Phy phy = Phy.Ht, Width width = Width.Mhz20,
        byte[][]? standard = null, byte[][]? vendor = null, Cloak cloak = Cloak.None, WpsElement? wps = null, ushort interval = 100) =>
        Add(new(Mac(mac), ssid, Sounds(channel, signal, phy))
        {
            Security = security ?? Security.Open,
            Phy = phy,
            Width = width,
            Standard = standard ?? [],
            Vendor = vendor ?? [],
            Cloak = cloak,
            Wps = wps,
            Interval = interval,
        });

    private AccessPoint Mesh(string mac, sbyte signal) => Add(new(Mac(mac), [], Sounds(Channel.On2(13), signal, Phy.Ht))
    {
        IsMesh = true,
        Standard = [Elements.MeshConfiguration(peerings: 1), Elements.MeshId("campus-mesh")],
    });

    private AccessPoint AdHoc(string mac, MacAddress cell, sbyte signal) =>
        Add(new(Mac(mac), "field-laptops"u8.ToArray(), Sounds(Channel.On2(2), signal, Phy.Ofdm))
        {
            IsAdHoc = true,
            NetworkId = cell,
            Phy = Phy.Ofdm,
        });

    private AccessPoint Add(AccessPoint network)
    {
        all.Add(network);
        return network;
    }
}
