/** A device as the list asks for it: values by the short names of the columns' fields. */
export interface DeviceRow {
  mac: string;
  /** Not there while the list is searched: a search looks into every field that is asked for, and keys are full of digits. */
  key?: string;
  mod: number;
  [name: string]: unknown;
}

const BASE = "kismet.device.base.";

/** What every row has. */
export const ROW_FIELDS: [path: string, name: string][] = [
  [`${BASE}macaddr`, "mac"],
  [`${BASE}commonname`, "name"],
  [`${BASE}mod_time`, "mod"],
];

/** What a search looks into, shown or not. */
export const SEARCHED_FIELDS: [path: string, name: string][] = [
  [`${BASE}manuf`, "manuf"],
  [`${BASE}type`, "type"],
  ["dot11.device/dot11.device.last_beaconed_ssid_record/dot11.advertisedssid.ssid", "ssid"],
  ["dot11.device/dot11.device.last_probed_ssid_record/dot11.probedssid.ssid", "probed"],
];

export const KEY_FIELD: [path: string, name: string] = [`${BASE}key`, "key"];

/** Names a device in a path of ours and in a monitor. */
export function idOf(row: DeviceRow): string {
  return row.key ?? row.mac;
}

/** Where a device's page is: keys and addresses are letters, digits, `_` and `:`. */
export function pageOf(id: string): string {
  return `/ui/device/${id}`;
}

/** A text of a row; what is absent comes as 0. */
export function text(row: DeviceRow, name: string): string {
  const value = row[name];
  return typeof value === "string" ? value : "";
}

/** A number of a row. */
export function number(row: DeviceRow, name: string): number {
  const value = row[name];
  return typeof value === "number" ? value : 0;
}

/** A list of numbers of a row. */
export function numbers(row: DeviceRow, name: string): number[] | undefined {
  const value = row[name];
  return Array.isArray(value) ? (value as number[]) : undefined;
}

/** What a list is asked with, each field once. */
export function distinct(fields: [path: string, name: string][]): [path: string, name: string][] {
  return [...new Map(fields.map((field) => [field[1], field])).values()];
}
