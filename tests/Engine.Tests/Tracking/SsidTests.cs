using KismetOrleans.Engine.Ssids;
using KismetOrleans.Records.Dot11;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Hashing;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Tracking;

/// <summary>SSIDs as they are announced, answered with, asked for and hidden (inventory: dot11-tracking.md, 6).</summary>
public sealed class SsidTests
{
    private readonly Rig _rig = new();

    [Theory]
    [InlineData("WPA2Net", 1024457746u)]
    [InlineData("EntNet", 1971285708u)]
    public void The_hash_is_the_one_that_clients_know(string ssid, uint hash)
    {
        _rig.Hear(Beacon(Ap, ssid)).Hear(ProbeRequest(Client, ssid));
        AdvertisedSsid announced = Assert.Single(_rig.Dot11(Ap).Advertised!);
        Assert.Equal((ssid, ssid.Length, hash), (announced.Ssid, announced.Length, announced.Hash));
        Assert.Equal(hash, Assert.Single(_rig.Dot11(Client).Probed!).Hash);
    }

    [Fact]
    public void Beacons_and_probe_responses_have_lists_of_their_own_and_share_the_newest()
    {
        _rig.Hear(Beacon(Ap, "Campus")).Hear(ProbeResponse(Ap, Client, "Campus"), 1);
        Dot11Device ap = _rig.Dot11(Ap);
        Assert.Equal((true, false), (ap.Advertised![0].Beacon, ap.Advertised[0].ProbeResponse));
        Assert.Equal((false, true), (ap.Responded![0].Beacon, ap.Responded[0].ProbeResponse));
        Assert.Same(ap.Responded[0], ap.LastBeaconed);
        // One string serves the device's name and both lists.
        Assert.Same(ap.Advertised[0].Ssid, ap.Responded[0].Ssid);
        _rig.Hear(Beacon(Ap, "Campus", 2), 2);
        Assert.Same(ap.Advertised[0], ap.LastBeaconed);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("\0\0\0\0\0\0", 6)]
    public void A_hidden_network_has_no_text_and_goes_by_its_address(string ssid, int length)
    {
        _rig.Hear(Beacon(Ap, ssid));
        AdvertisedSsid record = Assert.Single(_rig.Dot11(Ap).Advertised!);
        Assert.True(record.Cloaked);
        Assert.Equal(("", length), (record.Ssid, record.Length));
        Assert.Equal(XxHash32.Compute([(byte)length, 0, 0, 0]), record.Hash);
        Assert.Equal("00:11:22:33:44:55", _rig[Ap].Name);
    }

    [Fact]
    public void The_answer_to_a_probe_reveals_a_hidden_network()
    {
        _rig.Hear(Beacon(Ap, "")).Hear(ProbeResponse(Ap, Client, "Secret"), 1);
        Assert.Equal("Secret", _rig[Ap].Name);
        Assert.Equal("Secret", Assert.Single(_rig.Dot11(Ap).Responded!).Ssid);
        Assert.True(Assert.Single(_rig.Dot11(Ap).Advertised!).Cloaked);
        _rig.Hear(Beacon(Ap, "\0\0\0\0\0\0"), 2);
        Assert.Equal("Secret", _rig[Ap].Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0\0\0\0")]
    public void A_request_to_join_reveals_a_hidden_network(string shown)
    {
        _rig.Hear(Beacon(Ap, shown)).Hear(AssociationRequest(Client, Ap, "Secret"), 1);
        AdvertisedSsid record = Assert.Single(_rig.Dot11(Ap).Advertised!);
        Assert.Equal(("Secret", true, "Secret"), (record.Ssid, record.Cloaked, _rig[Ap].Name));
        _rig.Hear(Beacon(Ap, shown, 2), 2);
        Assert.Equal(("Secret", "Secret"), (record.Ssid, _rig[Ap].Name));
    }

    [Fact]
    public void Hidden_networks_of_one_length_are_one_group_whether_their_name_is_known_or_not()
    {
        _rig.Hear(Beacon(Ap, "\0\0\0\0\0\0")).Hear(Beacon(OtherAp, "\0\0\0\0\0\0")).Hear(AssociationRequest(Client, Ap, "Secret"), 1);
        SsidTally tally = new(new(NamesDevices: false));
        Assert.True(tally.Advance(_rig.Devices));
        SsidGroup hidden = Assert.Single(tally.Share.Groups, static group => group.Advertising.Count > 0);
        Assert.Equal(("", 2), (hidden.Ssid, hidden.Advertising.Count));
    }

    [Fact]
    public void A_request_to_join_renames_no_network_that_shows_its_name_or_another_length()
    {
        _rig.Hear(Beacon(Ap, "Campus")).Hear(AssociationRequest(Client, Ap, "Secret"), 1);
        _rig.Hear(Beacon(OtherAp, "\0\0\0")).Hear(AssociationRequest(Client, OtherAp, "Secret"), 2);
        Assert.Equal(("Campus", "00:11:22:33:44:66"), (_rig[Ap].Name, _rig[OtherAp].Name));
    }

    [Fact]
    public void A_broadcast_probe_is_recorded_too()
    {
        _rig.Hear(ProbeRequest(Client, "", 1)).Hear(ProbeRequest(Client, "Home", 2), 1).Hear(ProbeRequest(Client, "", 3), 2);
        ProbedSsid[] probed = _rig.Dot11(Client).Probed!;
        Assert.Equal(["", "Home"], probed.Select(p => p.Ssid));
        Assert.Equal([Packets.Start + 2, Packets.Start + 1], probed.Select(p => p.LastTime));
        Assert.Same(probed[0], _rig.Dot11(Client).LastProbed);
    }

    [Fact]
    public void A_probe_without_SSID_element_leaves_nothing()
    {
        _rig.Hear(FrameBuilder.Management(Wire.Dot11.FrameKind.ProbeRequest, MacAddress.Broadcast, Client, MacAddress.Broadcast, 1)
            .All(Elements.Rates(Band.Ghz2)).ToArray());
        Assert.Null(_rig.Dot11(Client).Probed);
    }

    [Fact]
    public void A_beacon_without_SSID_element_is_not_one_with_an_empty_one()
    {
        _rig.Hear(BeaconOf(Ap, 1, Ess, 1, Elements.Rates(Band.Ghz2))).Hear(BeaconOf(Ap, 2, Ess, 1, Elements.Ssid(""), Elements.Rates(Band.Ghz2)), 1);
        AdvertisedSsid[] records = _rig.Dot11(Ap).Advertised!;
        Assert.Equal(2, records.Length);
        Assert.Equal(0u, records[0].Hash);
        Assert.NotEqual(0u, records[1].Hash);
    }

    [Fact]
    public void The_longest_SSID_is_kept_and_a_longer_one_is_not_used()
    {
        string longest = new('s', 32);
        _rig.Hear(Beacon(Ap, longest)).Hear(Beacon(OtherAp, longest + "!"));
        Assert.Equal(longest, Assert.Single(_rig.Dot11(Ap).Advertised!).Ssid);
        AdvertisedSsid record = Assert.Single(_rig.Dot11(OtherAp).Advertised!);
        Assert.Equal(("", 0, 0u), (record.Ssid, record.Length, record.Hash));
        Assert.Equal(Dot11TypeSet.BeaconAp, _rig.Dot11(OtherAp).TypeSet);
        Assert.Equal("00:11:22:33:44:66", _rig[OtherAp].Name);
    }

    [Theory]
    [InlineData("62 61 64 FF FE 62 79 74 65 73", "bad\\xFF\\xFEbytes")]
    [InlineData("C3 BC 62 65 72", "über")]
    [InlineData("E2 98 95 C0 80", "☕\\xC0\\x80")]
    [InlineData("61 00 62", "a\0b")]
    [InlineData("22 5C 0A", "\"\\\n")]
    public void Bytes_that_are_no_UTF_8_are_spelt_out_once(string hex, string text)
    {
        byte[] ssid = Convert.FromHexString(hex.Replace(" ", ""));
        _rig.Hear(BeaconOf(Ap, 1, Ess, 1, Elements.Ssid(ssid)));
        Assert.Equal((text, ssid.Length), (_rig.Dot11(Ap).Advertised![0].Ssid, _rig.Dot11(Ap).Advertised![0].Length));
        Assert.Equal(text, _rig[Ap].Name);
    }

    [Fact]
    public void A_new_SSID_renames_the_device()
    {
        _rig.Hear(Beacon(Ap, "Old", 1)).Hear(Beacon(Ap, "New", 2), 1).Hear(Beacon(Ap, "Old", 3), 2);
        Assert.Equal("New", _rig[Ap].Name);
        Assert.Equal(2, _rig.Dot11(Ap).Advertised!.Length);
    }

    [Fact]
    public void A_beacon_that_differs_in_its_TIM_only_is_counted_and_not_read_again()
    {
        byte[] Tim(ushort sequence, byte count) =>
            BeaconOf(Ap, sequence, Ess, 100u + sequence, Elements.Ssid("Campus"), Elements.Tim(count, 3), Elements.Rates(Band.Ghz2));
        _rig.Hear(Tim(1, 0), 0.1);
        AdvertisedSsid record = _rig.Dot11(Ap).Advertised![0];
        uint checksum = record.ElementsChecksum;
        _rig.Hear(Tim(2, 1), 0.2).Hear(Tim(3, 2), 0.3);
        // The checksum is over TIM too: that of the first beacon shows that the others were not parsed.
        Assert.Equal(checksum, record.ElementsChecksum);
        Assert.Equal(3u, record.BeaconsSecond);
        Assert.Equal(3UL, _rig[Ap].Packets);
        Assert.Equal(103UL, _rig.Dot11(Ap).BssTimestamp);
        _rig.Hear(Tim(4, 0), 1.2);
        Assert.Equal((1u, Packets.Start, Packets.Start + 1), (record.BeaconsSecond, record.FirstTime, record.LastTime));
        Assert.Equal(Packets.Start + 1, _rig.Dot11(Ap).LastBeaconTime);
    }

    [Fact]
    public void A_beacon_that_changes_is_read_again()
    {
        _rig.Hear(Beacon(Ap, "Campus", 1, more: Elements.BssLoad(5, 51))).Hear(Beacon(Ap, "Campus", 2, more: Elements.BssLoad(9, 102)), 1);
        AdvertisedSsid record = Assert.Single(_rig.Dot11(Ap).Advertised!);
        Assert.Equal((true, 9), (record.Qbss, record.QbssStations));
        Assert.Equal(40f, record.QbssUtilization);
    }

    [Fact]
    public void An_access_point_with_two_SSIDs_counts_each_beacon_for_its_own()
    {
        // All in one second, so that times do not tell which SSID was last.
        _rig.Hear(Beacon(Ap, "A", 1), 0.1).Hear(Beacon(Ap, "B", 2), 0.2).Hear(Beacon(Ap, "B", 3), 0.3).Hear(Beacon(Ap, "B", 4), 0.4);
        Assert.Equal([1u, 3u], _rig.Dot11(Ap).Advertised!.Select(record => record.BeaconsSecond));
        Assert.Equal("B", _rig.Dot11(Ap).LastBeaconed!.Ssid);
        _rig.Hear(Beacon(Ap, "A", 5), 0.5).Hear(Beacon(Ap, "A", 6), 0.6);
        Assert.Equal([3u, 3u], _rig.Dot11(Ap).Advertised!.Select(record => record.BeaconsSecond));
        Assert.Equal("A", _rig.Dot11(Ap).LastBeaconed!.Ssid);
        // An answer between two beacons does not turn them over either.
        _rig.Hear(Beacon(Ap, "B", 7), 0.7).Hear(ProbeResponse(Ap, Client, "A", 8), 0.8).Hear(Beacon(Ap, "B", 9), 0.9);
        Assert.Equal([3u, 5u], _rig.Dot11(Ap).Advertised!.Select(record => record.BeaconsSecond));
        Assert.Equal("B", _rig.Dot11(Ap).LastBeaconed!.Ssid);
    }

    /// <summary>Faults of one element each: too short, too long, empty, or no element at all.</summary>
    public static TheoryData<string> Faults =>
    [
        "DD 28 010203", "00", "30 00", "30 01 01", "01 00", "03 02 0606", "2D 02 0000", "3D 01 06", "DD 0C 0050F204 1011 0040 61626364", "07 02 4445", "0B 04 00000000",
        "BF 01 00", "C0 01 00", "36 01 A1", "46 00", "71 01 01", "DD 08 506F9A1C 02000000", "DD 02 0050", "21 01 00", "FF FF FFFF", "0000 0000 0000", "44 01 00",
        "DD 05 506F9A29 01", "30 0C 0100 000FAC04 FF00 000FAC04",
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_stands_beside_a_broken_element_is_used(string fault)
    {
        byte[] element = Convert.FromHexString(fault.Replace(" ", "", StringComparison.Ordinal));
        byte[] rsn = Security.Wpa2Psk.Rsn;
        _rig.Hear(Beacon(Ap, "Campus", 1, EssPrivacy, more: [Elements.DsParameter(6), rsn, element]));
        Assert.Equal(("Campus", "Campus", "6", "WPA2 WPA2-PSK AES-CCMP"), (_rig.Dot11(Ap).Advertised![0].Ssid, _rig[Ap].Name, _rig[Ap].Channel, _rig[Ap].Crypt));
        _rig.Hear(ProbeRequest(Client, "Home", 2, element));
        Assert.Equal("Home", Assert.Single(_rig.Dot11(Client).Probed!).Ssid);
    }

    [Fact]
    public void A_broken_element_takes_nothing_from_what_is_known()
    {
        _rig.Hear(Beacon(Ap, "Campus", 1, EssPrivacy, more: Security.Wpa2Psk.Rsn));
        // The RSN element is the one that runs past the end, or lies behind the one that does.
        _rig.Hear(Beacon(Ap, "Campus", 2, EssPrivacy, more: [[48, 40, .. Security.Wpa2Psk.Rsn[2..]]]), 1);
        _rig.Hear(Beacon(Ap, "Campus", 3, EssPrivacy, more: [[221, 200, .. Security.Wpa2Psk.Rsn]]), 2);
        Assert.Equal("WPA2 WPA2-PSK AES-CCMP", Assert.Single(_rig.Dot11(Ap).Advertised!).CryptText);
        Assert.All(_rig.Devices.Alerts.Take(), static alert => Assert.Equal("MALFORMMGMT", alert.Header));
    }

    [Fact]
    public void A_network_whose_RSN_element_runs_past_the_end_is_not_WEP()
    {
        _rig.Hear(Beacon(Ap, "Campus", 1, EssPrivacy, more: [[48, 40, .. Security.Wpa2Psk.Rsn[2..]]]));
        Assert.Equal("WPA2 WPA2-PSK AES-CCMP", _rig[Ap].Crypt);
    }

    // Found by comparing odd frames with tshark.
    [Theory]
    [InlineData("30140100000FAC040100000FAC0401", "WPA2 AES-CCMP", "")]
    [InlineData("301401", "WPA2", "")]
    [InlineData("DD1A0050F20101000050F20202000050F2", "WPA1 TKIP", "")]
    [InlineData("DD350050F20101000050F20201000050F20201000050F201", "WPA1 WPA1-EAP TKIP", "")]
    [InlineData("3D160B0000", "", "11")]
    public void Of_an_element_that_runs_past_the_end_what_is_there_is_used(string element, string security, string channel)
    {
        _rig.Hear(Beacon(Ap, "Campus", 1, EssPrivacy, more: [Convert.FromHexString(element)]));
        AdvertisedSsid network = Assert.Single(_rig.Dot11(Ap).Advertised!);
        Assert.Equal((security, channel), (network.CryptText, network.Channel));
    }

    [Fact]
    public void A_broken_DS_parameter_set_does_not_hide_the_one_behind_it()
    {
        _rig.Hear(Beacon(Ap, "Campus", 1, Ess, more: [Elements.Of(3, [7, 7, 7]), Elements.Of(3, []), Elements.DsParameter(9)]));
        Assert.Equal("9", _rig[Ap].Channel);
    }

    [Fact]
    public void An_SSID_that_runs_past_the_end_is_not_used()
    {
        _rig.Hear(Beacon(Ap, "Campus", 1)).Hear(BeaconOf(Ap, 2, Ess, 1, [0, 32, 0x46, 0x6F]), 1);
        Assert.Equal("Campus", Assert.Single(_rig.Dot11(Ap).Advertised!).Ssid);
        Assert.Equal(2UL, _rig[Ap].Packets);
    }

    [Fact]
    public void A_beacon_that_the_snap_length_cut_is_read_as_far_as_it_goes()
    {
        byte[] beacon = Beacon(Ap, "Campus", more: [Elements.DsParameter(11), Elements.Country("DE "), VendorElements.Wmm()]);
        _rig.HearPacket(beacon[..^10], LinkType.Ieee80211, cutOff: 10);
        AdvertisedSsid record = Assert.Single(_rig.Dot11(Ap).Advertised!);
        Assert.Equal(("Campus", "DE"), (record.Ssid, record.Country));
        Assert.Equal("11", _rig[Ap].Channel);
    }

    [Fact]
    public void A_beacon_that_was_cut_within_its_SSID_has_none_rather_than_an_empty_one()
    {
        byte[] beacon = Beacon(Ap, "Campus");
        _rig.HearPacket(beacon[..42], LinkType.Ieee80211, cutOff: beacon.Length - 42);
        Assert.Equal("Wi-Fi AP", _rig[Ap].Type);
        Assert.Null(_rig.Dot11(Ap).Advertised);
    }

    [Fact]
    public void A_mesh_identifier_stands_in_for_an_empty_SSID()
    {
        _rig.Hear(Beacon(Ap, "", capabilities: 0, more: [Elements.MeshConfiguration(3), Elements.MeshId("roof")]));
        AdvertisedSsid record = Assert.Single(_rig.Dot11(Ap).Advertised!);
        Assert.Equal(("roof", false), (record.Ssid, record.Cloaked));
        Assert.Equal(new MeshInfo("roof", true, true, 3), record.Mesh);
        Assert.Equal("roof", _rig[Ap].Name);
    }

    [Fact]
    public void Beyond_its_limit_a_device_keeps_the_SSIDs_that_it_has()
    {
        const int Limit = 256;
        for (ushort i = 0; i < Limit + 20; i++)
        {
            _rig.Hear(Beacon(Ap, $"b{i}", i)).Hear(ProbeResponse(Ap, Client, $"r{i}", i)).Hear(ProbeRequest(Client, $"p{i}", i));
        }
        Assert.Equal(Limit, _rig.Dot11(Ap).Advertised!.Length);
        Assert.Equal(Limit, _rig.Dot11(Ap).Responded!.Length);
        Assert.Equal(Limit, _rig.Dot11(Client).Probed!.Length);
        Assert.Equal("b255", _rig.Dot11(Ap).Advertised![^1].Ssid);
        // Those that are known still count.
        _rig.Hear(Beacon(Ap, "b0", 999), 1);
        Assert.Equal(Packets.Start + 1, _rig.Dot11(Ap).Advertised![0].LastTime);
    }
}
