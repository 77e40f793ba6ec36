import type { UrlChanges } from "../../parts/urlstate";

/** Parameters of the page's address that say which packets are seen. Times are Unix seconds, negative for seconds ago. */
export const FILTERS = [
  "from",
  "to",
  "device",
  "address",
  "role",
  "datasource",
  "tag",
  "signal_min",
  "signal_max",
  "frequency",
  "south",
  "north",
  "west",
  "east",
] as const;

/** Name of such a parameter. */
export type FilterName = (typeof FILTERS)[number];

/** In which part of a packet an address is looked for. */
export const ROLES = [
  ["source", "sends"],
  ["dest", "receives"],
  ["trans", "puts on the air"],
] as const;

const KHZ = 1000;
// Names of the server's filters for parameters that are passed on as they are.
const PASSED: [FilterName, string][] = [
  ["device", "device_id"],
  ["datasource", "datasource"],
  ["signal_min", "signal_min"],
  ["signal_max", "signal_max"],
  ["south", "location_lat_min"],
  ["north", "location_lat_max"],
  ["west", "location_lon_min"],
  ["east", "location_lon_max"],
];

/** The server's filters, as they stand in its addresses. */
export type ServerFilter = Record<string, string>;

/**
 * What the server is asked with.
 * @param now Unix second that times before now are counted from.
 */
export function serverFilter(url: URLSearchParams, now: number): ServerFilter {
  const filter: ServerFilter = {};
  for (const [name, theirs] of [
    ["from", "timestamp_start"],
    ["to", "timestamp_end"],
  ] as const) {
    const time = absolute(url.get(name), now);
    if (time !== null) {
      filter[theirs] = String(time);
    }
  }
  for (const [name, theirs] of PASSED) {
    const value = url.get(name);
    if (value) {
      filter[theirs] = value;
    }
  }
  const address = url.get("address");
  if (address) {
    const role = ROLES.find(([one]) => one === url.get("role"))?.[0] ?? "source";
    filter[`address_${role}`] = address;
  }
  const tag = url.get("tag");
  if (tag) {
    filter.tag = `%${tag}%`;
  }
  const megahertz = Number(url.get("frequency"));
  if (megahertz > 0) {
    filter.frequency = String(Math.round(megahertz * KHZ));
  }
  return filter;
}

/**
 * The range of a histogram with a filter: what is not said is the log's. A beginning has an end in any case, since the log may end before it begins.
 */
export function rangeOf(filter: ServerFilter, now: number): { from?: number; to?: number } {
  const { timestamp_start: start, timestamp_end: end } = filter;
  const from = start === undefined ? {} : { from: Number(start) };
  const to = end !== undefined ? Number(end) : start !== undefined ? Math.max(Math.ceil(now), Number(start) + 1) : undefined;
  return { ...from, ...(to === undefined ? {} : { to }) };
}

/** A time of the address as Unix seconds; null where there is none that makes sense. */
export function absolute(text: string | null, now: number): number | null {
  const value = Number(text);
  return !text || !Number.isFinite(value) ? null : value < 0 ? Math.floor(now + value) : value;
}

/** Whether more than a time is asked for. */
export function isFiltered(url: URLSearchParams): boolean {
  return FILTERS.some((name) => name !== "role" && Boolean(url.get(name)));
}

/** The changes of the address that a brush makes: whole seconds where it is longer than a minute. */
export function brushed(from: number, to: number): UrlChanges {
  return to - from > 60 ? { from: String(Math.floor(from)), to: String(Math.ceil(to)) } : { from: from.toFixed(3), to: to.toFixed(3) };
}

/** A Unix second as an input of date and time has it: local time. */
export function toInput(seconds: number | null): string {
  if (seconds === null) {
    return "";
  }
  const date = new Date(seconds * 1000);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}

/** The Unix second of an input of date and time; "" for none. */
export function fromInput(text: string): string {
  const time = new Date(text).getTime();
  return Number.isNaN(time) ? "" : String(time / 1000);
}

/** The address of the file with these packets. */
export function fileOf(filter: ServerFilter): string {
  const query = new URLSearchParams(filter).toString();
  return `/logging/kismetdb/pcap/packets.pcapng${query && `?${query}`}`;
}
