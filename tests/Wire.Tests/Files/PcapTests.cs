using System.Buffers;
using KismetOrleans.Wire.Files;

namespace KismetOrleans.Wire.Tests.Files;

/// <summary>Headers of pcap files in all forms, and what the writer writes.</summary>
public sealed class PcapTests
{
    [Theory]
    [InlineData("D4C3B2A1" + "02000400" + "0000000000000000" + "00000400" + "7F000000", false, false, false)]
    [InlineData("A1B2C3D4" + "00020004" + "0000000000000000" + "00040000" + "0000007F", true, false, false)]
    [InlineData("4D3CB2A1" + "02000400" + "0000000000000000" + "00000400" + "7F000000", false, true, false)]
    [InlineData("A1B23C4D" + "00020004" + "0000000000000000" + "00040000" + "0000007F", true, true, false)]
    [InlineData("34CDB2A1" + "02000400" + "0000000000000000" + "00000400" + "7F000000", false, false, true)]
    // The high half of the link type says that packets end with a check sequence of four bytes.
    [InlineData("D4C3B2A1" + "02000400" + "0000000000000000" + "00000400" + "7F000024", false, false, false)]
    public void Byte_order_resolution_and_record_form_are_told_by_the_magic_number(string hex, bool big, bool nanoseconds, bool longRecords)
    {
        byte[] file = Convert.FromHexString(hex);
        Assert.Equal(ParseStatus.Ok, PcapHeader.TryParse(file, out PcapHeader header));
        Assert.Equal((big, nanoseconds, longRecords), (header.BigEndian, header.Nanoseconds, header.LongRecords));
        Assert.Equal((2, 4), (header.Major, header.Minor));
        Assert.Equal(262_144u, header.SnapLength);
        Assert.Equal(LinkType.Radiotap, header.LinkType);
        Assert.Equal(longRecords ? 24 : 16, header.RecordHeaderLength);
        for (int length = 0; length < file.Length; length++)
        {
            Assert.Equal(length < 4 ? ParseStatus.Unsupported : ParseStatus.Truncated, PcapHeader.TryParse(file.AsSpan(0, length), out _));
        }
    }

    [Theory]
    [InlineData("69000000", null)]
    [InlineData("69000004", 0)]
    [InlineData("69000024", 4)]
    [InlineData("69000014", 2)]
    // Without bit 26 the length is not valid.
    [InlineData("69000030", null)]
    public void The_link_type_field_tells_how_long_the_check_sequence_is(string field, int? bytes)
    {
        byte[] file = Convert.FromHexString("D4C3B2A1" + "02000400" + "0000000000000000" + "00000400" + field);
        Assert.Equal(ParseStatus.Ok, PcapHeader.TryParse(file, out PcapHeader header));
        Assert.Equal((LinkType.Ieee80211, bytes), (header.LinkType, (int?)header.FcsLength));
    }

    [Fact]
    public void Other_files_are_unsupported() =>
        Assert.Equal(ParseStatus.Unsupported, PcapHeader.TryParse("\x0A\x0D\x0D\x0A                    "u8, out _));

    [Fact]
    public void What_is_written_is_what_the_format_says()
    {
        var file = new ArrayBufferWriter<byte>();
        PcapWriter.WriteHeader(file, LinkType.Radiotap);
        PcapWriter.WritePacket(file, 1_700_000_000_123_456_789, [1, 2, 3], 9);
        Assert.Equal("D4C3B2A1020004000000000000000000000004007F000000" + "00F15365" + "40E20100" + "03000000" + "09000000" + "010203",
            Convert.ToHexString(file.WrittenSpan));

        file.Clear();
        PcapWriter.WriteHeader(file, LinkType.Ieee80211, nanoseconds: true);
        PcapWriter.WritePacket(file, 1_700_000_000_123_456_789, [], nanoseconds: true);
        Assert.Equal("4D3CB2A10200040000000000000000000000040069000000" + "00F15365" + "15CD5B07" + "00000000" + "00000000",
            Convert.ToHexString(file.WrittenSpan));
    }

    [Fact]
    public void What_does_not_fit_the_format_is_refused()
    {
        var file = new ArrayBufferWriter<byte>();
        Assert.Throws<ArgumentOutOfRangeException>(() => PcapWriter.WritePacket(file, -1, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => PcapWriter.WritePacket(file, CaptureTime.Max + 1, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => PcapWriter.WritePacket(file, 0, new byte[CaptureLimits.MaxPacketLength + 1]));
        Assert.Equal(0, file.WrittenCount);
    }
}
