import { describe, expect, it } from "vitest";
import { windowsOf } from "./windows";

// Windows have a hundred rows and begin at every fiftieth.
describe("windows", () => {
  it("cover what is in sight with one request, wherever that is", () => {
    expect(windowsOf(0, 30)).toEqual([0]);
    expect(windowsOf(49, 99)).toEqual([0]);
    expect(windowsOf(50, 88)).toEqual([1]);
    expect(windowsOf(99, 148)).toEqual([1]);
    expect(windowsOf(99_999, 99_999)).toEqual([1999]);
  });

  it("are more where more is in sight, without a gap", () => {
    expect(windowsOf(0, 100)).toEqual([0, 2]);
    expect(windowsOf(149, 299)).toEqual([2, 4]);
  });
});
