using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Wire.Tests.Dot11;

/// <summary>Which address is whose, and what the fixed parameters of management frames say.</summary>
public sealed class Dot11ParserTests
{
    [Theory]
    // kind and flags, destination, source, BSSID; addresses 1, 2, 3 and 4 are Ap, Station, Other and Fourth.
    [InlineData("0800", Make.Ap, Make.Station, Make.Other)]
    [InlineData("0801", Make.Other, Make.Station, Make.Ap)]
    [InlineData("0802", Make.Ap, Make.Other, Make.Station)]
    [InlineData("0803", Make.Other, Make.Fourth, "000000000000")]
    public void Data_frames_take_address_roles_from_the_DS_bits(string control, string destination, string source, string bssid)
    {
        Dot11Frame f = Make.Parse(Make.Hex($"{control} 0000 {Make.Ap}{Make.Station}{Make.Other} 2510 {Make.Fourth} 00"));
        Assert.Equal(Make.Mac(destination), f.Destination);
        Assert.Equal(Make.Mac(source), f.Source);
        Assert.Equal(Make.Mac(bssid), f.Bssid);
        Assert.Equal(Make.Mac(Make.Station), f.Transmitter);
        Assert.Equal(Make.Mac(Make.Ap), f.Receiver);
        Assert.Equal(FrameKind.Data, f.Kind);
        Assert.Equal(FrameType.Data, f.Type);
        Assert.Equal(5, f.Fragment);
        Assert.Equal(0x102, f.Sequence);
        Assert.Equal(f.IsWds ? 30 : 24, f.BodyOffset);
        Assert.Equal(f.IsWds ? 1 : 7, f.BodyLength);
    }

    [Fact]
    public void A_beacon_tells_time_interval_and_capabilities()
    {
        Dot11Frame f = Make.Parse(Make.Beacon(Make.Element(0, "6C6162")));
        Assert.Equal(FrameKind.Beacon, f.Kind);
        Assert.Equal(MacAddress.Broadcast, f.Destination);
        Assert.Equal(Make.Mac(Make.Ap), f.Source);
        Assert.Equal(Make.Mac(Make.Ap), f.Bssid);
        Assert.Equal(0x0102030405060708UL, f.Timestamp);
        Assert.Equal(100, f.Interval);
        Assert.Equal(0x0401, f.Capabilities);
        Assert.False(f.IsIbss);
        Assert.Equal(36, f.ElementsOffset);
    }

    [Theory]
    // Association: capabilities 0x0431, listen interval 10. Reassociation: the current access point too.
    [InlineData("0000", "", 28)]
    [InlineData("2000", Make.Other, 34)]
    public void Association_requests_have_their_own_fixed_parameters(string control, string currentAp, int elements)
    {
        // A beacon's layout would find its capabilities in the SSID, where 02 means IBSS.
        Dot11Frame f = Make.Parse(Make.Hex($"{control} 0000 {Make.Ap}{Make.Station}{Make.Ap} 1000 3104 0A00 {currentAp} 0008 0202020202020202"));
        Assert.Equal(0x0431, f.Capabilities);
        Assert.Equal(10, f.Interval);
        Assert.False(f.IsIbss);
        Assert.Equal(elements, f.ElementsOffset);
    }

    [Theory]
    [InlineData("1000", "3104 0C00 01C0", 12, 0, 30)] // association response, status 12
    [InlineData("3000", "3104 0100 01C0", 1, 0, 30)] // reassociation response, status 1
    [InlineData("B000", "0100 0400 0F00", 15, 1, 30)] // authentication, shared key, status 15
    [InlineData("B000", "0300 0100 7E00 1300", 126, 3, 0)] // SAE: no elements behind the status
    [InlineData("C000", "0700", 7, 0, 26)] // deauthentication, reason 7
    [InlineData("A000", "0800", 8, 0, 26)] // disassociation, reason 8
    [InlineData("D000", "0505 01", 0, 0x0505, 0)] // action: category 5, action 5
    public void Other_management_frames_tell_codes(string control, string body, int code, int algorithm, int elements)
    {
        Dot11Frame f = Make.Parse(Make.Hex($"{control} 0000 {Make.Station}{Make.Ap}{Make.Ap} 1000 {body}"));
        Assert.Equal(code, f.Code);
        Assert.Equal(algorithm, f.Algorithm);
        Assert.Equal(elements, f.ElementsOffset);
    }

    [Fact]
    public void A_protected_deauthentication_has_no_reason_to_read()
    {
        Dot11Frame f = Make.Parse(Make.Hex($"C040 0000 {Make.Station}{Make.Ap}{Make.Ap} 1000 1E00002000000000 1122"));
        Assert.Equal(0, f.Code);
        Assert.Equal(0, f.ElementsOffset);
        Assert.Equal(10, f.BodyLength);
    }

    [Fact]
    public void A_management_frame_with_HT_control_has_its_body_behind_it()
    {
        Dot11Frame f = Make.Parse(Make.Hex($"C080 0000 {Make.Station}{Make.Ap}{Make.Ap} 1000 00000000 0700"));
        Assert.Equal(28, f.BodyOffset);
        Assert.Equal(7, f.Code);
    }

    [Theory]
    [InlineData("D400", false)] // acknowledgement
    [InlineData("C400", false)] // CTS
    [InlineData("B400", true)] // RTS
    [InlineData("A400", true)] // PS-Poll
    [InlineData("9400", true)] // block acknowledgement
    [InlineData("2400", true)] // trigger
    public void Control_frames_have_a_receiver_and_some_a_transmitter(string control, bool hasTransmitter)
    {
        Dot11Frame f = Make.Parse(Make.Hex($"{control} 0000 {Make.Ap}{Make.Station}"));
        Assert.Equal(FrameType.Control, f.Type);
        Assert.Equal(Make.Mac(Make.Ap), f.Receiver);
        Assert.Equal(hasTransmitter ? Make.Mac(Make.Station) : MacAddress.Zero, f.Transmitter);
        Assert.Equal(MacAddress.Zero, f.Source);
        Assert.Equal(MacAddress.Zero, f.Bssid);
    }

    [Theory]
    [InlineData("8100")] // protocol version 1
    [InlineData("2C00")] // extension frame that is no beacon
    public void Other_versions_and_extension_frames_are_unsupported(string control)
    {
        Dot11Frame f = Make.Parse(Make.Hex($"{control} 0000 {Make.Ap}{Make.Station}{Make.Other} 0000"), ParseStatus.Unsupported);
        Assert.Equal(control == "8100", f.Anomalies == Anomalies.FrameVersionUnknown);
        Assert.Equal(MacAddress.Zero, f.Source);
    }

    [Theory]
    [InlineData("1C00", "01", "", 0x0021)] // S1G
    [InlineData("1C40", "01", "", 0x0031)] // security
    [InlineData("1C07", "01", "AABBCC 11223344 55", 0x0021)] // next TBTT, compressed SSID, access network options
    public void An_S1G_beacon_is_a_beacon(string control, string change, string optional, int capabilities)
    {
        // Timestamp; compatibility: short preamble, 100 TU, the timer's other half; SSID.
        Dot11Frame f = Make.Parse(Make.Hex($"{control} 0000 {Make.Ap} D2040000 {change} {optional} D508 2000 6400 00000000 0003 616263"));
        Assert.Equal((FrameKind.Beacon, FrameFlags.None), (f.Kind, f.Flags));
        Assert.Equal((Make.Mac(Make.Ap), Make.Mac(Make.Ap), MacAddress.Broadcast), (f.Source, f.Bssid, f.Destination));
        Assert.Equal((0x4D2UL, 100, capabilities), (f.Timestamp, (int)f.Interval, (int)f.Capabilities));
        Assert.Equal(15 + (optional.Length == 0 ? 0 : 8), f.ElementsOffset);
    }

    [Fact]
    public void A_beacon_between_two_full_ones_has_no_elements_to_speak_of()
    {
        Dot11Frame f = Make.Parse(Make.Hex($"1C00 0000 {Make.Ap} D2040000 01 0503 000100"));
        Assert.Equal((FrameKind.Beacon, Make.Mac(Make.Ap), 0), (f.Kind, f.Bssid, (int)f.ElementsOffset));
    }

    [Theory]
    [InlineData("000000000000", "")]
    [InlineData("010000000000", "0102030405060708")] // clustering
    [InlineData("010000000000", "")] // that is announced and left out
    public void A_DMG_beacon_is_a_beacon(string control, string clustering)
    {
        Dot11Frame f = Make.Parse(Make.Hex($"0C00 0000 {Make.Ap} D204000000000000 000000 6400 {control} 00 {clustering} 0003 616263"));
        Assert.Equal((FrameKind.Beacon, Make.Mac(Make.Ap), MacAddress.Broadcast), (f.Kind, f.Bssid, f.Destination));
        Assert.Equal((0x4D2UL, 100, 30 + (clustering.Length / 2)), (f.Timestamp, (int)f.Interval, (int)f.ElementsOffset));
    }

    [Theory]
    [InlineData("1C00")]
    [InlineData("0C00")]
    public void A_beacon_of_them_that_ends_before_its_parameters_is_malformed(string control) =>
        Assert.Equal(Anomalies.FrameMalformed, Make.Parse(Make.Hex($"{control} 0000 {Make.Ap} D204"), ParseStatus.Malformed).Anomalies);

    [Theory]
    [InlineData(9, "D400")] // shorter than any frame
    [InlineData(15, "B400")] // RTS
    [InlineData(23, "0801")] // data
    [InlineData(25, "8801")] // QoS data
    [InlineData(29, "0803")] // four addresses
    [InlineData(29, "8881")] // QoS with HT control
    [InlineData(35, "8000")] // beacon
    [InlineData(35, "5000")] // probe response
    [InlineData(27, "0000")] // association request
    [InlineData(33, "2000")] // reassociation request
    [InlineData(29, "1000")] // association response
    [InlineData(25, "C000")] // deauthentication
    public void One_byte_less_than_the_least_is_malformed_or_truncated(int length, string control)
    {
        byte[] frame = new byte[length + 1];
        Make.Hex(control).CopyTo(frame, 0);
        Make.Parse(frame);
        Assert.Equal(Anomalies.FrameMalformed, Make.Parse(frame[..^1], ParseStatus.Malformed).Anomalies);
        Dot11Frame cut = Make.Parse(frame[..^1], ParseStatus.Truncated, cut: true);
        Assert.Equal(Anomalies.FrameTruncated, cut.Anomalies);
        Assert.True(cut.IsCut);
    }

    [Fact]
    public void No_frame_is_longer_than_offsets_can_say()
    {
        byte[] frame = new byte[Dot11Parser.MaximumLength + 1];
        frame[0] = 0x08;
        Make.Parse(frame[..^1]);
        Assert.Equal(Anomalies.FrameMalformed, Make.Parse(frame, ParseStatus.Malformed).Anomalies);
    }

    [Fact]
    public void Neighbor_reports_tell_their_highest_channel()
    {
        // Two reports: channels 11 and 0xE5.
        byte[] frame = Make.Hex($"D000 0000 {Make.Station}{Make.Ap}{Make.Ap} 1000 05 05 01" +
            $"340D {Make.Fourth} 00000000 51 0B 07 340D {Make.Other} 00000000 51 E5 07");
        Dot11Frame f = Make.Parse(frame);
        Assert.Equal(0xE5, NeighborReport.HighestChannel(frame, in f));
        byte[] beacon = Make.Beacon();
        Dot11Frame other = Make.Parse(beacon);
        Assert.Equal(-1, NeighborReport.HighestChannel(beacon, in other));
    }
}
