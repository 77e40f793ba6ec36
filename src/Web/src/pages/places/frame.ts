import type { Building, Floor, PlacedSensor, Point, ReferencePoint } from "./document";

/** x = m[0] px + m[1] py + m[2], y = m[3] px + m[4] py + m[5]. */
export type Matrix = [number, number, number, number, number, number];

/** What a floor is drawn on: its picture, or as much empty ground as it needs, in pixels. */
export interface Frame {
  width: number;
  height: number;
  /** Metres of a pixel's place. */
  matrix: Matrix;
}

// Pixels of a metre where there is no picture, and metres of ground around what is there.
const SCALE = 20;
const MARGIN = 3;
const EMPTY: Point[] = [
  [0, 0],
  [40, 25],
];

/** From a picture to metres by its points, as the server finds it (PlanFit): null where they do not say it. */
export function matrixOf(points: ReferencePoint[]): Matrix | null {
  const n = points.length;
  if (n < 2) {
    return null;
  }
  const mean = (of: (point: ReferencePoint) => number) => points.reduce((sum, one) => sum + of(one), 0) / n;
  const [mu, mv, mx, my] = [mean((p) => p.px), mean((p) => p.py), mean((p) => p.x), mean((p) => p.y)];
  const sum = (of: (u: number, v: number, x: number, y: number) => number) =>
    points.reduce((all, p) => all + of(p.px - mu, p.py - mv, p.x - mx, p.y - my), 0);
  const [uu, uv, vv] = [sum((u) => u * u), sum((u, v) => u * v), sum((_, v) => v * v)];
  const [ux, uy, vx, vy] = [sum((u, _, x) => u * x), sum((u, _v, _x, y) => u * y), sum((_, v, x) => v * x), sum((_u, v, _x, y) => v * y)];
  const spread = uu + vv;
  if (spread < 1) {
    return null;
  }
  const determinant = uu * vv - uv * uv;
  const flat = determinant <= 1e-4 * spread * spread;
  const a = flat ? (ux - vy) / spread : (ux * vv - vx * uv) / determinant;
  const b = flat ? (uy + vx) / spread : (vx * uu - ux * uv) / determinant;
  const c = flat ? b : (uy * vv - vy * uv) / determinant;
  const d = flat ? -a : (vy * uu - uy * uv) / determinant;
  const scale = Math.sqrt(Math.abs(a * d - b * c));
  return scale >= 1e-4 && scale <= 10 ? [a, b, mx - a * mu - b * mv, c, d, my - c * mu - d * mv] : null;
}

/** Metres of a place on the frame. */
export function toMetres({ matrix: [a, b, c, d, e, f] }: Frame, [px, py]: Point): Point {
  return [a * px + b * py + c, d * px + e * py + f];
}

/** The place on the frame of metres. */
export function toPixels({ matrix: [a, b, c, d, e, f] }: Frame, [x, y]: Point): Point {
  const determinant = a * e - b * d;
  return [(e * (x - c) - b * (y - f)) / determinant, (a * (y - f) - d * (x - c)) / determinant];
}

/** What a floor is drawn on. */
export function frameOf(building: Building, floor: Floor, sensors: PlacedSensor[]): Frame {
  const matrix = floor.plan && matrixOf(floor.plan.points);
  if (floor.plan && matrix) {
    return { width: floor.plan.width, height: floor.plan.height, matrix };
  }
  const known = [
    ...(floor.outline ?? building.outline ?? []),
    ...floor.zones.flatMap((zone) => zone.polygon),
    ...sensors.map(({ x, y }): Point => [x, y]),
  ];
  const all = known.length > 0 ? known : EMPTY;
  const left = Math.min(...all.map(([x]) => x)) - MARGIN;
  const right = Math.max(...all.map(([x]) => x)) + MARGIN;
  const low = Math.min(...all.map(([, y]) => y)) - MARGIN;
  const high = Math.max(...all.map(([, y]) => y)) + MARGIN;
  return { width: (right - left) * SCALE, height: (high - low) * SCALE, matrix: [1 / SCALE, 0, left, 0, -1 / SCALE, high] };
}

/** Points that a picture begins with: its lower corners, as far apart as the building is wide. */
export function firstPoints(width: number, height: number, building: Building): ReferencePoint[] {
  const xs = (building.outline ?? EMPTY).map(([x]) => x);
  const wide = Math.max(...xs) - Math.min(...xs);
  return [
    { px: 0, py: height, x: Math.min(...xs), y: 0 },
    { px: width, py: height, x: Math.min(...xs) + wide, y: 0 },
  ];
}

/** Metres to the centimetre, which is as well as anybody points. */
export function rounded([x, y]: Point): Point {
  return [Math.round(x * 100) / 100, Math.round(y * 100) / 100];
}
