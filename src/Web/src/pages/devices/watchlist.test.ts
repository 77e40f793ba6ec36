import { expect, test } from "vitest";
import { notFor, watchList } from "./watchlist";

test("the watch-list says of each device once what is told of it", () => {
  expect(watchList(["02:00:00:00:00:03", "02:00:00:00:00:01"], ["02:00:00:00:00:02", "02:00:00:00:00:01"])).toEqual([
    { mac: "02:00:00:00:00:01", what: "both" },
    { mac: "02:00:00:00:00:02", what: "lost" },
    { mac: "02:00:00:00:00:03", what: "found" },
  ]);
  expect(watchList([], [])).toEqual([]);
});

test("what is not asked for is taken off", () => {
  expect((["both", "found", "lost"] as const).map(notFor)).toEqual([null, "lost", "found"]);
});
