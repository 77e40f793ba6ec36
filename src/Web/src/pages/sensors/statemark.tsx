import type { Sensor } from "./sensor";
import { isReplay } from "./sensor";
import type { State } from "./state";

/** A state as dot and word, with its reason where there is one. */
export function StateMark({ state, full = false }: { state: State; full?: boolean }) {
  return (
    <span className="sensor-state" title={state.why || undefined}>
      <span className={`dot ${state.mark}`} aria-hidden="true" />
      <span className={state.mark === "bad" ? "wrong" : ""}>{state.name}</span>
      {(full || state.isProblem) && state.why && <small className={full ? "" : "why"}>{state.why}</small>}
    </span>
  );
}

/** How far a capture file has been read. */
export function Progress({ sensor }: { sensor: Sensor }) {
  if (!isReplay(sensor) || sensor.replayEnded || !sensor.running) {
    return null;
  }
  return <progress value={sensor.replayShare} max={1} aria-label={`${sensor.name}: read`} />;
}
