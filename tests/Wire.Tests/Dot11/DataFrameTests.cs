using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Wire.Tests.Dot11;

/// <summary>What follows the addresses of data frames: QoS, HT and mesh control, ciphers, A-MSDU and the kind of payload.</summary>
public sealed class DataFrameTests
{
    [Theory]
    [InlineData(SampleFrames.Eapol1, PayloadKind.EapolKey)]
    [InlineData(SampleFrames.EapIdentity, PayloadKind.Eapol)]
    [InlineData(SampleFrames.Arp, PayloadKind.Arp)]
    [InlineData(SampleFrames.Cdp, PayloadKind.Cdp)]
    [InlineData("AAAA030000F8 0806 00", PayloadKind.Arp)] // bridge tunnel encapsulation
    [InlineData("AAAA03000000 86DD 60", PayloadKind.None)] // IPv6
    [InlineData("AAAA0300000C 2004 00", PayloadKind.None)] // another protocol of Cisco's
    [InlineData("424203 0000", PayloadKind.None)] // LLC without SNAP
    [InlineData("AAAA03000000 0800 4500", PayloadKind.None)] // an IP header that is not there
    [InlineData("", PayloadKind.None)]
    public void Payloads_are_known_by_their_LLC_header(string body, PayloadKind expected)
    {
        Dot11Frame f = Make.Parse(Make.ToDs(body));
        Assert.Equal(expected, f.Payload);
        Assert.Equal(expected == PayloadKind.None ? 0 : 32, f.PayloadOffset);
        Assert.Equal(expected == PayloadKind.None ? 0 : f.BodyLength - 8, f.PayloadLength);
    }

    [Fact]
    public void Dhcp_is_known_by_its_ports()
    {
        Assert.Equal(PayloadKind.Dhcp, Make.Parse(Make.ToDs(SampleFrames.Dhcp)).Payload);
        Assert.Equal(PayloadKind.IpTransport, Make.Parse(Make.ToDs(SampleFrames.Tcp)).Payload);
        // The same datagram with port 69 in place of 68.
        Assert.Equal(PayloadKind.IpTransport, Make.Parse(Make.ToDs(SampleFrames.Dhcp.Replace("0044 0043", "0045 0043"))).Payload);
    }

    [Theory]
    [InlineData("C801", FrameKind.QosNull, 26)]
    [InlineData("4801", FrameKind.Null, 24)]
    public void Null_frames_have_no_payload(string control, FrameKind kind, int bodyOffset)
    {
        Dot11Frame f = Make.Parse(Make.Hex($"{control} 0000 {Make.Ap}{Make.Station}{Make.Other} 1000 0000"));
        Assert.Equal(kind, f.Kind);
        Assert.True(f.IsNull);
        Assert.Equal(bodyOffset, f.BodyOffset);
        Assert.Equal(26 - bodyOffset, f.BodyLength);
    }

    [Theory]
    [InlineData("0000002000000000", FrameCipher.Wpa)] // key identifier byte 0x20: extended IV
    [InlineData("112233C0 0000", FrameCipher.Wep)]
    [InlineData("112233", FrameCipher.Unknown)]
    [InlineData("", FrameCipher.Unknown)]
    public void Ciphers_are_known_by_their_IV(string body, FrameCipher expected)
    {
        Dot11Frame f = Make.Parse(Make.Hex($"8841 0000 {Make.Ap}{Make.Station}{Make.Other} 1000 0000 {body}"));
        Assert.Equal(expected, f.Cipher);
        Assert.True(f.IsProtected);
        Assert.Equal(PayloadKind.None, f.Payload);
        Assert.Equal(Make.Hex(body).Length, f.BodyLength);
    }

    [Fact]
    public void The_cipher_of_a_plain_frame_is_none() => Assert.Equal(FrameCipher.None, Make.Parse(Make.ToDs(SampleFrames.Arp)).Cipher);

    [Fact]
    public void Later_fragments_have_no_payload_to_look_at()
    {
        byte[] frame = Make.ToDs(SampleFrames.Arp);
        frame[22] = 0x11;
        Assert.Equal(PayloadKind.None, Make.Parse(frame).Payload);
        Assert.Equal(1, Make.Parse(frame).Fragment);
    }

    [Fact]
    public void HT_control_follows_QoS_control_when_the_order_flag_is_set()
    {
        byte[] frame = Make.QosToDs("0000", "00000000" + SampleFrames.Arp);
        frame[1] |= 0x80;
        Dot11Frame f = Make.Parse(frame);
        Assert.Equal(30, f.BodyOffset);
        Assert.Equal(PayloadKind.Arp, f.Payload);
    }

    [Theory]
    // Mesh control: flags, TTL, sequence number and as many addresses as the flags say.
    [InlineData("00 1F 01000000", 6)]
    [InlineData("01 1F 01000000 " + Make.Fourth, 12)]
    [InlineData("02 1F 01000000 " + Make.Fourth + Make.Other, 18)]
    public void Mesh_control_is_stepped_over(string meshControl, int length)
    {
        byte[] frame = Make.Hex($"8803 0000 {Make.Ap}{Make.Station}{Make.Other} 1000 {Make.Fourth} 0001 {meshControl} {SampleFrames.Arp}");
        Dot11Frame f = Make.Parse(frame);
        Assert.Equal(32 + length, f.BodyOffset);
        Assert.Equal(PayloadKind.Arp, f.Payload);
    }

    [Fact]
    public void Without_a_mesh_the_same_QoS_bit_means_something_else()
    {
        // From an access point: the LLC header follows at once.
        Dot11Frame f = Make.Parse(Make.Hex($"8802 0000 {Make.Station}{Make.Ap}{Make.Other} 1000 0001 {SampleFrames.Arp}"));
        Assert.Equal(26, f.BodyOffset);
        Assert.Equal(PayloadKind.Arp, f.Payload);
    }

    [Fact]
    public void An_AMSDU_gives_the_first_payload_that_is_looked_at()
    {
        // The first subframe (26 bytes, two of padding) is IPv6, the second EAPOL.
        string first = SampleFrames.Subframe("AAAA03000000 86DD 60000000");
        byte[] frame = Make.QosToDs("8000", first + "0000" + SampleFrames.Subframe(SampleFrames.Eapol1));
        Dot11Frame f = Make.Parse(frame);
        Assert.True(f.IsAmsdu);
        Assert.Equal(PayloadKind.EapolKey, f.Payload);
        Assert.Equal(26 + 28 + 14 + 8, f.PayloadOffset);
        Assert.Equal(frame.Length - f.PayloadOffset, f.PayloadLength);
        Assert.Equal(Anomalies.None, f.Anomalies);
    }

    [Fact]
    public void A_subframe_that_runs_past_the_end_is_an_anomaly_unless_the_frame_was_cut()
    {
        byte[] frame = Make.QosToDs("8000", SampleFrames.Subframe(SampleFrames.Arp))[..^1];
        Dot11Frame f = Make.Parse(frame);
        Assert.Equal(Anomalies.AmsduMalformed, f.Anomalies);
        Assert.Equal(PayloadKind.Arp, f.Payload);
        Assert.Equal(Anomalies.FrameTruncated, Make.Parse(frame, cut: true).Anomalies);
        Assert.Equal(Anomalies.AmsduMalformed, Make.Parse(Make.QosToDs("8000", "0102030405")).Anomalies);
    }

    [Fact]
    public void A_protected_AMSDU_is_not_looked_into()
    {
        byte[] frame = Make.QosToDs("8000", "0000002000000000 0102");
        frame[1] |= 0x40;
        Dot11Frame f = Make.Parse(frame);
        Assert.True(f.IsAmsdu);
        Assert.Equal(Anomalies.None, f.Anomalies);
        Assert.Equal(FrameCipher.Wpa, f.Cipher);
    }
}
