using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Wire.Tests.Dot11;

/// <summary>EAPOL-Key frames: message numbers, fields, the PMKID, lengths that lie; EAP packets beside them.</summary>
public sealed class EapolKeyTests
{
    private const string Nonce = "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F";

    private static EapolKey Parse(byte[] frame, ParseStatus expected = ParseStatus.Ok, bool cut = false)
    {
        Dot11Frame f = Make.Parse(frame, cut: cut);
        Assert.Equal(expected, EapolKey.TryParse(frame, in f, out EapolKey key));
        return key;
    }

    [Fact]
    public void Message_1_with_a_PMKID_is_read()
    {
        byte[] frame = Make.ToDs(SampleFrames.Eapol1);
        EapolKey key = Parse(frame);
        Assert.Equal(1, key.Message);
        Assert.Equal(2, key.DescriptorType);
        Assert.Equal(2, key.DescriptorVersion);
        Assert.Equal(KeyInformation.Ack | KeyInformation.Pairwise | (KeyInformation)2, key.Information);
        Assert.Equal(5UL, key.ReplayCounter);
        Assert.Equal(2, key.Direction);
        Assert.Equal(117, key.PacketLength);
        Assert.Equal(22, key.KeyDataLength);
        Assert.False(key.Install);
        Assert.True(key.IsPairwise);
        Assert.Equal(Nonce, Convert.ToHexString(key.Nonce.Of(frame)));
        Assert.Equal(16, key.Mic.Length);
        Assert.Equal("A0A1A2A3A4A5A6A7A8A9AAABACADAEAF", Convert.ToHexString(key.Pmkid.Of(frame)));
    }

    [Theory]
    [InlineData("008A", 22, 1)] // ack
    [InlineData("010A", 22, 2)] // mic, with key data
    [InlineData("13CA", 22, 3)] // ack, mic, install, secure, encrypted
    [InlineData("030A", 0, 4)] // mic, secure, without key data
    [InlineData("00CA", 22, 0)] // ack and install
    [InlineData("014A", 22, 0)] // mic and install
    [InlineData("000A", 22, 0)]
    public void Messages_are_numbered_by_ack_mic_and_install(string information, int keyData, int expected)
    {
        string body = SampleFrames.Eapol1.Replace("008A 0010", information + " 0010");
        if (keyData == 0)
        {
            body = body[..body.IndexOf("0016 DD14", StringComparison.Ordinal)].Replace("0075", "005F") + "0000";
        }
        EapolKey key = Parse(Make.ToDs(body));
        Assert.Equal(expected, key.Message);
        Assert.Equal(information == "13CA" || information == "00CA" || information == "014A", key.Install);
        // Encrypted key data hold no PMKID that could be read.
        Assert.Equal(information == "13CA" || keyData == 0, key.Pmkid.IsEmpty);
    }

    [Fact]
    public void It_is_found_inside_an_AMSDU()
    {
        byte[] frame = Make.QosToDs("8000", SampleFrames.Subframe("AAAA03000000 86DD") + "0000" + SampleFrames.Subframe(SampleFrames.Eapol1));
        EapolKey key = Parse(frame);
        Assert.Equal(1, key.Message);
        Assert.Equal(Nonce, Convert.ToHexString(key.Nonce.Of(frame)));
    }

    [Fact]
    public void A_MIC_of_24_bytes_is_known_by_the_lengths()
    {
        // As SampleFrames.Eapol1, with eight more bytes of MIC, which begins at byte 77 of the descriptor.
        const int mic = 24 + 8 + 4 + 77;
        byte[] usual = Make.ToDs(SampleFrames.Eapol1.Replace("0075", "007D"));
        byte[] frame = [.. usual[..mic], .. new byte[8], .. usual[mic..]];
        EapolKey key = Parse(frame);
        Assert.Equal(24, key.Mic.Length);
        Assert.Equal(22, key.KeyDataLength);
        Assert.Equal(16, key.Pmkid.Length);
    }

    [Fact]
    public void Cut_or_lying_lengths_keep_what_was_there()
    {
        byte[] frame = Make.ToDs(SampleFrames.Eapol1);
        EapolKey key = Parse(frame[..^1], ParseStatus.Truncated, cut: true);
        Assert.Equal(Anomalies.None, key.Anomalies);
        Assert.Equal(1, key.Message);
        Assert.True(key.Pmkid.IsEmpty);
        Assert.Equal(21, key.KeyData.Length);
        Assert.Equal(Anomalies.EapolMalformed, Parse(frame[..^1], ParseStatus.Malformed).Anomalies);
        Assert.Equal(Anomalies.EapolMalformed, Parse(frame[..60], ParseStatus.Malformed).Anomalies);
        // The packet claims less than its key data need.
        Assert.Equal(Anomalies.EapolMalformed, Parse(Make.ToDs(SampleFrames.Eapol1.Replace("0075", "0070")), ParseStatus.Malformed).Anomalies);
    }

    [Fact]
    public void Other_payloads_and_descriptors_are_unsupported()
    {
        Parse(Make.ToDs(SampleFrames.Arp), ParseStatus.Unsupported);
        // Descriptor type 1: RC4 of 802.1X.
        Parse(Make.ToDs(SampleFrames.Eapol1.Replace("02 008A", "01 008A")), ParseStatus.Unsupported);
        Assert.Equal(254, Parse(Make.ToDs(SampleFrames.Eapol1.Replace("02 008A", "FE 008A"))).DescriptorType);
    }

    [Fact]
    public void An_EAP_response_tells_the_identity()
    {
        byte[] frame = Make.ToDs(SampleFrames.EapIdentity);
        Dot11Frame f = Make.Parse(frame);
        Assert.Equal(ParseStatus.Ok, EapPacket.TryParse(frame, in f, out EapPacket eap));
        Assert.Equal(EapPacket.Response, eap.Code);
        Assert.Equal(7, eap.Identifier);
        Assert.Equal("bob", eap.Identity.Text(frame));
    }

    [Theory]
    [InlineData("AAAA03000000 888E 01 00 0008 01 07 0008 01 626F62", ParseStatus.Ok)] // a request's text is no identity
    [InlineData("AAAA03000000 888E 01 00 0004 03 07 0004", ParseStatus.Ok)] // success
    [InlineData("AAAA03000000 888E 01 01 0000", ParseStatus.Unsupported)] // EAPOL start
    [InlineData("AAAA03000000 888E 01 00 0008 02 07", ParseStatus.Malformed)]
    [InlineData("AAAA03000000 888E 01 00 0008 02 07 0003", ParseStatus.Malformed)]
    [InlineData("AAAA03000000 0806", ParseStatus.Unsupported)]
    public void Other_EAPOL_packets_tell_none(string body, ParseStatus expected)
    {
        byte[] frame = Make.ToDs(body);
        Dot11Frame f = Make.Parse(frame);
        Assert.Equal(expected, EapPacket.TryParse(frame, in f, out EapPacket eap));
        Assert.True(eap.Identity.IsEmpty);
    }
}
