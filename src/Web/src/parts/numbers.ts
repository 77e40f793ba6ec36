import { units } from "../shell/preferences";

const grouped = new Intl.NumberFormat();
const compact = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });

/** A count in full. */
export function count(value: number): string {
  return grouped.format(value);
}

/** A count that must be short. */
export function brief(value: number): string {
  return compact.format(value);
}

/** Bytes with a binary unit. */
export function byteSize(value: number): string {
  const names = ["B", "KiB", "MiB", "GiB", "TiB"];
  let size = value;
  let name = 0;
  while (size >= 1024 && name < names.length - 1) {
    size /= 1024;
    name++;
  }
  return `${size < 10 && name > 0 ? size.toFixed(1) : Math.round(size)} ${names[name]}`;
}

/** A rate a second. */
export function rate(value: number): string {
  return `${value >= 100 ? compact.format(value) : value.toFixed(value < 10 ? 1 : 0)}/s`;
}

/** A frequency, given in kHz. */
export function frequency(khz: number): string {
  return khz === 0 ? "–" : `${(khz / 1000).toLocaleString()} MHz`;
}

/** A signal; 0 is unknown. */
export function signal(dbm: number): string {
  return dbm === 0 ? "–" : `${dbm}\u00a0dBm`;
}

/** A length, given in metres, in the user's units. */
export function length(metres: number): string {
  return units() === "imperial" ? `${Math.round(metres * 3.28084).toLocaleString()} ft` : `${Math.round(metres).toLocaleString()} m`;
}

/** A speed, given in m/s, in the user's units. */
export function speed(metresPerSecond: number): string {
  return units() === "imperial" ? `${(metresPerSecond * 2.23694).toFixed(1)} mph` : `${(metresPerSecond * 3.6).toFixed(1)} km/h`;
}
