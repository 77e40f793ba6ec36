using KismetOrleans.Wire.Bluetooth;
using KismetOrleans.Wire.Link;
using KismetOrleans.Wire.Tests.Dot11;

namespace KismetOrleans.Wire.Tests.Link;

/// <summary>Headers in front of HCI packets (187, 201) and of the nRF sniffer's (272).</summary>
public sealed class BluetoothHeadersTests
{
    // Board 1; version 3 with two bytes of length, counter, advertising; ten bytes of radio: CRC good, channel 38, −70 dBm; access address and on.
    private const string Nordic = "01 1F00 03 0100 02" + "0A 01 26 46 0000 00000000";
    private const string Packet = "D6BE898E 40 09 0100000000C0 020106 000000";

    [Theory]
    [InlineData(Nordic, 2_426_000u)]
    [InlineData("01 06 1F 01 0100 06 0A 01 25 46 0000 00000000", 2_402_000u)] // version 1: lengths of header and payload
    [InlineData("01 1F00 02 0100 06 0A 01 27 46 0000 00000000", 2_480_000u)]
    [InlineData("01 1F00 03 0100 06 0A 01 00 46 0000 00000000", 2_404_000u)]
    [InlineData("01 1F00 03 0100 06 0A 01 0B 46 0000 00000000", 2_428_000u)]
    [InlineData("01 1F00 03 0100 06 0A 11 24 46 0000 00000000", 2_478_000u)] // 2M
    public void The_sniffers_header_tells_channel_and_signal(string header, uint khz)
    {
        RadioHeader h = Parse(LinkType.NordicBle, header + Packet, ParseStatus.Ok);
        Assert.Equal((17, LinkType.BtleLinkLayer, khz, (short)-70, SignalKind.Dbm), (h.HeaderLength, h.Inner, h.FrequencyKhz, h.Signal, h.SignalKind));
        Assert.False(h.ReportedBadFcs);
    }

    [Theory]
    [InlineData("00")]
    [InlineData("01")]
    public void On_the_coded_PHY_a_coding_indicator_stands_before_the_packet(string indicator)
    {
        // ADV_EXT_IND of C0:00:00:00:00:01 on channel 37, with its advertising set and the name "far".
        byte[] pdu = [.. Make.Hex("47 0F 09 09 0100000000C0 3412 0409"), .. "far"u8];
        uint crc = BtleCrc.ComputeAdvertising(pdu);
        byte[] packet = [.. Make.Hex("01 1F00 03 0100 02 0A 21 25 46 0000 00000000 D6BE898E" + indicator), .. pdu, (byte)crc, (byte)(crc >> 8), (byte)(crc >> 16)];
        RadioHeader h = Parse(LinkType.NordicBle, Convert.ToHexString(packet), ParseStatus.Ok);
        Assert.Equal((17, LinkType.BtleLinkLayer, false), (h.HeaderLength, h.Inner, h.ReportedBadFcs));
        byte[] inner = packet[17..];
        Assert.Equal(ParseStatus.Ok, BtleAdvertising.TryParse(inner, out BtleAdvertisement a));
        Assert.Equal(("C0:00:00:00:00:01", BtlePdu.AdvExtInd, "far", Anomalies.None), (a.Address.ToString(), a.Pdu, a.Content.Name.Text(inner), a.Anomalies));
        inner[^1] ^= 0xFF;
        _ = BtleAdvertising.TryParse(inner, out a);
        Assert.False(a.IsReliable);
    }

    [Fact]
    public void What_goes_on_in_a_chained_packet_is_no_fault()
    {
        // AUX_CHAIN_IND: advertising set alone, then the rest of a structure that another packet has begun.
        byte[] pdu = Make.Hex("07 09 03 08 3412 FFFFFFFFFF");
        uint crc = BtleCrc.ComputeAdvertising(pdu);
        byte[] packet = [.. Make.Hex("D6BE898E"), .. pdu, (byte)crc, (byte)(crc >> 8), (byte)(crc >> 16)];
        Assert.Equal(ParseStatus.Ok, BtleAdvertising.TryParse(packet, out BtleAdvertisement a));
        Assert.Equal((Anomalies.None, true, false), (a.Anomalies, a.Address.IsZero, a.IsReliable));
    }

    [Theory]
    [InlineData("0000 0003 0F04 00010300", "040F0400010300")] // command status
    [InlineData("0000 0002 030C00", "")] // a command
    [InlineData("0000 0000", "")] // an adapter that came
    public void The_monitor_of_Linux_gives_events_without_their_type(string hex, string h4)
    {
        byte[] packet = Make.Hex(hex);
        RadioHeader h = Parse(LinkType.BluetoothLinuxMonitor, hex, ParseStatus.Ok);
        Assert.Equal((2, LinkType.BluetoothLinuxMonitor), (h.HeaderLength, h.Inner));
        byte[] to = new byte[BluetoothMonitor.MostBytes];
        Assert.Equal(h4, Convert.ToHexString(to.AsSpan(0, BluetoothMonitor.ToH4(packet.AsSpan(2), to))));
        Assert.Equal(ParseStatus.Truncated, LinkHeader.TryParse(LinkType.BluetoothLinuxMonitor, packet.AsSpan(0, 3), 9, out _));
    }

    [Fact]
    public void A_wrong_CRC_is_told()
    {
        RadioHeader h = Parse(LinkType.NordicBle, "01 1F00 03 0100 02 0A 00 26 46 0000 00000000" + Packet, ParseStatus.Ok);
        Assert.Equal((true, Anomalies.BluetoothCrcBad), (h.ReportedBadFcs, h.Anomalies));
    }

    [Fact]
    public void A_right_CRC_goes_before_flags_that_were_not_filled()
    {
        byte[] pdu = Make.Hex("40 09 0100000000C0 020106");
        uint crc = BtleCrc.ComputeAdvertising(pdu);
        string packet = "D6BE898E" + Convert.ToHexString(pdu) + Convert.ToHexString([(byte)crc, (byte)(crc >> 8), (byte)(crc >> 16)]);
        RadioHeader h = Parse(LinkType.NordicBle, "01 1F00 02 0100 06 0A 00 00 46 0000 00000000" + packet, ParseStatus.Ok);
        Assert.Equal((false, Anomalies.None), (h.ReportedBadFcs, h.Anomalies));
    }

    [Theory]
    [InlineData("01 1F00 04 0100 02 0A 01 26 46 0000 00000000", ParseStatus.Unsupported, Anomalies.LinkTypeUnsupported)] // version 4
    [InlineData("01 0000 03 0100 0E", ParseStatus.Unsupported, Anomalies.LinkTypeUnsupported)] // a ping
    [InlineData("01 1F00 02 0100 02 0A 01 26 46 0000 00000000", ParseStatus.Unsupported, Anomalies.LinkTypeUnsupported)] // of version 3 alone
    [InlineData("01 1F00 03 0100 02 0B 01 26 46 0000 00000000", ParseStatus.Malformed, Anomalies.LinkHeaderMalformed)] // length of the radio's part
    [InlineData("01 1F00 03 0100 02 0A 01 28 46 0000 00000000", ParseStatus.Malformed, Anomalies.LinkHeaderMalformed)] // channel 40
    [InlineData("01 1F00 03 0100", ParseStatus.Malformed, Anomalies.LinkHeaderMalformed)]
    public void What_is_not_read_says_why(string header, ParseStatus status, Anomalies anomalies) =>
        Assert.Equal(anomalies, Parse(LinkType.NordicBle, header, status).Anomalies);

    [Fact]
    public void Every_cut_is_truncated_until_the_packet_begins()
    {
        byte[] packet = Make.Hex(Nordic + Packet);
        for (int length = 0; length <= packet.Length; length++)
        {
            Assert.Equal(
                length < 17 ? ParseStatus.Truncated : ParseStatus.Ok,
                LinkHeader.TryParse(LinkType.NordicBle, packet.AsSpan(0, length), packet.Length, out _));
        }
    }

    [Theory]
    [InlineData(LinkType.BluetoothHciH4, "04 0E 00", 0, ParseStatus.Ok, Anomalies.None)]
    [InlineData(LinkType.BluetoothHciH4WithPhdr, "00000001 04 0E 00", 4, ParseStatus.Ok, Anomalies.None)]
    [InlineData(LinkType.BluetoothHciH4WithPhdr, "01000000 04 0E 00", 4, ParseStatus.Ok, Anomalies.LinkHeaderMalformed)] // a direction that there is not
    [InlineData(LinkType.BluetoothHciH4WithPhdr, "000000", 0, ParseStatus.Malformed, Anomalies.LinkHeaderMalformed)]
    public void H4_has_a_direction_or_none(LinkType type, string hex, int header, ParseStatus status, Anomalies anomalies)
    {
        RadioHeader h = Parse(type, hex, status);
        Assert.Equal((header, anomalies), (h.HeaderLength, h.Anomalies));
        Assert.Equal(status == ParseStatus.Ok ? LinkType.BluetoothHciH4 : LinkType.None, h.Inner);
    }

    private static RadioHeader Parse(LinkType type, string hex, ParseStatus expected)
    {
        byte[] packet = Make.Hex(hex);
        Assert.Equal(expected, LinkHeader.TryParse(type, packet, packet.Length, out RadioHeader header));
        return header;
    }
}
