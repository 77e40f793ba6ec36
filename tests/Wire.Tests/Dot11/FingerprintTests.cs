using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Hashing;

namespace KismetOrleans.Wire.Tests.Dot11;

/// <summary>Fingerprints: XXH32 over the listed elements in the order of the list, whatever the order in the frame.</summary>
public sealed class FingerprintTests
{
    private static readonly string Ssid = Make.Element(0, "61");
    private static readonly string Rates = Make.Element(1, "82");
    private static readonly string Ds = Make.Element(3, "06");
    private static readonly string Capabilities = Make.Element(127, "04");
    private static readonly string Wmm = Make.Element(221, "0050F202 00");
    private static readonly string Broadcom = Make.Element(221, "00101802 00");

    [Fact]
    public void Listed_elements_are_hashed_in_the_lists_order()
    {
        Dot11Elements e = Make.Elements(Broadcom + Wmm + Capabilities + Ds + Rates + Ssid);
        Assert.Equal(XxHash32.Compute(Make.Hex(Ssid + Rates + Capabilities + Wmm + Broadcom)), e.BeaconFingerprint);
        Assert.Equal(XxHash32.Compute(Make.Hex(Rates + Capabilities + Broadcom)), e.ProbeFingerprint);
    }

    [Fact]
    public void Only_the_first_of_a_kind_counts()
    {
        Dot11Elements e = Make.Elements(Rates + Make.Element(1, "84"));
        Assert.Equal(XxHash32.Compute(Make.Hex(Rates)), e.BeaconFingerprint);
    }

    [Fact]
    public void Every_listed_element_changes_the_beacon_fingerprint()
    {
        string[] vendors = ["00156D00", "0050F202", "00101802", "506F9A1C"];
        byte[] ids = [0, 1, 45, 48, 50, 61, 74, 127, 191, 195];
        string[] all = [.. ids.Select(id => Make.Element(id, "00")), .. vendors.Select(vendor => Make.Element(221, vendor))];
        var seen = new HashSet<uint> { 0 };
        foreach (string element in all)
        {
            Dot11ElementsParser.TryParse(Make.Hex(element), FrameKind.Beacon, cut: false, out Dot11Elements e);
            Assert.True(seen.Add(e.BeaconFingerprint), element);
        }
        foreach (byte id in (byte[])[1, 50, 59, 107, 127])
        {
            Dot11ElementsParser.TryParse(Make.Hex(Make.Element(id, "00")), FrameKind.ProbeRequest, cut: false, out Dot11Elements e);
            Assert.Equal(XxHash32.Compute(Make.Hex(Make.Element(id, "00"))), e.ProbeFingerprint);
        }
        Assert.Equal(0u, Make.Elements(Ds).BeaconFingerprint);
        Assert.NotEqual(0u, Make.Elements(Make.Element(221, "00904C33 00")).ProbeFingerprint);
    }

    [Fact]
    public void The_longest_elements_fit()
    {
        // Every listed element with 255 bytes of body.
        string[] heads = ["00156D00", "0050F202", "00101802", "506F9A1C"];
        string all = string.Concat(((byte[])[0, 1, 45, 48, 50, 61, 74, 127, 191, 195]).Select(id => Make.Element(id, new string('0', 510))))
            + string.Concat(heads.Select(head => Make.Element(221, head + new string('0', 502))));
        Dot11ElementsParser.TryParse(Make.Hex(all), FrameKind.Beacon, cut: false, out Dot11Elements e);
        Assert.Equal(XxHash32.Compute(Make.Hex(all)), e.BeaconFingerprint);
    }
}
