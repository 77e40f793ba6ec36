using KismetOrleans.Packets.Files;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Files;

namespace KismetOrleans.Packets.Tests.Files;

/// <summary>pcap files in every byte order and resolution, cut at every length, damaged, and read through batches of every size.</summary>
public sealed class PcapReaderTests
{
    private const uint Seconds = 1_700_000_000;

    [Theory]
    [InlineData(false, 0xA1B2C3D4, 1_700_000_000_000_777_000L)]
    [InlineData(true, 0xA1B2C3D4, 1_700_000_000_000_777_000L)]
    [InlineData(false, 0xA1B23C4D, 1_700_000_000_000_000_777L)]
    [InlineData(true, 0xA1B23C4D, 1_700_000_000_000_000_777L)]
    [InlineData(false, 0xA1B2CD34, 1_700_000_000_000_777_000L)]
    [InlineData(true, 0xA1B2CD34, 1_700_000_000_000_777_000L)]
    public void A_file_cut_at_any_length_gives_the_packets_before_the_cut_and_says_where_it_is(bool big, uint magic, long time)
    {
        bool longHeader = magic == 0xA1B2CD34;
        SampleFile file = new SampleFile(big).PcapHeader(magic)
            .Record(Seconds, 777, [1, 2, 3], 9, longHeader).Record(Seconds, 777, [], 0, longHeader).Record(Seconds, 777, [4], -1, longHeader);
        int header = longHeader ? 24 : 16;
        int[] ends = [24, 24 + header + 3, 24 + 2 * header + 3, 24 + 3 * header + 4];
        ReadPacket[] expected =
        [
            new(time, LinkType.Radiotap, "010203", 9, 0, false),
            new(time, LinkType.Radiotap, "", 0, 0, false),
            new(time, LinkType.Radiotap, "04", 1, 0, false),
        ];
        Assert.Equal(ends[3], file.Length);

        for (int length = 24; length <= file.Length; length++)
        {
            (List<ReadPacket> packets, string? error) = ReadAll.From(file.Bytes[..length]);
            int whole = ends.Count(end => end <= length) - 1;
            Assert.Equal(expected[..whole], packets);
            int into = length - ends[whole];
            Assert.Equal(into == 0 ? null : $"cut inside {(into < header ? "a record header" : "a packet")} at byte {length}", error);
        }
        for (int length = 0; length < 24; length++)
        {
            using var temporary = new TemporaryFile(file.Bytes.AsSpan(0, length));
            var thrown = Assert.Throws<CaptureFormatException>(() => CaptureFileReader.Open(temporary.Path));
            Assert.StartsWith($"{temporary.Path}: is ", thrown.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(64, 4096)]
    [InlineData(100, 4096)]
    [InlineData(1000, 7)]
    [InlineData(65_536, 1)]
    [InlineData(1 << 20, 100)]
    public void Packets_come_whole_and_in_order_whatever_the_batch_holds(int bytes, int packets)
    {
        var random = new Random(3);
        var file = new SampleFile(false).PcapHeader();
        var expected = new List<ReadPacket>();
        for (uint i = 0; i < 2000; i++)
        {
            byte[] packet = new byte[random.Next(48)];
            random.NextBytes(packet);
            file.Record(Seconds, i, packet);
            expected.Add(new(CaptureTime.FromFraction(Seconds, i, false, out _), LinkType.Radiotap, Convert.ToHexString(packet), packet.Length, 0, false));
        }
        (List<ReadPacket> read, string? error) = ReadAll.From(file.Bytes, bytes, packets);
        Assert.Null(error);
        Assert.Equal(expected, read);
    }

    [Fact]
    public void A_record_of_impossible_length_ends_the_file_with_its_place_and_keeps_what_came_before()
    {
        byte[] file = new SampleFile(false).PcapHeader().Record(Seconds, 0, [1]).U32(Seconds).U32(0).U32(262_145).U32(262_145).Raw(new byte[500]).Bytes;
        (List<ReadPacket> packets, string? error) = ReadAll.From(file);
        Assert.Equal("01", Assert.Single(packets).Hex);
        Assert.Equal("damaged at byte 41: the record there claims 262145 bytes of packet, more than 262144", error);
    }

    [Fact]
    public void The_longest_packet_that_libpcap_writes_is_read()
    {
        byte[] packet = new byte[CaptureLimits.MaxPacketLength];
        packet[^1] = 7;
        byte[] file = new SampleFile(false).PcapHeader().Record(Seconds, 0, [1]).Record(Seconds, 1, packet).Record(Seconds, 2, [2]).Bytes;
        (List<ReadPacket> packets, string? error) = ReadAll.From(file, 1 << 20);
        Assert.Null(error);
        Assert.Equal(["01", Convert.ToHexString(packet), "02"], packets.Select(p => p.Hex));
    }

    [Fact]
    public void A_packet_larger_than_the_batch_is_an_error_not_an_endless_loop()
    {
        byte[] file = new SampleFile(false).PcapHeader().Record(Seconds, 0, new byte[200]).Bytes;
        (List<ReadPacket> packets, string? error) = ReadAll.From(file, bytes: 128);
        Assert.Empty(packets);
        Assert.Equal("the packet at byte 24 needs 216 bytes, more than the 128 that a batch has", error);
    }

    [Fact]
    public void A_batch_without_room_is_refused()
    {
        using var temporary = new TemporaryFile(new SampleFile(false).PcapHeader().Bytes);
        using CaptureFileReader reader = CaptureFileReader.Open(temporary.Path);
        Assert.Throws<ArgumentException>(() => reader.TryRead(new(1024, 0)));
        Assert.Throws<ArgumentException>(() => reader.TryRead(new(0, 10)));
    }

    [Fact]
    public void Times_and_lengths_that_cannot_be_are_passed_on_and_counted()
    {
        byte[] bytes = new SampleFile(false).PcapHeader()
            .Record(Seconds, 1_500_000, [1]).Record(Seconds, 0, [2, 3], original: 1).U32(Seconds).U32(0).U32(0).U32(uint.MaxValue).Bytes;
        using var temporary = new TemporaryFile(bytes);
        using CaptureFileReader reader = CaptureFileReader.Open(temporary.Path);
        List<ReadPacket> packets = ReadAll.From(reader);
        Assert.Null(reader.Error);
        Assert.Equal(new(1_700_000_000_999_999_999, LinkType.Radiotap, "01", 1, 0, true), packets[0]);
        Assert.Equal(1, packets[1].OriginalLength);
        Assert.Equal(int.MaxValue, packets[2].OriginalLength);
        Assert.Equal(1, reader.TimesOutOfRange);
        Assert.Equal(3, reader.PacketsRead);
        Assert.Equal(bytes.Length, reader.Position);
        Assert.Equal(bytes.Length, reader.FilePosition);
        Assert.Equal(bytes.Length, reader.Length);
    }

    [Fact]
    public void Another_version_is_read_with_a_warning_and_another_link_type_is_passed_on()
    {
        byte[] bytes = new SampleFile(false).PcapHeader(type: (LinkType)283).Record(Seconds, 0, [1]).Bytes;
        bytes[4] = 9;
        using var temporary = new TemporaryFile(bytes);
        using CaptureFileReader reader = CaptureFileReader.Open(temporary.Path);
        Assert.Equal((LinkType)283, reader.LinkType);
        Assert.Equal((LinkType)283, Assert.Single(ReadAll.From(reader)).LinkType);
        Assert.Null(reader.Error);
        Assert.Equal("version 9.4 was read as 2.4, the only one in use", reader.Warning);
    }

    [Fact]
    public void What_the_writer_writes_is_read_back()
    {
        var file = new System.Buffers.ArrayBufferWriter<byte>();
        PcapWriter.WriteHeader(file, LinkType.Ppi, nanoseconds: true);
        PcapWriter.WritePacket(file, 1_700_000_000_123_456_789, [1, 2, 3], 400, nanoseconds: true);
        PcapWriter.WritePacket(file, CaptureTime.Max, [], nanoseconds: true);
        (List<ReadPacket> packets, string? error) = ReadAll.From(file.WrittenSpan.ToArray());
        Assert.Null(error);
        Assert.Equal(
            [new(1_700_000_000_123_456_789, LinkType.Ppi, "010203", 400, 0, false), new(CaptureTime.Max, LinkType.Ppi, "", 0, 0, false)],
            packets);
    }
}
