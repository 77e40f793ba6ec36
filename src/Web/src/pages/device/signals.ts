import { useEffect, useRef, useState } from "react";
import type { SeenBy } from "./record";

// An hour and more of changes every two seconds; more lines than colours tell nothing.
const MOST_SAMPLES = 2_000;
const MOST_SENSORS = 8;

/** What each sensor heard, while somebody looked. */
export interface Signals {
  times: number[];
  bySensor: Map<string, (number | null)[]>;
}

/** Adds a sample: of each sensor that heard something since the one before. */
export function addSample(all: Signals, seen: SeenBy[], before: Map<string, number>, at: number): Signals {
  const heard = new Map<string, number>();
  for (const one of seen) {
    const uuid = one["kismet.common.seenby.uuid"];
    const value = one["kismet.common.seenby.signal"]?.["kismet.common.signal.last_signal"] ?? 0;
    if (value < 0 && before.has(uuid) && before.get(uuid) !== one["kismet.common.seenby.num_packets"]) {
      heard.set(uuid, value);
    }
  }
  if (heard.size === 0) {
    return all;
  }
  const uuids = new Set([...all.bySensor.keys(), ...heard.keys()]);
  const length = all.times.length;
  const bySensor = new Map<string, (number | null)[]>();
  for (const uuid of [...uuids].slice(0, MOST_SENSORS)) {
    const values = all.bySensor.get(uuid) ?? new Array<number | null>(length).fill(null);
    bySensor.set(uuid, [...values, heard.get(uuid) ?? null].slice(-MOST_SAMPLES));
  }
  return { times: [...all.times, at].slice(-MOST_SAMPLES), bySensor };
}

/** Collects what each sensor hears of a device while the page is open. */
export function useSignals(seen: SeenBy[], now: number): Signals {
  const [signals, setSignals] = useState<Signals>({ times: [], bySensor: new Map() });
  const before = useRef(new Map<string, number>());
  const clock = useRef(now);
  clock.current = now;
  const counts = seen.map((one) => `${one["kismet.common.seenby.uuid"]} ${one["kismet.common.seenby.num_packets"]}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was heard is known by its counts.
  useEffect(() => {
    const known = before.current;
    setSignals((all) => addSample(all, seen, known, Math.floor(clock.current)));
    before.current = new Map(seen.map((one) => [one["kismet.common.seenby.uuid"], one["kismet.common.seenby.num_packets"]]));
  }, [counts]);
  return signals;
}
