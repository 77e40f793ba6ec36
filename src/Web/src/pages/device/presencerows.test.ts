import { expect, test } from "vitest";
import { lasting, type PresenceSlot, rowsOf, SLOT } from "./presencerows";

const slot = (n: number, source: string, signal: number): PresenceSlot => ({
  "kismet.presence.time": n * SLOT,
  "kismet.presence.source.uuid": source,
  "kismet.presence.source.name": source,
  "kismet.presence.packets": 2,
  "kismet.presence.signal": signal,
});

test("Five minutes that follow each other are one stretch while the signal is equally strong", () => {
  const [lobby, garage] = rowsOf([
    slot(10, "lobby", -50),
    slot(11, "lobby", -41),
    slot(11, "garage", 0),
    slot(12, "lobby", -80),
    slot(20, "lobby", -82),
  ]);
  expect(lobby).toMatchObject({ name: "lobby", seconds: 4 * SLOT, best: -41 });
  expect(lobby?.stretches).toEqual([
    { from: 10 * SLOT, until: 12 * SLOT, strength: "strong", best: -41, packets: 4 },
    { from: 12 * SLOT, until: 13 * SLOT, strength: "weak", best: -80, packets: 2 },
    { from: 20 * SLOT, until: 21 * SLOT, strength: "weak", best: -82, packets: 2 },
  ]);
  expect(garage).toMatchObject({ name: "garage", seconds: SLOT, best: 0 });
  expect(garage?.stretches[0]?.strength).toBe("unknown");
});

test.each([
  [300, "5 min"],
  [3600, "1 h"],
  [5700, "1 h 35 min"],
])("%i seconds are %s", (seconds, words) => expect(lasting(seconds)).toBe(words));
