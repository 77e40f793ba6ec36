using KismetOrleans.Wire.Link;
using KismetOrleans.Wire.Tests.Dot11;

namespace KismetOrleans.Wire.Tests.Link;

/// <summary>Link types of 802.15.4: with and without check sequence, and behind the TAP header.</summary>
public sealed class Ieee802154TapTests
{
    // 28 bytes: check sequence of 16 bits, −58.4 dBm, channel 15 of page 0.
    private const string Tap = "00 00 1C00" + "0000 0100 01000000" + "0100 0400 9A9969C2" + "0300 0300 0F0000 00";
    private const string Frame = "6188 35 621A 0000 5C6F 4802";

    [Fact]
    public void A_tap_header_tells_signal_channel_and_check_sequence()
    {
        RadioHeader header = Parse(LinkType.Ieee802154Tap, Tap + Frame + "0000", ParseStatus.Ok);
        Assert.Equal((28, 2, LinkType.Ieee802154NoFcs), (header.HeaderLength, header.FcsLength, header.Inner));
        Assert.Equal((SignalKind.Dbm, (short)-58, 2_425_000u), (header.SignalKind, header.Signal, header.FrequencyKhz));
        Assert.Equal(Anomalies.None, header.Anomalies);
    }

    [Theory]
    [InlineData("0000 0100 00000000", 0, 0u)] // no check sequence
    [InlineData("0000 0100 02000000", 4, 0u)]
    [InlineData("0000 0100 03000000", 0, 0u)]
    [InlineData("0300 0300 000000 00", 0, 868_300u)]
    [InlineData("0300 0300 0A0002 00", 0, 924_000u)]
    [InlineData("0300 0300 1A0000 00", 0, 2_480_000u)]
    [InlineData("0300 0300 1B0000 00", 0, 0u)] // there is no channel 27
    [InlineData("0300 0300 0F0009 00", 0, 0u)] // of another page
    [InlineData("0B00 0400 80A81B4A", 0, 2_550_304u)] // centre frequency in kHz
    [InlineData("0B00 0400 0000C07F", 0, 0u)] // which is no number
    [InlineData("0100 0400 0000C07F", 0, 0u)]
    [InlineData("FFFF 0500 0102030405 000000", 0, 0u)] // a type that nobody knows
    public void Each_value_is_taken_or_left(string tlv, int fcs, uint khz)
    {
        byte[] value = Make.Hex(tlv);
        RadioHeader header = Parse(LinkType.Ieee802154Tap, $"0000 {4 + value.Length:X2}00 {tlv} {Frame} 00000000", ParseStatus.Ok);
        Assert.Equal((fcs, khz, SignalKind.None), (header.FcsLength, header.FrequencyKhz, header.SignalKind));
    }

    [Theory]
    [InlineData("0A00 0100 FF000000", 255)]
    [InlineData("0A00 0100 00000000", 0)]
    [InlineData("0A00 0000", null)]
    [InlineData("0B00 0400 80A81B4A", null)]
    public void Link_quality_is_told_where_it_is(string tlv, int? lqi)
    {
        byte[] value = Make.Hex(tlv);
        RadioHeader header = Parse(LinkType.Ieee802154Tap, $"0000 {4 + value.Length:X2}00 {tlv} {Frame}", ParseStatus.Ok);
        Assert.Equal(lqi, header.HasLqi ? header.Lqi : null);
    }

    [Theory]
    [InlineData("01 00 0400")] // version 1
    [InlineData("00 00 0300")] // shorter than itself
    [InlineData("00 00 0800")] // past the end
    [InlineData("00 00")]
    public void A_header_that_contradicts_itself_is_malformed(string hex) =>
        Assert.Equal(Anomalies.LinkHeaderMalformed, Parse(LinkType.Ieee802154Tap, hex, ParseStatus.Malformed).Anomalies);

    [Fact]
    public void A_value_past_the_end_is_told_and_the_frame_is_found()
    {
        RadioHeader header = Parse(LinkType.Ieee802154Tap, "0000 0C00 0000 0900 01000000" + Frame, ParseStatus.Ok);
        Assert.Equal((12, Anomalies.LinkHeaderMalformed), (header.HeaderLength, header.Anomalies));
    }

    [Fact]
    public void Every_cut_is_truncated_until_the_frame_begins()
    {
        byte[] packet = Make.Hex(Tap + Frame);
        for (int length = 0; length <= packet.Length; length++)
        {
            ParseStatus status = LinkHeader.TryParse(LinkType.Ieee802154Tap, packet.AsSpan(0, length), packet.Length, out RadioHeader header);
            Assert.Equal(length < 28 ? ParseStatus.Truncated : ParseStatus.Ok, status);
            Assert.Equal(length == packet.Length ? 2 : 0, header.FcsLength);
        }
    }

    [Fact]
    public void Plain_frames_have_a_check_sequence_or_none()
    {
        Assert.Equal((0, 2), Lengths(LinkType.Ieee802154WithFcs, Frame));
        Assert.Equal((0, 0), Lengths(LinkType.Ieee802154NoFcs, Frame));
        // Too short to have one.
        Assert.Equal((0, 0), Lengths(LinkType.Ieee802154WithFcs, "02"));
    }

    private static (int Header, int Fcs) Lengths(LinkType type, string hex)
    {
        RadioHeader header = Parse(type, hex, ParseStatus.Ok);
        Assert.Equal(LinkType.Ieee802154NoFcs, header.Inner);
        return (header.HeaderLength, header.FcsLength);
    }

    private static RadioHeader Parse(LinkType type, string hex, ParseStatus expected)
    {
        byte[] packet = Make.Hex(hex);
        Assert.Equal(expected, LinkHeader.TryParse(type, packet, packet.Length, out RadioHeader header));
        return header;
    }
}
