import { expect, test } from "vitest";
import { readState, writeState } from "./urlstate";

const KNOWN = [{ id: "name", sort: "n" }, { id: "last", sort: "l" }, { id: "signal", sort: "s" }, { id: "hour" }];
const read = (text: string) => readState(new URLSearchParams(text), KNOWN);

test("without anything the newest devices of all are shown", () => {
  expect(read("")).toEqual({
    view: "all",
    search: "",
    order: { column: "last", descending: true },
    columns: null,
    filters: [],
    unreadable: [],
  });
  expect(writeState(read("")).toString()).toBe("");
});

test("a link shows a colleague the same", () => {
  const state = {
    view: "seenby-4E1D07C3-0000",
    search: "a&b=c +",
    order: { column: "signal", descending: false },
    columns: ["name", "hour"],
    filters: [
      { field: "signal", op: ">=" as const, value: -60 },
      { field: "signal", op: "<" as const, value: -20 },
    ],
    unreadable: [],
  };
  expect(read(writeState(state).toString())).toEqual(state);
});

test("what cannot be is told, or left out", () => {
  const state = read("sort=hour&cols=name,nothing,name&f=x&f=signal+%3E+1");
  expect(state.order.column).toBe("last");
  expect(state.columns).toEqual(["name"]);
  expect(state.filters).toHaveLength(1);
  expect(state.unreadable).toEqual(["x"]);
  expect(read("cols=nothing").columns).toBeNull();
});
