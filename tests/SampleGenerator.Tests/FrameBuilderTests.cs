using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.SampleGenerator.Tests;

/// <summary>Frames are laid out byte by byte as the standard's figures say.</summary>
public sealed class FrameBuilderTests
{
    private static readonly MacAddress Station = new(0x0200_0000_0001), Ap = new(0x50C7_BF2A_6D10), Wired = new(0x0025_9CEE_0001);

    [Fact]
    public void A_deauthentication_is_header_and_reason()
    {
        var ap = new Sender(Ap, new Radio(Channel.On2(1), -50));
        ushort sequence = (ushort)(ap.NextSequence() + 1);
        byte[] frame = ManagementFrames.Deauthentication(ap, Station, Ap, 7);
        byte[] expected =
        [
            0xC0, 0x00, 0x2C, 0x00, 0x02, 0, 0, 0, 0, 0x01, 0x50, 0xC7, 0xBF, 0x2A, 0x6D, 0x10, 0x50, 0xC7, 0xBF, 0x2A, 0x6D, 0x10,
            (byte)(sequence << 4), (byte)(sequence >> 4), 0x07, 0x00,
        ];
        Assert.Equal(expected, frame);
    }

    [Fact]
    public void Control_frames_have_their_lengths()
    {
        Assert.Equal("D4000000020000000001", Convert.ToHexString(ControlFrames.Ack(Station)));
        Assert.Equal("B4003A01" + "50C7BF2A6D10" + "020000000001", Convert.ToHexString(ControlFrames.Rts(Ap, Station)));
        Assert.Equal(28, ControlFrames.BlockAck(Ap, Station, 1, ulong.MaxValue).Length);
    }

    [Theory]
    [InlineData(FrameFlags.ToDs, "50C7BF2A6D10" + "020000000001" + "00259CEE0001")]
    [InlineData(FrameFlags.FromDs, "00259CEE0001" + "50C7BF2A6D10" + "020000000001")]
    [InlineData(FrameFlags.None, "00259CEE0001" + "020000000001" + "50C7BF2A6D10")]
    public void The_ds_bits_choose_the_places_of_the_addresses(FrameFlags flags, string addresses)
    {
        byte[] frame = DataFrames.Build(new(Ap, Station, Wired) { Kind = FrameKind.Data, Flags = flags, Sequence = 0x123, Fragment = 4 },
            [0xAA]);
        Assert.Equal(addresses, Convert.ToHexString(frame, 4, 18));
        Assert.Equal("3412AA", Convert.ToHexString(frame, 22, 3));
        Assert.Equal(25, frame.Length);
    }

    [Fact]
    public void Four_addresses_and_qos_follow_the_sequence_control()
    {
        var header = new DataHeader(default, Station, Wired) { Flags = FrameFlags.ToDs | FrameFlags.FromDs, Receiver = Ap, Qos = 0x0105 };
        byte[] frame = DataFrames.Build(header with { Transmitter = new(5) }, []);
        Assert.Equal("8803" + "3000" + "50C7BF2A6D10" + "000000000005" + "00259CEE0001" + "0000" + "020000000001" + "0501",
            Convert.ToHexString(frame));
    }

    [Fact]
    public void The_check_sequence_of_the_standards_example_is_right_and_the_wrong_one_is_wrong()
    {
        var builder = new FrameBuilder().Text("123456789");
        // The CRC-32 check value of all catalogues is CBF43926; least significant byte first.
        Assert.Equal("2639F4CB", Convert.ToHexString(builder.ToArrayWithFcs(), 9, 4));
        Assert.Equal("D9C60B34", Convert.ToHexString(builder.ToArrayWithFcs(good: false), 9, 4));
    }

    [Fact]
    public void Radiotap_fields_are_aligned_and_antennas_chained()
    {
        byte[] header = new Radiotap
        {
            Channel = Channel.On5(36),
            Signal = -60,
            Noise = -95,
            Timer = 0x1122,
            Rate = 12,
            Antennas = [-60, -63],
        }.ToHeader();
        string expected = "0000" + "2400" + "6F0000A0" + "200800A0" + "20080000"
            + "2211000000000000" + "00" + "0C" + "3C14" + "4001" + "C4" + "A1" + "C400" + "C101";
        Assert.Equal(expected, Convert.ToHexString(header));
    }

    [Theory]
    [InlineData(1, 2412)]
    [InlineData(13, 2472)]
    [InlineData(14, 2484)]
    public void Channels_of_the_lower_band_have_their_frequencies(byte number, int mhz) =>
        Assert.Equal(mhz, Channel.On2(number).FrequencyMhz);

    [Fact]
    public void Wide_channels_have_the_standards_centres()
    {
        Assert.Equal((42, 50), (Channel.On5(36).Center80, Channel.On5(36).Center160));
        Assert.Equal((106, 114), (Channel.On5(100).Center80, Channel.On5(100).Center160));
        Assert.Equal(155, Channel.On5(149).Center80);
        Assert.Equal((7, 15, 31), (Channel.On6(5).Center80, Channel.On6(5).Center160, Channel.On6(5).Center320));
        Assert.Equal((71, 79, 95), (Channel.On6(69).Center80, Channel.On6(69).Center160, Channel.On6(69).Center320));
    }
}
