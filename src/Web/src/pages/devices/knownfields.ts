const BASE = "kismet.device.base.";
const WIFI = "dot11.device/dot11.device.";
const ADVERTISED = `${WIFI}advertised_ssid_map/dot11.advertisedssid.`;

/** What can be said about a field's values. */
export type Kind = "text" | "number" | "time" | "flag" | "presence" | "any";

/** A field that is asked about often, with a name for people. */
export interface KnownField {
  id: string;
  title: string;
  path: string;
  kind: Kind;
  unit?: string;
  /** Values that it often has. */
  values?: string[];
}

/** Fields to filter by; any other is named by its path. */
export const KNOWN_FIELDS: KnownField[] = [
  { id: "name", title: "Name", path: `${BASE}commonname`, kind: "text" },
  { id: "username", title: "Name given by a user", path: `${BASE}username`, kind: "text" },
  { id: "mac", title: "Address (MAC)", path: `${BASE}macaddr`, kind: "text" },
  { id: "manuf", title: "Manufacturer", path: `${BASE}manuf`, kind: "text" },
  {
    id: "type",
    title: "Type",
    path: `${BASE}type`,
    kind: "text",
    values: ["Wi-Fi AP", "Wi-Fi Client", "Wi-Fi Device", "Wi-Fi Bridged", "Wi-Fi Ad-Hoc", "Wi-Fi WDS AP", "BTLE Device", "BR/EDR", "BTLE"],
  },
  { id: "phy", title: "Phy", path: `${BASE}phyname`, kind: "text", values: ["IEEE802.11", "Bluetooth", "BTLE", "802.15.4"] },
  { id: "crypt", title: "Encryption", path: `${BASE}crypt`, kind: "text", values: ["Open", "WEP", "WPA2", "WPA3", "OWE"] },
  { id: "channel", title: "Channel", path: `${BASE}channel`, kind: "text" },
  { id: "frequency", title: "Frequency", path: `${BASE}frequency`, kind: "number", unit: "kHz" },
  { id: "signal", title: "Signal, last", path: `${BASE}signal/kismet.common.signal.last_signal`, kind: "number", unit: "dBm" },
  { id: "signalmax", title: "Signal, strongest", path: `${BASE}signal/kismet.common.signal.max_signal`, kind: "number", unit: "dBm" },
  { id: "signalmin", title: "Signal, weakest", path: `${BASE}signal/kismet.common.signal.min_signal`, kind: "number", unit: "dBm" },
  { id: "packets", title: "Packets", path: `${BASE}packets.total`, kind: "number" },
  { id: "datapackets", title: "Packets with data", path: `${BASE}packets.data`, kind: "number" },
  { id: "data", title: "Data", path: `${BASE}datasize`, kind: "number", unit: "bytes" },
  { id: "first", title: "First seen", path: `${BASE}first_time`, kind: "time" },
  { id: "last", title: "Last seen", path: `${BASE}last_time`, kind: "time" },
  { id: "ssid", title: "SSID advertised", path: `${ADVERTISED}ssid`, kind: "text" },
  { id: "probed", title: "SSID asked for", path: `${WIFI}probed_ssid_map/dot11.probedssid.ssid`, kind: "text" },
  { id: "hidden", title: "Hides its SSID", path: `${ADVERTISED}cloaked`, kind: "flag" },
  { id: "mfp", title: "Requires protected management frames", path: `${ADVERTISED}wpa_mfp_required`, kind: "flag" },
  { id: "country", title: "Country announced", path: `${ADVERTISED}dot11d_country`, kind: "text" },
  { id: "clients", title: "Clients", path: `${WIFI}num_associated_clients`, kind: "number" },
  { id: "bssid", title: "Network (BSSID) of its newest frame", path: `${WIFI}last_bssid`, kind: "text" },
  { id: "sensor", title: "Sensor, name", path: `${BASE}seenby/kismet.common.seenby.source/kismet.datasource.name`, kind: "text" },
  { id: "sensoruuid", title: "Sensor, UUID", path: `${BASE}seenby/kismet.common.seenby.uuid`, kind: "text" },
  {
    id: "sensorsignal",
    title: "Signal at any sensor",
    path: `${BASE}seenby/kismet.common.seenby.signal/kismet.common.signal.last_signal`,
    kind: "number",
    unit: "dBm",
  },
  { id: "alerts", title: "Alerts", path: `${BASE}num_alerts`, kind: "number" },
  { id: "location", title: "Location", path: `${BASE}location`, kind: "presence" },
  { id: "tags", title: "Tags", path: `${BASE}tags`, kind: "text" },
  { id: "handshake", title: "WPA handshakes", path: `${WIFI}wpa_handshake_list`, kind: "presence" },
  { id: "drone", title: "Drone", path: "uav.device", kind: "presence" },
  { id: "service", title: "Bluetooth service", path: "bluetooth.device/bluetooth.device.service_uuid_vec", kind: "text" },
];

const byId = new Map(KNOWN_FIELDS.map((one) => [one.id, one]));

/** A field by its short name, or one of any kind by its path. */
export function fieldOf(idOrPath: string): KnownField {
  return byId.get(idOrPath) ?? { id: idOrPath, title: idOrPath.split("/").at(-1) ?? idOrPath, path: idOrPath, kind: "any" };
}

/** The field that a user typed: its title, its short name, its path. */
export function fieldTyped(typed: string): KnownField | null {
  const wanted = typed.trim();
  if (!wanted) {
    return null;
  }
  const lower = wanted.toLowerCase();
  return KNOWN_FIELDS.find((one) => one.title.toLowerCase() === lower || one.path === wanted || one.id === lower) ?? fieldOf(wanted);
}
