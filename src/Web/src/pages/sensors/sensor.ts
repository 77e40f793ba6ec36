import type { Field } from "../../api/client";
import { type Point, points, type Rrd } from "../../api/records";

/** A datasource, under the short names that are asked for below. What it lacks is 0. */
export interface Sensor {
  uuid: string;
  number: number;
  name: string;
  interface: string;
  definition: string;
  hardware: string;
  version: string;
  remote: number;
  remoteIp: string;
  running: number;
  paused: number;
  error: number;
  reason: string;
  warning: string;
  channel: string;
  channels: string[] | 0;
  hopping: number;
  hopRate: number;
  hopChannels: string[] | 0;
  hopShuffle: number;
  packets: number;
  errorPackets: number;
  rrd: Rrd | 0;
  type: string;
  kind: string;
  tunes: number;
  hops: number;
  replayShare: number;
  replayEnded: number;
  dropped: number;
  spoolLost: number;
  spoolBytes: number;
  spoolBatches: number;
  clockSkew: number;
  clockCorrection: number;
  /** What is wrong with it, and lasts: see {@link PROBLEMS}. */
  problems: string[] | 0;
  /** Share of its host's processors that is busy. */
  cpu: number;
  /** The host's hottest part, degrees Celsius. */
  temperature: number;
  diskFree: number;
  diskSize: number;
  /** Packets that wait in the agent. */
  waiting: number;
  /** Name of its agent, where that takes profiles. */
  agent: string | 0;
  site: string | 0;
  profile: string | 0;
  profileVersion: number;
  profileState: string | 0;
  profileError: string | 0;
  /** Degrees east and north. */
  point: [number, number] | 0;
  building: string | 0;
  floor: number;
}

const SOURCE = "kismet.datasource.";
const DRIVER = `${SOURCE}type_driver/`;

/** The fields that make a {@link Sensor}. */
export const SENSOR_FIELDS: Field[] = [
  [`${SOURCE}uuid`, "uuid"],
  [`${SOURCE}source_number`, "number"],
  [`${SOURCE}name`, "name"],
  [`${SOURCE}interface`, "interface"],
  [`${SOURCE}definition`, "definition"],
  [`${SOURCE}hardware`, "hardware"],
  [`${SOURCE}datasource_version`, "version"],
  [`${SOURCE}remote`, "remote"],
  [`${SOURCE}remote_ip`, "remoteIp"],
  [`${SOURCE}running`, "running"],
  [`${SOURCE}paused`, "paused"],
  [`${SOURCE}error`, "error"],
  [`${SOURCE}error_reason`, "reason"],
  [`${SOURCE}warning`, "warning"],
  [`${SOURCE}channel`, "channel"],
  [`${SOURCE}channels`, "channels"],
  [`${SOURCE}hopping`, "hopping"],
  [`${SOURCE}hop_rate`, "hopRate"],
  [`${SOURCE}hop_channels`, "hopChannels"],
  [`${SOURCE}hop_shuffle`, "hopShuffle"],
  [`${SOURCE}num_packets`, "packets"],
  [`${SOURCE}num_error_packets`, "errorPackets"],
  [`${SOURCE}packets_rrd`, "rrd"],
  [`${DRIVER}${SOURCE}driver.type`, "type"],
  [`${DRIVER}${SOURCE}driver.description`, "kind"],
  [`${DRIVER}${SOURCE}driver.tuning_capable`, "tunes"],
  // Kismet writes this one with an underscore, and so does the server.
  [`${DRIVER}kismet.datasource_driver.hop_capable`, "hops"],
  [`${SOURCE}replay.share`, "replayShare"],
  [`${SOURCE}replay.ended`, "replayEnded"],
  [`${SOURCE}sensor.dropped`, "dropped"],
  [`${SOURCE}sensor.spool_lost`, "spoolLost"],
  [`${SOURCE}sensor.spool_bytes`, "spoolBytes"],
  [`${SOURCE}sensor.spool_batches`, "spoolBatches"],
  [`${SOURCE}sensor.clock_skew`, "clockSkew"],
  [`${SOURCE}sensor.clock_correction`, "clockCorrection"],
  [`${SOURCE}sensor.problems`, "problems"],
  [`${SOURCE}sensor.host.cpu`, "cpu"],
  [`${SOURCE}sensor.host.temperature`, "temperature"],
  [`${SOURCE}sensor.host.disk_free`, "diskFree"],
  [`${SOURCE}sensor.host.disk_size`, "diskSize"],
  [`${SOURCE}sensor.host.queue`, "waiting"],
  [`${SOURCE}sensor.agent`, "agent"],
  [`${SOURCE}sensor.site`, "site"],
  [`${SOURCE}sensor.profile.name`, "profile"],
  [`${SOURCE}sensor.profile.version`, "profileVersion"],
  [`${SOURCE}sensor.profile.state`, "profileState"],
  [`${SOURCE}sensor.profile.error`, "profileError"],
  [`${SOURCE}place.location/kismet.common.location.geopoint`, "point"],
  [`${SOURCE}place.building`, "building"],
  [`${SOURCE}place.floor`, "floor"],
];

// Seconds that the rate is taken over: a second alone says little of a radio that hops.
const RATE_OVER = 30;

/** Fed by reports of phones. */
export function isPhone(sensor: Sensor): boolean {
  return sensor.type === "virtual";
}

/** A capture file that this server itself reads: how far is known. */
export function isReplay(sensor: Sensor): boolean {
  return ["pcapfile", "kismetdb", "wiglecsv", "netxml"].includes(sensor.type) && !sensor.remote;
}

/** When its record was made, by the server's clock. */
export function madeAt(sensor: Sensor): number {
  return sensor.rrd ? (sensor.rrd["kismet.common.rrd.serial_time"] ?? sensor.rrd["kismet.common.rrd.last_time"]) : 0;
}

/** Packets of each of the last sixty seconds. */
export function lastMinute(sensor: Sensor): Point[] {
  return points(sensor.rrd, "minute", madeAt(sensor));
}

/** Packets a second, over the last half minute. */
export function rateOf(sensor: Sensor): number {
  // The second that is under way would make it too small.
  const whole = lastMinute(sensor).slice(-RATE_OVER - 1, -1);
  return whole.reduce((sum, [, value]) => sum + value, 0) / RATE_OVER;
}

/** Packets in the last minute. */
export function heardLastMinute(sensor: Sensor): number {
  return lastMinute(sensor).reduce((sum, [, value]) => sum + value, 0);
}

/** Whether anything was seen within the hour. */
export function heardWithinHour(sensor: Sensor): boolean {
  return heardLastMinute(sensor) > 0 || points(sensor.rrd, "hour", madeAt(sensor)).some(([, value]) => value > 0);
}

/** Where it is, in words; empty where nobody knows. */
export function placeOf(sensor: Sensor): string {
  const building = sensor.building ? `${sensor.building}, floor ${sensor.floor}` : sensor.floor ? `floor ${sensor.floor}` : "";
  const degrees = sensor.point ? `${sensor.point[1].toFixed(5)}, ${sensor.point[0].toFixed(5)}` : "";
  return [building, degrees].filter(Boolean).join(" · ");
}

/** Channel or hop list, short enough for a cell. */
export function tuning(sensor: Sensor): string {
  if (sensor.hopping) {
    const list = sensor.hopChannels || [];
    const shown = list.length > 6 ? `${list.slice(0, 5).join(" ")} … (${list.length})` : list.join(" ");
    return `hops ${shown} at ${sensor.hopRate}/s${sensor.hopShuffle ? ", shuffled" : ""}`;
  }
  return sensor.channel || "–";
}
