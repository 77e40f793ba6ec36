import { expect, test } from "vitest";
import { channelOf } from "./channels";
import { spread } from "./geo";

test.each([
  [2_412_000, "IEEE802.11", "1"],
  [2_472_000, "IEEE802.11", "13"],
  [2_484_000, "IEEE802.11", "14"],
  [5_180_000, "IEEE802.11", "36"],
  [5_825_000, "IEEE802.11", "165"],
  [5_955_000, "IEEE802.11", "1 (6 GHz)"],
  [5_935_000, "IEEE802.11", "2 (6 GHz)"],
  [2_405_000, "802.15.4", "11"],
  [2_480_000, "802.15.4", "26"],
  [2_402_000, "BTLE", ""],
  [900_000, "IEEE802.11", ""],
])("%i kHz of %s is channel %j", (khz, phy, channel) => expect(channelOf(khz, phy)).toBe(channel));

test("a degree to the north is 111 km", () => {
  expect(spread([10, 50], [10, 51])).toBeCloseTo(111_195, -1);
  expect(spread([10, 50], [10, 50])).toBe(0);
});
