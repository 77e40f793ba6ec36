import { expect, describe as group, test } from "vitest";
import { conditionsOf, describe, type Filter, inUnits, opsOf, parseFilter, printFilter } from "./filters";
import { fieldOf, fieldTyped, KNOWN_FIELDS } from "./knownfields";

group("a filter in the address", () => {
  const filters: Filter[] = [
    { field: "signal", op: ">=", value: -60 },
    { field: "name", op: "contains", value: 'a "quoted" & <b>+%20</b> ümlaut\n' },
    { field: "location", op: "has", value: false },
    { field: "kismet.device.base.tags/my tag 100%", op: "=", value: "x" },
    { field: "last", op: "within", value: 600 },
    { field: "signal", op: "between", value: [-70, -50] },
  ];

  test.each(filters)("$field $op comes back as it went", (filter) => {
    const params = new URLSearchParams({ f: printFilter(filter) });
    expect(parseFilter(new URLSearchParams(params.toString()).get("f") ?? "")).toEqual(filter);
  });

  test("can be read by people", () => {
    expect(printFilter({ field: "signal", op: ">=", value: -60 })).toBe("signal >= -60");
  });

  test.each([
    "",
    "signal",
    "signal >=",
    "signal ?? 3",
    "signal >= x",
    "signal >= null",
    "signal >= [1]",
    "signal >= {}",
    "%zz = 1",
    "signal between 3",
    "signal between [1]",
    "signal between [2, 1]",
    'signal between [1, "2"]',
    "signal >= [1, 2]",
    'name = "x',
  ])("of no use is none: %j", (text) => expect(parseFilter(text)).toBeNull());
});

group("what the server is asked", () => {
  test("paths stand for names, times count from now", () => {
    expect(
      conditionsOf(
        [
          { field: "signal", op: ">=", value: -60 },
          { field: "last", op: "within", value: 600 },
          { field: "first", op: "before", value: 60 },
          { field: "a/b", op: "~", value: "^x" },
          { field: "first", op: "between", value: [10, 20] },
        ],
        1000.7,
      ),
    ).toEqual([
      ["kismet.device.base.signal/kismet.common.signal.last_signal", ">=", -60],
      ["kismet.device.base.last_time", ">=", 400],
      ["kismet.device.base.first_time", "<", 940],
      ["a/b", "~", "^x"],
      ["kismet.device.base.first_time", "between", [10, 20]],
    ]);
  });
});

group("in words", () => {
  test.each<[Filter, string]>([
    [{ field: "signal", op: ">=", value: -60 }, "Signal, last ≥ -60 dBm"],
    [{ field: "signal", op: "between", value: [-70, -50] }, "Signal, last between -70 dBm and -50 dBm"],
    [{ field: "packets", op: "between", value: [1, 9] }, "Packets between 1 and 9"],
    [{ field: "location", op: "has", value: true }, "Location is there"],
    [{ field: "hidden", op: "=", value: false }, "Hides its SSID: no"],
    [{ field: "last", op: "within", value: 7200 }, "Last seen within the last 2 hours"],
    [{ field: "last", op: "before", value: 86_400 }, "Last seen longer ago than 1 day"],
    [{ field: "x/y.z", op: "contains", value: "q" }, "y.z contains “q”"],
  ])("%j", (filter, words) => expect(describe(filter)).toBe(words));

  test.each([
    [60, [1, 60]],
    [90, [1.5, 60]],
    [5400, [90, 60]],
    [7200, [2, 3600]],
    [172_800, [2, 86_400]],
  ])("%i seconds in units", (seconds, expected) => expect(inUnits(seconds)).toEqual(expected));
});

group("fields", () => {
  test("have names and paths of their own", () => {
    expect(new Set(KNOWN_FIELDS.map((one) => one.id)).size).toBe(KNOWN_FIELDS.length);
    expect(new Set(KNOWN_FIELDS.map((one) => one.path)).size).toBe(KNOWN_FIELDS.length);
    expect(KNOWN_FIELDS.filter((one) => /[\s%]/.test(one.id))).toEqual([]);
  });

  test("are found by title, name and path", () => {
    expect(fieldTyped(" signal, LAST ")?.id).toBe("signal");
    expect(fieldTyped("kismet.device.base.manuf")?.id).toBe("manuf");
    expect(fieldTyped("some.field/of.mine")).toEqual({
      id: "some.field/of.mine",
      title: "of.mine",
      path: "some.field/of.mine",
      kind: "any",
    });
    expect(fieldTyped("  ")).toBeNull();
  });

  test("have operators that fit", () => {
    expect(opsOf(fieldOf("packets").kind)).not.toContain("contains");
    expect(opsOf(fieldOf("location").kind)).toEqual(["has"]);
  });
});

test("a time that a link names is a filter and a date in words", () => {
  const filter = parseFilter("first >= 1795305600");
  expect(filter).toEqual({ field: "first", op: ">=", value: 1_795_305_600 });
  expect(conditionsOf([filter as NonNullable<typeof filter>], 0)).toEqual([["kismet.device.base.first_time", ">=", 1_795_305_600]]);
  expect(describe(filter as NonNullable<typeof filter>)).toContain("2026");
  expect(describe({ field: "last", op: "between", value: [0, 86_400 * 365] })).toMatch(
    /^Last seen between 19(69|70)-\d\d-\d\d \d\d:\d\d:\d\d and 197/,
  );
});
