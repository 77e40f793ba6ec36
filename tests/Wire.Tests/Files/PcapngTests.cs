using System.Buffers;
using KismetOrleans.Wire.Files;

namespace KismetOrleans.Wire.Tests.Files;

/// <summary>Blocks of pcapng files in both byte orders, and what the writer writes.</summary>
public sealed class PcapngTests
{
    [Theory]
    [InlineData("0A0D0D0A" + "1C000000" + "4D3C2B1A", false)]
    [InlineData("0A0D0D0A" + "0000001C" + "1A2B3C4D", true)]
    public void A_section_header_tells_its_own_byte_order(string hex, bool big)
    {
        byte[] bytes = Convert.FromHexString(hex);
        // Whatever the section before it had.
        Assert.Equal(ParseStatus.Ok, PcapngBlock.TryParse(bytes, !big, out PcapngBlock block));
        Assert.Equal(new PcapngBlock(PcapngBlockType.Section, 28, big), block);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(ParseStatus.Truncated, PcapngBlock.TryParse(bytes.AsSpan(0, length), big, out _));
        }
    }

    [Theory]
    // No byte order mark; a section shorter than its fixed part; a block shorter than its lengths; one of no multiple of four.
    [InlineData("0A0D0D0A" + "1C000000" + "4D3C2B1B")]
    [InlineData("0A0D0D0A" + "18000000" + "4D3C2B1A")]
    [InlineData("06000000" + "08000000")]
    [InlineData("06000000" + "21000000")]
    public void A_block_of_no_possible_length_is_malformed(string hex) =>
        Assert.Equal(ParseStatus.Malformed, PcapngBlock.TryParse(Convert.FromHexString(hex), false, out _));

    [Theory]
    // Link type, snap length; name "wlan0" (padded), description "lobby", resolution 10^-9, an option of no interest, offset 3600 s, end.
    [InlineData("7F000000" + "00000400" + "02000500" + "776C616E30000000" + "03000500" + "6C6F626279000000" + "09000100" + "09000000"
        + "0B000100" + "00000000" + "0E000800" + "100E000000000000" + "00000000", false)]
    [InlineData("007F0000" + "00040000" + "00020005" + "776C616E30000000" + "00030005" + "6C6F626279000000" + "00090001" + "09000000"
        + "000B0001" + "00000000" + "000E0008" + "0000000000000E10" + "00000000", true)]
    public void An_interface_has_its_options_in_both_byte_orders(string hex, bool big)
    {
        Assert.Equal(ParseStatus.Ok, PcapngInterface.TryParse(Convert.FromHexString(hex), big, out PcapngInterface? found));
        Assert.Equal(new PcapngInterface(LinkType.Radiotap, 262_144, "wlan0", "lobby", 9, 3600), found);
    }

    [Theory]
    [InlineData("0D000100 04 000000", 4)]
    [InlineData("0D000100 20 000000", 4)]
    [InlineData("0D000100 10 000000", 2)]
    [InlineData("0D000100 00 000000", 0)]
    [InlineData("", null)]
    public void The_length_of_the_check_sequence_is_told_in_bits_or_bytes(string option, int? bytes)
    {
        byte[] body = Convert.FromHexString("690000000000FFFF" + option.Replace(" ", "", StringComparison.Ordinal) + "00000000");
        Assert.Equal(ParseStatus.Ok, PcapngInterface.TryParse(body, false, out PcapngInterface? found));
        Assert.Equal(bytes, (int?)found!.FcsLength);
    }

    [Fact]
    public void An_interface_without_options_counts_microseconds()
    {
        Assert.Equal(ParseStatus.Ok, PcapngInterface.TryParse(Convert.FromHexString("690000000000FFFF"), false, out PcapngInterface? found));
        Assert.Equal(new PcapngInterface(LinkType.Ieee80211, 0xFFFF_0000, null, null, 6, 0), found);
    }

    [Theory]
    [InlineData("7F0000000000")]
    [InlineData("7F00000000000400" + "02000900" + "776C616E30000000")]
    public void An_interface_that_runs_past_its_end_is_malformed(string hex)
    {
        Assert.Equal(ParseStatus.Malformed, PcapngInterface.TryParse(Convert.FromHexString(hex), false, out PcapngInterface? found));
        Assert.Null(found);
    }

    [Fact]
    public void The_obsolete_packet_block_has_a_short_interface_number()
    {
        // Interface 1, three drops, time 1:2, four bytes of nine.
        byte[] bytes = Convert.FromHexString("02000000" + "24000000" + "0100" + "0300" + "01000000" + "02000000" + "04000000" + "09000000" + "01020304" + "24000000");
        PcapngBlock.TryParse(bytes, false, out PcapngBlock block);
        Assert.Equal(ParseStatus.Ok, PcapngPacket.TryParse(bytes, block, out PcapngPacket packet));
        Assert.Equal((1u, 0x1_0000_0002UL, 4u, 9u, 28), (packet.Interface, packet.Ticks, packet.Length, packet.OriginalLength, packet.Offset));
    }

    [Fact]
    public void A_simple_packet_has_what_its_block_holds()
    {
        // Nine bytes on the air, four in the block.
        byte[] bytes = Convert.FromHexString("03000000" + "14000000" + "09000000" + "01020304" + "14000000");
        PcapngBlock.TryParse(bytes, false, out PcapngBlock block);
        Assert.Equal(ParseStatus.Ok, PcapngPacket.TryParse(bytes, block, out PcapngPacket packet));
        Assert.Equal((0u, 4u, 9u, 12), (packet.Interface, packet.Length, packet.OriginalLength, packet.Offset));
    }

    [Fact]
    public void A_packet_longer_than_its_block_is_malformed()
    {
        byte[] bytes = Convert.FromHexString("06000000" + "24000000" + "00000000" + "00000000" + "00000000" + "05000000" + "05000000" + "01020304" + "24000000");
        PcapngBlock.TryParse(bytes, false, out PcapngBlock block);
        Assert.Equal(ParseStatus.Malformed, PcapngPacket.TryParse(bytes, block, out _));
    }

    [Fact]
    public void What_is_written_is_what_the_format_says()
    {
        var file = new ArrayBufferWriter<byte>();
        PcapngWriter.WriteSection(file, "test");
        Assert.Equal("0A0D0D0A" + "28000000" + "4D3C2B1A" + "01000000" + "FFFFFFFFFFFFFFFF" + "04000400" + "74657374" + "00000000" + "28000000",
            Convert.ToHexString(file.WrittenSpan));
        file.Clear();
        PcapngWriter.WriteSection(file);
        Assert.Equal("0A0D0D0A" + "1C000000" + "4D3C2B1A" + "01000000" + "FFFFFFFFFFFFFFFF" + "1C000000", Convert.ToHexString(file.WrittenSpan));
        file.Clear();
        PcapngWriter.WriteInterface(file, LinkType.Radiotap, "wlan0");
        Assert.Equal("01000000" + "2C000000" + "7F000000" + "00000400" + "02000500" + "776C616E30000000" + "09000100" + "09000000" + "00000000" + "2C000000",
            Convert.ToHexString(file.WrittenSpan));
        file.Clear();
        PcapngWriter.WritePacket(file, 1, 0x1_0000_0002, [1, 2, 3, 4, 5], 9);
        Assert.Equal("06000000" + "28000000" + "01000000" + "01000000" + "02000000" + "05000000" + "09000000" + "0102030405000000" + "28000000",
            Convert.ToHexString(file.WrittenSpan));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", "")]
    [InlineData("wlan0", null)]
    [InlineData(null, "the lobby’s radio")]
    [InlineData("a", "b")]
    public void An_interface_that_is_written_is_read_back(string? name, string? description)
    {
        var file = new ArrayBufferWriter<byte>();
        PcapngWriter.WriteInterface(file, LinkType.Ppi, name, description);
        Assert.Equal(ParseStatus.Ok, PcapngBlock.TryParse(file.WrittenSpan, false, out PcapngBlock block));
        Assert.Equal((uint)file.WrittenCount, block.Length);
        Assert.Equal(ParseStatus.Ok, PcapngInterface.TryParse(file.WrittenSpan[8..^4], false, out PcapngInterface? found));
        Assert.Equal(new PcapngInterface(LinkType.Ppi, CaptureLimits.MaxPacketLength, name, description, 9, 0), found);
    }

    [Fact]
    public void A_text_longer_than_an_option_is_cut_at_a_whole_character()
    {
        var file = new ArrayBufferWriter<byte>();
        PcapngWriter.WriteInterface(file, LinkType.Ppi, "x" + new string('é', 40_000));
        PcapngInterface.TryParse(file.WrittenSpan[8..^4], false, out PcapngInterface? found);
        Assert.Equal("x" + new string('é', 32_765), found!.Name);
    }
}
