using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Tracking;

/// <summary>Which devices a management frame makes, counts for and describes (inventory: dot11-tracking.md, tables of 3 and 4).</summary>
public sealed class ManagementRolesTests
{
    private readonly Rig _rig = new();

    [Fact]
    public void A_beacon_makes_its_sender_an_access_point()
    {
        _rig.HearAt(Beacon(Ap, "Campus", more: Elements.DsParameter(11)), -40);
        Device ap = _rig[Ap];
        Assert.Equal(1, _rig.Devices.All.Length);
        Assert.Equal("Wi-Fi AP", ap.Type);
        Assert.Equal((byte)BasicType.AccessPoint, ap.BasicTypeSet);
        Assert.Equal(Dot11TypeSet.BeaconAp, ap.Dot11!.TypeSet);
        Assert.Equal((1UL, 1UL, 0UL, 1UL, 0UL, 0UL), (ap.Packets, ap.TxPackets, ap.RxPackets, ap.LlcPackets, ap.DataPackets, ap.DataSize));
        Assert.Equal(Packets.Start, ap.FirstTime);
        Assert.Equal(Packets.Start, ap.LastTime);
        Assert.Equal(_rig.Clock.Second, ap.ModTime);
        Assert.Equal(FakeManufacturers.Acme, ap.Manufacturer);
        Assert.Equal("Campus", ap.Name);
        Assert.Equal(Ap, ap.Dot11.LastBssid);
        Assert.Equal(2_437_000u, ap.FrequencyKhz);
        Assert.Equal(-40, ap.Signal!.Last);
        Assert.Equal(-95, ap.Signal.LastNoise);
        // What the network says of itself goes before what the radio was tuned to.
        Assert.Equal("11", ap.Channel);
    }

    [Fact]
    public void Without_a_DS_element_the_channel_is_that_of_the_radio()
    {
        _rig.HearAt(Beacon(Ap, "Campus"), -40, channel: new(Band.Ghz5, 44));
        Assert.Equal("44", _rig[Ap].Channel);
    }

    [Fact]
    public void An_IBSS_beacon_makes_an_ad_hoc_device()
    {
        _rig.Hear(Beacon(Ap, "Peers", capabilities: Ibss));
        Assert.Equal("Wi-Fi Ad-Hoc", _rig[Ap].Type);
        Assert.Equal((byte)BasicType.Peer, _rig[Ap].BasicTypeSet);
        Assert.Equal(Dot11TypeSet.BeaconAp | Dot11TypeSet.Adhoc, _rig.Dot11(Ap).TypeSet);
    }

    [Fact]
    public void A_probe_response_counts_for_its_receiver_and_does_not_make_it_a_client_of_the_network()
    {
        _rig.HearAt(ProbeResponse(Ap, Client, "Campus"), -40);
        Assert.Equal("Wi-Fi AP", _rig[Ap].Type);
        Assert.Equal(Dot11TypeSet.ProbeAp, _rig.Dot11(Ap).TypeSet);
        Assert.Null(_rig.Dot11(Ap).AssociatedClients);
        Device station = _rig[Client];
        Assert.Equal((1UL, 0UL, 1UL), (station.Packets, station.TxPackets, station.RxPackets));
        Assert.Equal("Wi-Fi Client", station.Type);
        Assert.Null(station.Signal);
        Assert.Null(station.Dot11!.Clients);
        Assert.Equal(Ap, station.Dot11.LastBssid);
    }

    [Fact]
    public void A_probe_request_is_the_sender_on_the_air_and_belongs_to_no_network()
    {
        _rig.HearAt(ProbeRequest(Client, "Home"), -60);
        Device station = _rig[Client];
        Assert.Equal(1, _rig.Devices.All.Length);
        Assert.Equal("Wi-Fi Client", station.Type);
        Assert.Equal((byte)BasicType.Client, station.BasicTypeSet);
        Assert.Equal(-60, station.Signal!.Last);
        Assert.Equal(2_437_000u, station.FrequencyKhz);
        Assert.Equal("6", station.Channel);
        Assert.Equal(MacAddress.Zero, station.Dot11!.LastBssid);
        Assert.Null(station.Dot11.Clients);
        Assert.Equal("Home", Assert.Single(station.Dot11.Probed!).Ssid);
        Assert.Same(station.Dot11.Probed![0], station.Dot11.LastProbed);
        Assert.Equal("Unknown", station.Manufacturer);
    }

    [Fact]
    public void Authentication_to_the_access_point_counts_for_the_station_and_shows_in_both_maps()
    {
        _rig.HearAt(Authentication(Client, Ap, Ap, 1), -60);
        Device station = _rig[Client];
        Assert.Equal("Wi-Fi Client", station.Type);
        Assert.Equal((1UL, 1UL), (station.Packets, station.TxPackets));
        // Only a probe request is the sender's own radio for sure.
        Assert.Null(station.Signal);
        Assert.True(station.Dot11!.Clients!.TryGet(Ap, out Dot11Client? client));
        Assert.Equal((Packets.Start, Packets.Start), (client.FirstTime, client.LastTime));
        Device ap = _rig[Ap];
        Assert.Equal("Wi-Fi AP", ap.Type);
        Assert.Equal((byte)BasicType.AccessPoint, ap.BasicTypeSet);
        // Only seen: the frame is not the access point's own, and no SSID makes it a member of the view yet.
        Assert.Equal(0UL, ap.Packets);
        Assert.Null(ap.Signal);
        Assert.Equal(Dot11TypeSet.None, ap.Dot11!.TypeSet);
        Assert.Equal(1u, Assert.Single(ap.SeenBy).Packets);
        Assert.True(ap.Dot11.AssociatedClients!.TryGet(Client, out DeviceId id));
        Assert.Equal(new DeviceId(Phy.Dot11, Client), id);
    }

    [Fact]
    public void Authentication_from_the_access_point_is_the_access_point_on_the_air()
    {
        _rig.HearAt(Authentication(Ap, Client, Ap, 2), -41);
        Assert.Equal((1UL, 1UL, 0UL), (_rig[Ap].Packets, _rig[Ap].TxPackets, _rig[Ap].RxPackets));
        Assert.Equal(-41, _rig[Ap].Signal!.Last);
        Assert.Equal((1UL, 0UL, 1UL), (_rig[Client].Packets, _rig[Client].TxPackets, _rig[Client].RxPackets));
        Assert.Null(_rig[Client].Signal);
        Assert.Equal("Wi-Fi Client", _rig[Client].Type);
        Assert.True(_rig.Dot11(Client).Clients!.TryGet(Ap, out _));
        Assert.True(_rig.Dot11(Ap).AssociatedClients!.TryGet(Client, out _));
    }

    [Fact]
    public void An_association_request_makes_no_ad_hoc_device_and_tells_of_its_sender()
    {
        // Read with a beacon's layout, the length of this SSID (10) has the IBSS bit where a beacon has its capabilities (decisions 10).
        _rig.Hear(AssociationRequest(Client, Ap, "0123456789", more:
            [Elements.PowerCapability(3, 20), Elements.SupportedChannels(1, 3, 36, 2), Elements.RmEnabled(), Security.StationRsn(8, 0x80), Elements.ExtendedCapabilities()]));
        Device station = _rig[Client];
        Assert.Equal("Wi-Fi Client", station.Type);
        Assert.Equal((byte)BasicType.Client, station.BasicTypeSet);
        Assert.Equal(Dot11TypeSet.None, station.Dot11!.TypeSet);
        Assert.Equal("Wi-Fi AP", _rig[Ap].Type);
        Assert.Equal(Dot11TypeSet.None, _rig.Dot11(Ap).TypeSet);
        Assert.Equal((3, 20), (station.Dot11.MinTxPower, station.Dot11.MaxTxPower));
        Assert.Equal([1, 2, 3, 36, 40], station.Dot11.SupportedChannels!);
        Assert.True(station.Dot11.LinkMeasurement);
        Assert.True(station.Dot11.NeighborReport);
        Assert.NotEmpty(station.Dot11.ExtendedCapabilities!);
        ProbedSsid asked = Assert.Single(station.Dot11.Probed!);
        Assert.Equal("0123456789", asked.Ssid);
        Assert.Equal(Ap, asked.Bssid);
        Assert.Equal("WPA3 WPA3-SAE AES-CCMP", asked.CryptText);
        Assert.True(asked.MfpSupported);
    }

    [Fact]
    public void A_reassociation_request_is_read_behind_the_address_of_the_old_access_point()
    {
        byte[] frame = FrameBuilder.Management(FrameKind.ReassociationRequest, Ap, Client, Ap, 1)
            .U16(Ess).U16(10).Address(OtherAp).All(Elements.Ssid("Campus")).ToArray();
        _rig.Hear(frame);
        Assert.Equal("Campus", Assert.Single(_rig.Dot11(Client).Probed!).Ssid);
        // The old one was only named, not heard.
        Assert.Null(_rig.Devices.Find(new(Phy.Dot11, OtherAp)));
    }

    [Fact]
    public void An_access_point_that_probes_stays_an_access_point()
    {
        _rig.Hear(Beacon(Ap, "Campus")).Hear(ProbeRequest(Ap, "Mesh"), 1);
        Assert.Equal("Wi-Fi AP", _rig[Ap].Type);
        Assert.Equal((byte)(BasicType.AccessPoint | BasicType.Client), _rig[Ap].BasicTypeSet);
    }

    [Fact]
    public void Groups_and_the_zero_address_are_no_devices()
    {
        _rig.Hear(ProbeRequest(Multicast, "x")).Hear(ProbeRequest(MacAddress.Zero, "x")).Hear(Deauthentication(Ap, MacAddress.Broadcast, Ap, 1));
        Assert.Equal([Ap], [.. _rig.Devices.All.ToArray().Select(device => device.Id.Address)]);
    }

    [Fact]
    public void Control_frames_make_no_devices()
    {
        _rig.Hear(ControlFrames.Rts(Ap, Client)).Hear(ControlFrames.Ack(Client)).Hear(ControlFrames.PsPoll(Ap, Client, 1));
        Assert.Equal(0, _rig.Devices.All.Length);
        Assert.Equal(3, _rig.Dissector.PacketsByPhy[Phy.Dot11.Id]);
    }

    [Fact]
    public void Deauthentications_of_one_burst_add_up_and_a_later_one_begins_anew()
    {
        _rig.Hear(Deauthentication(Ap, Client, Ap, 1), 0.0).Hear(Deauthentication(Ap, Client, Ap, 2), 0.5);
        Assert.Equal(2u, _rig.Dot11(Ap).ClientDisconnects);
        _rig.Hear(Deauthentication(Client, Ap, Ap, 3), 1.2);
        Assert.Equal(3u, _rig.Dot11(Ap).ClientDisconnects);
        Assert.Equal(Packets.Start + 1, _rig.Dot11(Ap).ClientDisconnectsLast);
        _rig.Hear(Deauthentication(Ap, Client, Ap, 4), 4);
        Assert.Equal(1u, _rig.Dot11(Ap).ClientDisconnects);
        Assert.Equal(Packets.Start + 4, _rig.Dot11(Ap).ClientDisconnectsLast);
    }

    [Fact]
    public void A_burst_of_deauthentications_begins_anew_after_ten()
    {
        List<uint> counts = [];
        for (ushort i = 0; i < 12; i++)
        {
            _rig.Hear(Deauthentication(Ap, Client, Ap, i), i * 0.01);
            counts.Add(_rig.Dot11(Ap).ClientDisconnects);
        }
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 2], counts);
    }

    [Fact]
    public void A_deauthentication_that_two_sources_hear_counts_once()
    {
        _rig.Hear(Deauthentication(Ap, Client, Ap, 1)).Hear(Deauthentication(Ap, Client, Ap, 1), 0.01, source: 2);
        Assert.Equal(1u, _rig.Dot11(Ap).ClientDisconnects);
    }

    [Fact]
    public void Times_only_widen()
    {
        _rig.Hear(ProbeRequest(Client, "a", 1), 5).Hear(ProbeRequest(Client, "a", 2), 9).Hear(ProbeRequest(Client, "a", 3), 2);
        Assert.Equal(Packets.Start + 2, _rig[Client].FirstTime);
        Assert.Equal(Packets.Start + 9, _rig[Client].LastTime);
    }
}
