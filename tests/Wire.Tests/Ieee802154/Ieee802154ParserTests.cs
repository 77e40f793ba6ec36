using KismetOrleans.Wire.Ieee802154;
using KismetOrleans.Wire.Tests.Dot11;

namespace KismetOrleans.Wire.Tests.Ieee802154;

/// <summary>MAC headers of 802.15.4: which addresses and networks a frame names, by the rules of its version, and where its payload begins.</summary>
public sealed class Ieee802154ParserTests
{
    private const string None = "00:00:00:00:00:00";

    [Theory]
    // Version 2006, data, PAN compression, short to short: PAN 1A62, 0000 from 6F5C.
    [InlineData("6188 35 621A 0000 5C6F 4802", "02:00:1A:62:6F:5C", "02:00:1A:62:00:00", 9)]
    // Version 2003, data without compression, short to extended.
    [InlineData("018C 01 3412 0807060504030200 7856 0100 AA", "02:00:56:78:00:01", "00:02:03:04:05:06:07:08", 17)]
    // Beacon: no destination.
    [InlineData("0080 2A 3412 0000 FFCF", "02:00:12:34:00:00", None, 7)]
    [InlineData("00C0 2A 3412 0807060504030200 FFCF", "00:02:03:04:05:06:07:08", None, 13)]
    // Command, broadcast destination, no source: a beacon request.
    [InlineData("0308 01 FFFF FFFF 07", None, None, 7)]
    // Association request: short destination, extended source, networks both there.
    [InlineData("23C8 06 3412 0000 FFFF 0807060504030200 0180", "00:02:03:04:05:06:07:08", "02:00:12:34:00:00", 17)]
    // Acknowledgment.
    [InlineData("0200 35", None, None, 3)]
    // The short address of a device that has none.
    [InlineData("6188 35 621A 0000 FEFF", None, "02:00:1A:62:00:00", 9)]
    // An extended address with the group bit, and one of zeros, are no device's.
    [InlineData("00C0 2A 3412 0807060504030201", None, None, 13)]
    [InlineData("00C0 2A 3412 0000000000000000", None, None, 13)]
    public void Frames_of_2003_and_2006(string hex, string source, string destination, int payload) => Check(hex, source, destination, payload);

    // Table 7-2 of 2015 and later, row by row; short addresses 0001 to 0002, extended ones 00:02:…:01 to …:02; PANs 1111 (destination), 2222 (source).
    [Theory]
    [InlineData("0120 01", None, None, 3)]
    [InlineData("4120 01 1111", None, None, 5)]
    [InlineData("0128 01 1111 0200", None, "02:00:11:11:00:02", 7)]
    [InlineData("4128 01 0200", None, "02:00:FF:FF:00:02", 5)]
    [InlineData("01A0 01 2222 0100", "02:00:22:22:00:01", None, 7)]
    [InlineData("41A0 01 0100", "02:00:FF:FF:00:01", None, 5)]
    [InlineData("01EC 01 1111 0200000000000200 0100000000000200", "00:02:00:00:00:00:00:01", "00:02:00:00:00:00:00:02", 21)]
    [InlineData("41EC 01 0200000000000200 0100000000000200", "00:02:00:00:00:00:00:01", "00:02:00:00:00:00:00:02", 19)]
    [InlineData("01A8 01 1111 0200 2222 0100", "02:00:22:22:00:01", "02:00:11:11:00:02", 11)]
    [InlineData("41A8 01 1111 0200 0100", "02:00:11:11:00:01", "02:00:11:11:00:02", 9)]
    [InlineData("01E8 01 1111 0200 2222 0100000000000200", "00:02:00:00:00:00:00:01", "02:00:11:11:00:02", 17)]
    [InlineData("41AC 01 1111 0200000000000200 0100", "02:00:11:11:00:01", "00:02:00:00:00:00:00:02", 15)]
    // Sequence number suppressed.
    [InlineData("41A9 1111 0200 0100", "02:00:11:11:00:01", "02:00:11:11:00:02", 8)]
    // Header elements: one of three bytes, then the termination.
    [InlineData("41AA 01 1111 0200 0100 0305 AABBCC 803F DD", "02:00:11:11:00:01", "02:00:11:11:00:02", 16)]
    public void Frames_of_2015(string hex, string source, string destination, int payload) => Check(hex, source, destination, payload);

    [Theory]
    // Short control field: destination short, no network.
    [InlineData("25 07 0200 AA", None, "02:00:FF:FF:00:02", 4)]
    // Long one with a network, both short.
    [InlineData("AD01 07 1111 0200 0100", "02:00:11:11:00:01", "02:00:11:11:00:02", 9)]
    public void Multipurpose_frames(string hex, string source, string destination, int payload) => Check(hex, source, destination, payload);

    [Theory]
    [InlineData("01 00000000", 14, false)] // signed alone, no key identifier: control, counter
    [InlineData("0D 00000000 01", 15, true)]
    [InlineData("15 00000000 0102030405", 19, true)]
    [InlineData("1D 00000000 010203040506070809", 23, true)]
    public void A_security_header_is_passed_over(string security, int payload, bool encrypted)
    {
        byte[] frame = Make.Hex("6998 35 621A 0000 5C6F" + security + "AABB");
        Assert.Equal(ParseStatus.Ok, Ieee802154Parser.TryParse(frame, false, out Ieee802154Frame f));
        Assert.Equal((true, encrypted, payload, (byte)1), (f.IsSecured, f.IsEncrypted, f.PayloadOffset, f.Version));
    }

    [Theory]
    [InlineData("61B8 35 621A 0000 5C6F", ParseStatus.Unsupported, Anomalies.FrameVersionUnknown)] // version 3
    [InlineData("6184 35 621A 0000 5C6F", ParseStatus.Malformed, Anomalies.FrameMalformed)] // destination mode 1
    [InlineData("4180 35 621A 0000", ParseStatus.Malformed, Anomalies.FrameMalformed)] // compression with one address
    [InlineData("04", ParseStatus.Unsupported, Anomalies.None)]
    [InlineData("06", ParseStatus.Unsupported, Anomalies.None)]
    [InlineData("07", ParseStatus.Unsupported, Anomalies.None)]
    public void What_is_not_read_says_why(string hex, ParseStatus expected, Anomalies anomalies)
    {
        Assert.Equal(expected, Ieee802154Parser.TryParse(Make.Hex(hex), false, out Ieee802154Frame f));
        Assert.Equal(anomalies, f.Anomalies);
    }

    [Fact]
    public void Cut_is_not_malformed()
    {
        byte[] frame = Make.Hex("69AA 35 621A 0000 5C6F 0D 00000000 01 0305 AABBCC");
        for (int length = 0; length < frame.Length; length++)
        {
            // The element list may end with the frame: behind the security header is a good end.
            bool whole = length == 15;
            Assert.Equal(whole ? ParseStatus.Ok : ParseStatus.Malformed, Ieee802154Parser.TryParse(frame.AsSpan(0, length), false, out Ieee802154Frame f));
            Assert.Equal(whole ? Anomalies.None : Anomalies.FrameMalformed, f.Anomalies);
            Assert.Equal(whole ? ParseStatus.Ok : ParseStatus.Truncated, Ieee802154Parser.TryParse(frame.AsSpan(0, length), true, out f));
        }
    }

    [Fact]
    public void Noise_does_not_hurt()
    {
        Random random = new(154);
        byte[] frame = new byte[64];
        for (int i = 0; i < 200_000; i++)
        {
            random.NextBytes(frame);
            int length = random.Next(frame.Length);
            if (Ieee802154Parser.TryParse(frame.AsSpan(0, length), (i & 1) == 0, out Ieee802154Frame f) == ParseStatus.Ok)
            {
                Assert.InRange(f.PayloadOffset, 1, length);
            }
        }
    }

    [Fact]
    public void The_check_sequence_is_that_of_the_standards_example()
    {
        // IEEE Std 802.15.4-2020, 7.2.11: an acknowledgment 02 00 6A ends with E4 79.
        Assert.Equal(0x79E4, Ieee802154Fcs.Compute(Make.Hex("02006A")));
        Assert.True(Ieee802154Fcs.Matches(Make.Hex("02006A E479")));
        Assert.False(Ieee802154Fcs.Matches(Make.Hex("02006A E478")));
        Assert.False(Ieee802154Fcs.Matches([0]));
    }

    private static void Check(string hex, string source, string destination, int payload)
    {
        byte[] frame = Make.Hex(hex);
        Assert.Equal(ParseStatus.Ok, Ieee802154Parser.TryParse(frame, false, out Ieee802154Frame f));
        Assert.Equal((source, destination, payload), (f.Source.ToString(), f.Destination.ToString(), f.PayloadOffset));
        Assert.Equal(Anomalies.None, f.Anomalies);
    }
}
