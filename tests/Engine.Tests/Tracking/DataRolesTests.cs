using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Tracking;

/// <summary>Which devices a data frame makes, counts for and describes, by its DS bits (inventory: dot11-tracking.md, tables of 3 and 4).</summary>
public sealed class DataRolesTests
{
    private static readonly byte[] s_body = new byte[100];
    private readonly Rig _rig = new();

    [Fact]
    public void To_the_DS_the_station_is_on_the_air()
    {
        _rig.HearAt(ToDs(Client, Ap, Wired, s_body), -55);
        Device station = _rig[Client];
        Assert.Equal("Wi-Fi Client", station.Type);
        Assert.Equal((byte)BasicType.Client, station.BasicTypeSet);
        Assert.Equal((1UL, 1UL, 0UL, 0UL, 1UL, 100UL), Counts(station));
        Assert.Equal((100UL, 0u), (station.Dot11!.DataSize, station.Dot11.Retries));
        Assert.Equal(-55, station.Signal!.Last);
        Assert.Equal("6", station.Channel);
        Assert.Equal(Ap, station.Dot11.LastBssid);
        Assert.True(station.Dot11.Clients!.TryGet(Ap, out _));

        Device ap = _rig[Ap];
        Assert.Equal("Wi-Fi AP", ap.Type);
        Assert.Equal((byte)BasicType.AccessPoint, ap.BasicTypeSet);
        Assert.Equal((0UL, 0UL, 0UL, 0UL, 0UL, 0UL), Counts(ap));
        Assert.Null(ap.Signal);
        Assert.Equal(100UL, ap.Dot11!.DataSize);
        Assert.Equal(2, ap.Dot11.AssociatedClients!.Count);
        // Heard of by data alone: not in the view.
        Assert.False(DeviceViews.IsAccessPoint(ap.Dot11));

        Device wired = _rig[Wired];
        Assert.Equal("Wi-Fi Device (Inferred)", wired.Type);
        Assert.Equal((byte)BasicType.None, wired.BasicTypeSet);
        Assert.Equal((1UL, 0UL, 1UL, 0UL, 1UL, 100UL), Counts(wired));
        Assert.Null(wired.Signal);
    }

    [Fact]
    public void From_the_DS_the_origin_is_bridged_and_does_not_get_the_access_points_signal()
    {
        _rig.HearAt(FromDs(Ap, Wired, Client, s_body), -42);
        Device wired = _rig[Wired];
        Assert.Equal("Wi-Fi Bridged", wired.Type);
        Assert.Equal((byte)BasicType.Wired, wired.BasicTypeSet);
        Assert.Equal((1UL, 1UL, 0UL, 0UL, 1UL, 100UL), Counts(wired));
        Assert.Null(wired.Signal);
        Assert.Equal(0u, wired.FrequencyKhz);
        Assert.Equal("Wi-Fi Device (Inferred)", _rig[Client].Type);
        Assert.Equal((1UL, 0UL, 1UL, 0UL, 1UL, 100UL), Counts(_rig[Client]));
        // Not the source of the payload, so it counts nothing.
        Assert.Equal(0UL, _rig[Ap].Packets);
    }

    [Fact]
    public void From_the_access_point_itself_it_counts_for_the_access_point()
    {
        _rig.HearAt(FromDs(Ap, Ap, Client, s_body), -42);
        Assert.Equal((1UL, 1UL, 0UL, 0UL, 1UL, 100UL), Counts(_rig[Ap]));
        Assert.Equal(-42, _rig[Ap].Signal!.Last);
        Assert.True(_rig.Dot11(Ap).AssociatedClients!.TryGet(Client, out _));
        Assert.Equal(1, _rig.Dot11(Ap).AssociatedClients!.Count);
    }

    [Fact]
    public void A_client_that_is_heard_through_the_access_point_stays_a_client_with_the_wired_bit()
    {
        _rig.Hear(ToDs(Client, Ap, Wired, s_body)).Hear(FromDs(Ap, Client, Wired, s_body), 1);
        Assert.Equal("Wi-Fi Client", _rig[Client].Type);
        Assert.Equal((byte)(BasicType.Client | BasicType.Wired), _rig[Client].BasicTypeSet);
    }

    [Fact]
    public void A_bridged_host_that_transmits_becomes_a_client_and_keeps_the_wired_bit()
    {
        _rig.Hear(FromDs(Ap, Wired, Client, s_body)).Hear(ToDs(Wired, Ap, Client, s_body), 1);
        Assert.Equal("Wi-Fi Client", _rig[Wired].Type);
        Assert.Equal((byte)(BasicType.Client | BasicType.Wired), _rig[Wired].BasicTypeSet);
    }

    [Fact]
    public void Without_DS_bits_all_three_are_peers()
    {
        _rig.HearAt(AdHoc(Ap, Client, OtherClient, s_body), -50);
        foreach (MacAddress address in (MacAddress[])[Ap, Client, OtherClient])
        {
            Assert.Equal("Wi-Fi Ad-Hoc", _rig[address].Type);
            Assert.Equal((byte)BasicType.Peer, _rig[address].BasicTypeSet);
        }
        Assert.Equal(Dot11TypeSet.Adhoc, _rig.Dot11(Ap).TypeSet);
        Assert.Equal(-50, _rig[Client].Signal!.Last);
        Assert.Null(_rig[OtherClient].Signal);
    }

    [Fact]
    public void With_four_addresses_both_ends_of_the_link_are_access_points_and_the_others_behind_them()
    {
        _rig.HearAt(Wds(FrameKind.Data), -70);
        Assert.Equal("Wi-Fi WDS AP", _rig[Ap].Type);
        Assert.Equal((byte)(BasicType.AccessPoint | BasicType.Peer), _rig[Ap].BasicTypeSet);
        Assert.Equal(Dot11TypeSet.Wds, _rig.Dot11(Ap).TypeSet);
        Assert.Equal((1UL, 1UL, 0UL, 0UL, 1UL, 100UL), Counts(_rig[Ap]));
        Assert.Equal(-70, _rig[Ap].Signal!.Last);
        Assert.Equal("Wi-Fi WDS AP", _rig[OtherAp].Type);
        Assert.Equal((1UL, 0UL, 1UL, 0UL, 1UL, 100UL), Counts(_rig[OtherAp]));
        Assert.Null(_rig[OtherAp].Signal);
        Assert.Equal("Wi-Fi WDS", _rig[Client].Type);
        Assert.Equal((byte)BasicType.Peer, _rig[Client].BasicTypeSet);
        Assert.Equal((1UL, 1UL, 0UL, 0UL, 1UL, 100UL), Counts(_rig[Client]));
        Assert.Equal("Wi-Fi WDS", _rig[Wired].Type);
        Assert.Equal((1UL, 0UL, 1UL, 0UL, 1UL, 100UL), Counts(_rig[Wired]));
        Assert.Equal(2, _rig.Dot11(Ap).AssociatedClients!.Count);
        Assert.Null(_rig.Dot11(OtherAp).AssociatedClients);
        Assert.True(_rig.Dot11(Client).Clients!.TryGet(Ap, out _));
        Assert.True(_rig.Dot11(Wired).Clients!.TryGet(Ap, out _));
    }

    [Fact]
    public void A_transmitter_that_can_be_no_device_has_no_clients()
    {
        _rig.Hear(DataFrames.Build(
            new(default, Client, Wired) { Kind = FrameKind.Data, Flags = FrameFlags.ToDs | FrameFlags.FromDs, Transmitter = Multicast, Receiver = Ap }, s_body));
        Assert.Null(_rig.Dot11(Client).Clients);
        Assert.Null(_rig.Dot11(Wired).Clients);
    }

    [Fact]
    public void Four_addresses_do_not_weaken_what_is_known()
    {
        _rig.Hear(ToDs(Client, Ap, Wired, s_body)).Hear(FromDs(Ap, Wired, Client, s_body), 1).Hear(Wds(FrameKind.Data), 2);
        Assert.Equal("Wi-Fi Client", _rig[Client].Type);
        Assert.Equal("Wi-Fi Bridged", _rig[Wired].Type);
    }

    [Theory]
    [InlineData(FrameKind.Null)]
    [InlineData(FrameKind.QosNull)]
    public void Null_frames_make_a_device_of_who_sent_them_and_of_nobody_else(FrameKind kind)
    {
        _rig.Hear(DataFrames.Build(new(Ap, Client, Wired) { Kind = kind, Flags = FrameFlags.ToDs | FrameFlags.PowerManagement }, []));
        Assert.Equal((Client, "Wi-Fi Client", Ap), (Assert.Single(_rig.Devices.All.ToArray()).Id.Address, _rig[Client].Type, _rig.Dot11(Client).LastBssid));
        _rig.Hear(DataFrames.Build(new(OtherAp, OtherClient, Multicast) { Kind = kind, Flags = FrameFlags.FromDs }, []));
        Assert.Equal((2, "Wi-Fi AP"), (_rig.Devices.All.Length, _rig[OtherAp].Type));
    }

    [Fact]
    public void Null_frames_between_access_points_make_a_device_of_the_one_that_sends()
    {
        _rig.Hear(Wds(FrameKind.Null));
        Assert.Equal("Wi-Fi WDS AP", Assert.Single(_rig.Devices.All.ToArray()).Type);
    }

    [Fact]
    public void Null_frames_count_for_devices_that_are_known()
    {
        _rig.Hear(Beacon(Ap, "Campus")).Hear(ProbeRequest(Client, ""));
        _rig.HearAt(DataFrames.Build(new(Ap, Client, Wired) { Kind = FrameKind.Null, Flags = FrameFlags.ToDs }, []), -61, 1);
        Assert.Equal((2UL, 2UL, 0UL, 1UL, 1UL, 0UL), Counts(_rig[Client]));
        Assert.Equal(-61, _rig[Client].Signal!.Last);
        Assert.Equal(2, _rig.Devices.All.Length);
    }

    [Fact]
    public void Retries_and_fragments_are_counted_for_the_device_and_its_network()
    {
        _rig.Hear(ToDs(Client, Ap, Wired, s_body, 1));
        _rig.Hear(ToDs(Client, Ap, Wired, s_body, 1, FrameFlags.Retry), 0.001);
        _rig.Hear(ToDs(Client, Ap, Wired, s_body, 2, FrameFlags.MoreFragments), 0.002);
        Dot11Device dot11 = _rig.Dot11(Client);
        Assert.Equal((1u, 100UL, 1u, 300UL), (dot11.Retries, dot11.RetryDataSize, dot11.Fragments, dot11.DataSize));
        Assert.True(dot11.Clients!.TryGet(Ap, out Dot11Client? client));
        Assert.Equal((1u, 100UL, 1u), (client.Retries, client.RetryDataSize, client.Fragments));
        // A retransmission that differs only in its bit is a frame of its own (decisions 9).
        Assert.Equal(3UL, _rig[Client].Packets);
    }

    [Theory]
    [InlineData(DataCipher.Wep, BasicCrypt.Encrypted | BasicCrypt.Layer2 | BasicCrypt.Weak)]
    [InlineData(DataCipher.Tkip, BasicCrypt.Encrypted)]
    [InlineData(DataCipher.Ccmp, BasicCrypt.Encrypted)]
    public void Protected_frames_tell_how_they_are_encrypted(DataCipher cipher, BasicCrypt crypt)
    {
        byte[] body = DataFrames.Encrypted(cipher, 0x10002, 64, new Dice(1));
        _rig.Hear(ToDs(Client, Ap, Wired, body, more: FrameFlags.Protected));
        Assert.Equal((byte)crypt, _rig[Client].BasicCryptSet);
        Assert.Equal((byte)crypt, _rig[Wired].BasicCryptSet);
        Assert.Equal((ulong)body.Length, _rig[Client].DataSize);
    }

    [Fact]
    public void A_handshake_in_clear_is_a_sign_of_encryption_and_plain_data_none()
    {
        _rig.Hear(ToDs(Client, Ap, Wired, NetworkPackets.Arp(1, Client, 1, default, 2)));
        Assert.Equal((byte)BasicCrypt.None, _rig[Client].BasicCryptSet);
        _rig.Hear(ToDs(Client, Ap, Ap, Eapol.Key(0x010A, 1, new byte[32], [1])), 1);
        Assert.Equal((byte)BasicCrypt.Encrypted, _rig[Client].BasicCryptSet);
    }

    private static byte[] Wds(FrameKind kind) => DataFrames.Build(
        new(default, Client, Wired) { Kind = kind, Flags = FrameFlags.ToDs | FrameFlags.FromDs, Transmitter = Ap, Receiver = OtherAp },
        kind == FrameKind.Data ? s_body : []);

    private static (ulong Packets, ulong Tx, ulong Rx, ulong Llc, ulong Data, ulong Size) Counts(Device d) =>
        (d.Packets, d.TxPackets, d.RxPackets, d.LlcPackets, d.DataPackets, d.DataSize);
}
