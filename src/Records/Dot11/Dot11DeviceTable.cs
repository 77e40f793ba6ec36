using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Dot11.Dot11Device>;

namespace KismetOrleans.Records.Dot11;

/// <summary>Fields of the Wi-Fi part of a device.</summary>
public static class Dot11DeviceTable
{
    /// <summary>The Wi-Fi part of a device.</summary>
    public static readonly RecordTable<Dot11Device> Table = new("dot11_device",
    [
        Field.UInt64(
            "dot11.device.typeset", "roles as bits: beacons 1, ad-hoc 2, client 4, wired 8, WDS 16, inferred 64 or 128, answers probes 256",
            static d => (ulong)d.TypeSet),
        Field.UInt64("dot11.device.num_client_aps", "networks that it talked to", static d => Count(d.Clients?.Count)),
        Field.UInt64("dot11.device.num_advertised_ssids", "SSIDs that it beacons", static d => Count(d.Advertised?.Length)),
        Field.UInt64("dot11.device.num_responded_ssids", "SSIDs that it answers probes with", static d => Count(d.Responded?.Length)),
        Field.UInt64("dot11.device.num_probed_ssids", "SSIDs that it asked for", static d => Count(d.Probed?.Length)),
        Field.UInt64("dot11.device.num_associated_clients", "clients of this access point", static d => Count(d.AssociatedClients?.Count)),
        Field.UInt64(
            "dot11.device.client_disconnects", "deauthentications and disassociations in the running burst",
            static d => d.ClientDisconnects),
        Field.UInt64("dot11.device.client_disconnects_last", "unix second of the newest one", static d => d.ClientDisconnectsLast),
        Field.Mac("dot11.device.last_bssid", "network of its newest frame", static d => d.LastBssid.GetValueOrDefault(), static d => d.LastBssid is not null),
        Field.UInt64("dot11.device.bss_timestamp", "timer in its newest beacon, in microseconds", static d => d.BssTimestamp),
        Field.UInt64("dot11.device.num_fragments", "fragments of frames", static d => d.Fragments),
        Field.UInt64("dot11.device.num_retries", "frames sent again", static d => d.Retries),
        Field.UInt64("dot11.device.datasize", "payload bytes of data frames", static d => d.DataSize),
        Field.UInt64("dot11.device.datasize_retry", "payload bytes of data frames sent again", static d => d.RetryDataSize),
        Field.UInt64("dot11.device.last_beacon_timestamp", "unix second of its newest beacon", static d => d.LastBeaconTime),
        Field.UInt64("dot11.device.wps_m3_count", "WPS M3 messages in the running window", static d => d.WpsM3Count),
        Field.UInt64("dot11.device.wps_m3_last", "unix second of the newest one", static d => d.WpsM3Last),
        Field.UInt8("dot11.device.min_tx_power", "least transmit power by its association request, in dBm", static d => d.MinTxPower),
        Field.UInt8("dot11.device.max_tx_power", "greatest transmit power by its association request, in dBm", static d => d.MaxTxPower),
        Field.Flag("dot11.device.link_measurement_capable", "can measure its link (802.11k)", static d => d.LinkMeasurement),
        Field.Flag("dot11.device.neighbor_report_capable", "can report neighbours (802.11k)", static d => d.NeighborReport),
        Field.UInt32("dot11.device.beacon_fingerprint", "hash over chosen elements of its beacons", static d => d.BeaconFingerprint),
        Field.UInt32("dot11.device.probe_fingerprint", "hash over chosen elements of its probe requests", static d => d.ProbeFingerprint),
        Field.UInt32("dot11.device.response_fingerprint", "hash over chosen elements of its probe responses", static d => d.ResponseFingerprint),
        Field.Texts("dot11.device.extended_capabilities", "extended capabilities by name", static d => d.ExtendedCapabilities),
        Field.SmallNumbers("dot11.device.supported_channels", "channels by its association request", static d => d.SupportedChannels),
        Field.List(
            "dot11.device.advertised_ssid_map", "SSIDs that it beacons",
            static d => d.Advertised, AdvertisedSsidTable.Table, type: "map[size_t, x]"),
        Field.List(
            "dot11.device.responded_ssid_map", "SSIDs that it answers probes with",
            static d => d.Responded, AdvertisedSsidTable.Table, type: "map[size_t, x]"),
        Field.List(
            "dot11.device.probed_ssid_map", "SSIDs that it asked for",
            static d => d.Probed, ProbedSsidTable.Table, type: "map[size_t, x]"),
        Field.Record(
            "dot11.device.last_beaconed_ssid_record", "SSID that it beaconed or answered with last",
            static d => d.LastBeaconed, AdvertisedSsidTable.Table, type: "alias"),
        Field.Record(
            "dot11.device.last_probed_ssid_record", "SSID that it asked for last",
            static d => d.LastProbed, ProbedSsidTable.Table, type: "alias"),
        Field.MapByMac("dot11.device.client_map", "networks that it talked to, by BSSID", static d => d.Clients, Dot11ClientTable.Table),
        Field.MapByMac(
            "dot11.device.associated_client_map", "keys of this access point's clients, by address",
            static d => d.AssociatedClients, Kinds.Key),
        Field.MapByMac(
            "dot11.device.wpa_handshake_list", "EAPOL-Key frames, by client",
            static d => d.Handshakes, Kinds.ListOf(EapolTable.Table)),
        Field.List("dot11.device.wpa_nonce_list", "nonces of third messages", static d => d.Nonces, NonceTable.Table),
        Field.List("dot11.device.wpa_anonce_list", "nonces of first messages", static d => d.Anonces, NonceTable.Table),
        Field.Record("dot11.device.pmkid_packet", "frame that carried a PMKID", static d => d.PmkidPacket, PacketTable.Table),
        Field.Record("dot11.device.ssid_beacon_packet", "beacon kept beside a handshake", static d => d.BeaconPacket, PacketTable.Table),
    ]);

    private static ulong Count(int? count) => (ulong)count.GetValueOrDefault();
}
