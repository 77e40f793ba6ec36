using System.Buffers;
using KismetOrleans.Wire.Files;

namespace KismetOrleans.Wire.Tests.Files;

/// <summary>Interface statistics are written as the format says and read back in both byte orders.</summary>
public sealed class PcapngStatisticsTests
{
    private static readonly PcapngStatistics s_known = new(2, 0x5_0000_0006, 0x1_0000_0002, 0x3_0000_0004, 1000, 10, 990, 7);

    [Fact]
    public void What_is_written_is_what_the_format_says()
    {
        ArrayBufferWriter<byte> file = new();
        PcapngWriter.WriteStatistics(file, s_known with { SystemDropped = -1 });
        Assert.Equal(
            "05000000" + "58000000" + "02000000" + "0500000006000000"
            + "02000800" + "0100000002000000" + "03000800" + "0300000004000000"
            + "04000800" + "E803000000000000" + "05000800" + "0A00000000000000" + "08000800" + "DE03000000000000" + "00000000" + "58000000",
            Convert.ToHexString(file.WrittenSpan));
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        ArrayBufferWriter<byte> file = new();
        PcapngWriter.WriteStatistics(file, s_known);
        Assert.Equal(ParseStatus.Ok, PcapngBlock.TryParse(file.WrittenSpan, false, out PcapngBlock block));
        Assert.Equal((PcapngBlockType.Statistics, (uint)file.WrittenCount), (block.Type, block.Length));
        Assert.Equal(ParseStatus.Ok, PcapngStatistics.TryParse(file.WrittenSpan[8..^4], false, out PcapngStatistics found));
        Assert.Equal(s_known, found);
    }

    [Fact]
    public void Others_may_say_less_and_in_the_other_byte_order()
    {
        // Interface 1, time 0:9, a comment, isb_ifdrop 258.
        byte[] body = Convert.FromHexString("00000001" + "0000000000000009" + "00010002" + "61620000" + "00050008" + "0000000000000102" + "00000000");
        Assert.Equal(ParseStatus.Ok, PcapngStatistics.TryParse(body, true, out PcapngStatistics found));
        Assert.Equal(new(1, 9, -1, -1, -1, 258, -1), found);
    }

    [Theory]
    [InlineData("0100000000000000")]
    [InlineData("010000000000000000000000" + "05000900" + "0102030405060708")]
    public void A_body_that_runs_past_its_end_is_malformed(string hex) =>
        Assert.Equal(ParseStatus.Malformed, PcapngStatistics.TryParse(Convert.FromHexString(hex), false, out _));
}
