using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Wire.Dot11;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Dot11.AdvertisedSsid>;

namespace KismetOrleans.Records.Dot11;

/// <summary>Fields of an SSID of an access point.</summary>
public static class AdvertisedSsidTable
{
    /// <summary>An SSID that an access point beacons or answers with.</summary>
    public static readonly RecordTable<AdvertisedSsid> Table = new("advertised_ssid",
    [
        Field.Text("dot11.advertisedssid.ssid", "SSID, empty when hidden", static s => s.Ssid, type: "string-pointer"),
        Field.UInt32("dot11.advertisedssid.ssidlen", "bytes of the SSID on the air", static s => s.Length),
        Field.UInt64("dot11.advertisedssid.ssid_hash", "hash of the SSID on the air", static s => s.Hash),
        Field.Flag("dot11.advertisedssid.beacon", "seen in a beacon", static s => s.Beacon),
        Field.Flag("dot11.advertisedssid.probe_response", "seen in a probe response", static s => s.ProbeResponse),
        Field.Text("dot11.advertisedssid.channel", "primary channel by HT operation", static s => s.Channel),
        Field.Text("dot11.advertisedssid.ht_mode", "channel width", static s => Width(s.Width)),
        Field.UInt64("dot11.advertisedssid.ht_center_1", "centre of the first segment in MHz", static s => s.Center1),
        Field.UInt64("dot11.advertisedssid.ht_center_2", "centre of the second segment in MHz", static s => s.Center2),
        Field.UInt64("dot11.advertisedssid.channel_width", "width of the channel in MHz, 0 where it is not told", static s => Megahertz(s.Width)),
        Field.UInt64("dot11.advertisedssid.first_time", "unix second in which it was first seen", static s => s.FirstTime),
        Field.UInt64("dot11.advertisedssid.last_time", "unix second in which it was last seen", static s => s.LastTime),
        Field.Flag("dot11.advertisedssid.cloaked", "the SSID is hidden", static s => s.Cloaked),
        Field.UInt64("dot11.advertisedssid.crypt_bitfield", "ciphers and key management as bits", static s => (ulong)s.Crypt),
        Field.UInt64("dot11.advertisedssid.crypt_set", "the same in the older numbering", static s => s.CryptSet),
        Field.Text("dot11.advertisedssid.crypt_string", "the same in words", static s => s.CryptText, type: "string-pointer"),
        Field.Double("dot11.advertisedssid.maxrate", "fastest rate offered, in Mbit/s", static s => s.MaxRate),
        Field.UInt32("dot11.advertisedssid.beaconrate", "beacons a second by their interval", static s => s.BeaconRate),
        Field.UInt32("dot11.advertisedssid.beacons_sec", "beacons seen in the second of the newest one", static s => s.BeaconsSecond),
        Field.UInt32("dot11.advertisedssid.ietag_checksum", "CRC-32 of all elements", static s => s.ElementsChecksum),
        Field.Flag("dot11.advertisedssid.wpa_mfp_required", "management frames must be protected", static s => s.MfpRequired),
        Field.Flag("dot11.advertisedssid.wpa_mfp_supported", "management frames can be protected", static s => s.MfpSupported),
        Field.Flag("dot11.advertisedssid.dot11r_mobility", "fast transition (802.11r) is offered", static s => s.Mobility),
        Field.UInt16("dot11.advertisedssid.dot11r_mobility_domain_id", "mobility domain", static s => s.MobilityDomain),
        Field.Flag("dot11.advertisedssid.dot11e_qbss", "announces its load", static s => s.Qbss),
        Field.UInt16("dot11.advertisedssid.dot11e_qbss_stations", "stations by that announcement", static s => s.QbssStations),
        Field.Double(
            "dot11.advertisedssid.dot11e_channel_utilization_perc", "busy air time by that announcement, per cent",
            static s => s.QbssUtilization),
        Field.UInt8("dot11.advertisedssid.ccx_txpower", "transmit power by Cisco's element, in dBm", static s => s.CcxTxPower),
        Field.Flag(
            "dot11.advertisedssid.cisco_client_mfp", "offers Cisco's protection of clients' management frames",
            static s => s.CiscoClientMfp),
        Field.UInt8("dot11.advertisedssid.advertised_txpower", "transmit power by TPC report, in dBm", static s => s.TxPower),
        Field.Text("dot11.advertisedssid.dot11d_country", "country (802.11d)", static s => s.Country),
        Field.Text("dot11.advertisedssid.beacon_info", "name of the access point in a vendor's element", static s => s.BeaconInfo),
        Field.Text("dot11.advertisedssid.owe_ssid", "SSID of the other network of an OWE transition", static s => s.OweSsid),
        Field.UInt8(
            "dot11.advertisedssid.owe_ssid_len", "bytes of that SSID",
            static s => s.OweSsidLength, static s => s.OweSsid is not null),
        Field.Mac("dot11.advertisedssid.owe_bssid", "BSSID of that network", static s => s.OweBssid, static s => s.OweSsid is not null),
        .. WpsFields.Of("dot11.advertisedssid", static (AdvertisedSsid s) => s.Wps),
        Field.Text("dot11.advertisedssid.dot11s.meshid", "name of the mesh", static s => s.Mesh?.MeshId),
        Field.Flag(
            "dot11.advertisedssid.dot11s.gateway", "the mesh has a gate here",
            static s => s.Mesh!.Gateway, static s => s.Mesh is not null),
        Field.Flag(
            "dot11.advertisedssid.dot11s.forwarding", "forwards for others of the mesh",
            static s => s.Mesh!.Forwarding, static s => s.Mesh is not null),
        Field.UInt8(
            "dot11.advertisedssid.dot11s.num_peerings", "neighbours in the mesh",
            static s => s.Mesh!.Peerings, static s => s.Mesh is not null),
        Field.Record("dot11.advertisedssid.location", "where it was seen", static s => s.Location, LocationTable.Table),
    ]);

    private static ulong Megahertz(ChannelWidth width) => width switch
    {
        ChannelWidth.Ht20 => 20,
        ChannelWidth.Ht40Plus or ChannelWidth.Ht40Minus => 40,
        ChannelWidth.Ht80 => 80,
        ChannelWidth.Ht160 or ChannelWidth.Ht80Plus80 => 160,
        ChannelWidth.Ht320 => 320,
        _ => 0,
    };

    private static string Width(ChannelWidth width) => width switch
    {
        ChannelWidth.Ht20 => "HT20",
        ChannelWidth.Ht40Plus => "HT40+",
        ChannelWidth.Ht40Minus => "HT40-",
        ChannelWidth.Ht80 => "HT80",
        ChannelWidth.Ht160 => "HT160",
        ChannelWidth.Ht80Plus80 => "HT80+80",
        ChannelWidth.Ht320 => "HT320",
        _ => "",
    };
}
