import type { Field } from "../../api/client";
import { type Located, type Place, position } from "./places";

/** A GPS receiver: of the server, or posted for sensors of its name. */
export interface Receiver {
  "kismet.gps.uuid": string;
  "kismet.gps.name": string;
  "kismet.gps.description": string;
  "kismet.gps.data_only": number;
  "kismet.gps.location": Located;
  "kismet.gps.last_location": Located;
}

/** What is asked of sensors. */
export interface NamedSource {
  uuid: string;
  name: string;
  remote: number;
  type: string;
  /** Where it is, if somebody told. */
  place?: Located;
}

/** The fields that make a {@link NamedSource}. */
export const SOURCE_FIELDS: Field[] = [
  ["kismet.datasource.uuid", "uuid"],
  ["kismet.datasource.name", "name"],
  ["kismet.datasource.remote", "remote"],
  ["kismet.datasource.type_driver/kismet.datasource.driver.type", "type"],
  ["kismet.datasource.place.location", "place"],
];

// More than these are told as a number.
const NAMED = 6;
// Kind of a source that is fed by reports.
const PHONE = "virtual";

const POINT = "kismet.common.location.geopoint";

/** Where receivers are, with the sensors that are there: those of a receiver's name, or the server's own. Then sensors that have a place without one. */
export function sensorPlaces(receivers: Receiver[], sources: NamedSource[]): Place[] {
  const known = receiverPlaces(receivers, sources);
  const names = new Set(receivers.map((one) => one["kismet.gps.name"]));
  const placed = sources.flatMap(({ uuid, name, place, type }): Place[] => {
    const at = position(place?.[POINT]);
    return at && !names.has(name)
      ? [
          {
            id: `source:${uuid}`,
            kind: "sensor",
            name,
            at,
            accuracy: 0,
            seen: place?.["kismet.common.location.time_sec"] ?? 0,
            key: "",
            detail: type,
          },
        ]
      : [];
  });
  return [...known, ...placed];
}

function receiverPlaces(receivers: Receiver[], sources: NamedSource[]): Place[] {
  return receivers.flatMap((one): Place[] => {
    const where = one["kismet.gps.location"];
    const at = position(where?.[POINT]) ?? position(one["kismet.gps.last_location"]?.[POINT]);
    if (!at) {
      return [];
    }
    const name = one["kismet.gps.name"];
    const isServer = !one["kismet.gps.data_only"];
    const there = sources.filter((source) => (isServer ? !source.remote && source.type !== PHONE : source.name === name));
    return [
      {
        id: `sensor:${one["kismet.gps.uuid"]}`,
        kind: "sensor",
        name: isServer ? `Server (${name})` : name,
        at,
        accuracy: 0,
        seen: where?.["kismet.common.location.time_sec"] ?? 0,
        key: "",
        detail: there.length > 0 ? named(there) : one["kismet.gps.description"],
      },
    ];
  });
}

function named(sources: NamedSource[]): string {
  const names = sources.slice(0, NAMED).map((source) => source.name);
  return sources.length > NAMED ? `${names.join(", ")} and ${sources.length - NAMED} more` : names.join(", ");
}
