using System.Globalization;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Wire.Tests.Link;

/// <summary>Prism headers in both numberings and byte orders, and AVS headers under their own link type and under Prism's.</summary>
public sealed class PrismAvsTests
{
    [Theory]
    [InlineData(0x44, false)]
    [InlineData(0x41, false)]
    [InlineData(0x44, true)]
    public void Prism_items_are_found_by_number(int code, bool big)
    {
        RadioHeader header = Parse(LinkType.Prism, Prism(code, big, signal: -52), out ParseStatus status);
        Assert.Equal(ParseStatus.Ok, status);
        Assert.Equal(144, header.HeaderLength);
        Assert.Equal(LinkType.Ieee80211, header.Inner);
        Assert.Equal(2_437_000u, header.FrequencyKhz);
        Assert.Equal((SignalKind.Dbm, (short)-52, (short)-95), (header.SignalKind, header.Signal, header.Noise));
        Assert.Equal(110, header.Rate100Kbps);
        Assert.Equal(Anomalies.None, header.Anomalies);
    }

    [Fact]
    public void A_positive_prism_signal_is_the_chips_own_scale()
    {
        RadioHeader header = Parse(LinkType.Prism, Prism(0x44, false, signal: 40), out _);
        Assert.Equal((SignalKind.Rssi, (short)40), (header.SignalKind, header.Signal));
    }

    [Fact]
    public void Prism_items_that_the_driver_did_not_supply_are_left_out()
    {
        byte[] packet = Prism(0x44, false, signal: -52);
        // Status of the sixth item.
        packet[24 + 5 * 12 + 4] = 1;
        RadioHeader header = Parse(LinkType.Prism, packet, out _);
        Assert.Equal((SignalKind.Rssi, (short)30), (header.SignalKind, header.Signal));
    }

    [Theory]
    [InlineData(0, 0x45)]
    [InlineData(5, 0xFF)]
    public void A_prism_header_of_another_code_or_length_is_malformed(int offset, byte value)
    {
        byte[] packet = Prism(0x44, false, signal: -52);
        packet[offset] = value;
        Parse(LinkType.Prism, packet, out ParseStatus status);
        Assert.Equal(ParseStatus.Malformed, status);
    }

    [Theory]
    [InlineData(LinkType.Avs)]
    [InlineData(LinkType.Prism)]
    public void Avs_fields_are_read_under_either_link_type(LinkType type)
    {
        RadioHeader header = Parse(type, Avs(channel: 6, phy: 4, encoding: 1, kind: 2), out ParseStatus status);
        Assert.Equal(ParseStatus.Ok, status);
        Assert.Equal(64, header.HeaderLength);
        Assert.Equal(2_437_000u, header.FrequencyKhz);
        Assert.Equal((RadioEncoding.Cck, RadioCarrier.Dot11B), (header.Encoding, header.Carrier));
        Assert.Equal((SignalKind.Dbm, (short)-50, (short)-95), (header.SignalKind, header.Signal, header.Noise));
        Assert.Equal(10, header.Rate100Kbps);
    }

    [Theory]
    [InlineData(36, 5_180_000u)]
    [InlineData(14, 2_484_000u)]
    [InlineData(5180, 5_180_000u)]
    [InlineData(5_180_000, 5_180_000u)]
    [InlineData(20, 0u)]
    public void An_avs_channel_is_a_number_or_MHz_or_kHz(int channel, uint khz) =>
        Assert.Equal(khz, Parse(LinkType.Avs, Avs(channel, phy: 8, encoding: 3, kind: 3), out _).FrequencyKhz);

    [Fact]
    public void An_avs_signal_of_no_kind_is_none()
    {
        RadioHeader header = Parse(LinkType.Avs, Avs(6, 6, 3, kind: 0), out _);
        Assert.Equal((SignalKind.None, (short)0, (short)0), (header.SignalKind, header.Signal, header.Noise));
        Assert.Equal(SignalKind.Rssi, Parse(LinkType.Avs, Avs(6, 6, 3, kind: 1), out _).SignalKind);
    }

    [Theory]
    [InlineData(7, 63)]
    [InlineData(4, 1)]
    [InlineData(0, 0)]
    public void An_avs_header_of_another_magic_or_length_is_malformed(int offset, byte value)
    {
        byte[] packet = Avs(6, 6, 3, 2);
        packet[offset] = value;
        Parse(LinkType.Avs, packet, out ParseStatus status);
        Assert.Equal(ParseStatus.Malformed, status);
    }

    /// <summary>The usual 144 bytes with ten items: times, channel 6, RSSI 30, quality, signal, noise -95, rate 22, direction, length.</summary>
    private static byte[] Prism(int code, bool big, int signal)
    {
        int[] values = [1, 2, 6, 30, 0, signal, -95, 22, 0, 8];
        byte[] packet = new byte[144 + 8];
        Put(0, code, 4);
        Put(4, 144, 4);
        for (int i = 0; i < values.Length; i++)
        {
            int at = 24 + 12 * i;
            Put(at, code == 0x44 ? ((i + 1) << 16) | 0x44 : ((i + 1) << 12) | 0x41, 4);
            Put(at + 6, 4, 2);
            Put(at + 8, values[i], 4);
        }
        return packet;

        void Put(int at, int value, int length)
        {
            byte[] bytes = Convert.FromHexString(value.ToString(length == 4 ? "X8" : "X4", CultureInfo.InvariantCulture));
            if (!big)
            {
                Array.Reverse(bytes);
            }
            bytes.CopyTo(packet, at);
        }
    }

    /// <summary>Version 1, rate 1 Mbit/s, signal -50, noise -95.</summary>
    private static byte[] Avs(int channel, int phy, int encoding, int kind) => Convert.FromHexString(
        "80211001" + "00000040" + new string('0', 32) + $"{phy:X8}{channel:X8}" + "0000000A" + "00000000" + "00000000"
        + $"{kind:X8}" + "FFFFFFCE" + "FFFFFFA1" + "00000000" + $"{encoding:X8}" + "AABBCCDDEEFF0102");

    private static RadioHeader Parse(LinkType type, byte[] packet, out ParseStatus status)
    {
        status = LinkHeader.TryParse(type, packet, packet.Length, out RadioHeader header);
        return header;
    }
}
