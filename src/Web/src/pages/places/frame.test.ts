import { describe, expect, it } from "vitest";
import type { Building, Floor } from "./document";
import { firstPoints, frameOf, matrixOf, toMetres, toPixels } from "./frame";

const BUILDING: Building = { name: "B", lat: 1, lon: 2, bearing: 0, floors: [] };
const FLOOR: Floor = { floor: 0, zones: [] };

describe("a plan in metres", () => {
  it("is turned, moved and scaled by two points, and mirrored by none", () => {
    const matrix = matrixOf([
      { px: 100, py: 400, x: 5, y: 2 },
      { px: 500, py: 400, x: 5 + 20 * Math.cos(Math.PI / 6), y: 12 },
    ]);
    const [x, y] = toMetres({ width: 1, height: 1, matrix: matrix ?? [0, 0, 0, 0, 0, 0] }, [100, 200]);
    expect(x).toBeCloseTo(0, 9);
    expect(y).toBeCloseTo(2 + 10 * Math.cos(Math.PI / 6), 9);
  });

  it("is stretched by three", () => {
    const matrix = matrixOf([
      { px: 0, py: 0, x: 1, y: 30 },
      { px: 1000, py: 0, x: 41, y: 30 },
      { px: 0, py: 500, x: 1, y: 0 },
    ]);
    expect(matrix?.map((one) => Math.round(one * 1e9) / 1e9)).toEqual([0.04, 0, 1, 0, -0.06, 30]);
  });

  it("is not made of points that say nothing", () => {
    expect(matrixOf([{ px: 0, py: 0, x: 0, y: 0 }])).toBeNull();
    expect(
      matrixOf([
        { px: 5, py: 5, x: 0, y: 0 },
        { px: 5, py: 5, x: 1, y: 0 },
      ]),
    ).toBeNull();
    expect(
      matrixOf([
        { px: 0, py: 0, x: 3, y: 3 },
        { px: 90, py: 0, x: 3, y: 3 },
      ]),
    ).toBeNull();
  });

  it("goes to the picture and back", () => {
    const plan = { picture: "", width: 800, height: 400, points: firstPoints(800, 400, BUILDING) };
    const frame = frameOf(BUILDING, { ...FLOOR, plan }, []);
    expect(toMetres(frame, [0, 400])).toEqual([0, 0]);
    const [px, py] = toPixels(frame, [10, 5]);
    expect([Math.round(px), Math.round(py)]).toEqual([200, 300]);
  });

  it("has ground for all that is there without a picture", () => {
    const frame = frameOf(BUILDING, FLOOR, [{ uuid: "", building: "B", floor: 0, x: 100, y: 50 }]);
    const [px, py] = toPixels(frame, [100, 50]);
    expect(px).toBeGreaterThan(0);
    expect(px).toBeLessThan(frame.width);
    expect(py).toBeGreaterThan(0);
    expect(py).toBeLessThan(frame.height);
  });
});
