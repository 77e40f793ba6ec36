/** Ring of values of the last minute (by second), hour (by minute) and day (by hour), as the server keeps it. */
export interface Rrd {
  "kismet.common.rrd.last_time": number;
  "kismet.common.rrd.serial_time"?: number;
  "kismet.common.rrd.minute_vec": number[];
  "kismet.common.rrd.hour_vec"?: number[];
  "kismet.common.rrd.day_vec"?: number[];
}

/** One point of a history: Unix second and value. */
export type Point = [time: number, value: number];

/** How far back a history goes. */
export type Span = "minute" | "hour" | "day";

const STEPS: Record<Span, number> = { minute: 1, hour: 60, day: 3600 };

/** Seconds between two points of a history. */
export function stepOf(span: Span): number {
  return STEPS[span];
}

/**
 * The points of a history, oldest first, up to now. Slots of a ring are numbered by time modulo its length; what is older than the ring, or after the
 * newest value, is empty.
 */
export function points(rrd: Rrd | 0 | undefined, span: Span, now: number): Point[] {
  const step = STEPS[span];
  const ring = (rrd || undefined)?.[`kismet.common.rrd.${span}_vec`];
  const length = ring?.length ?? (span === "day" ? 24 : 60);
  const newest = rrd ? Math.floor(rrd["kismet.common.rrd.last_time"] / step) : 0;
  const end = Math.floor(now / step);
  const result: Point[] = [];
  for (let slot = end - length + 1; slot <= end; slot++) {
    const kept = ring && slot <= newest && slot > newest - length;
    result.push([slot * step, kept ? (ring[slot % length] ?? 0) : 0]);
  }
  return result;
}

/** A datasource: one sensor's radio, file or list of scan reports. */
export interface Datasource {
  "kismet.datasource.uuid": string;
  "kismet.datasource.name": string;
  "kismet.datasource.interface": string;
  "kismet.datasource.definition": string;
  "kismet.datasource.hardware": string;
  "kismet.datasource.remote": number;
  "kismet.datasource.remote_ip": string;
  "kismet.datasource.running": number;
  "kismet.datasource.paused": number;
  "kismet.datasource.error": number;
  "kismet.datasource.error_reason": string;
  "kismet.datasource.warning": string;
  "kismet.datasource.channel": string;
  "kismet.datasource.channels": string[];
  "kismet.datasource.hopping": number;
  "kismet.datasource.hop_rate": number;
  "kismet.datasource.hop_channels": string[];
  "kismet.datasource.hop_shuffle": number;
  "kismet.datasource.num_packets": number;
  "kismet.datasource.num_error_packets": number;
  "kismet.datasource.packets_rrd": Rrd;
  "kismet.datasource.type_driver": DatasourceDriver;
  "kismet.datasource.replay.share"?: number;
  "kismet.datasource.replay.rate"?: number;
  "kismet.datasource.replay.ended"?: number;
  "kismet.datasource.sensor.dropped"?: number;
  "kismet.datasource.sensor.spool_lost"?: number;
  "kismet.datasource.sensor.spool_bytes"?: number;
  "kismet.datasource.sensor.spool_batches"?: number;
  "kismet.datasource.sensor.clock_skew"?: number;
  "kismet.datasource.sensor.clock_correction"?: number;
  "kismet.datasource.sensor.problems"?: string[];
}

/** What kind a datasource is of, and what it can do. */
export interface DatasourceDriver {
  "kismet.datasource.driver.type": string;
  "kismet.datasource.driver.description": string;
  "kismet.datasource.driver.tuning_capable": number;
  "kismet.datasource.driver.hop_capable": number;
}

/** An alert that was raised. */
export interface Alert {
  "kismet.alert.hash": number;
  "kismet.alert.header": string;
  "kismet.alert.class": string;
  "kismet.alert.severity": number;
  "kismet.alert.timestamp": number;
  "kismet.alert.device_key": string;
  "kismet.alert.transmitter_mac": string;
  "kismet.alert.source_mac": string;
  "kismet.alert.dest_mac": string;
  "kismet.alert.other_mac": string;
  "kismet.alert.channel": string;
  "kismet.alert.text": string;
}

/** Alerts of one kind, transmitter and network that lie close together in time. */
export interface Incident {
  "kismet.incident.id": number;
  "kismet.incident.header": string;
  "kismet.incident.severity": number;
  "kismet.incident.transmitter": string;
  "kismet.incident.network": string;
  "kismet.incident.channel": string;
  "kismet.incident.text": string;
  "kismet.incident.first_time": number;
  "kismet.incident.last_time": number;
  "kismet.incident.count": number;
  "kismet.incident.held_back": number;
  "kismet.incident.state": "new" | "acknowledged" | "resolved" | "muted";
  "kismet.incident.muted_until": number;
  "kismet.incident.owner": string;
  "kismet.incident.changes": IncidentChange[];
}

/** What somebody changed of an incident. */
export interface IncidentChange {
  "kismet.incident.change.timestamp": number;
  "kismet.incident.change.who": string;
  "kismet.incident.change.what": string;
  "kismet.incident.change.value": string;
}

/** A kind of alert, with its limits. */
export interface AlertDefinition {
  "kismet.alert.definition.header": string;
  "kismet.alert.definition.class": string;
  "kismet.alert.definition.severity": number;
  "kismet.alert.definition.description": string;
  "kismet.alert.definition.limit_unit": number;
  "kismet.alert.definition.limit_rate": number;
  "kismet.alert.definition.burst_unit": number;
  "kismet.alert.definition.limit_burst": number;
  "kismet.alert.definition.total_sent": number;
  "kismet.alert.definition.time_last": number;
}

/** A message of the message bus. Flags: 1 debug, 2 information, 4 error, 8 alert, 16 fatal. */
export interface Message {
  "kismet.messagebus.message_string": string;
  "kismet.messagebus.message_flags": number;
  "kismet.messagebus.message_time": number;
}

/** A view: a named set of devices. */
export interface View {
  "kismet.devices.view.id": string;
  "kismet.devices.view.description": string;
  "kismet.devices.view.size": number;
}

/** The server's state. */
export interface SystemStatus {
  "kismet.system.timestamp.sec": number;
  "kismet.system.timestamp.start_sec": number;
  "kismet.system.memory.rss": number;
  "kismet.system.devices.count": number;
  "kismet.system.version": string;
  "kismet.system.server_name": string;
  "kismet.system.server_location": string;
  "kismet.system.devices.rrd": Rrd;
}

/** Use of a frequency. */
export interface ChannelUse {
  "kismet.channelrec.frequency": number;
  "kismet.channelrec.channel": string;
  "kismet.channelrec.packets_rrd": Rrd;
  "kismet.channelrec.data_rrd": Rrd;
}
