import { expect, test } from "vitest";
import { parseFilter } from "../devices/filters";
import { linkTo, NEW_KINDS, stacked, whereOf } from "./newkinds";

test("each Wi-Fi device is of one kind", () => {
  const patterns = NEW_KINDS.slice(1).map((kind) => new RegExp(String(whereOf(kind).at(-1)?.[2])));
  for (const digit of "0123456789ABCDEF") {
    expect(patterns.filter((one) => one.test(`0${digit}:00:00:00:00:00`))).toHaveLength(1);
  }
  expect(patterns[1]?.test("DA:A1:19:00:00:01")).toBe(true);
  expect(patterns[0]?.test("F8:A9:D0:51:00:01")).toBe(true);
  const points = new RegExp(String(whereOf(NEW_KINDS[0] as (typeof NEW_KINDS)[0])[0]?.[2]));
  for (const condition of whereOf(NEW_KINDS[1] as (typeof NEW_KINDS)[0]).slice(0, -1)) {
    expect(condition[1]).toBe("!=");
    expect(points.test(String(condition[2]))).toBe(true);
  }
  expect(points.test("Wi-Fi Client")).toBe(false);
});

test("a kind leads to its list, which can be read again", () => {
  const kind = NEW_KINDS[2] as (typeof NEW_KINDS)[0];
  const params = new URLSearchParams(linkTo(kind, 1_795_305_600).split("?")[1]);
  expect(params.get("view")).toBe("phy-IEEE802.11");
  expect(params.getAll("f").map(parseFilter)).toEqual([...kind.filters, { field: "first", op: ">=", value: 1_795_305_600 }]);
  expect(linkTo({ view: "all", filters: [] }, 7)).toBe("/ui/devices?sort=first&f=first+%3E%3D+7");
});

test("bars stand on one another", () => {
  expect(
    stacked(
      [5, 1],
      [
        { name: "a", counts: [1, 1] },
        { name: "b", counts: [2, 1] },
      ],
    ),
  ).toEqual([
    { label: "others", values: [5, 2] },
    { label: "b", values: [3, 2] },
    { label: "a", values: [1, 1] },
  ]);
});
