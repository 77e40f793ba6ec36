using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Dot11;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Tracking;

/// <summary>EAPOL-Key frames are kept per client with what is needed beside them, and no flood fills the memory.</summary>
public sealed class HandshakeTests
{
    // Key information (IEEE 802.11-2020, figure 12-36) of the four messages, descriptor version 2, pairwise.
    private const ushort Info1 = 0x008A;
    private const ushort Info2 = 0x010A;
    private const ushort Info3 = 0x13CA;
    private const ushort Info4 = 0x030A;
    private readonly Rig _rig = new();

    [Fact]
    public void The_four_messages_are_kept_with_the_access_point_by_client()
    {
        Shake(Client);
        List<EapolRecord> list = Kept(Client);
        Assert.Equal([1, 2, 3, 4], list.Select(e => (int)e.Message));
        Assert.Equal([1, 2, 1, 2], list.Select(e => (int)e.Direction));
        Assert.Equal([1UL, 1UL, 2UL, 2UL], list.Select(e => e.ReplayCounter));
        Assert.Equal([false, false, true, false], list.Select(e => e.Install));
        Assert.Equal(Nonce(0xA0), list[0].Nonce);
        Assert.Equal(Nonce(0x50), list[1].Nonce);
        Assert.Equal(Pmkid(1), list[0].Pmkid);
        Assert.Empty(list[1].Pmkid);
        // The whole frame, without its radio header, as the download has it.
        Assert.Equal(Message(Client, 1), list[0].Packet.Data);
        Assert.Equal((Packets.TimeOf(0), 105u), (list[0].Packet.TimeNs, list[0].Packet.LinkType));
        Assert.Null(_rig.Dot11(Client).Handshakes);
        Shake(OtherClient);
        Assert.Equal(2, _rig.Dot11(Ap).Handshakes!.Count);
        Assert.Equal(4, Kept(OtherClient).Count);
    }

    [Fact]
    public void The_first_PMKID_is_kept()
    {
        byte[] first = Message(Client, 1);
        _rig.Hear(first).Hear(Message(OtherClient, 1, seed: 2), 1);
        Assert.Equal(first, _rig.Dot11(Ap).PmkidPacket!.Data);
    }

    [Fact]
    public void The_next_beacon_is_kept_beside_a_handshake_and_none_before()
    {
        _rig.Hear(Beacon(Ap, "Campus", 1));
        Assert.Null(_rig.Dot11(Ap).BeaconPacket);
        Shake(Client);
        Assert.Null(_rig.Dot11(Ap).BeaconPacket);
        byte[] next = Beacon(Ap, "Campus", 2);
        _rig.Hear(next, 1).Hear(Beacon(Ap, "Campus", 3), 2);
        Assert.Equal(next, _rig.Dot11(Ap).BeaconPacket!.Data);
        Assert.Equal(Packets.TimeOf(1), _rig.Dot11(Ap).BeaconPacket!.TimeNs);
    }

    [Fact]
    public void Nonces_of_messages_1_and_3_are_kept_with_their_receiver()
    {
        Shake(Client);
        NonceRecord anonce = Assert.Single(_rig.Dot11(Client).Anonces!);
        NonceRecord nonce = Assert.Single(_rig.Dot11(Client).Nonces!);
        Assert.Equal(Nonce(0xA0), anonce.Nonce);
        Assert.Equal((1, 1UL, false), (anonce.Message, anonce.ReplayCounter, anonce.Install));
        Assert.Equal(Nonce(0xA0), nonce.Nonce);
        Assert.Equal((3, 2UL, true), (nonce.Message, nonce.ReplayCounter, nonce.Install));
        Assert.Null(_rig.Dot11(Ap).Anonces);
        Assert.Null(_rig.Dot11(Ap).Nonces);
    }

    [Fact]
    public void A_repeated_message_does_not_repeat_its_nonce()
    {
        _rig.Hear(Message(Client, 1)).Hear(Message(Client, 1), 3).Hear(Message(Client, 1), 6);
        Assert.Single(_rig.Dot11(Client).Anonces!);
        Assert.Equal(3, Kept(Client).Count);
    }

    [Fact]
    public void Beyond_16_frames_the_oldest_repetition_makes_room()
    {
        Shake(Client);
        for (byte i = 0; i < 20; i++)
        {
            _rig.Hear(Message(Client, 1, seed: (byte)(i + 10)), 1);
        }
        List<EapolRecord> list = Kept(Client);
        Assert.Equal(16, list.Count);
        // Messages 2 to 4 are there once each and stay; of the first ones the newest 13 are left.
        Assert.Equal([2, 3, 4, .. Enumerable.Repeat(1, 13)], list.Select(e => (int)e.Message));
        Assert.Equal(Pmkid(29), list[^1].Pmkid);
        Assert.Equal(Pmkid(17), list[3].Pmkid);
    }

    [Fact]
    public void Nonces_are_bounded()
    {
        for (byte i = 0; i < 130; i++)
        {
            _rig.Hear(FromDs(Ap, Ap, Client, Eapol.Key(Info1, i, Nonce(i), []), i), i);
        }
        List<NonceRecord> list = _rig.Dot11(Client).Anonces!;
        Assert.Equal(128, list.Count);
        Assert.Equal((2UL, 129UL), (list[0].ReplayCounter, list[^1].ReplayCounter));
    }

    [Fact]
    public void Clients_with_kept_frames_are_bounded()
    {
        // One who answered, then a flood of those who did not, as invented clients do not: it outlasts them.
        Shake(Client);
        for (uint i = 0; i < 1023; i++)
        {
            _rig.Hear(Message(new(0x0C00_0001_0000UL + i), 1), 1 + i);
        }
        Assert.Equal(1024, _rig.Dot11(Ap).Handshakes!.Count);
        for (uint i = 1023; i < 5000; i++)
        {
            _rig.Hear(Message(new(0x0C00_0001_0000UL + i), 1), 1 + i);
            Assert.InRange(_rig.Dot11(Ap).Handshakes!.Count, 513, 1024);
        }
        Assert.Equal(4, Kept(Client).Count);
        Assert.Single(Kept(new(0x0C00_0001_0000UL + 4999)));
    }

    [Fact]
    public void What_two_sources_hear_is_kept_once()
    {
        _rig.Hear(Message(Client, 1)).Hear(Message(Client, 1), 0.01, source: 2);
        Assert.Single(Kept(Client));
    }

    [Fact]
    public void Keeping_can_be_switched_off()
    {
        Rig rig = new(new TrackingOptions { KeepEapol = false });
        rig.Hear(Message(Client, 1)).Hear(Beacon(Ap, "Campus"), 1);
        Assert.Null(rig.Dot11(Ap).Handshakes);
        Assert.Null(rig.Dot11(Ap).PmkidPacket);
        Assert.Null(rig.Dot11(Ap).BeaconPacket);
    }

    [Fact]
    public void A_frame_whose_lengths_contradict_each_other_is_not_kept()
    {
        byte[] frame = Message(Client, 2);
        // The EAPOL header's length: fewer bytes than the descriptor alone has.
        (frame[34], frame[35]) = (0, 10);
        _rig.Hear(frame);
        Assert.Null(_rig.Dot11(Ap).Handshakes);
        Assert.Equal(1UL, _rig[Client].Packets);
    }

    private void Shake(MacAddress client)
    {
        for (int message = 1; message <= 4; message++)
        {
            _rig.Hear(Message(client, message), 0.01 * (message - 1));
        }
    }

    private List<EapolRecord> Kept(MacAddress client) =>
        _rig.Dot11(Ap).Handshakes!.TryGet(client, out List<EapolRecord>? list) ? list : throw new KeyNotFoundException();

    private static byte[] Message(MacAddress client, int message, byte seed = 1)
    {
        byte[] body = message switch
        {
            1 => Eapol.Key(Info1, 1, Nonce(0xA0), [0xDD, 0x14, 0x00, 0x0F, 0xAC, 0x04, .. Pmkid(seed)]),
            2 => Eapol.Key(Info2, 1, Nonce(0x50), Security.StationRsn(2)),
            3 => Eapol.Key(Info3, 2, Nonce(0xA0), new byte[56]),
            _ => Eapol.Key(Info4, 2, new byte[32], []),
        };
        return message % 2 == 1 ? FromDs(Ap, Ap, client, body, (ushort)message) : ToDs(client, Ap, Ap, body, (ushort)message);
    }

    private static byte[] Nonce(byte fill) => [.. Enumerable.Repeat(fill, 32)];

    private static byte[] Pmkid(byte fill) => [.. Enumerable.Repeat(fill, 16)];
}
