using System.Buffers;
using KismetOrleans.Wire.Files;

namespace KismetOrleans.Wire.Tests.Files;

/// <summary>Packets with options are written byte by byte as Kismet writes them, with epb_flags in front.</summary>
public sealed class PcapngPacketOptionsTests
{
    // Interface 1, time 1:2, five bytes of nine, padded.
    private const string Fixed = "01000000" + "01000000" + "02000000" + "05000000" + "09000000" + "0102030405000000";
    private const string End = "00000000";

    [Fact]
    public void A_packet_of_which_nothing_is_known_has_no_options() =>
        Assert.Equal("06000000" + "28000000" + Fixed + "28000000", Write(new()));

    [Fact]
    public void Hash_and_number_come_in_Kismets_order() =>
        Assert.Equal(
            "06000000" + "44000000" + Fixed + "03000500" + "0278563412000000" + "05000800" + "2A00000000000000" + End + "44000000",
            Write(new() { FrameCrc = 0x1234_5678, PacketId = 42 }));

    [Theory]
    [InlineData(PacketDirection.Inbound, false, "01000000")]
    [InlineData(PacketDirection.Outbound, false, "02000000")]
    [InlineData(PacketDirection.Inbound, true, "01000001")]
    [InlineData(PacketDirection.Unknown, true, "00000001")]
    public void Flags_say_the_direction_and_a_wrong_check_sequence(PacketDirection direction, bool error, string flags) =>
        Assert.Equal(
            "06000000" + "34000000" + Fixed + "02000400" + flags + End + "34000000",
            Write(new() { Direction = direction, CrcError = error }));

    [Fact]
    public void A_position_is_Kismets_custom_option() =>
        // Option 2989, 24 bytes: enterprise 55922, magic and version, length 12, mask; 1,902,000,000 and 1,691,200,000 units of 10^-7 degrees
        // from -180, 1,800,030,000 of 10^-4 metres from -180,000.
        Assert.Equal(
            "06000000" + "48000000" + Fixed
            + "AD0B1800" + "72DA0000" + "47010C00" + "0E000000" + "80375E71" + "00AACD64" + "30474A6B" + End + "48000000",
            Write(new() { Fix = 3, Longitude = 10.2, Latitude = -10.88, Altitude = 3.0f }));

    [Theory]
    [InlineData(2, 100f)]
    [InlineData(3, 0f)]
    public void An_altitude_that_is_none_is_left_out(byte fix, float altitude) =>
        Assert.Equal(
            "06000000" + "44000000" + Fixed + "AD0B1400" + "72DA0000" + "47010800" + "06000000" + "00D2496B" + "00D2496B" + End + "44000000",
            Write(new() { Fix = fix, Altitude = altitude }));

    [Fact]
    public void A_position_that_cannot_be_does_not_turn_into_one_that_can() =>
        Assert.Contains(
            "06000000" + "FFFFFFFF" + "00000000" + End, Write(new() { Fix = 2, Longitude = 1e9, Latitude = double.NaN }), StringComparison.Ordinal);

    [Fact]
    public void A_packet_never_has_fewer_bytes_than_were_captured()
    {
        ArrayBufferWriter<byte> file = new();
        PcapngWriter.WritePacket(file, 0, 1, [1, 2, 3], 1, new());
        PcapngBlock.TryParse(file.WrittenSpan, false, out PcapngBlock block);
        Assert.Equal(ParseStatus.Ok, PcapngPacket.TryParse(file.WrittenSpan, block, out PcapngPacket packet));
        Assert.Equal((3u, 3u), (packet.Length, packet.OriginalLength));
    }

    [Fact]
    public void What_does_not_fit_the_format_is_refused()
    {
        ArrayBufferWriter<byte> file = new();
        Assert.Throws<ArgumentOutOfRangeException>(() => PcapngWriter.WritePacket(file, -1, 1, [], 0, new()));
        Assert.Throws<ArgumentOutOfRangeException>(() => PcapngWriter.WritePacket(file, 0, -1, [], 0, new()));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => PcapngWriter.WritePacket(file, 0, 1, new byte[CaptureLimits.MaxPacketLength + 1], 0, new()));
        Assert.Equal(0, file.WrittenCount);
    }

    [Fact]
    public void Whatever_the_options_a_block_is_whole_and_holds_its_packet()
    {
        Random random = new(1);
        byte[] dirt = new byte[256];
        for (int i = 0; i < 2000; i++)
        {
            byte[] packet = new byte[random.Next(64)];
            random.NextBytes(packet);
            ArrayBufferWriter<byte> file = new(256);
            // What was in the buffer before must not show.
            random.NextBytes(dirt);
            dirt.CopyTo(file.GetSpan(dirt.Length));
            PcapngWriter.WritePacket(file, 3, random.NextInt64(long.MaxValue), packet, packet.Length, new()
            {
                Direction = (PacketDirection)random.Next(3),
                CrcError = random.Next(2) == 0,
                FrameCrc = (uint)random.Next(3),
                PacketId = (ulong)random.Next(2),
                Fix = (byte)random.Next(4),
                Altitude = random.Next(2),
            });
            ReadOnlySpan<byte> block = file.WrittenSpan;
            Assert.Equal(ParseStatus.Ok, PcapngBlock.TryParse(block, false, out PcapngBlock header));
            Assert.Equal((uint)block.Length, header.Length);
            Assert.Equal(BitConverter.ToUInt32(block[^4..]), header.Length);
            Assert.Equal(ParseStatus.Ok, PcapngPacket.TryParse(block, header, out PcapngPacket found));
            Assert.Equal(packet, block.Slice(found.Offset, (int)found.Length).ToArray());
            ReadOnlySpan<byte> padding = block[(found.Offset + packet.Length)..(found.Offset + ((packet.Length + 3) & ~3))];
            Assert.False(padding.ContainsAnyExcept((byte)0));
        }
    }

    private static string Write(PcapngPacketOptions options)
    {
        ArrayBufferWriter<byte> file = new();
        PcapngWriter.WritePacket(file, 1, 0x1_0000_0002, [1, 2, 3, 4, 5], 9, options);
        return Convert.ToHexString(file.WrittenSpan);
    }
}
