import { heardLastMinute, heardWithinHour, isPhone, isReplay, type Sensor } from "./sensor";

/** States, those that somebody must look at first. */
export const STATES = [
  { id: "error", name: "Error", mark: "bad", isProblem: true },
  { id: "offline", name: "Disconnected", mark: "bad", isProblem: true },
  { id: "warning", name: "Warning", mark: "warn", isProblem: true },
  { id: "quiet", name: "Hears nothing", mark: "warn", isProblem: true },
  { id: "silent", name: "No reports", mark: "", isProblem: false },
  { id: "paused", name: "Paused", mark: "", isProblem: false },
  { id: "disabled", name: "Disabled", mark: "", isProblem: false },
  { id: "replaying", name: "Replaying", mark: "good", isProblem: false },
  { id: "running", name: "Running", mark: "good", isProblem: false },
  { id: "ended", name: "Read to its end", mark: "", isProblem: false },
] as const;

/** A state's name in the address. */
export type StateId = (typeof STATES)[number]["id"];

/** How a sensor is, and why. */
export interface State {
  id: StateId;
  name: string;
  /** Class of its dot. */
  mark: string;
  isProblem: boolean;
  /** Place in the order of urgency, 0 first. */
  rank: number;
  why: string;
}

// The server's words for a source that a user closed: it has no other mark.
const DISABLED = "Source disabled";
// Sensors are ordered by their clocks; seconds of difference put what two of them saw into the wrong order.
const SKEW_S = 2;

/** What the server finds wrong with a sensor that runs, in words. */
const PROBLEMS: Record<string, string> = {
  radio: "Its radio is gone.",
  deaf: "It sees no packets, though its neighbours do.",
  drops: "It loses packets.",
  disk: "Its disk is nearly full.",
  heat: "It is too hot.",
};

/** What is wrong with a sensor, a sentence each; its clock is said with how far it is off, and that it is gone by its state. */
function problemsOf(sensor: Sensor): string[] {
  return (sensor.problems || []).flatMap((one) => PROBLEMS[one] ?? []);
}

/** The state of a sensor. */
export function stateOf(sensor: Sensor): State {
  if (sensor.error && sensor.reason !== DISABLED) {
    return made("error", sensor.reason || "The reason is not known.");
  }
  if (sensor.error) {
    return made("disabled", "");
  }
  if (isPhone(sensor)) {
    return heardWithinHour(sensor) ? made("running", "Reports came within the hour.") : made("silent", "No report within the hour.");
  }
  if (!sensor.running) {
    return sensor.remote ? made("offline", "The agent is not connected.") : made("offline", "It is not running.");
  }
  if (sensor.paused) {
    return made("paused", isReplay(sensor) ? `${percent(sensor.replayShare)} of the file is read.` : "");
  }
  if (sensor.replayEnded) {
    return made("ended", "");
  }
  const problems = problemsOf(sensor);
  if (sensor.warning || problems.length > 0) {
    return made("warning", [...problems, sensor.warning].filter(Boolean).join(" "));
  }
  if (Math.abs(sensor.clockSkew) >= SKEW_S) {
    return made("warning", `Its clock is ${skew(sensor.clockSkew)} the server's.`);
  }
  if (isReplay(sensor)) {
    return made("replaying", `${percent(sensor.replayShare)} of the file is read.`);
  }
  return heardLastMinute(sensor) > 0 ? made("running", "") : made("quiet", "Nothing was seen for a minute.");
}

/** A share in percent. */
export function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}

/** How far a clock is off, in words. */
export function skew(seconds: number): string {
  const size = Math.abs(seconds);
  const text = size < 1 ? `${Math.round(size * 1000)} ms` : size < 120 ? `${size.toFixed(1)} s` : `${Math.round(size / 60)} min`;
  return `${text} ${seconds < 0 ? "behind" : "ahead of"}`;
}

function made(id: StateId, why: string): State {
  const rank = STATES.findIndex((one) => one.id === id);
  const { name, mark, isProblem } = STATES[rank] as (typeof STATES)[number];
  return { id, name, mark, isProblem, rank, why };
}
