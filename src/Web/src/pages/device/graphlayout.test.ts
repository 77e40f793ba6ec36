import { expect, test } from "vitest";
import { layOut, ROW } from "./graphlayout";

test.each([
  [1, false],
  [2, false],
  [7, false],
  [40, false],
  [1, true],
  [20, true],
])("%i nodes, narrow %s: all inside, none upon another", (count, isNarrow) => {
  const { width, height, places } = layOut(count, isNarrow);
  expect(places).toHaveLength(count);
  for (const place of places) {
    expect(place.x).toBeGreaterThan(0);
    expect(place.x).toBeLessThan(width);
    expect(place.y).toBeGreaterThanOrEqual(ROW / 2);
    expect(place.y).toBeLessThanOrEqual(height - ROW / 2);
  }
  for (const side of ["left", "right"]) {
    const column = places.filter((place) => place.side === side).map((place) => place.y);
    column.slice(1).forEach((y, i) => {
      expect(y - (column[i] ?? 0)).toBe(ROW);
    });
  }
  expect(places.every((place) => place.side === "right") || !isNarrow).toBe(true);
});
