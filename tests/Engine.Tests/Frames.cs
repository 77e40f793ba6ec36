using System.Text;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Tests;

/// <summary>Frames of a small network: an access point, two stations and a host on the wire behind it.</summary>
internal static class Frames
{
    public const ushort Ess = 0x0401;
    public const ushort EssPrivacy = 0x0411;
    public const ushort Ibss = 0x0002;
    public static readonly MacAddress Ap = new(0x0011_2233_4455);
    public static readonly MacAddress OtherAp = new(0x0011_2233_4466);
    public static readonly MacAddress Client = new(0x0C00_0000_0001);
    public static readonly MacAddress OtherClient = new(0x0C00_0000_0002);
    public static readonly MacAddress Wired = new(0x0C00_0000_0003);
    public static readonly MacAddress Multicast = new(0x0100_5E00_00FB);
    private static readonly Channel s_channel6 = new(Band.Ghz2, 6);

    /// <summary>A beacon; its elements are the SSID, rates, and what is given.</summary>
    public static byte[] Beacon(MacAddress ap, string ssid, ushort sequence = 0, ushort capabilities = Ess, ulong timestamp = 1, params byte[][] more) =>
        BeaconOf(ap, sequence, capabilities, timestamp, [Elements.Ssid(ssid), Elements.Rates(Band.Ghz2), .. more]);

    /// <summary>A beacon of the elements given and no others.</summary>
    public static byte[] BeaconOf(MacAddress ap, ushort sequence, ushort capabilities, ulong timestamp, params byte[][] elements) =>
        FrameBuilder.Management(FrameKind.Beacon, MacAddress.Broadcast, ap, ap, sequence)
            .U64(timestamp).U16(100).U16(capabilities).All(elements).ToArray();

    public static byte[] ProbeResponse(MacAddress ap, MacAddress to, string ssid, ushort sequence = 0, params byte[][] more) =>
        FrameBuilder.Management(FrameKind.ProbeResponse, to, ap, ap, sequence)
            .U64(1).U16(100).U16(Ess).All([Elements.Ssid(ssid), Elements.Rates(Band.Ghz2), .. more]).ToArray();

    public static byte[] ProbeRequest(MacAddress from, string ssid, ushort sequence = 0, params byte[][] more) =>
        FrameBuilder.Management(FrameKind.ProbeRequest, MacAddress.Broadcast, from, MacAddress.Broadcast, sequence)
            .All([Elements.Ssid(ssid), Elements.Rates(Band.Ghz2), .. more]).ToArray();

    /// <summary>An association request. Its listen interval stands where a beacon has the middle of its timer.</summary>
    public static byte[] AssociationRequest(MacAddress from, MacAddress ap, string ssid, ushort sequence = 0, params byte[][] more) =>
        FrameBuilder.Management(FrameKind.AssociationRequest, ap, from, ap, sequence)
            .U16(Ess).U16(0x000A).All([Elements.Ssid(ssid), Elements.Rates(Band.Ghz2), .. more]).ToArray();

    /// <summary>Open system authentication.</summary>
    public static byte[] Authentication(MacAddress from, MacAddress to, MacAddress ap, ushort transaction, ushort sequence = 0) =>
        FrameBuilder.Management(FrameKind.Authentication, to, from, ap, sequence).U16(0).U16(transaction).U16(0).ToArray();

    public static byte[] Deauthentication(MacAddress from, MacAddress to, MacAddress ap, ushort sequence) =>
        FrameBuilder.Management(FrameKind.Deauthentication, to, from, ap, sequence).U16(7).ToArray();

    public static byte[] ToDs(MacAddress from, MacAddress ap, MacAddress to, ReadOnlySpan<byte> body, ushort sequence = 0, FrameFlags more = 0, byte fragment = 0) =>
        DataFrames.Build(new(ap, from, to) { Kind = FrameKind.Data, Flags = FrameFlags.ToDs | more, Sequence = sequence, Fragment = fragment }, body);

    public static byte[] FromDs(MacAddress ap, MacAddress from, MacAddress to, ReadOnlySpan<byte> body, ushort sequence = 0, FrameFlags more = 0) =>
        DataFrames.Build(new(ap, from, to) { Kind = FrameKind.Data, Flags = FrameFlags.FromDs | more, Sequence = sequence }, body);

    public static byte[] AdHoc(MacAddress bssid, MacAddress from, MacAddress to, ReadOnlySpan<byte> body) =>
        DataFrames.Build(new(bssid, from, to) { Kind = FrameKind.Data }, body);

    /// <summary>A radiotap header and the frame behind it.</summary>
    public static byte[] Heard(byte[] frame, sbyte signal, Channel? channel = null, sbyte noise = -95, byte rate = 2) =>
        [.. new Radiotap { Channel = channel ?? s_channel6, Signal = signal, Noise = noise, Rate = rate }.ToHeader(), .. frame];

    /// <summary>A PPI header with a GPS tag (version 2: latitude, longitude, altitude) and the 802.11 frame behind it.</summary>
    public static byte[] At(byte[] frame, double latitude, double longitude, double? altitude)
    {
        int gpsLength = altitude is null ? 16 : 20;
        FrameBuilder packet = new FrameBuilder().U8(0).U8(0).U16((ushort)(8 + 4 + gpsLength)).U32((uint)LinkType.Ieee80211)
            .U16(30002).U16((ushort)gpsLength).U8(2).U8(0).U16((ushort)gpsLength).U32(altitude is null ? 0x06u : 0x0Eu)
            .U32(Fixed(latitude, 1e7)).U32(Fixed(longitude, 1e7));
        if (altitude is { } metres)
        {
            packet.U32(Fixed(metres, 1e4));
        }
        return packet.Raw(frame).ToArray();
    }

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static uint Fixed(double value, double unit) => (uint)(1_800_000_000 + Math.Round(value * unit));
}
