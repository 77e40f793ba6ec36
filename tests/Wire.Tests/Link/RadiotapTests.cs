using KismetOrleans.Wire.Link;

namespace KismetOrleans.Wire.Tests.Link;

/// <summary>Radiotap headers, made by hand after radiotap.org, each followed by the frame AA BB CC DD EE FF 01 02.</summary>
public sealed class RadiotapTests
{
    private const string Frame = "AABBCCDDEEFF0102";

    [Fact]
    public void The_header_of_a_typical_driver_gives_frequency_signal_rate_and_check_sequence()
    {
        // TSFT, flags (FCS), rate 1 Mbit/s, channel 2412 CCK 2 GHz, signal -44, noise -95, antenna 1.
        RadioHeader header = Parse("00001A006F080000" + "0102030405060708" + "10" + "02" + "6C09A000" + "D4" + "A1" + "01" + "00", out _);
        Assert.Equal(26, header.HeaderLength);
        Assert.Equal(LinkType.Ieee80211, header.Inner);
        Assert.Equal(4, header.FcsLength);
        Assert.Equal(10, header.Rate100Kbps);
        Assert.Equal(2_412_000u, header.FrequencyKhz);
        Assert.Equal(RadioEncoding.Cck, header.Encoding);
        Assert.Equal(RadioCarrier.Dot11B, header.Carrier);
        Assert.Equal(SignalKind.Dbm, header.SignalKind);
        Assert.Equal(-44, header.Signal);
        Assert.Equal(-95, header.Noise);
        Assert.False(header.ReportedBadFcs);
        Assert.Equal(Anomalies.None, header.Anomalies);
    }

    [Theory]
    [InlineData(2412, 0x00A0, RadioEncoding.Cck, RadioCarrier.Dot11B)]
    [InlineData(2412, 0x00C0, RadioEncoding.Ofdm, RadioCarrier.Dot11G)]
    [InlineData(2437, 0x0480, RadioEncoding.DynamicCck, RadioCarrier.Dot11G)]
    [InlineData(5180, 0x0140, RadioEncoding.Ofdm, RadioCarrier.Dot11A)]
    [InlineData(2422, 0x0880, RadioEncoding.Gfsk, RadioCarrier.Fhss)]
    [InlineData(5955, 0x0000, RadioEncoding.Unknown, RadioCarrier.Unknown)]
    public void Channel_flags_give_encoding_and_carrier(int mhz, int flags, RadioEncoding encoding, RadioCarrier carrier)
    {
        RadioHeader header = Parse($"00000C0008000000{mhz & 255:X2}{mhz >> 8:X2}{flags & 255:X2}{flags >> 8:X2}", out _);
        Assert.Equal((uint)mhz * 1000, header.FrequencyKhz);
        Assert.Equal(encoding, header.Encoding);
        Assert.Equal(carrier, header.Carrier);
    }

    [Theory]
    // XChannel at offset 8: flags HT40+ and 2 GHz, 2437 MHz, channel 6, power 0.
    [InlineData("0000100000000400" + "8000020085090600", 2_437_000u, RadioCarrier.Dot11N40)]
    // Flags before it push it to the next multiple of four.
    [InlineData("0000140002000400" + "00000000" + "8000010085090600", 2_437_000u, RadioCarrier.Dot11N20)]
    public void The_extended_channel_serves_where_the_plain_one_is_missing(string hex, uint khz, RadioCarrier carrier)
    {
        RadioHeader header = Parse(hex, out _);
        Assert.Equal(khz, header.FrequencyKhz);
        Assert.Equal(carrier, header.Carrier);
    }

    [Fact]
    public void All_known_fields_are_stepped_over_at_their_alignment()
    {
        // All of bits 0 to 27 in one word. Offsets after each field's own alignment: TSFT 8, flags 16, rate 17, channel 18, FHSS 22,
        // signal 24, noise 25, quality 26, attenuations 28 and 30, power 32, antenna 33, dB signal 34, dB noise 35, RX flags 36,
        // TX flags 38, RTS retries 40, data retries 41, XChannel 44, MCS 52, A-MPDU 56, VHT 64, timestamp 80, HE 92, HE-MU 104,
        // HE-MU other user 116, 0-length PSDU 122, L-SIG 124, end 128.
        byte[] packet = new byte[128];
        packet[2] = 128;
        BitConverter.TryWriteBytes(packet.AsSpan(4), 0x0FFF_FFFF);
        packet[24] = unchecked((byte)-50);
        Assert.Equal(ParseStatus.Ok, LinkHeader.TryParse(LinkType.Radiotap, packet, packet.Length, out RadioHeader header));
        Assert.Equal(Anomalies.None, header.Anomalies);
        Assert.Equal(-50, header.Signal);

        // One byte less, and the last field does not fit.
        packet[2] = 127;
        Assert.Equal(ParseStatus.Ok, LinkHeader.TryParse(LinkType.Radiotap, packet, packet.Length, out header));
        Assert.Equal(Anomalies.LinkHeaderMalformed, header.Anomalies);
        Assert.Equal(127, header.HeaderLength);
    }

    [Fact]
    public void The_first_signal_is_the_packets_and_those_of_the_antennas_are_not()
    {
        // Word 1: flags, signal, more in the radiotap namespace; words 2 and 3: signal and antenna each.
        RadioHeader header = Parse("00001600" + "220000A0" + "200800A0" + "20080000" + "10" + "C4" + "BA" + "00" + "B0" + "01", out _);
        Assert.Equal(-60, header.Signal);
        Assert.Equal(4, header.FcsLength);
        Assert.Equal(Anomalies.None, header.Anomalies);
    }

    [Fact]
    public void A_vendors_fields_are_skipped_by_their_length_and_the_radiotap_namespace_goes_on_behind_them()
    {
        // Word 1: rate, then the vendor's namespace; word 2: any bits of the vendor's, then radiotap again; word 3: signal.
        // Rate at 16, pad, OUI 00:11:22, sub-namespace 0, skip 5 at 18, five bytes, signal at 29.
        RadioHeader header = Parse("00001E00" + "040000C0" + "FFFF0FA0" + "20000000" + "16" + "FF" + "001122000500" + "0102030405" + "BF", out _);
        Assert.Equal(110, header.Rate100Kbps);
        Assert.Equal(-65, header.Signal);
        Assert.Equal(Anomalies.None, header.Anomalies);
    }

    [Theory]
    // The skip length runs past the end of the header.
    [InlineData("00001800" + "040000C0" + "00000080" + "00000000" + "16FF" + "00112200FFFF")]
    // The namespace field itself does.
    [InlineData("00001300" + "040000C0" + "00000080" + "00000000" + "16FF00")]
    // Both namespaces at once.
    [InlineData("00001000" + "040000E0" + "20000000" + "16BF" + "0000")]
    // A present word says that another follows, which the length has no room for.
    [InlineData("00000800" + "04000080")]
    public void A_walk_that_leaves_the_header_is_stopped_and_noted_and_the_frame_stays_usable(string hex)
    {
        RadioHeader header = Parse(hex, out ParseStatus status);
        Assert.Equal(ParseStatus.Ok, status);
        Assert.Equal(Anomalies.LinkHeaderMalformed, header.Anomalies);
        Assert.Equal(hex.Length / 2, header.HeaderLength);
    }

    [Fact]
    public void Fields_above_31_are_unknown_and_end_the_walk()
    {
        // Word 2 goes on in the same namespace with bit 32.
        RadioHeader header = Parse("00000E00" + "20000080" + "01000000" + "D0" + "00", out ParseStatus status);
        Assert.Equal(ParseStatus.Ok, status);
        Assert.Equal(Anomalies.RadiotapUnknownField, header.Anomalies);
        Assert.Equal(-48, header.Signal);
    }

    [Fact]
    public void Fields_in_tlv_form_are_stepped_over_and_used_where_they_are_known()
    {
        // Rate, TLVs: type 34 (EHT) with 3 bytes padded to 4, then type 5 (signal) with 1.
        RadioHeader header = Parse("00001900" + "04000010" + "02000000" + "22000300" + "01020300" + "05000100" + "CE", out _);
        Assert.Equal(10, header.Rate100Kbps);
        Assert.Equal(-50, header.Signal);
        Assert.Equal(Anomalies.None, header.Anomalies);
    }

    [Fact]
    public void A_tlv_longer_than_the_header_is_noted()
    {
        RadioHeader header = Parse("00001000" + "00000010" + "22000500" + "01020304", out ParseStatus status);
        Assert.Equal(ParseStatus.Ok, status);
        Assert.Equal(Anomalies.LinkHeaderMalformed, header.Anomalies);
    }

    [Fact]
    public void The_drivers_word_on_a_bad_check_sequence_is_taken()
    {
        RadioHeader header = Parse("0000090002000000" + "50", out _);
        Assert.True(header.ReportedBadFcs);
        Assert.Equal(4, header.FcsLength);
        Assert.Equal(Anomalies.FcsBad, header.Anomalies);
    }

    [Fact]
    public void A_signal_in_decibels_counts_only_where_there_is_none_in_dbm()
    {
        Assert.Equal((SignalKind.Rssi, (short)57), Signal(Parse("0000090000100000" + "39", out _)));
        Assert.Equal((SignalKind.Dbm, (short)-48), Signal(Parse("00000A0020100000" + "D0" + "39", out _)));
        Assert.Equal((SignalKind.None, (short)0), Signal(Parse("0000080000000000", out _)));

        static (SignalKind, short) Signal(RadioHeader header) => (header.SignalKind, header.Signal);
    }

    [Fact]
    public void HT_rates_are_not_told_as_plain_rates()
    {
        // Flags, MCS: known 7, flags 0, index 7.
        Assert.Equal(0, Parse("00000C0002000800" + "00" + "070007", out _).Rate100Kbps);
    }

    [Theory]
    [InlineData("01000800" + "00000000")]
    [InlineData("00000700" + "00000000")]
    [InlineData("0000FFFF" + "00000000")]
    public void Another_version_or_an_impossible_length_is_malformed(string hex)
    {
        RadioHeader header = Parse(hex, out ParseStatus status);
        Assert.Equal(ParseStatus.Malformed, status);
        Assert.Equal(Anomalies.LinkHeaderMalformed, header.Anomalies);
    }

    private static RadioHeader Parse(string hex, out ParseStatus status)
    {
        byte[] packet = Convert.FromHexString(hex + Frame);
        status = LinkHeader.TryParse(LinkType.Radiotap, packet, packet.Length, out RadioHeader header);
        return header;
    }
}
