using KismetOrleans.Wire.Link;

namespace KismetOrleans.Wire.Tests.Link;

/// <summary>What all link headers have in common: cut is not malformed, nothing is read past the end, and Bluetooth's small header.</summary>
public sealed class LinkHeaderTests
{
    /// <summary>One good packet of each link type with a header, and the header's length.</summary>
    public static TheoryData<LinkType, string, int> Packets => new()
    {
        // Flags (FCS), rate, channel, signal.
        { LinkType.Radiotap, "00000F002E000000" + "10" + "02" + "6C09A000" + "D4" + "AABBCCDDEEFF0102", 15 },
        // 802.11-Common with FCS.
        { LinkType.Ppi, "0000200069000000" + "02001400" + "0000000000000000010016008509A0000000C3A6" + "AABBCCDDEEFF0102", 32 },
        { LinkType.Prism, "4400000090000000" + new string('0', 272) + "AABBCCDDEEFF0102", 144 },
        { LinkType.Avs, "8021100100000040" + new string('0', 112) + "AABBCCDDEEFF0102", 64 },
        { LinkType.BtleLinkLayerWithPhdr, "0CD49F00000000000204" + "D6BE898E0000", 10 },
    };

    [Theory]
    [MemberData(nameof(Packets))]
    public void A_header_cut_by_the_snap_length_is_truncated_and_one_that_is_just_short_is_malformed(LinkType type, string hex, int headerLength)
    {
        byte[] packet = Convert.FromHexString(hex);
        for (int length = 0; length < packet.Length; length++)
        {
            ParseStatus cut = LinkHeader.TryParse(type, packet.AsSpan(0, length), packet.Length, out RadioHeader header);
            Assert.Equal(length < headerLength ? ParseStatus.Truncated : ParseStatus.Ok, cut);
            Assert.Equal(length < headerLength, header.Anomalies.HasFlag(Anomalies.LinkHeaderTruncated));
            Assert.False(header.Anomalies.HasFlag(Anomalies.LinkHeaderMalformed));
            Assert.Equal(0, header.FcsLength);

            ParseStatus whole = LinkHeader.TryParse(type, packet.AsSpan(0, length), length, out header);
            Assert.Equal(length < headerLength ? ParseStatus.Malformed : ParseStatus.Ok, whole);
            Assert.Equal(length < headerLength, header.Anomalies.HasFlag(Anomalies.LinkHeaderMalformed));
        }
        Assert.Equal(ParseStatus.Ok, LinkHeader.TryParse(type, packet, packet.Length, out RadioHeader all));
        Assert.Equal(headerLength, all.HeaderLength);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("AABBCC", 0)]
    [InlineData("AABBCCDD", 4)]
    public void A_check_sequence_that_is_not_all_there_is_not_counted(string frame, int fcsLength)
    {
        byte[] packet = Convert.FromHexString("0000090002000000" + "10" + frame);
        LinkHeader.TryParse(LinkType.Radiotap, packet, packet.Length, out RadioHeader header);
        Assert.Equal(fcsLength, header.FcsLength);
    }

    [Fact]
    public void An_original_length_below_the_captured_one_is_noted_and_does_no_harm()
    {
        byte[] packet = Convert.FromHexString("0000090002000000" + "10" + "AABBCCDDEEFF");
        Assert.Equal(ParseStatus.Ok, LinkHeader.TryParse(LinkType.Radiotap, packet, 5, out RadioHeader header));
        Assert.Equal(Anomalies.LengthsContradict, header.Anomalies);
        Assert.Equal(4, header.FcsLength);
    }

    [Theory]
    [InlineData(LinkType.Ieee80211)]
    [InlineData(LinkType.BtleLinkLayer)]
    public void Packets_without_a_radio_header_are_the_frame_itself(LinkType type)
    {
        Assert.Equal(ParseStatus.Ok, LinkHeader.TryParse(type, [1, 2, 3], 3, out RadioHeader header));
        Assert.Equal((0, 0, type), (header.HeaderLength, header.FcsLength, header.Inner));
    }

    [Fact]
    public void Other_link_types_are_unsupported()
    {
        Assert.Equal(ParseStatus.Unsupported, LinkHeader.TryParse((LinkType)1, [1, 2, 3], 3, out RadioHeader header));
        Assert.Equal(Anomalies.LinkTypeUnsupported, header.Anomalies);
    }

    [Theory]
    // RF channel 12, signal -44 valid, noise -97 valid, CRC checked and valid.
    [InlineData("0CD49F0000000000060C", 2_426_000u, SignalKind.Dbm, -44, -97, false, Anomalies.None)]
    // Neither valid.
    [InlineData("00D49F00000000000000", 2_402_000u, SignalKind.None, 0, 0, false, Anomalies.None)]
    // Signal 0 valid, CRC checked and wrong.
    [InlineData("27009F00000000000204", 2_480_000u, SignalKind.Dbm, 0, 0, true, Anomalies.BluetoothCrcBad)]
    // There is no RF channel 40.
    [InlineData("28009F00000000000000", 0u, SignalKind.None, 0, 0, false, Anomalies.LinkHeaderMalformed)]
    public void The_bluetooth_header_gives_frequency_and_signal(
        string hex, uint khz, SignalKind kind, int signal, int noise, bool bad, Anomalies anomalies)
    {
        byte[] packet = Convert.FromHexString(hex + "D6BE898E0000");
        Assert.Equal(ParseStatus.Ok, LinkHeader.TryParse(LinkType.BtleLinkLayerWithPhdr, packet, packet.Length, out RadioHeader header));
        Assert.Equal(LinkType.BtleLinkLayer, header.Inner);
        Assert.Equal(khz, header.FrequencyKhz);
        Assert.Equal((kind, (short)signal, (short)noise), (header.SignalKind, header.Signal, header.Noise));
        Assert.Equal(bad, header.ReportedBadFcs);
        Assert.Equal(anomalies, header.Anomalies);
    }

    [Fact]
    public void Random_bytes_and_damaged_headers_never_throw_or_point_outside_of_the_packet()
    {
        var random = new Random(20);
        byte[][] seeds = [.. Packets.Select(row => Convert.FromHexString((string)row[1]))];
        LinkType[] types = [LinkType.Radiotap, LinkType.Ppi, LinkType.Prism, LinkType.Avs, LinkType.BtleLinkLayerWithPhdr];
        int usable = 0;
        for (int round = 0; round < 200_000; round++)
        {
            int pick = random.Next(types.Length);
            byte[] packet = (byte[])seeds[pick].Clone();
            for (int hits = random.Next(1, 6); hits > 0; hits--)
            {
                packet[random.Next(Math.Min(packet.Length, 40))] = (byte)random.Next(256);
            }
            int length = random.Next(packet.Length + 1);
            int original = random.Next(2) == 0 ? length : packet.Length;
            ParseStatus status = LinkHeader.TryParse(types[pick], packet.AsSpan(0, length), original, out RadioHeader header);
            if (status == ParseStatus.Ok)
            {
                usable++;
                Assert.InRange(header.HeaderLength, 0, length);
                Assert.InRange(header.FcsLength, 0, length - header.HeaderLength);
            }
            else
            {
                Assert.NotEqual(Anomalies.None, header.Anomalies);
            }
        }
        Assert.InRange(usable, 10_000, 190_000);
    }
}
