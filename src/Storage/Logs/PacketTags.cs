using System.Text;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Storage.Logs;

/// <summary>Notes on packets, of which Kismet's logs tell in the column <c>tags</c>.</summary>
[Flags]
internal enum PacketTags : byte
{
    None = 0,
    BeaconSsid = 1,
    ResponseSsid = 2,
    ProbeRequest = 4,
    Deauthentication = 8,
    Disassociation = 16,
    Handshake = 32,
    Pmkid = 64,
}

/// <summary>Finds tags and prints them.</summary>
internal static class PacketTagTexts
{
    private static readonly (PacketTags Tag, string Text)[] s_names =
    [
        (PacketTags.BeaconSsid, "DOT11_BEACON_SSID"),
        (PacketTags.ResponseSsid, "DOT11_RESPONSE_SSID"),
        (PacketTags.ProbeRequest, "DOT11_PROBE_REQ"),
        (PacketTags.Deauthentication, "DOT11_DEAUTHENTICATION"),
        (PacketTags.Disassociation, "DOT11_DISASSOCIATION"),
        (PacketTags.Handshake, "DOT11_WPAHANDSHAKE"),
        (PacketTags.Pmkid, "DOT11_RSNPMKID"),
    ];

    private static readonly byte[][] s_texts = [.. Enumerable.Range(0, 128).Select(static tags => Encoding.UTF8.GetBytes(
        string.Join(' ', s_names.Where(name => ((PacketTags)tags & name.Tag) != 0).Select(static name => name.Text))))];

    /// <summary>The tags, separated by spaces, in UTF-8.</summary>
    public static byte[] Text(PacketTags tags) => s_texts[(int)tags];

    /// <summary>Tags of an 802.11 frame.</summary>
    public static PacketTags Of(ReadOnlySpan<byte> bytes, in Dot11Frame frame) => frame.Kind switch
    {
        FrameKind.Beacon => PacketTags.BeaconSsid,
        FrameKind.ProbeResponse => PacketTags.ResponseSsid,
        FrameKind.ProbeRequest => PacketTags.ProbeRequest,
        FrameKind.Deauthentication => PacketTags.Deauthentication,
        FrameKind.Disassociation => PacketTags.Disassociation,
        _ when frame.Payload == PayloadKind.EapolKey => OfKey(bytes, frame),
        _ => PacketTags.None,
    };

    private static PacketTags OfKey(ReadOnlySpan<byte> bytes, in Dot11Frame frame) =>
        EapolKey.TryParse(bytes, frame, out EapolKey key) != ParseStatus.Ok ? PacketTags.None
        : key.Pmkid.Length > 0 ? PacketTags.Handshake | PacketTags.Pmkid
        : PacketTags.Handshake;
}
