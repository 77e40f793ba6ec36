import { expect, test } from "vitest";
import type { SeenBy } from "./record";
import { addSample } from "./signals";

const NONE = { times: [], bySensor: new Map() };

function seen(uuid: string, packets: number, dbm: number): SeenBy {
  return {
    "kismet.common.seenby.uuid": uuid,
    "kismet.common.seenby.num_packets": packets,
    "kismet.common.seenby.signal": { "kismet.common.signal.last_signal": dbm },
  } as SeenBy;
}

test("a sensor has a sample when it heard something since the last look", () => {
  const first = addSample(NONE, [seen("a", 1, -50), seen("b", 1, -60)], new Map(), 10);
  expect(first).toBe(NONE);
  const before = new Map([
    ["a", 1],
    ["b", 1],
  ]);
  const second = addSample(first, [seen("a", 2, -51), seen("b", 1, -60)], before, 12);
  expect(second.times).toEqual([12]);
  expect([...second.bySensor]).toEqual([["a", [-51]]]);
  const third = addSample(second, [seen("a", 2, -51), seen("b", 4, -61)], new Map([...before, ["a", 2]]), 14);
  expect(third.times).toEqual([12, 14]);
  expect([...third.bySensor]).toEqual([
    ["a", [-51, null]],
    ["b", [null, -61]],
  ]);
});

test("a signal that is not known is no sample", () => {
  expect(addSample(NONE, [seen("a", 2, 0)], new Map([["a", 1]]), 10)).toBe(NONE);
});
