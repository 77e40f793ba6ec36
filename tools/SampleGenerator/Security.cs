// IEEE Std 802.11-2020, clause 9.4.2.24 (RSN element, tables 9-149 and 9-151); Wi-Fi Alliance, WPA specification 3.1 (WPA element).

namespace KismetOrleans.SampleGenerator;

/// <summary>How the data frames of a network are encrypted.</summary>
public enum DataCipher
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>WEP.</summary>
    Wep,

    /// <summary>TKIP.</summary>
    Tkip,

    /// <summary>CCMP or GCMP, which look alike on the air.</summary>
    Ccmp,
}

/// <summary>A kind of security: what an access point says about it and what its data frames look like.</summary>
/// <param name="Name">Short name.</param>
/// <param name="Cipher">How data frames are encrypted.</param>
/// <param name="Rsn">The RSN element; empty where there is none.</param>
/// <param name="Wpa">The WPA vendor element; empty where there is none.</param>
/// <param name="Others">Further elements that belong to it (mobility domain, RSN extension, FILS).</param>
public sealed record Security(string Name, DataCipher Cipher, byte[] Rsn, byte[] Wpa, params byte[][] Others)
{
    private const byte Tkip = 2, Ccmp = 4, BipCmac128 = 6, Gcmp256 = 9, BipGmac256 = 12;
    private const byte Eap = 1, Psk = 2, EapFt = 3, PskFt = 4, EapSha256 = 5, PskSha256 = 6, Sae = 8, SaeFt = 9, Suite192 = 12,
        FilsSha256 = 14, FilsSha384 = 15, OweAkm = 18;
    private const ushort MfpRequired = 0x40, MfpCapable = 0x80;

    /// <summary>Whether the capability information has the privacy bit.</summary>
    public bool IsPrivate => Cipher != DataCipher.None;

    /// <summary>No encryption.</summary>
    public static Security Open { get; } = new("Open", DataCipher.None, [], []);

    /// <summary>WEP: the privacy bit and no element.</summary>
    public static Security Wep { get; } = new("WEP", DataCipher.Wep, [], []);

    /// <summary>WPA with TKIP and a passphrase.</summary>
    public static Security Wpa1Psk { get; } = new("WPA1-PSK", DataCipher.Tkip, [], WpaElement(Tkip, [Tkip], Psk));

    /// <summary>WPA and WPA2 with TKIP and CCMP and a passphrase.</summary>
    public static Security Mixed { get; } =
        new("WPA1+2-PSK", DataCipher.Ccmp, RsnElement(Tkip, [Ccmp, Tkip], [Psk]), WpaElement(Tkip, [Ccmp, Tkip], Psk));

    /// <summary>WPA2 with a passphrase.</summary>
    public static Security Wpa2Psk { get; } = new("WPA2-PSK", DataCipher.Ccmp, RsnElement(Ccmp, [Ccmp], [Psk]), []);

    /// <summary>WPA2 with a passphrase and fast transition.</summary>
    public static Security Wpa2PskFt { get; } =
        new("WPA2-PSK-FT", DataCipher.Ccmp, RsnElement(Ccmp, [Ccmp], [Psk, PskFt]), [], Elements.MobilityDomain(0x1C2A, overDs: true));

    /// <summary>WPA2 with 802.1X.</summary>
    public static Security Wpa2Enterprise { get; } =
        new("WPA2-Enterprise", DataCipher.Ccmp, RsnElement(Ccmp, [Ccmp], [Eap, EapFt]), [], Elements.MobilityDomain(0xA17E, overDs: false));

    /// <summary>WPA2 with 802.1X or a passphrase, SHA-256 and protected management frames.</summary>
    public static Security Wpa2Sha256 { get; } =
        new("WPA2-SHA256", DataCipher.Ccmp, RsnElement(Ccmp, [Ccmp], [EapSha256, PskSha256], MfpRequired | MfpCapable, BipCmac128), []);

    /// <summary>WPA3 with SAE.</summary>
    public static Security Wpa3Sae { get; } =
        new("WPA3-SAE", DataCipher.Ccmp, RsnElement(Ccmp, [Ccmp], [Sae, SaeFt], MfpRequired | MfpCapable, BipCmac128), [],
            Elements.RsnExtension());

    /// <summary>WPA3 with SAE, and WPA2 for those who cannot.</summary>
    public static Security Wpa3Transition { get; } =
        new("WPA3-transition", DataCipher.Ccmp, RsnElement(Ccmp, [Ccmp], [Psk, Sae], MfpCapable, BipCmac128), [], Elements.RsnExtension());

    /// <summary>WPA3-Enterprise, 192 bits.</summary>
    public static Security Wpa3Enterprise192 { get; } =
        new("WPA3-Enterprise-192", DataCipher.Ccmp, RsnElement(Gcmp256, [Gcmp256], [Suite192], MfpRequired | MfpCapable, BipGmac256), []);

    /// <summary>Opportunistic wireless encryption.</summary>
    public static Security Owe { get; } =
        new("OWE", DataCipher.Ccmp, RsnElement(Ccmp, [Ccmp], [OweAkm], MfpRequired | MfpCapable, BipCmac128), []);

    /// <summary>FILS with 802.1X.</summary>
    public static Security Fils { get; } = new("FILS", DataCipher.Ccmp,
        RsnElement(Ccmp, [Ccmp], [EapSha256, FilsSha256, FilsSha384], MfpRequired | MfpCapable, BipCmac128), [],
            Elements.FilsIndication(0x3D21));

    /// <summary>48, RSN element.</summary>
    /// <param name="group">Group cipher, by its number under 00:0F:AC.</param>
    /// <param name="pairwise">Pairwise ciphers.</param>
    /// <param name="akms">Key management suites.</param>
    /// <param name="capabilities">RSN capabilities.</param>
    /// <param name="groupManagement">Group management cipher; 0 leaves it and the list of PMKIDs out.</param>
    public static byte[] RsnElement(
        byte group, ReadOnlySpan<byte> pairwise, ReadOnlySpan<byte> akms, ushort capabilities = 0, byte groupManagement = 0)
    {
        var body = new FrameBuilder().U16(1);
        Suites(body, 0x000FAC, group, pairwise, akms);
        body.U16(capabilities);
        if (groupManagement != 0)
        {
            body.U16(0).Oui(0x000FAC).U8(groupManagement);
        }
        return Elements.Of(48, body.ToArray());
    }

    /// <summary>221, WPA element.</summary>
    public static byte[] WpaElement(byte group, ReadOnlySpan<byte> pairwise, byte akm)
    {
        var body = new FrameBuilder().U8(1).U16(1);
        Suites(body, 0x0050F2, group, pairwise, [akm]);
        return VendorElements.Of(0x0050F2, body.ToArray());
    }

    /// <summary>The RSN element that a station asks with: one of the offered suites.</summary>
    public static byte[] StationRsn(byte akm, ushort capabilities = 0, byte cipher = Ccmp) =>
        RsnElement(cipher, [cipher], [akm], capabilities);

    private static void Suites(FrameBuilder body, uint oui, byte group, ReadOnlySpan<byte> pairwise, ReadOnlySpan<byte> akms)
    {
        body.Oui(oui).U8(group).U16((ushort)pairwise.Length);
        foreach (byte suite in pairwise)
        {
            body.Oui(oui).U8(suite);
        }
        body.U16((ushort)akms.Length);
        foreach (byte suite in akms)
        {
            body.Oui(oui).U8(suite);
        }
    }
}
