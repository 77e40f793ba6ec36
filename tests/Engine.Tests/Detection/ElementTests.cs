using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire.Dot11;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Detection;

/// <summary>Elements that drivers have failed over, and others that only look like them.</summary>
public sealed class ElementTests
{
    private readonly AlertRig _rig = new();

    public static TheoryData<string, byte[]> InBeacons => new()
    {
        { "LONGSSID", Elements.Of(0, new byte[33]) },
        { "BADFIXLENIE", Elements.Of(3, [6, 6]) },
        { "MSFDLINKRATE", Elements.Of(50, [1, 2, 0x75, 0xEB, 0x49, 3]) },
        { "QCOMEXTENDED", Elements.Of(127, new byte[14]) },
        { "RSNLOOP", Elements.Of(48, [1, 0, 0, 0x0F, 0xAC, 4, 0xFF, 0xFF, 0, 0x0F, 0xAC, 4]) },
        // P2P (50:6F:9A, 9), attribute 12, length 29.
        { "RTLWIFIP2P", VendorElements.Of(0x506F9A, [9, 12, 29, 0, .. new byte[29]]) },
        { "WMMOVERFLOW", VendorElements.Of(0x0050F2, [2, 1, 1, .. new byte[19]]) },
        // A country of two bytes.
        { "MALFORMMGMT", Elements.Of(7, [0x55, 0x53]) },
    };

    public static TheoryData<byte[]> Innocent => new()
    {
        Elements.Of(127, new byte[13]),
        Elements.Of(50, [1, 2, 0x75, 0xEB, 0x48]),
        VendorElements.Of(0x506F9A, [9, 12, 28, 0, .. new byte[28]]),
        VendorElements.Of(0x0050F2, [2, 1, 1, .. new byte[18]]),
        Elements.DsParameter(6),
        // An RSN element that is wrong in another way: it claims two ciphers and has one.
        Elements.Of(48, [1, 0, 0, 0x0F, 0xAC, 4, 2, 0, 0, 0x0F, 0xAC, 4]),
    };

    [Theory]
    [MemberData(nameof(InBeacons))]
    public void What_harms_is_told(string name, byte[] element) => Assert.Equal([name], _rig.Hear(Beacon(Ap, "Campus", 1, Ess, 1, element)).Names);

    [Theory]
    [MemberData(nameof(Innocent))]
    public void What_is_as_long_as_it_may_be_is_not(byte[] element) => Assert.Empty(_rig.Hear(Beacon(Ap, "Campus", 1, Ess, 1, element)).Names);

    [Theory]
    [InlineData("100%sure", true)]
    [InlineData("%p%s%s%s%s%n", true)]
    [InlineData("50% off", false)]
    [InlineData("100%", false)]
    [InlineData("%%d", false)]
    public void An_SSID_that_is_a_format_is_told(string ssid, bool told)
    {
        string[] names = told ? ["FORMATSTRING"] : [];
        Assert.Equal(names, _rig.Hear(Beacon(Ap, ssid)).Names);
        Assert.Equal(names, new AlertRig().Hear(ProbeRequest(Client, ssid)).Names);
    }

    [Fact]
    public void An_unchanged_beacon_is_told_of_once()
    {
        for (ushort i = 0; i < 5; i++)
        {
            _rig.Hear(Beacon(Ap, "%s", i));
        }
        Assert.Single(_rig.Alerts);
    }

    [Theory]
    [InlineData(FrameKind.AssociationResponse, 5, new[] { "WMMTSPEC" })]
    [InlineData(FrameKind.AssociationResponse, 4, new string[0])]
    [InlineData(FrameKind.ReassociationResponse, 5, new[] { "WMMTSPEC" })]
    public void Too_many_traffic_specifications_are_told(FrameKind kind, int count, string[] names)
    {
        byte[] tspec = VendorElements.Of(0x0050F2, [2, 2, 1, .. new byte[10]]);
        byte[][] elements = [Elements.Rates(Band.Ghz2), .. Enumerable.Repeat(tspec, count)];
        _rig.Hear(FrameBuilder.Management(kind, Client, Ap, Ap, 1).U16(Ess).U16(0).U16(1).All(elements).ToArray());
        Assert.Equal(names, _rig.Names);
    }

    [Theory]
    [InlineData("", new[] { "NULLPROBERESP" })]
    [InlineData("Campus", new string[0])]
    public void An_answer_without_a_name_is_told(string ssid, string[] names) => Assert.Equal(names, _rig.Hear(ProbeResponse(Ap, Client, ssid)).Names);

    [Fact]
    public void A_hidden_beacon_is_not() => Assert.Empty(_rig.Hear(Beacon(Ap, "")).Names);

    [Theory]
    [InlineData(0x90E9_7500_0001, new[] { "MSFBCOMSSID" })]
    [InlineData(0x90E9_7600_0001, new string[0])]
    public void Metasploits_address_is_known(ulong address, string[] names) => Assert.Equal(names, _rig.Hear(Beacon(new(address), "Campus")).Names);

    [Theory]
    [InlineData(0x01, new[] { "MSFNETGEARBEACON" })]
    [InlineData(0x02, new string[0])]
    public void Metasploits_long_beacon_is_known(byte last, string[] names)
    {
        List<byte[]> elements = [Elements.Ssid("Campus")];
        // Vendor elements up to where the bytes are: 24 of header, 12 fixed, 8 of the SSID's element.
        int left = 1180 - 24 - 12 - 8;
        for (; left > 100; left -= 100)
        {
            elements.Add(VendorElements.Of(0x001122, new byte[95]));
        }
        elements.Add(VendorElements.Of(0x001122, [.. new byte[left - 5], 0x6A, 0x39, 0x58, last]));
        Assert.Equal(names, _rig.Hear(BeaconOf(Ap, 1, Ess, 1, [.. elements])).Names);
    }

    [Theory]
    [InlineData(234, new[] { "BCOM11KCHAN" })]
    [InlineData(233, new string[0])]
    [InlineData(11, new string[0])]
    public void A_neighbour_on_no_channel_is_told(byte channel, string[] names)
    {
        // Neighbor report (52): BSSID, information, operating class, channel, PHY type.
        byte[] report = Elements.Of(52, [0, 0x11, 0x22, 0x33, 0x44, 0x66, 0, 0, 0, 0, 81, channel, 7]);
        _rig.Hear(FrameBuilder.Management(FrameKind.Action, Client, Ap, Ap, 1).U8(5).U8(5).U8(1).Raw(report).ToArray());
        Assert.Equal(names, _rig.Names);
    }

    [Fact]
    public void What_was_cut_off_is_nobodys_fault()
    {
        byte[] beacon = Beacon(Ap, "Campus", 1, Ess, 1, Elements.ExtendedCapabilities());
        AlertRig rig = new();
        rig.HearCut(beacon[..^3], 3);
        Assert.Empty(rig.Names);
    }
}
