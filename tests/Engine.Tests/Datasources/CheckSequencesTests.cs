using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Packets;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Ieee802154;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Datasources;

/// <summary>Check sequences that are there and not told of, told of and not there, and told of with something else in their place.</summary>
public sealed class CheckSequencesTests
{
    private const byte FcsFlag = 0x10;
    private readonly FrameDissector _dissector = new();
    private readonly ObservationBatch _batch = new();

    /// <summary>Link types with what stands before the frame, none of which tells of a check sequence.</summary>
    public static TheoryData<LinkType, byte[]> Untold => new()
    {
        { LinkType.Ieee80211, [] },
        { LinkType.Radiotap, [0, 0, 8, 0, 0, 0, 0, 0] },
        { LinkType.Radiotap, [0, 0, 9, 0, 2, 0, 0, 0, 0] },
    };

    [Theory]
    [MemberData(nameof(Untold))]
    public void What_nothing_tells_of_is_known_by_its_value(LinkType type, byte[] header)
    {
        Dissect(type, Enumerable.Range(0, 20).Select(i => (byte[])[.. header, .. WithFcs(Numbered(i))]));
        Assert.Equal(Enumerable.Range(0, 20).Select(static i => Convert.ToHexString(Numbered(i))), Heard());
        Assert.Equal("frames end with a check sequence that nothing tells of", _dissector.CheckSequences);
        Assert.Equal(0, _dissector.ErrorPackets);
    }

    [Theory]
    [MemberData(nameof(Untold))]
    public void Frames_without_one_are_as_they_were(LinkType type, byte[] header)
    {
        Dissect(type, Enumerable.Range(0, 600).Select(i => (byte[])[.. header, .. Numbered(i)]));
        Assert.Equal(Enumerable.Range(0, 600).Select(static i => Convert.ToHexString(Numbered(i))), Heard());
        Assert.Equal("", _dissector.CheckSequences);
    }

    [Fact]
    public void Untold_it_may_be_swapped_too()
    {
        Dissect(LinkType.Ieee80211, Enumerable.Range(0, 20).Select(static i => With(Numbered(i), BinaryPrimitives.ReverseEndianness(Crc32.HashToUInt32(Numbered(i))))));
        Assert.Equal(Enumerable.Range(0, 20).Select(static i => Convert.ToHexString(Numbered(i))), Heard());
        Assert.Equal(0, _dissector.Anomalies[Anomalies.FrameMalformed]);
    }

    [Fact]
    public void A_damaged_frame_among_those_that_have_one_is_an_error()
    {
        byte[] damaged = WithFcs(Numbered(7));
        damaged[40] ^= 1;
        Dissect(LinkType.Ieee80211, [.. Enumerable.Range(0, 20).Select(static i => WithFcs(Numbered(i))), damaged, Numbered(8)]);
        // The last has none, and its elements end with it.
        Assert.Equal(21, Heard().Length);
        Assert.Equal((1L, 1L), (_dissector.ErrorPackets, _dissector.Anomalies[Anomalies.FcsBad]));
    }

    [Fact]
    public void One_that_begins_late_is_found()
    {
        Dissect(LinkType.Ieee80211, Enumerable.Range(0, 300).Select(Numbered));
        Dissect(LinkType.Ieee80211, Enumerable.Range(300, 200).Select(static i => WithFcs(Numbered(i))));
        Assert.Equal(Convert.ToHexString(Numbered(499)), Heard()[^1]);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(uint.MaxValue)]
    [InlineData(null)]
    public void Empty_or_swapped_it_is_no_reason_to_drop_a_frame(uint? value)
    {
        byte[] frame = Numbered(1);
        uint found = value ?? BinaryPrimitives.ReverseEndianness(Crc32.HashToUInt32(frame));
        Dissect(LinkType.Radiotap, [Flagged(WithFcs(Numbered(0))), Flagged(With(frame, found))]);
        Assert.Equal(Convert.ToHexString(frame), Heard()[1]);
    }

    [Fact]
    public void Where_other_bytes_stand_in_its_place_the_frames_are_used()
    {
        Dissect(LinkType.Radiotap, Enumerable.Range(0, 6).Select(static i => Flagged(With(Numbered(i), 0x1234_5678))));
        Assert.Equal(Enumerable.Range(0, 6).Select(static i => Convert.ToHexString(Numbered(i))), Heard());
        Assert.Equal("a check sequence is told of, but other bytes stand there", _dissector.CheckSequences);
    }

    [Fact]
    public void Where_none_is_though_all_say_so_nothing_is_cut_off()
    {
        Dissect(LinkType.Radiotap, Enumerable.Range(0, 6).Select(static i => Flagged(Numbered(i))));
        Assert.Equal(Enumerable.Range(0, 6).Select(static i => Convert.ToHexString(Numbered(i))), Heard());
        Assert.Equal("a check sequence is told of, but there is none", _dissector.CheckSequences);
    }

    [Fact]
    public void Frames_without_elements_show_it_too()
    {
        // Null, EAPOL start, acknowledgement, request to send, each as often as the others.
        string[] frames =
        [
            "4801 0000 020000000001 020000000002 020000000001 00{0}", "0801 0000 020000000001 020000000002 020000000001 00{0} AAAA03000000 888E 01010000",
            "D400 0000 0200000000{0}", "B400 0000 020000000001 0200000000{0}",
        ];
        byte[][] sent = [.. Enumerable.Range(0, 12).Select(i => Convert.FromHexString(
            string.Format(CultureInfo.InvariantCulture, frames[i % 4], $"{i:X2}").Replace(" ", "", StringComparison.Ordinal)))];
        Dissect(LinkType.Radiotap, sent.Select(Flagged));
        Assert.Equal((0L, "a check sequence is told of, but there is none"), (_dissector.ErrorPackets, _dissector.CheckSequences));
    }

    [Fact]
    public void Two_frames_prove_nothing_against_what_is_told()
    {
        Dissect(LinkType.Radiotap, [Flagged(With(Numbered(0), 0x1234_5678)), Flagged(With(Numbered(1), 0x1234_5678))]);
        Assert.Equal((0, 2L), (Heard().Length, _dissector.ErrorPackets));
    }

    [Fact]
    public void Right_ones_stay_the_measure_of_the_wrong_ones()
    {
        Dissect(LinkType.Radiotap, Enumerable.Range(0, 60).Select(static i => Flagged(i % 3 == 0 ? WithFcs(Numbered(i)) : With(Numbered(i), 0x1234_5678))));
        Assert.Equal((20, 40L, ""), (Heard().Length, _dissector.ErrorPackets, _dissector.CheckSequences));
    }

    [Fact]
    public void What_the_file_tells_is_believed()
    {
        PacketBatch packets = new Packets().Add(With(Numbered(0), 0x1234_5678)).Add(WithFcs(Numbered(1))).ToBatch();
        packets.Packets[0].FcsLength = packets.Packets[1].FcsLength = 4;
        Dissect(packets);
        Assert.Equal([Convert.ToHexString(Numbered(1))], Heard());
        Assert.Equal(1, _dissector.ErrorPackets);
    }

    [Fact]
    public void Interfaces_of_a_file_are_judged_each_by_itself()
    {
        Packets made = new();
        for (int i = 0; i < 40; i++)
        {
            made.Add(i % 2 == 0 ? WithFcs(Numbered(i)) : Numbered(i));
        }
        PacketBatch packets = made.ToBatch();
        for (int i = 0; i < packets.Count; i++)
        {
            packets.Packets[i].Interface = i % 2;
        }
        Dissect(packets);
        Assert.Equal(Enumerable.Range(0, 40).Select(static i => Convert.ToHexString(Numbered(i))), Heard());
    }

    [Fact]
    public void A_short_sequence_in_the_other_byte_order_is_no_fault()
    {
        Dissect(LinkType.Ieee802154WithFcs, [.. Enumerable.Range(0, 5).Select(static i =>
        {
            byte[] frame = [0x61, 0x88, (byte)i, 0x62, 0x1A, 0, 0, 0x34, 0x12, 0x77];
            ushort fcs = Ieee802154Fcs.Compute(frame);
            return (byte[])[.. frame, (byte)(fcs >> 8), (byte)fcs];
        })]);
        Assert.Equal((5, 0L, "check sequences are empty or in the wrong byte order"), (_batch.Count, _dissector.ErrorPackets, _dissector.CheckSequences));
        Assert.Equal(10, Heard()[0].Length / 2);
    }

    [Fact]
    public void Acknowledgements_show_that_there_is_no_short_sequence()
    {
        Dissect(LinkType.Ieee802154WithFcs, [.. Enumerable.Range(0, 10).Select(static i => i % 2 == 0 ? (byte[])[0x61, 0x88, (byte)i, 0x62, 0x1A, 0, 0, 0x34, 0x12, 0x77, (byte)i] : [0x02, 0x00, (byte)i])]);
        Assert.Equal((0L, "a check sequence is told of, but there is none"), (_dissector.ErrorPackets, _dissector.CheckSequences));
        Assert.Equal([11], Heard().Select(static frame => frame.Length / 2).Distinct());
    }

    [Theory]
    [InlineData(8, 0, "a check sequence is told of, but none is right")]
    [InlineData(7, 7, "")]
    public void Of_many_frames_one_is_right_or_there_is_none(int frames, long errors, string found)
    {
        Dissect(LinkType.Ieee802154WithFcs, Enumerable.Range(0, frames).Select(static i => (byte[])[0x61, 0x88, (byte)i, 0x62, 0x1A, 0, 0, 0x34, 0x12, 0x77, (byte)i, 0x13]));
        Assert.Equal((frames - (int)errors, errors, found), (Heard().Length, _dissector.ErrorPackets, _dissector.CheckSequences));
    }

    [Fact]
    public void Noise_shows_nothing()
    {
        // Types and address modes that are reserved.
        Dissect(LinkType.Ieee802154WithFcs, Enumerable.Range(0, 100).Select(static i => (byte[])[0x64, 0x44, (byte)i, 0x62, 0x1A, 0, 0, 0x34, 0x12, 0x77, (byte)i, 0x13]));
        Assert.Equal((0, 100L, ""), (Heard().Length, _dissector.ErrorPackets, _dissector.CheckSequences));
    }

    [Fact]
    public void That_the_file_leaves_it_out_is_believed_unless_it_is_there()
    {
        byte[] frame = [0x61, 0x88, 1, 0x62, 0x1A, 0, 0, 0x34, 0x12, 0x77];
        ushort fcs = Ieee802154Fcs.Compute(frame);
        PacketBatch packets = Batch(LinkType.Ieee802154WithFcs, [frame, [.. frame, (byte)fcs, (byte)(fcs >> 8)]]);
        packets.Packets[0].FcsLength = packets.Packets[1].FcsLength = 0;
        Dissect(packets);
        Assert.Equal([Convert.ToHexString(frame), Convert.ToHexString(frame)], Heard());
        Assert.Equal((0L, ""), (_dissector.ErrorPackets, _dissector.CheckSequences));
    }

    [Fact]
    public void Metadata_of_TI_tell_whether_the_frame_was_right_and_its_signal()
    {
        // An acknowledgement each, with signal -48, correlation 106 and its bit; the last was received wrong.
        byte[][] frames = [.. Enumerable.Range(0, 5).Select(static i => (byte[])[0x02, 0x00, (byte)i, 0xD0, (byte)(i == 4 ? 0x6A : 0xEA)])];
        Dissect(LinkType.Ieee802154WithFcs, [.. frames.Select(static (frame, i) => (byte[])[0x61, 0x88, (byte)i, 0x62, 0x1A, 0, 0, 0x34, 0x12, 0x77, .. frame[3..]])]);
        Assert.Equal((4, 1L), (Heard().Length, _dissector.ErrorPackets));
        Assert.Equal((-48, Wire.Link.SignalKind.Rssi), ((int)_batch.Items[0].Signal, _batch.Items[0].SignalKind));
        Assert.Equal(106 + 1, _batch.Items[0].Frame.Code);
        Assert.Equal("a receiver's notes stand in place of the check sequence (TI)", _dissector.CheckSequences);
    }

    [Theory]
    [InlineData(0x00, 0x00, 1)]
    [InlineData(0xFF, 0xFF, 1)]
    [InlineData(0x12, 0x34, 0)]
    public void An_empty_one_of_802_15_4_is_no_reason_to_drop_a_frame(byte low, byte high, int heard)
    {
        Dissect(LinkType.Ieee802154WithFcs, [[0x61, 0x88, 1, 0x62, 0x1A, 0, 0, 0x34, 0x12, 0x77, low, high]]);
        Assert.Equal(heard, Heard().Length);
    }

    [Fact]
    public void A_right_one_of_802_15_4_is_right()
    {
        byte[] frame = [0x61, 0x88, 1, 0x62, 0x1A, 0, 0, 0x34, 0x12, 0x77];
        ushort fcs = Ieee802154Fcs.Compute(frame);
        Dissect(LinkType.Ieee802154WithFcs, [[.. frame, (byte)fcs, (byte)(fcs >> 8)]]);
        Assert.Equal((1, 0L), (Heard().Length, _dissector.ErrorPackets));
    }

    [Fact]
    public void Nothing_is_allocated_for_a_packet()
    {
        PacketBatch[] batches = [.. new[] { Untagged(), Tagged() }.Select(static frames => Batch(LinkType.Radiotap, frames))];
        foreach (PacketBatch packets in batches)
        {
            Dissect(packets);
            // The least of some attempts: a collection that another test causes can be charged to this thread.
            Assert.Equal(0, Math.Max(0, Enumerable.Range(0, 5).Min(_ => Allocated(packets))));
        }

        long Allocated(PacketBatch packets)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Dissect(packets);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        static IEnumerable<byte[]> Untagged() => Enumerable.Range(0, 500).Select(static i => (byte[])[0, 0, 8, 0, 0, 0, 0, 0, .. Numbered(i)]);
        static IEnumerable<byte[]> Tagged() => Enumerable.Range(0, 500).Select(static i => Flagged(With(Numbered(i), 0x1234_5678)));
    }

    private void Dissect(LinkType type, IEnumerable<byte[]> packets) => Dissect(Batch(type, packets));

    private void Dissect(PacketBatch packets)
    {
        _batch.Reset(1, 1);
        _dissector.Dissect(packets, [_batch]);
    }

    private static PacketBatch Batch(LinkType type, IEnumerable<byte[]> packets)
    {
        Packets made = new();
        foreach (byte[] packet in packets)
        {
            made.Add(packet, type);
        }
        return made.ToBatch();
    }

    // Frames alone: what was found of them besides, as that two of them are alike, is in the batch too.
    private string[] Heard()
    {
        List<string> heard = [];
        foreach (ref readonly Observation o in _batch.Items)
        {
            if (o.Kind != ObservationKind.Related)
            {
                heard.Add(Convert.ToHexString(_batch.Bytes(o)));
            }
        }
        return [.. heard];
    }

    private static byte[] Numbered(int i) => Beacon(new(0x0200_0000_0000 + (ulong)i), $"network {i}", (ushort)i);

    private static byte[] WithFcs(byte[] frame) => With(frame, Crc32.HashToUInt32(frame));

    private static byte[] With(byte[] frame, uint value) => [.. frame, (byte)value, (byte)(value >> 8), (byte)(value >> 16), (byte)(value >> 24)];

    private static byte[] Flagged(byte[] frame) => [0, 0, 9, 0, 2, 0, 0, 0, FcsFlag, .. frame];
}
