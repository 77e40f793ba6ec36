using System.Buffers.Binary;
using KismetOrleans.Engine.Handshakes;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Handshakes;

/// <summary>Files of handshakes have what names their network, also where beacons came before, only once, or without a name.</summary>
public sealed class HandshakeFileTests
{
    private static readonly byte[] s_rsn = Security.StationRsn(2);
    private readonly Rig _rig = new();

    [Fact]
    public void A_single_beacon_before_the_handshake_is_enough()
    {
        byte[] beacon = Beacon(Ap, "campus", 1, EssPrivacy, 1, s_rsn);
        byte[][] keys = [Key(1), Key(2)];
        _rig.Hear(beacon, 0).Hear(keys[0], 1).Hear(keys[1], 2);
        Assert.Equal([beacon, .. keys], File(new(HandshakeKind.All)));
        Assert.Equal([beacon, .. keys], File(new(HandshakeKind.Client, Client)));
        Assert.Empty(File(new(HandshakeKind.Client, OtherClient)));
    }

    [Fact]
    public void An_open_network_keeps_no_beacon()
    {
        _rig.Hear(Beacon(Ap, "campus", 1));
        Assert.Null(_rig.Dot11(Ap).Announcement);
        Assert.Empty(File(new(HandshakeKind.All)));
    }

    [Fact]
    public void Another_security_or_name_takes_the_place_of_the_one_before()
    {
        byte[] first = Beacon(Ap, "campus", 1, EssPrivacy, 1, s_rsn);
        byte[] second = Beacon(Ap, "campus", 2, EssPrivacy, 1, Security.StationRsn(8));
        byte[] third = Beacon(Ap, "other", 3, EssPrivacy, 1, Security.StationRsn(8));
        _rig.Hear(first, 0).Hear(Beacon(Ap, "campus", 9, EssPrivacy, 1, s_rsn, Elements.BssLoad(1, 2)), 1);
        Assert.Equal(first, _rig.Dot11(Ap).Announcement!.Data);
        Assert.Equal(second, _rig.Hear(second, 2).Dot11(Ap).Announcement!.Data);
        Assert.Equal(third, _rig.Hear(third, 3).Dot11(Ap).Announcement!.Data);
    }

    [Fact]
    public void A_hidden_name_is_told_by_an_answer()
    {
        byte[] beacon = Beacon(Ap, "", 1, EssPrivacy, 1, s_rsn);
        byte[] answer = ProbeResponse(Ap, Client, "campus", 2, s_rsn);
        _rig.Hear(beacon, 0).Hear(answer, 1).Hear(Key(1), 2);
        Assert.Equal([beacon, answer, Key(1)], File(new(HandshakeKind.All)));
        // Once a beacon says it, nothing else need.
        byte[] named = Beacon(Ap, "campus", 3, EssPrivacy, 1, s_rsn);
        _rig.Hear(named, 3);
        Assert.Equal([named, Key(1)], File(new(HandshakeKind.All)));
    }

    [Fact]
    public void Or_by_an_association_and_where_there_was_no_beacon_by_an_answer_alone()
    {
        byte[] beacon = Beacon(Ap, "", 1, EssPrivacy, 1, s_rsn);
        byte[] request = AssociationRequest(Client, Ap, "campus", 2, s_rsn);
        _rig.Hear(beacon, 0).Hear(request, 1).Hear(Key(1), 2);
        Assert.Equal([beacon, request, Key(1)], File(new(HandshakeKind.All)));

        Rig other = new();
        byte[] answer = ProbeResponse(Ap, Client, "campus", 2, s_rsn);
        other.Hear(answer, 0).Hear(Key(1), 1);
        Assert.Equal([answer, Key(1)], Frames(HandshakeFile.Write(other.Dot11(Ap), new(HandshakeKind.All))));
    }

    [Fact]
    public void Keys_are_in_order_of_time_whoever_heard_them()
    {
        _rig.Hear(Key(2), 5, source: 2).Hear(Key(1), 4).Hear(Key(1, OtherClient), 4.5);
        Assert.Equal([Key(1), Key(1, OtherClient), Key(2)], File(new(HandshakeKind.All)));
    }

    [Fact]
    public void The_header_is_that_of_pcap_with_microseconds_and_bare_frames()
    {
        _rig.Hear(Key(1), 1.25);
        byte[] file = HandshakeFile.Write(_rig.Dot11(Ap), new(HandshakeKind.All));
        Assert.Equal("D4C3B2A10200040000000000000000000000040069000000", Convert.ToHexString(file.AsSpan(0, 24)));
        Assert.Equal(
            ((uint)(Packets.TimeOf(1.25) / 1_000_000_000), 250_000u),
            (BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(24)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(28))));
        Assert.Equal(24, HandshakeFile.Write(null, new(HandshakeKind.All)).Length);
    }

    [Fact]
    public void Keeping_can_be_switched_off()
    {
        Rig rig = new(new() { KeepEapol = false });
        rig.Hear(Beacon(Ap, "", 1, EssPrivacy, 1, s_rsn)).Hear(ProbeResponse(Ap, Client, "campus", 2, s_rsn)).Hear(AssociationRequest(Client, Ap, "campus", 3));
        Assert.Equal((null, null), (rig.Dot11(Ap).Announcement, rig.Dot11(Ap).Disclosure));
    }

    private byte[][] File(HandshakeWanted wanted) => Frames(HandshakeFile.Write(_rig.Dot11(Ap), wanted));

    private static byte[][] Frames(ReadOnlySpan<byte> file)
    {
        List<byte[]> frames = [];
        for (file = file[24..]; !file.IsEmpty;)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(file[8..]);
            frames.Add(file.Slice(16, length).ToArray());
            file = file[(16 + length)..];
        }
        return [.. frames];
    }

    // Message 1 of the access point, or 2 of the client (IEEE 802.11-2020, figure 12-36).
    private static byte[] Key(int message, MacAddress? client = null) => message == 1
        ? FromDs(Ap, Ap, client ?? Client, Eapol.Key(0x008A, 1, new byte[32], []), 11)
        : ToDs(client ?? Client, Ap, Ap, Eapol.Key(0x010A, 1, new byte[32], s_rsn), 12);
}
