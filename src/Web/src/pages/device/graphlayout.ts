/** Where a node is drawn. */
export interface Place {
  x: number;
  y: number;
  /** Which side of the middle: its name is written away from it. */
  side: "left" | "right";
}

export const ROW = 26;
const EDGE = 12;

/** The whole drawing. */
export interface Layout {
  width: number;
  height: number;
  hub: { x: number; y: number };
  places: Place[];
}

/**
 * Places nodes around a hub so that every name can be read: in a column on each side of it, or, where there is little room, in one column.
 * @param count Nodes beside the hub.
 * @param isNarrow Whether there is room for one column alone.
 */
export function layOut(count: number, isNarrow: boolean): Layout {
  const rows = isNarrow ? count : Math.ceil(count / 2);
  const height = Math.max(rows * ROW + EDGE * 2, 96);
  const width = isNarrow ? 340 : 900;
  const hub = { x: isNarrow ? 26 : width / 2, y: height / 2 };
  const places = Array.from({ length: count }, (_, i): Place => {
    const side = !isNarrow && i % 2 === 1 ? "left" : "right";
    const row = isNarrow ? i : Math.floor(i / 2);
    const inColumn = isNarrow ? count : side === "left" ? Math.floor(count / 2) : Math.ceil(count / 2);
    const y = height / 2 + (row - (inColumn - 1) / 2) * ROW;
    return { x: isNarrow ? 120 : side === "left" ? width / 2 - 190 : width / 2 + 190, y, side };
  });
  return { width, height, hub, places };
}
