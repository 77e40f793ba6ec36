using KismetOrleans.Wire.Link;

namespace KismetOrleans.Wire.Tests.Link;

/// <summary>PPI headers, made by hand after PPI 1.0.10 and the geolocation specification.</summary>
public sealed class PpiTests
{
    /// <summary>802.11-Common: timer, flags (FCS present), rate 11 Mbit/s, 2437 MHz, CCK 2 GHz, hop 0 0, signal -61, noise -90.</summary>
    private const string Common = "02001400" + "0000000000000000" + "0100" + "1600" + "8509" + "A000" + "0000" + "C3" + "A6";

    /// <summary>GPS: version 2, 20 bytes, latitude 51.5007 N, longitude 0.1246 W, altitude 35.25 m.</summary>
    private const string Gps = "32751400" + "02001400" + "0E000000" + "1834FC89" + "D0CE366B" + "F4324F6B";

    [Fact]
    public void The_common_field_gives_what_radiotap_would()
    {
        RadioHeader header = Parse(Build(0, 105, Common), out ParseStatus status);
        Assert.Equal(ParseStatus.Ok, status);
        Assert.Equal(32, header.HeaderLength);
        Assert.Equal(LinkType.Ieee80211, header.Inner);
        Assert.Equal(4, header.FcsLength);
        Assert.Equal(110, header.Rate100Kbps);
        Assert.Equal(2_437_000u, header.FrequencyKhz);
        Assert.Equal((RadioEncoding.Cck, RadioCarrier.Dot11B), (header.Encoding, header.Carrier));
        Assert.Equal((SignalKind.Dbm, (short)-61, (short)-90), (header.SignalKind, header.Signal, header.Noise));
        Assert.Equal(0, header.Fix);
        Assert.Equal(Anomalies.None, header.Anomalies);
    }

    [Fact]
    public void The_gps_field_gives_the_position_also_behind_a_field_of_no_known_type()
    {
        // Type 0x7FFF with three bytes: not aligned, the next field follows at once.
        RadioHeader header = Parse(Build(0, 105, "FF7F0300" + "010203" + Gps), out _);
        Assert.Equal(3, header.Fix);
        Assert.Equal(51.5007, header.Latitude, 7);
        Assert.Equal(-0.1246, header.Longitude, 7);
        Assert.Equal(35.25f, header.Altitude, 3);
        Assert.Equal(SignalKind.None, header.SignalKind);
    }

    [Fact]
    public void With_the_alignment_flag_fields_begin_at_multiples_of_four()
    {
        RadioHeader header = Parse(Build(1, 105, "FF7F0300" + "010203" + "00" + Gps), out _);
        Assert.Equal(3, header.Fix);
        Assert.Equal(Anomalies.None, header.Anomalies);
    }

    [Theory]
    // Latitude alone is no position; latitude and longitude without altitude have two dimensions; 200 degrees north are damage.
    [InlineData("32750C00" + "02000C00" + "02000000" + "1834FC89", 0, Anomalies.None)]
    [InlineData("32751000" + "02001000" + "06000000" + "1834FC89" + "D0CE366B", 2, Anomalies.None)]
    [InlineData("32751000" + "02001000" + "06000000" + "00667FE2" + "D0CE366B", 0, Anomalies.LinkHeaderMalformed)]
    [InlineData("32750C00" + "02000C00" + "06000000" + "1834FC89", 0, Anomalies.LinkHeaderMalformed)]
    [InlineData("32750400" + "02000400", 0, Anomalies.LinkHeaderMalformed)]
    public void A_position_is_whole_or_none(string field, int fix, Anomalies anomalies)
    {
        RadioHeader header = Parse(Build(0, 105, field), out ParseStatus status);
        Assert.Equal(ParseStatus.Ok, status);
        Assert.Equal(fix, header.Fix);
        Assert.Equal(anomalies, header.Anomalies);
    }

    [Fact]
    public void Minus_128_means_that_signal_and_noise_are_not_known()
    {
        RadioHeader header = Parse(Build(0, 105, Common[..^4] + "8080"), out _);
        Assert.Equal((SignalKind.None, (short)0, (short)0), (header.SignalKind, header.Signal, header.Noise));
    }

    [Theory]
    [InlineData("02001500" + "00")]
    [InlineData("02000400" + "00000000")]
    [InlineData("0200")]
    public void A_field_that_runs_out_of_the_header_or_is_too_short_is_noted_and_the_frame_stays_usable(string field)
    {
        RadioHeader header = Parse(Build(0, 105, field), out ParseStatus status);
        Assert.Equal(ParseStatus.Ok, status);
        Assert.Equal(Anomalies.LinkHeaderMalformed, header.Anomalies);
    }

    [Fact]
    public void A_radiotap_header_inside_is_read_and_the_position_kept()
    {
        // Radiotap: signal -70.
        RadioHeader header = Parse(Build(0, 127, Gps) + "0000090020000000" + "BA", out ParseStatus status);
        Assert.Equal(ParseStatus.Ok, status);
        Assert.Equal(8 + 24 + 9, header.HeaderLength);
        Assert.Equal(LinkType.Ieee80211, header.Inner);
        Assert.Equal(-70, header.Signal);
        Assert.Equal(3, header.Fix);
    }

    [Fact]
    public void Ubertooths_field_gives_frequency_and_mean_signal_of_a_bluetooth_packet()
    {
        // Version 0, 2426 MHz, clock, signal at most -28, at least -37, in the mean -30, of 61 samples; link type USER0.
        RadioHeader header = Parse(Build(0, 147, "36750C00" + "007A09000833710DE4DBE23D"), out _);
        Assert.Equal(LinkType.BtleLinkLayer, header.Inner);
        Assert.Equal(2_426_000u, header.FrequencyKhz);
        Assert.Equal((SignalKind.Rssi, (short)-30), (header.SignalKind, header.Signal));
    }

    [Theory]
    [InlineData(1, ParseStatus.Unsupported, Anomalies.LinkTypeUnsupported)]
    [InlineData(192, ParseStatus.Malformed, Anomalies.LinkHeaderMalformed)]
    [InlineData(70_000, ParseStatus.Unsupported, Anomalies.LinkTypeUnsupported)]
    public void A_link_type_inside_that_nobody_reads_is_said_so(int inner, ParseStatus expected, Anomalies anomalies)
    {
        RadioHeader header = Parse(Build(0, inner, ""), out ParseStatus status);
        Assert.Equal(expected, status);
        Assert.Equal(anomalies, header.Anomalies);
    }

    private static string Build(byte flags, int inner, string fields)
    {
        int length = 8 + fields.Length / 2;
        return $"00{flags:X2}{length & 255:X2}{length >> 8:X2}" + Convert.ToHexString(BitConverter.GetBytes(inner)) + fields;
    }

    private static RadioHeader Parse(string hex, out ParseStatus status)
    {
        byte[] packet = Convert.FromHexString(hex + "AABBCCDDEEFF0102");
        status = LinkHeader.TryParse(LinkType.Ppi, packet, packet.Length, out RadioHeader header);
        return header;
    }
}
