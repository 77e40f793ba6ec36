import { describe, expect, test } from "vitest";
import { compose, idFor, type ViewDefinition } from "./viewdefinition";

const SEARCHED = ["kismet.device.base.commonname", "kismet.device.base.seenby", "kismet.device.base.last_time"];

describe("what is seen as a view", () => {
  test("filters are conditions, a search is a pattern that means itself", () => {
    expect(compose("phy-IEEE802.11", [], [{ field: "signal", op: ">=", value: -60 }], "a.b (c)", SEARCHED)).toEqual({
      filter: {
        phy: "IEEE802.11",
        where: [["kismet.device.base.signal/kismet.common.signal.last_signal", ">=", -60]],
        regex: [["kismet.device.base.commonname", "(?i)a\\.b\\ \\(c\\)"]],
      },
      left: [],
      isSearchLeft: false,
    });
  });

  test("times that count from now stay beside it", () => {
    const recent = { field: "last", op: "within" as const, value: 600 };
    expect(compose("seenby-AB", [], [recent], "", SEARCHED)).toEqual({ filter: { seenby: "AB" }, left: [recent], isSearchLeft: false });
  });

  test("a user's view is narrowed; it has one search alone", () => {
    const definitions: ViewDefinition[] = [
      { id: "ours", description: "Ours", filter: { tag: "owner", where: [["a", "=", 1]], regex: [["b", "c"]] } },
    ];
    expect(compose("ours", definitions, [{ field: "packets", op: ">", value: 3 }], "x", SEARCHED)).toEqual({
      filter: {
        tag: "owner",
        where: [
          ["a", "=", 1],
          ["kismet.device.base.packets.total", ">", 3],
        ],
        regex: [["b", "c"]],
      },
      left: [],
      isSearchLeft: true,
    });
  });

  test("the access points are a part of it", () => {
    expect(compose("phydot11_accesspoints", [], [], "", SEARCHED).filter).toEqual({ view: "phydot11_accesspoints" });
  });

  test("all devices are none", () => expect(compose("all", [], [], "", SEARCHED).filter).toEqual({}));
});

test.each([
  ["Library, 2nd floor", [], "library-2nd-floor"],
  ["Bücherei", ["bucherei"], "bucherei-2"],
  ["图书馆", [], "view"],
  ["all", [], "view-all"],
  ["phy-thing", ["view-phy-thing", "view-phy-thing-2"], "view-phy-thing-3"],
  ["x".repeat(80), ["x".repeat(64)], `${"x".repeat(62)}-2`],
])("the id of %j", (name, taken, id) => expect(idFor(name, taken)).toBe(id));
