import type { Field } from "../../api/client";
import type { Rrd } from "../../api/records";

/** What the server has not is 0. */
export type Maybe<T> = T | 0;

/** What is there. */
export function there<T>(value: Maybe<T>): T | undefined {
  return value || undefined;
}

export interface Signal {
  "kismet.common.signal.type": string;
  "kismet.common.signal.last_signal": number;
  "kismet.common.signal.last_noise": number;
  "kismet.common.signal.min_signal": number;
  "kismet.common.signal.max_signal": number;
  "kismet.common.signal.signal_rrd"?: Rrd;
}

/** One sensor's share in a device. */
export interface SeenBy {
  "kismet.common.seenby.uuid": string;
  "kismet.common.seenby.source"?: { "kismet.datasource.name"?: string };
  "kismet.common.seenby.first_time": number;
  "kismet.common.seenby.last_time": number;
  "kismet.common.seenby.num_packets": number;
  "kismet.common.seenby.signal"?: Signal;
}

/** The signal with which a sensor saw it over time. */
export interface SeenBySignal {
  "kismet.common.seenby.uuid": string;
  "kismet.common.seenby.signal_rrd"?: Rrd;
}

export interface GeoPoint {
  "kismet.common.location.geopoint": [east: number, north: number];
  "kismet.common.location.alt"?: number;
  "kismet.common.location.fix"?: number;
  "kismet.common.location.time_sec"?: number;
}

export interface Location {
  "kismet.common.location.min_loc"?: GeoPoint;
  "kismet.common.location.max_loc"?: GeoPoint;
  "kismet.common.location.avg_loc"?: GeoPoint;
  "kismet.common.location.last"?: GeoPoint;
}

/** An SSID that a device announces, or answers with. */
export interface AdvertisedSsid {
  "dot11.advertisedssid.ssid": string;
  "dot11.advertisedssid.ssidlen": number;
  "dot11.advertisedssid.ssid_hash": number;
  "dot11.advertisedssid.channel": string;
  "dot11.advertisedssid.ht_mode": string;
  "dot11.advertisedssid.first_time": number;
  "dot11.advertisedssid.last_time": number;
  "dot11.advertisedssid.cloaked": number;
  "dot11.advertisedssid.crypt_string": string;
  "dot11.advertisedssid.maxrate": number;
  "dot11.advertisedssid.beaconrate": number;
  "dot11.advertisedssid.wpa_mfp_required": number;
  "dot11.advertisedssid.wpa_mfp_supported": number;
  "dot11.advertisedssid.dot11r_mobility"?: number;
  "dot11.advertisedssid.dot11e_qbss"?: number;
  "dot11.advertisedssid.dot11e_qbss_stations"?: number;
  "dot11.advertisedssid.dot11e_channel_utilization_perc"?: number;
  "dot11.advertisedssid.dot11d_country"?: string;
  "dot11.advertisedssid.beacon_info"?: string;
  "dot11.advertisedssid.wps_state"?: number;
  "dot11.advertisedssid.wps_device_name"?: string;
  "dot11.advertisedssid.wps_manuf"?: string;
  "dot11.advertisedssid.wps_model_name"?: string;
}

/** An SSID that a device asked for. */
export interface ProbedSsid {
  "dot11.probedssid.ssid": string;
  "dot11.probedssid.ssidlen": number;
  "dot11.probedssid.first_time": number;
  "dot11.probedssid.last_time": number;
  "dot11.probedssid.crypt_string": string;
}

/** A network that a client talked to. */
export interface ClientOf {
  "dot11.client.bssid": string;
  "dot11.client.bssid_key": string;
  "dot11.client.first_time": number;
  "dot11.client.last_time": number;
  "dot11.client.dhcp_host"?: string;
  "dot11.client.dhcp_vendor"?: string;
  "dot11.client.eap_identity"?: string;
  "dot11.client.cdp_device"?: string;
  "dot11.client.cdp_port"?: string;
}

export interface Bluetooth {
  "bluetooth.device.major_class"?: string;
  "bluetooth.device.minor_class"?: string;
  "bluetooth.device.service_uuid_vec"?: string[];
  "bluetooth.device.solicitation_uuid_vec"?: string[];
  "bluetooth.device.scan_data_bytes"?: string;
  "bluetooth.device.service_data_bytes"?: Record<string, string>;
  "bluetooth.device.manufacturer_data_bytes"?: Record<string, string>;
  "bluetooth.device.txpower"?: number;
}

export interface UavTelemetry {
  "uav.telemetry.location"?: GeoPoint;
  "uav.telemetry.timestamp": number;
  "uav.telemetry.yaw": number;
  "uav.telemetry.height": number;
  "uav.telemetry.v_north": number;
  "uav.telemetry.v_east": number;
  "uav.telemetry.v_up": number;
  "uav.telemetry.airborne": number;
}

export interface Uav {
  "uav.manufacturer"?: string;
  "uav.model"?: string;
  "uav.serialnumber"?: string;
  "uav.operator_id"?: string;
  "uav.match_type"?: string;
  "uav.last_telemetry"?: UavTelemetry;
  "uav.telemetry.home_location"?: GeoPoint;
  "uav.telemetry.app_location"?: GeoPoint;
}

/** A device as its page asks for it: the Wi-Fi part's fields stand beside those of all devices. */
export interface DeviceRecord {
  "kismet.device.base.key": string;
  "kismet.device.base.macaddr": string;
  "kismet.device.base.phyname": string;
  "kismet.device.base.name": Maybe<string>;
  "kismet.device.base.username": Maybe<string>;
  "kismet.device.base.commonname": string;
  "kismet.device.base.type": string;
  "kismet.device.base.crypt": Maybe<string>;
  "kismet.device.base.manuf": string;
  "kismet.device.base.channel": string;
  "kismet.device.base.frequency": number;
  "kismet.device.base.first_time": number;
  "kismet.device.base.last_time": number;
  "kismet.device.base.mod_time": number;
  "kismet.device.base.packets.total": number;
  "kismet.device.base.packets.tx_total": number;
  "kismet.device.base.packets.rx_total": number;
  "kismet.device.base.packets.llc": number;
  "kismet.device.base.packets.data": number;
  "kismet.device.base.packets.error": number;
  "kismet.device.base.datasize": number;
  "kismet.device.base.packets.rrd": Maybe<Rrd>;
  "kismet.device.base.tx_packets.rrd": Maybe<Rrd>;
  "kismet.device.base.rx_packets.rrd": Maybe<Rrd>;
  "kismet.device.base.datasize.rrd": Maybe<Rrd>;
  "kismet.device.base.freq_khz_map": Maybe<Record<string, number>>;
  "kismet.device.base.signal": Maybe<Signal>;
  "kismet.device.base.seenby": Maybe<SeenBy[]>;
  "kismet.device.base.seenby_signal": Maybe<SeenBySignal[]>;
  "kismet.device.base.location": Maybe<Location>;
  "kismet.device.base.tags": Maybe<Record<string, string>>;
  "kismet.device.base.num_alerts": number;
  "dot11.device.advertised_ssid_map": Maybe<AdvertisedSsid[]>;
  "dot11.device.responded_ssid_map": Maybe<AdvertisedSsid[]>;
  "dot11.device.probed_ssid_map": Maybe<ProbedSsid[]>;
  "dot11.device.client_map": Maybe<Record<string, ClientOf>>;
  "dot11.device.num_associated_clients": number;
  "dot11.device.num_client_aps": number;
  "dot11.device.last_bssid": Maybe<string>;
  "dot11.device.num_retries": number;
  "dot11.device.num_fragments": number;
  "dot11.device.client_disconnects": number;
  "dot11.device.beacon_fingerprint": number;
  "dot11.device.probe_fingerprint": number;
  "dot11.device.response_fingerprint": number;
  /** Second of the beacon that is kept beside handshakes. */
  handshake: number;
  /** Second of the frame with a PMKID. */
  pmkid: number;
  "bluetooth.device": Maybe<Bluetooth>;
  "btle.device": Maybe<Record<string, number>>;
  "uav.device": Maybe<Uav>;
  "802154.device": Maybe<Record<string, number>>;
}

const BASE =
  "key macaddr phyname name username commonname type crypt manuf channel frequency first_time last_time mod_time packets.total packets.tx_total packets.rx_total packets.llc packets.data packets.error datasize packets.rrd tx_packets.rrd rx_packets.rrd datasize.rrd freq_khz_map signal seenby seenby_signal location tags num_alerts";
const WIFI =
  "advertised_ssid_map responded_ssid_map probed_ssid_map client_map num_associated_clients num_client_aps last_bssid num_retries num_fragments client_disconnects beacon_fingerprint probe_fingerprint response_fingerprint";

/** What the page asks for: not the handshakes themselves, of which a busy access point has megabytes. */
export const DEVICE_FIELDS: Field[] = [
  ...BASE.split(" ").map((name) => `kismet.device.base.${name}`),
  ...WIFI.split(" ").map((name) => `dot11.device/dot11.device.${name}`),
  ["dot11.device/dot11.device.ssid_beacon_packet/kismet.packet.ts_sec", "handshake"],
  ["dot11.device/dot11.device.pmkid_packet/kismet.packet.ts_sec", "pmkid"],
  "bluetooth.device",
  "btle.device",
  "uav.device",
  "802154.device",
];

/** A sensor's name, as it is shown. */
export function sensorName(seen: SeenBy): string {
  return seen["kismet.common.seenby.source"]?.["kismet.datasource.name"] || seen["kismet.common.seenby.uuid"];
}
