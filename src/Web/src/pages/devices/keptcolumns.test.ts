import { beforeEach, expect, test, vi } from "vitest";

const kept = new Map<string, string>();

beforeEach(() => {
  kept.clear();
  vi.resetModules();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
});

test("columns are kept for each user and view, and forgotten", async () => {
  const { columnsOf, keepColumns } = await import("./keptcolumns");
  keepColumns("anna", "all", ["name", "mac"]);
  keepColumns("anna", "ours", ["name"]);
  keepColumns("ben", "all", ["signal"]);
  expect(columnsOf("anna", "all")).toEqual(["name", "mac"]);
  expect(columnsOf("ben", "all")).toEqual(["signal"]);
  expect(columnsOf("ben", "ours")).toBeNull();
  keepColumns("anna", "all", null);
  expect(columnsOf("anna", "all")).toBeNull();
  expect(columnsOf("anna", "ours")).toEqual(["name"]);
});

test("they are there after the page was left, and those chosen longest ago make room", async () => {
  const first = await import("./keptcolumns");
  for (let i = 0; i < 300; i++) {
    first.keepColumns("anna", `view-${i}`, ["name"]);
  }
  vi.resetModules();
  const again = await import("./keptcolumns");
  expect(again.columnsOf("anna", "view-299")).toEqual(["name"]);
  expect(again.columnsOf("anna", "view-0")).toBeNull();
});

test.each(["", "x", "[]", "7", '{"anna all": 3}', '[["anna","all","name"]]', '[["anna","all",[7]]]'])(
  "what %j keeps is nothing",
  async (text) => {
    kept.set("kismetorleans.columns", text);
    const { columnsOf } = await import("./keptcolumns");
    expect(columnsOf("anna", "all")).toBeNull();
  },
);
