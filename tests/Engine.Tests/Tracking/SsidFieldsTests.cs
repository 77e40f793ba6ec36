using KismetOrleans.Records.Dot11;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Tracking;

/// <summary>What elements and capabilities put into the records of an SSID and its device (inventory: dot11-tracking.md, 5, 7 and 8).</summary>
public sealed class SsidFieldsTests
{
    private readonly Rig _rig = new();

    [Fact]
    public void Privacy_without_RSN_or_WPA_is_WEP()
    {
        AdvertisedSsid record = Announce(capabilities: EssPrivacy);
        Assert.Equal(("WEP", CryptBits.Wep, 2UL), (record.CryptText, record.Crypt, record.CryptSet));
        Assert.Equal("WEP", _rig[Ap].Crypt);
    }

    [Fact]
    public void Privacy_with_WPS_alone_is_WEP_too()
    {
        AdvertisedSsid record = Announce(capabilities: EssPrivacy, more: new WpsElement().ToElement(brief: true));
        Assert.Equal("WEP", record.CryptText);
        Assert.Equal(CryptBits.Wep, record.Crypt & ~CryptBits.Wps);
    }

    [Fact]
    public void Privacy_of_a_cut_beacon_may_be_anything()
    {
        byte[] beacon = Beacon(Ap, "Campus", capabilities: EssPrivacy, more: Security.Wpa2Psk.Rsn);
        _rig.HearPacket(beacon[..^10], LinkType.Ieee80211, cutOff: 10);
        Assert.Equal(("", CryptBits.None), (_rig.Dot11(Ap).Advertised![0].CryptText, _rig.Dot11(Ap).Advertised![0].Crypt));
        _rig.Hear(beacon, 1).HearPacket(beacon[..^9], LinkType.Ieee80211, 2, cutOff: 9);
        Assert.Equal("WPA2 WPA2-PSK AES-CCMP", Assert.Single(_rig.Dot11(Ap).Advertised!).CryptText);
    }

    [Fact]
    public void No_privacy_and_no_element_is_open()
    {
        AdvertisedSsid record = Announce();
        Assert.Equal(("Open", CryptBits.None, 0UL), (record.CryptText, record.Crypt, record.CryptSet));
        Assert.Equal("Open", _rig[Ap].Crypt);
    }

    [Fact]
    public void RSN_tells_the_security_whatever_the_privacy_bit()
    {
        AdvertisedSsid record = Announce(capabilities: EssPrivacy, more: Security.Wpa2Psk.Rsn);
        Assert.Equal(("WPA2 WPA2-PSK AES-CCMP", 274945016842UL, 268436160UL), (record.CryptText, (ulong)record.Crypt, record.CryptSet));
        Assert.Equal((false, false), (record.MfpRequired, record.MfpSupported));
    }

    [Fact]
    public void OWE_has_a_name_of_its_own()
    {
        AdvertisedSsid record = Announce(capabilities: EssPrivacy, more: Security.Owe.Rsn);
        Assert.Equal("WPA3 OWE AES-CCMP", record.CryptText);
        Assert.Equal((true, true), (record.MfpRequired, record.MfpSupported));
    }

    [Fact]
    public void An_OWE_transition_network_is_open_and_names_the_other_one()
    {
        AdvertisedSsid record = Announce(more: VendorElements.OweTransition(OtherAp, Text("owe-hidden")));
        Assert.Equal("Open", record.CryptText);
        Assert.Equal(("owe-hidden", 10, OtherAp), (record.OweSsid, record.OweSsidLength, record.OweBssid));
    }

    [Fact]
    public void The_device_has_the_security_of_its_newest_beacon()
    {
        Announce(1, "a", EssPrivacy, Security.Wpa2Psk.Rsn);
        _rig.Hear(Beacon(Ap, "b", 2));
        Assert.Equal("Open", _rig[Ap].Crypt);
        // An answer does not overrule it.
        _rig.Hear(ProbeResponse(Ap, Client, "c", 3, Security.Wpa3Sae.Rsn));
        Assert.Equal("Open", _rig[Ap].Crypt);
    }

    [Theory]
    // HT operation (61) with 22 bytes: primary channel 36, second byte the secondary channel's offset and width.
    [InlineData("2404", "", "36", ChannelWidth.Ht20, 0, 0)]
    [InlineData("2405", "", "36", ChannelWidth.Ht40Plus, 0, 0)]
    [InlineData("2807", "", "40", ChannelWidth.Ht40Minus, 0, 0)]
    // VHT operation (192): width, centre of segment 0, centre of segment 1, basic MCS set.
    [InlineData("2405", "012A00FCFF", "36", ChannelWidth.Ht80, 5210, 5000)]
    [InlineData("2405", "012A32FCFF", "36", ChannelWidth.Ht160, 5210, 5250)]
    [InlineData("2405", "012A9BFCFF", "36", ChannelWidth.Ht80Plus80, 5210, 5775)]
    [InlineData("2405", "000000FCFF", "36", ChannelWidth.Ht40Plus, 0, 0)]
    public void The_channel_is_that_of_HT_operation_and_the_width_of_VHT_operation(
        string ht, string vht, string channel, ChannelWidth width, int center1, int center2)
    {
        byte[][] elements = [Elements.Of(61, [.. Convert.FromHexString(ht), .. new byte[20]])];
        if (vht.Length > 0)
        {
            elements = [.. elements, Elements.Of(192, Convert.FromHexString(vht))];
        }
        AdvertisedSsid record = Announce(more: elements);
        Assert.Equal((channel, width, center1, center2), (record.Channel, record.Width, record.Center1, record.Center2));
    }

    [Fact]
    public void Without_HT_operation_the_SSID_has_no_channel()
    {
        AdvertisedSsid record = Announce(more: Elements.DsParameter(6));
        Assert.Equal(("", ChannelWidth.None), (record.Channel, record.Width));
    }

    [Fact]
    public void Elements_of_a_beacon_fill_its_record()
    {
        AdvertisedSsid record = Announce(more:
        [
            Elements.Country("DE ", 1, 13, 20), Elements.TpcReport(17), Elements.MobilityDomain(0x1C2A, overDs: true), VendorElements.CiscoTransmitPower(14),
            VendorElements.CiscoClientMfp(), VendorElements.ArubaName("ap-3-west"),
        ]);
        Assert.Equal(("DE", 17, 14), (record.Country, record.TxPower, record.CcxTxPower));
        Assert.Equal((true, 0x1C2A, true), (record.Mobility, record.MobilityDomain, record.CiscoClientMfp));
        Assert.Equal("ap-3-west", record.BeaconInfo);
        // 100 time units are 102.4 ms; 0x18 and 0x24 of the rates are 12 and 18 Mbit/s.
        Assert.Equal((10u, 18f), (record.BeaconRate, record.MaxRate));
        Assert.NotEqual(0u, _rig.Dot11(Ap).BeaconFingerprint);
    }

    [Fact]
    public void WPS_is_read_and_names_the_manufacturer()
    {
        _rig.Hear(ProbeResponse(Ap, Client, "Home", 1, new WpsElement { Locked = true }.ToElement(brief: false)));
        WpsInfo wps = _rig.Dot11(Ap).Responded![0].Wps!;
        Assert.Equal(new WpsInfo(0x10, 5, 0x2688, "Wireless Router", "TP-Link", "Archer C7", "5.0", "2173047000042"), wps);
        Assert.Equal("TP-Link", _rig[Ap].Manufacturer);
    }

    [Fact]
    public void A_vendor_element_names_the_manufacturer_where_the_registry_does_not()
    {
        byte[] ubiquiti = VendorElements.Of(0x00156D, [0, 1, 2]);
        _rig.Hear(Beacon(new(0x0E00_0000_0009), "a", more: ubiquiti)).Hear(Beacon(Ap, "a", more: ubiquiti));
        Assert.Equal(FakeManufacturers.Ubiquiti, _rig[new(0x0E00_0000_0009)].Manufacturer);
        Assert.Equal(FakeManufacturers.Acme, _rig[Ap].Manufacturer);
    }

    [Fact]
    public void A_probe_request_leaves_its_fingerprint_and_what_it_can()
    {
        _rig.Hear(ProbeRequest(Client, "Home", 1, Elements.ExtendedCapabilities(), Elements.MobilityDomain(7, overDs: false)));
        Assert.NotEqual(0u, _rig.Dot11(Client).ProbeFingerprint);
        ProbedSsid probed = Assert.Single(_rig.Dot11(Client).Probed!);
        Assert.Equal((true, (ushort)7, MacAddress.Zero), (probed.Mobility, probed.MobilityDomain, probed.Bssid));
        Assert.Equal("Open", probed.CryptText);
    }

    private AdvertisedSsid Announce(ushort sequence = 1, string ssid = "Campus", ushort capabilities = Ess, params byte[][] more)
    {
        _rig.Hear(Beacon(Ap, ssid, sequence, capabilities, more: more));
        return _rig.Dot11(Ap).Advertised![^1];
    }
}
