using KismetOrleans.Wire.Link;

namespace KismetOrleans.Wire.Tests.Link;

/// <summary>Headers of TZSP, as access points send them.</summary>
public sealed class TzspTests
{
    // Received, 802.11; rate 54 Mbit/s, RSSI -61, SNR 30, channel 6, timestamp, padding, a tag that nobody knows, end; then a frame.
    private const string Full = "01000012" + "0C016C" + "0A01C3" + "0B011E" + "120106" + "0D0400010203" + "00" + "F0020102" + "01" + "C0FFEE";

    [Fact]
    public void What_the_tags_say_is_read()
    {
        byte[] datagram = Convert.FromHexString(Full);
        Assert.Equal(ParseStatus.Ok, Tzsp.TryParse(datagram, out Tzsp packet));
        Assert.Equal((LinkType.Ieee80211, 108, -61, -91, 6, 0x010203u, false), (packet.LinkType, packet.Rate, packet.SignalDbm, packet.NoiseDbm, packet.Channel, packet.Microseconds!.Value, packet.IsDamaged));
        Assert.Equal("C0FFEE", Convert.ToHexString(datagram.AsSpan(packet.PacketAt)));
    }

    [Theory]
    [InlineData("0100000101AA", 1)]
    [InlineData("0100007701AA", 119)]
    [InlineData("0100007F01AA", 163)]
    public void Each_encapsulation_is_a_link_type(string hex, int linkType)
    {
        Assert.Equal(ParseStatus.Ok, Tzsp.TryParse(Convert.FromHexString(hex), out Tzsp packet));
        Assert.Equal(linkType, (int)packet.LinkType);
    }

    [Theory]
    // RSSI in two bytes; 802.11b's rates in units of 100 kbit/s; a wrong check sequence.
    [InlineData("01000012" + "0A02FFB5" + "0C0137" + "110101" + "01", -75, 11, true)]
    [InlineData("01000012" + "0A03000000" + "0C0104" + "110100" + "01", 0, 4, false)]
    public void Tags_have_more_than_one_form(string hex, int signal, int rate, bool isDamaged)
    {
        Assert.Equal(ParseStatus.Ok, Tzsp.TryParse(Convert.FromHexString(hex), out Tzsp packet));
        Assert.Equal((signal, rate, isDamaged), (packet.SignalDbm, packet.Rate, packet.IsDamaged));
    }

    [Theory]
    [InlineData("", ParseStatus.Truncated)]
    [InlineData("010000", ParseStatus.Truncated)]
    [InlineData("0200001201", ParseStatus.Unsupported)]
    [InlineData("0101001201", ParseStatus.Unsupported)]
    [InlineData("0100FFFF01", ParseStatus.Unsupported)]
    [InlineData("01000012", ParseStatus.Malformed)]
    [InlineData("0100001200000000", ParseStatus.Malformed)]
    [InlineData("010000120AFF01", ParseStatus.Malformed)]
    [InlineData("010000120A", ParseStatus.Malformed)]
    public void What_is_none_is_told(string hex, ParseStatus status) => Assert.Equal(status, Tzsp.TryParse(Convert.FromHexString(hex), out _));

    [Fact]
    public void A_keepalive_has_no_packet()
    {
        Assert.Equal(ParseStatus.Ok, Tzsp.TryParse([1, 4, 0, 0], out Tzsp packet));
        Assert.Equal(0, packet.PacketAt);
    }

    [Fact]
    public void Cut_at_any_length_it_is_never_read_past_its_end()
    {
        byte[] datagram = Convert.FromHexString(Full);
        for (int length = 0; length < datagram.Length - 3; length++)
        {
            Assert.NotEqual(ParseStatus.Ok, Tzsp.TryParse(datagram.AsSpan(0, length), out _));
        }
    }
}
