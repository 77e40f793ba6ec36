import { post, run } from "../../api/client";
import type { Sensor } from "./sensor";
import type { StateId } from "./state";

type Order = "pause_source" | "resume_source" | "close_source" | "open_source" | "set_hop";

/** Gives a datasource an order that needs nothing besides. */
export async function order(sensor: Sensor, name: Order): Promise<void> {
  await post(`/datasource/by-uuid/${sensor.uuid}/${name}.json`);
}

/** Whether a sensor can be forgotten: nothing feeds it, and it is none of the server's own. */
export function isForgettable(sensor: Sensor, state: StateId): boolean {
  return sensor.type === "virtual" ? state === "silent" : Boolean(sensor.remote && !sensor.running);
}

/** Has the server forget a sensor that was retired. */
export async function forget(sensor: Sensor): Promise<void> {
  await run(`/datasource/by-uuid/${sensor.uuid}/remove_source.cmd`);
}

/** What a radio is to do. */
export type Tuning = { channel: string } | { channels: string[]; hoprate: number; shuffle: boolean };

/** Tunes a radio, or has it hop; the answer comes when it is done. */
export async function tune(sensor: Sensor, tuning: Tuning): Promise<void> {
  await post(`/datasource/by-uuid/${sensor.uuid}/set_channel.json`, { ...tuning });
}

/** Which orders a sensor in a state can be given. */
export function ordersOf(sensor: Sensor, state: StateId): { order: Order; name: string }[] {
  if (sensor.type === "virtual") {
    return [];
  }
  switch (state) {
    case "disabled":
      return [{ order: "open_source", name: "Enable" }];
    case "offline":
      // An agent that is away hears no orders.
      return sensor.remote ? [] : [{ order: "open_source", name: "Enable" }];
    case "error":
      return [
        { order: "open_source", name: "Open again" },
        { order: "close_source", name: "Disable" },
      ];
    case "paused":
      return [
        { order: "resume_source", name: "Resume" },
        { order: "close_source", name: "Disable" },
      ];
    case "ended":
      return [{ order: "close_source", name: "Disable" }];
    default:
      return [
        { order: "pause_source", name: "Pause" },
        { order: "close_source", name: "Disable" },
      ];
  }
}

/** Channels as a user types them: separated by commas or spaces. */
export function readChannels(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}
