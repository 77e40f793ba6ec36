const EARTH_METRES = 6_371_000;

/** Metres between two positions (degrees east, degrees north), along the surface. */
export function spread([eastA, northA]: [number, number], [eastB, northB]: [number, number]): number {
  const [a, b] = [radians(northA), radians(northB)];
  const half = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(radians(eastB - eastA) / 2) ** 2;
  return 2 * EARTH_METRES * Math.asin(Math.min(1, Math.sqrt(half)));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
