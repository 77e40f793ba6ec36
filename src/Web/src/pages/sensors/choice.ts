import type { Sensor } from "./sensor";
import { type State, stateOf } from "./state";

/** A sensor and how it is. */
export interface Row {
  sensor: Sensor;
  state: State;
}

/** Chosen states: one of them, those that are problems, or all. */
export type StateChoice = State["id"] | "problems" | "";

// phone-2 stands before phone-10.
const byName = new Intl.Collator(undefined, { numeric: true });

/** Those sensors that are chosen, problems first, then by name. */
export function choose(rows: Row[], states: StateChoice, search: string): Row[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return rows
    .filter(({ sensor, state }) => {
      const isOfState = !states || (states === "problems" ? state.isProblem : state.id === states);
      const text = [sensor.name, sensor.interface, sensor.uuid, sensor.remoteIp, sensor.hardware, state.why].join("\n").toLowerCase();
      return isOfState && words.every((word) => text.includes(word));
    })
    .sort((a, b) => a.state.rank - b.state.rank || byName.compare(a.sensor.name, b.sensor.name) || a.sensor.number - b.sensor.number);
}

/** How many sensors are in each state that there is, most urgent first. */
export function tally(rows: Row[]): { state: State; count: number }[] {
  const found = new Map<string, { state: State; count: number }>();
  for (const { state } of rows) {
    const one = found.get(state.id);
    if (one) {
      one.count++;
    } else {
      found.set(state.id, { state, count: 1 });
    }
  }
  return [...found.values()].sort((a, b) => a.state.rank - b.state.rank);
}

/** With their states. */
export function withStates(sensors: Sensor[]): Row[] {
  return sensors.map((sensor) => ({ sensor, state: stateOf(sensor) }));
}

/** Those that were well before and are a problem now. */
export function wentDown(before: Row[], after: Row[]): Row[] {
  const wells = new Set(before.filter(({ state }) => !state.isProblem).map(({ sensor }) => sensor.uuid));
  return after.filter(({ sensor, state }) => (state.id === "error" || state.id === "offline") && wells.has(sensor.uuid));
}

/** Those that were down before and are well now. */
export function cameBack(before: Row[], after: Row[]): Row[] {
  const downs = new Set(before.filter(({ state }) => state.id === "error" || state.id === "offline").map(({ sensor }) => sensor.uuid));
  return after.filter(({ sensor, state }) => !state.isProblem && state.id !== "disabled" && downs.has(sensor.uuid));
}
