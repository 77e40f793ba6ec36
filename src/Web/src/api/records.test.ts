import { expect, test } from "vitest";
import { channelOf, occupancy, total } from "./channels";
import { type ChannelUse, points, type Rrd } from "./records";

const NOW = 1_795_310_000;

function rrd(last: number, set: Record<number, number>): Rrd {
  const minute = Array.from({ length: 60 }, () => 0);
  for (const [time, value] of Object.entries(set)) {
    minute[Number(time) % 60] = value;
  }
  return { "kismet.common.rrd.last_time": last, "kismet.common.rrd.minute_vec": minute };
}

test("points are in order of time, up to now", () => {
  const line = points(rrd(NOW, { [NOW]: 7, [NOW - 1]: 6, [NOW - 59]: 1 }), "minute", NOW);
  expect(line).toHaveLength(60);
  expect(line[0]).toEqual([NOW - 59, 1]);
  expect(line.slice(-2)).toEqual([
    [NOW - 1, 6],
    [NOW, 7],
  ]);
});

test("what came before the newest value's own minute is not shown as new", () => {
  const line = points(rrd(NOW - 30, { [NOW - 30]: 5, [NOW - 89]: 9 }), "minute", NOW);
  expect(line.filter(([, value]) => value !== 0)).toEqual([[NOW - 30, 5]]);
});

test("a history that is not kept is empty", () => {
  expect(points(0, "hour", NOW).every(([, value]) => value === 0)).toBe(true);
  expect(points(undefined, "day", NOW)).toHaveLength(24);
});

test.each([
  [2_412_000, "1"],
  [2_484_000, "14"],
  [5_180_000, "36"],
  [5_955_000, "1"],
  [6_415_000, "93"],
  [868_000, "868 MHz"],
])("the channel of %d kHz is %s", (khz, channel) => {
  expect(channelOf(khz)).toBe(channel);
});

test("a band has its own channels, with what they carried", () => {
  const use = (khz: number): ChannelUse => ({
    "kismet.channelrec.frequency": khz,
    "kismet.channelrec.channel": "",
    "kismet.channelrec.packets_rrd": rrd(NOW, { [NOW]: 3, [NOW - 2]: 4 }),
    "kismet.channelrec.data_rrd": rrd(NOW, { [NOW]: 100 }),
  });
  const found = occupancy(
    { 5180000: use(5_180_000), 2437000: use(2_437_000), 2412000: use(2_412_000) },
    { name: "2.4 GHz", from: 2_400_000, to: 2_500_000 },
    "minute",
    NOW,
  );
  expect(found.map((one) => [one.channel, one.packets, one.bytes])).toEqual([
    ["1", 7, 100],
    ["6", 7, 100],
  ]);
});

test("what was seen in the running minute is counted once, though the slots of two minutes have it", () => {
  // Six hundred before the minute began, twenty seconds ago, and thirty since.
  const history = rrd(NOW, { [NOW - 40]: 600, [NOW - 5]: 30 });
  const hour = Array.from({ length: 60 }, () => 0);
  const day = Array.from({ length: 24 }, () => 0);
  const minute = Math.floor(NOW / 60);
  hour[(minute - 1) % 60] = 600 / 60;
  hour[minute % 60] = 630 / 60;
  day[Math.floor(NOW / 3600) % 24] = 1_230 / 3600;
  const all = { ...history, "kismet.common.rrd.hour_vec": hour, "kismet.common.rrd.day_vec": day };
  expect(total(all, "minute", NOW)).toBe(630);
  expect(total(all, "hour", NOW)).toBeCloseTo(630);
  expect(total(all, "day", NOW)).toBeCloseTo(630);
  expect(total(0, "hour", NOW)).toBe(0);
});
