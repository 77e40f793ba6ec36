using KismetOrleans.Packets.Files;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Files;

namespace KismetOrleans.Packets.Tests.Files;

/// <summary>pcapng files: sections of either byte order, several interfaces, every kind of packet block, cuts and damage.</summary>
public sealed class PcapngReaderTests
{
    private const ulong Micros = 1_700_000_000_000_777;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_cut_at_any_length_gives_the_packets_before_the_cut(bool big)
    {
        var file = new SampleFile(big).Section().Interface();
        var ends = new List<int> { file.Length };
        ends.Add(file.Enhanced(0, Micros, [1, 2, 3], 9).Length);
        ends.Add(file.Obsolete(0, Micros + 1, [4]).Length);
        ends.Add(file.Simple([5, 6], 2).Length);
        ReadPacket[] expected =
        [
            new(1_700_000_000_000_777_000, LinkType.Radiotap, "010203", 9, 0, false),
            new(1_700_000_000_000_778_000, LinkType.Radiotap, "04", 1, 0, false),
            new(1_700_000_000_000_778_000, LinkType.Radiotap, "0506", 2, 0, true),
        ];
        for (int length = 12; length <= file.Length; length++)
        {
            (List<ReadPacket> packets, string? error) = ReadAll.From(file.Bytes[..length]);
            Assert.Equal(expected[..Math.Max(0, ends.Count(end => end <= length) - 1)], packets);
            if (length == 28 || ends.Contains(length))
            {
                Assert.Null(error);
            }
            else
            {
                Assert.Matches($"^cut inside a(n interface description| section header| block header| packet) at byte {length}$", error);
            }
        }
    }

    [Fact]
    public void Sections_bring_their_own_byte_order_and_interfaces()
    {
        byte[] little = new SampleFile(false).Section().Interface(LinkType.Ieee80211, 9).Interface(LinkType.BtleLinkLayer)
            .Enhanced(1, Micros, [1]).Enhanced(0, 1_700_000_000_000_000_777, [2]).Bytes;
        byte[] big = new SampleFile(true).Section().Interface(LinkType.Ppi, 0x80 | 10).Enhanced(0, 1536, [3]).Bytes;
        using var temporary = new TemporaryFile((byte[])[.. little, .. big, .. little]);
        using CaptureFileReader reader = CaptureFileReader.Open(temporary.Path);
        Assert.Equal(LinkType.Ieee80211, reader.LinkType);
        ReadPacket first = new(1_700_000_000_000_777_000, LinkType.BtleLinkLayer, "01", 1, 1, false);
        ReadPacket second = new(1_700_000_000_000_000_777, LinkType.Ieee80211, "02", 1, 0, false);
        Assert.Equal([first, second, new(1_500_000_000, LinkType.Ppi, "03", 1, 0, false), first, second], ReadAll.From(reader));
        Assert.Null(reader.Error);
        Assert.Equal(2, reader.Interfaces.Count);
    }

    [Fact]
    public void Blocks_of_no_interest_are_stepped_over_even_when_they_are_larger_than_the_batch()
    {
        byte[] bytes = new SampleFile(false).Section().Interface().Block(10, b => b.Raw(new byte[50_000])).Enhanced(0, Micros, [1])
            .Block(4, b => b.U32(0)).Block(0x8000_0001, b => b.Raw(new byte[9_996])).Enhanced(0, Micros, [2]).Block(5, b => b.Raw(new byte[300_000])).Bytes;
        using var temporary = new TemporaryFile(bytes);
        using CaptureFileReader reader = CaptureFileReader.Open(temporary.Path);
        Assert.Equal(LinkType.Radiotap, reader.LinkType);
        Assert.Equal(["01", "02"], ReadAll.From(reader, bytes: 256).Select(p => p.Hex));
        Assert.Null(reader.Error);
        Assert.Equal(4, reader.BlocksSkipped);
        Assert.Equal(bytes.Length, reader.Position);
    }

    [Fact]
    public void A_file_that_ends_inside_a_skipped_block_says_so()
    {
        byte[] bytes = new SampleFile(false).Section().Interface().Enhanced(0, Micros, [1]).Block(10, b => b.Raw(new byte[50_000])).Bytes;
        (List<ReadPacket> packets, string? error) = ReadAll.From(bytes[..^1]);
        Assert.Single(packets);
        Assert.Equal($"cut inside a block at byte {bytes.Length - 1}", error);
    }

    [Fact]
    public void Options_behind_a_packet_do_not_count_as_packet_however_long_they_are()
    {
        byte[] bytes = new SampleFile(false).Section().Interface().Enhanced(0, Micros, [1, 2, 3], options: new byte[400_000]).Enhanced(0, Micros, [4]).Bytes;
        (List<ReadPacket> packets, string? error) = ReadAll.From(bytes, bytes: 300_000);
        Assert.Null(error);
        Assert.Equal(["010203", "04"], packets.Select(p => p.Hex));
    }

    [Fact]
    public void A_simple_packet_is_cut_to_the_snap_length_of_the_first_interface()
    {
        (List<ReadPacket> packets, _) = ReadAll.From(new SampleFile(false).Section().Interface(snap: 3).Simple([1, 2, 3, 0], 9).Bytes);
        Assert.Equal(new(0, LinkType.Radiotap, "010203", 9, 0, true), Assert.Single(packets));
    }

    [Fact]
    public void Packets_of_an_interface_that_is_not_described_are_left_out_and_counted_and_the_others_read()
    {
        byte[] bytes = new SampleFile(false).Section().Interface().Enhanced(7, Micros, [1]).Enhanced(0, Micros, [2]).Enhanced(1, Micros, [3]).Bytes;
        using var temporary = new TemporaryFile(bytes);
        using CaptureFileReader reader = CaptureFileReader.Open(temporary.Path);
        Assert.Equal("02", Assert.Single(ReadAll.From(reader)).Hex);
        Assert.Equal(2, reader.PacketsUnreadable);
        Assert.Equal("2 packets left out: the packet at byte 48 names interface 7, but the section describes 1", reader.Error);
    }

    [Fact]
    public void Packets_before_any_description_are_left_out()
    {
        (List<ReadPacket> packets, string? error) = ReadAll.From(new SampleFile(false).Section().Simple([1], 1).Interface().Simple([2], 1).Bytes);
        Assert.Equal("02", Assert.Single(packets).Hex);
        Assert.StartsWith("1 packets left out: the packet at byte 28 ", error, StringComparison.Ordinal);
    }

    [Theory]
    // The trailing length, the leading length to no multiple of four, the packet's length, all of the packet behind the first one at 48.
    [InlineData(80 + 32, 0x25, "damaged at byte 80: the block there has length 36 at its start and 37 at its end")]
    [InlineData(80 + 4, 0x25, "damaged at byte 80: no block begins there (type 0x00000006, length 37)")]
    [InlineData(80 + 20, 5, "damaged at byte 80: the packet there claims 5 bytes in a block of 36")]
    public void Damage_ends_the_file_with_its_place_and_keeps_what_came_before(int at, byte value, string expected)
    {
        byte[] bytes = new SampleFile(false).Section().Interface().Enhanced(0, Micros, []).Enhanced(0, Micros, [1, 2, 3, 4]).Enhanced(0, Micros, [5]).Bytes;
        bytes[at] = value;
        (List<ReadPacket> packets, string? error) = ReadAll.From(bytes);
        Assert.Single(packets);
        Assert.Equal(expected, error);
    }

    [Fact]
    public void A_packet_of_impossible_length_is_damage()
    {
        byte[] bytes = new SampleFile(false).Section().Interface().Enhanced(0, Micros, new byte[CaptureLimits.MaxPacketLength + 1]).Bytes;
        (List<ReadPacket> packets, string? error) = ReadAll.From(bytes);
        Assert.Empty(packets);
        Assert.Equal("damaged at byte 48: the packet there claims 262145 bytes, more than 262144", error);
    }

    [Fact]
    public void Descriptions_without_end_are_refused()
    {
        var file = new SampleFile(false).Section();
        for (int i = 0; i <= CaptureLimits.MaxInterfaces; i++)
        {
            file.Interface();
        }
        (List<ReadPacket> packets, string? error) = ReadAll.From(file.Bytes);
        Assert.Empty(packets);
        Assert.StartsWith("more than 4096 interfaces", error, StringComparison.Ordinal);

        (_, error) = ReadAll.From(new SampleFile(false).Section().Block(1, b => b.Raw(new byte[300_000])).Bytes);
        Assert.Equal("damaged at byte 28: the description there claims 300012 bytes, more than 262144", error);
    }

    [Fact]
    public void A_file_that_only_begins_like_pcapng_is_refused()
    {
        using var temporary = new TemporaryFile("\x0A\x0D\x0D\x0A and then something else entirely"u8);
        var thrown = Assert.Throws<CaptureFormatException>(() => CaptureFileReader.Open(temporary.Path));
        Assert.StartsWith($"{temporary.Path}: is no pcapng file (damaged at byte 0: ", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_writer_writes_is_read_back()
    {
        var file = new System.Buffers.ArrayBufferWriter<byte>();
        PcapngWriter.WriteSection(file, "KismetOrleans");
        PcapngWriter.WriteInterface(file, LinkType.Radiotap, "wlan0", "the lobby’s radio");
        PcapngWriter.WriteInterface(file, LinkType.BtleLinkLayerWithPhdr);
        PcapngWriter.WritePacket(file, 1, 1_700_000_000_123_456_789, [1, 2, 3, 4, 5], 77);
        PcapngWriter.WritePacket(file, 0, 0, []);
        using var temporary = new TemporaryFile(file.WrittenSpan);
        using CaptureFileReader reader = CaptureFileReader.Open(temporary.Path);
        Assert.Equal(
            [
                new(1_700_000_000_123_456_789, LinkType.BtleLinkLayerWithPhdr, "0102030405", 77, 1, false),
                new(0, LinkType.Radiotap, "", 0, 0, false),
            ],
            ReadAll.From(reader));
        Assert.Null(reader.Error);
        Assert.Equal(("wlan0", "the lobby’s radio"), (reader.Interfaces[0].Name, reader.Interfaces[0].Description));
    }

    [Fact]
    public void Random_damage_never_throws_and_never_goes_on_forever()
    {
        var random = new Random(4);
        byte[] good = new SampleFile(false).Section().Interface().Interface(LinkType.Ppi, 9).Enhanced(0, Micros, new byte[20]).Enhanced(1, Micros, new byte[40])
            .Block(5, b => b.Raw(new byte[20])).Obsolete(0, Micros, new byte[7]).Simple(new byte[9], 9).Enhanced(0, Micros, new byte[3]).Bytes;
        using var temporary = new TemporaryFile(good);
        var batch = new PacketBatch(512, 3);
        int stopped = 0;
        for (int round = 0; round < 3_000; round++)
        {
            byte[] bad = (byte[])good.Clone();
            for (int hits = random.Next(1, 4); hits > 0; hits--)
            {
                bad[random.Next(28, bad.Length)] = (byte)random.Next(256);
            }
            File.WriteAllBytes(temporary.Path, bad);
            using CaptureFileReader reader = CaptureFileReader.Open(temporary.Path);
            int packets = 0;
            while (reader.TryRead(batch))
            {
                packets += batch.Count;
                for (int i = 0; i < batch.Count; i++)
                {
                    Assert.True(batch.Span(i).Length <= 512);
                }
            }
            Assert.InRange(packets, 0, good.Length / 12);
            stopped += reader.Error is null ? 0 : 1;
        }
        Assert.InRange(stopped, 300, 2_999);
    }
}
