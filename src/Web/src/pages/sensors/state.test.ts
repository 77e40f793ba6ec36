import { describe, expect, it } from "vitest";
import { cameBack, choose, tally, wentDown, withStates } from "./choice";
import { isForgettable } from "./commands";
import type { Sensor } from "./sensor";
import { placeOf, rateOf, tuning } from "./sensor";
import { skew, stateOf } from "./state";

const NOW = 1_800_000_000;

function sensor(parts: Partial<Sensor>): Sensor {
  const minute = Array.from({ length: 60 }, () => 4);
  return {
    uuid: "A",
    number: 1,
    name: "lobby",
    interface: "wlan0",
    definition: "wlan0:name=lobby",
    hardware: "",
    version: "",
    remote: 0,
    remoteIp: "",
    running: 1,
    paused: 0,
    error: 0,
    reason: "",
    warning: "",
    channel: "6",
    channels: ["1", "6", "11"],
    hopping: 0,
    hopRate: 0,
    hopChannels: [],
    hopShuffle: 0,
    packets: 10,
    errorPackets: 0,
    rrd: { "kismet.common.rrd.last_time": NOW, "kismet.common.rrd.serial_time": NOW, "kismet.common.rrd.minute_vec": minute },
    type: "linuxwifi",
    kind: "",
    tunes: 1,
    hops: 1,
    replayShare: 0,
    replayEnded: 0,
    dropped: 0,
    spoolLost: 0,
    spoolBytes: 0,
    spoolBatches: 0,
    clockSkew: 0,
    clockCorrection: 0,
    problems: 0,
    cpu: 0,
    temperature: 0,
    diskFree: 0,
    diskSize: 0,
    waiting: 0,
    agent: 0,
    site: 0,
    profile: 0,
    profileVersion: 0,
    profileState: 0,
    profileError: 0,
    point: 0,
    building: 0,
    floor: 0,
    ...parts,
  };
}

describe("stateOf", () => {
  it.each([
    ["running", {}],
    ["error", { error: 1, running: 0, reason: "no such device" }],
    ["disabled", { error: 1, running: 0, reason: "Source disabled" }],
    ["offline", { running: 0, remote: 1 }],
    ["paused", { paused: 1 }],
    ["warning", { warning: "regulatory domain" }],
    ["warning", { clockSkew: -7 }],
    ["warning", { problems: ["deaf"], rrd: 0 as const }],
    ["offline", { problems: ["down"], running: 0, remote: 1 }],
    ["quiet", { rrd: 0 as const }],
    ["replaying", { type: "pcapfile", replayShare: 0.4, rrd: 0 as const }],
    ["ended", { type: "pcapfile", replayShare: 1, replayEnded: 1 }],
    ["silent", { type: "virtual", running: 0, rrd: 0 as const }],
    ["running", { type: "virtual", running: 0 }],
  ])("is %s", (id, parts) => expect(stateOf(sensor(parts)).id).toBe(id));

  it("forgets what is gone, and nothing of the server's", () => {
    const forgettable = (parts: Partial<Sensor>) => isForgettable(sensor(parts), stateOf(sensor(parts)).id);
    expect(forgettable({ running: 0, remote: 1 })).toBe(true);
    expect(forgettable({ running: 0, remote: 1, error: 1, reason: "connection lost" })).toBe(true);
    expect(forgettable({ type: "virtual", running: 0, rrd: 0 as const })).toBe(true);
    expect(forgettable({ remote: 1 })).toBe(false);
    expect(forgettable({ running: 0 })).toBe(false);
  });

  it("says why", () => {
    expect(stateOf(sensor({ error: 1, reason: "no such device" })).why).toBe("no such device");
    expect(stateOf(sensor({ clockSkew: 7 })).why).toBe("Its clock is 7.0 s ahead of the server's.");
    expect(stateOf(sensor({ problems: ["clock", "drops", "heat", "new"], warning: "odd" })).why).toBe(
      "It loses packets. It is too hot. odd",
    );
    expect(skew(-0.0005)).toBe("1 ms behind");
  });
});

describe("the fleet", () => {
  const rows = withStates([
    sensor({ uuid: "A", name: "b" }),
    sensor({ uuid: "B", name: "a" }),
    sensor({ uuid: "C", name: "z", error: 1, reason: "gone", interface: "wlan9" }),
  ]);

  it("has problems first, then names", () => expect(choose(rows, "", "").map((row) => row.sensor.uuid)).toEqual(["C", "B", "A"]));
  it("is chosen by state and words", () => {
    expect(choose(rows, "problems", "").map((row) => row.sensor.uuid)).toEqual(["C"]);
    expect(choose(rows, "running", "").map((row) => row.sensor.uuid)).toEqual(["B", "A"]);
    expect(choose(rows, "", "WLAN9 gone")).toHaveLength(1);
    expect(choose(rows, "", "wlan9 else")).toHaveLength(0);
  });
  it("is counted", () =>
    expect(tally(rows).map((one) => [one.state.id, one.count])).toEqual([
      ["error", 1],
      ["running", 2],
    ]));
  it("is compared with what it was", () => {
    const later = withStates([
      sensor({ uuid: "A", running: 0, remote: 1 }),
      sensor({ uuid: "B" }),
      sensor({ uuid: "C" }),
      sensor({ uuid: "D", error: 1 }),
    ]);
    expect(wentDown(rows, later).map((row) => row.sensor.uuid)).toEqual(["A"]);
    expect(cameBack(rows, later).map((row) => row.sensor.uuid)).toEqual(["C"]);
  });
});

describe("a sensor's figures", () => {
  it("has the rate of whole seconds", () => expect(rateOf(sensor({}))).toBe(4));
  it("tells its place", () => {
    expect(placeOf(sensor({}))).toBe("");
    expect(placeOf(sensor({ point: [13.25, 52.5], floor: 4 }))).toBe("floor 4 · 52.50000, 13.25000");
    expect(placeOf(sensor({ building: "hq" }))).toBe("hq, floor 0");
  });
  it("tells its tuning", () => {
    expect(tuning(sensor({}))).toBe("6");
    expect(tuning(sensor({ hopping: 1, hopRate: 5, hopChannels: ["1", "6"], hopShuffle: 1 }))).toBe("hops 1 6 at 5/s, shuffled");
  });
});
