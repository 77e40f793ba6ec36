import { type Geopoint, type Located, type Place, type Position, position } from "./places";

const POINT = "kismet.common.location.geopoint";

interface Telemetry {
  "uav.telemetry.location": Located;
  "uav.telemetry.height": number;
  "uav.telemetry.v_north": number;
  "uav.telemetry.v_east": number;
}

/** A drone: a device that tells where it flies. */
export interface Drone {
  key: string;
  name: string;
  seen: number;
  uav: {
    "uav.manufacturer": string;
    "uav.model": string;
    "uav.serialnumber": string;
    "uav.operator_id"?: string;
    "uav.last_telemetry"?: Telemetry;
    "uav.telemetry_history"?: Telemetry[];
    "uav.telemetry.app_location"?: Located;
  };
}

/** Path that only drones have. */
export const IS_DRONE = "uav.device/uav.match_type";
/** The fields that make a {@link Drone}. */
export const DRONE_FIELDS: [string, string][] = [
  ["kismet.device.base.key", "key"],
  ["kismet.device.base.commonname", "name"],
  ["kismet.device.base.last_time", "seen"],
  ["uav.device", "uav"],
];

/** Where a drone is, and where its operator is. */
export function placesOf({ key, name, seen, uav }: Drone): Place[] {
  const result: Place[] = [];
  const told = uav["uav.serialnumber"] || name || key;
  const newest = uav["uav.last_telemetry"];
  const at = position(newest?.["uav.telemetry.location"]?.[POINT]);
  if (at && newest) {
    const model = [uav["uav.manufacturer"], uav["uav.model"]].filter(Boolean).join(" ");
    const speed = Math.hypot(newest["uav.telemetry.v_north"], newest["uav.telemetry.v_east"]);
    result.push({
      id: `drone:${key}`,
      kind: "drone",
      name: `Drone ${told}`,
      at,
      accuracy: 0,
      seen,
      key,
      detail: [model, `${Math.round(newest["uav.telemetry.height"])} m up`, `${speed.toFixed(1)} m/s`].filter(Boolean).join(", "),
    });
  }
  const operator = position(uav["uav.telemetry.app_location"]?.[POINT]);
  if (operator) {
    result.push({
      id: `operator:${key}`,
      kind: "operator",
      name: `Operator of ${told}`,
      at: operator,
      accuracy: 0,
      seen,
      key,
      detail: uav["uav.operator_id"] ?? "",
    });
  }
  return result;
}

/** Where a drone flew, oldest first. */
export function trackOf(drone: Drone): Position[] {
  const points = (drone.uav["uav.telemetry_history"] ?? []).map((one) => position(one["uav.telemetry.location"]?.[POINT] as Geopoint));
  return points.filter((one) => one !== null);
}
