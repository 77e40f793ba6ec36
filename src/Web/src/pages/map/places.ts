import type { Field } from "../../api/client";

/** Longitude and latitude in degrees, in the order of the server's geopoints (GeoJSON's); 0 where there is none. */
export type Geopoint = [longitude: number, latitude: number] | 0;

/** A device with a position, under the short names that are asked for below. */
export interface LocatedDevice {
  key: string;
  name: string;
  phy: string;
  type: string;
  seen: number;
  signal: number;
  average: Geopoint;
  low: Geopoint;
  high: Geopoint;
  newest: Geopoint;
}

const LOCATION = "kismet.device.base.location/kismet.common.location.";
const POINT = "kismet.common.location.geopoint";

/** Path of the time that orders devices. */
export const SEEN = "kismet.device.base.last_time";
/** Path that a device has once a position was seen with it. */
export const FIX = `${LOCATION}loc_fix`;
/** The fields that make a {@link LocatedDevice}. */
export const DEVICE_FIELDS: [string, string][] = [
  ["kismet.device.base.key", "key"],
  ["kismet.device.base.commonname", "name"],
  ["kismet.device.base.phyname", "phy"],
  ["kismet.device.base.type", "type"],
  [SEEN, "seen"],
  ["kismet.device.base.signal/kismet.common.signal.last_signal", "signal"],
  [`${LOCATION}avg_loc/${POINT}`, "average"],
  [`${LOCATION}min_loc/${POINT}`, "low"],
  [`${LOCATION}max_loc/${POINT}`, "high"],
  [`${LOCATION}last/${POINT}`, "newest"],
];
/** A device that is followed: with where it was. */
export interface FollowedDevice extends LocatedDevice {
  track: { "kismet.historic.location.geopoint": Geopoint }[] | 0;
}

/** The fields that make a {@link FollowedDevice}. */
export const FOLLOWED_FIELDS: Field[] = [...DEVICE_FIELDS, ["kismet.device.base.location_cloud/kis.gps.rrd.samples_100", "track"]];

/** A record of a position. */
export interface Located {
  "kismet.common.location.geopoint": Geopoint;
  "kismet.common.location.alt"?: number;
  "kismet.common.location.time_sec"?: number;
}

/** Latitude and longitude, as maps want them. */
export type Position = [latitude: number, longitude: number];

/** Something with a place on the map. */
export interface Place {
  id: string;
  kind: "device" | "sensor" | "drone" | "operator";
  name: string;
  at: Position;
  /** How far around it may be, metres; 0 where that is not known. */
  accuracy: number;
  /** When it was last there, Unix seconds; 0 where that is not known. */
  seen: number;
  /** Key of the device that it is; "" for none. */
  key: string;
  /** In words: kind of device, phy, receiver … */
  detail: string;
}

/** A geopoint's position, or null for none: 0, 0 is what the server says for "unknown". */
export function position(point: Geopoint | undefined): Position | null {
  return point && (point[0] !== 0 || point[1] !== 0) && Math.abs(point[1]) <= 90 && Math.abs(point[0]) <= 180 ? [point[1], point[0]] : null;
}

/** Where a device was, oldest first. */
export function pastOf(device: FollowedDevice): Position[] {
  return (device.track || []).map((one) => position(one["kismet.historic.location.geopoint"])).filter((at) => at !== null);
}

/** A device's place: the middle of where it was seen, with how far that reaches. */
export function placeOf(device: LocatedDevice): Place | null {
  const at = position(device.average) ?? position(device.newest);
  if (!at) {
    return null;
  }
  const low = position(device.low);
  const high = position(device.high);
  return {
    id: `device:${device.key}`,
    kind: "device",
    name: device.name || device.key,
    at,
    accuracy: low && high ? distance(low, high) / 2 : 0,
    seen: device.seen,
    key: device.key,
    detail: [device.type, device.phy].filter(Boolean).join(", "),
  };
}

const EARTH_M = 6_371_008.8;
const RAD = Math.PI / 180;

/** Metres between two positions, on a sphere. */
export function distance([la1, lo1]: Position, [la2, lo2]: Position): number {
  const a = Math.sin(((la2 - la1) * RAD) / 2) ** 2 + Math.cos(la1 * RAD) * Math.cos(la2 * RAD) * Math.sin(((lo2 - lo1) * RAD) / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(a)));
}

/** A position in degrees, to a decimetre. */
export function degrees([latitude, longitude]: Position): string {
  return `${latitude.toFixed(6)}, ${longitude.toFixed(6)}`;
}

/** Places that are drawn as one, since they would cover each other. */
export interface Cluster {
  places: Place[];
  at: Position;
}

/**
 * Gathers places that lie within a cell of the screen.
 * @param project Pixels of a position.
 * @param cell Size of a cell, pixels.
 */
export function gather(places: Place[], project: (at: Position) => { x: number; y: number }, cell: number): Cluster[] {
  const cells = new Map<string, Cluster>();
  for (const place of places) {
    const { x, y } = project(place.at);
    const id = `${Math.floor(x / cell)} ${Math.floor(y / cell)}`;
    const found = cells.get(id);
    if (found) {
      found.places.push(place);
    } else {
      cells.set(id, { places: [place], at: place.at });
    }
  }
  for (const cluster of cells.values()) {
    const count = cluster.places.length;
    cluster.at = [
      cluster.places.reduce((sum, { at }) => sum + at[0], 0) / count,
      cluster.places.reduce((sum, { at }) => sum + at[1], 0) / count,
    ];
  }
  return [...cells.values()];
}
