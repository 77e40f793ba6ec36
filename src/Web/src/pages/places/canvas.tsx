import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import type { Building, Floor, PlacedSensor, Point, ReferencePoint } from "./document";
import { type Frame, frameOf, rounded, toMetres, toPixels } from "./frame";

/** What a click or drag does. */
export type Mode = "move" | "zone" | "outline" | "points";

// On a screen of usual size; the picture may have any.
const HANDLE = 1 / 110;
const STEP_M = 0.25;
const ARROWS: Record<string, Point> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** A floor with its zones and sensors, drawn on its picture. Corners, sensors and reference points are dragged, or moved by the arrow keys. */
export function FloorCanvas({
  building,
  floor,
  sensors,
  names,
  picture,
  mode,
  drawing,
  draw,
  chosen,
  choose,
  change,
  moveSensor,
}: {
  building: Building;
  floor: Floor;
  sensors: PlacedSensor[];
  /** What sources are called. */
  names: Map<string, string>;
  /** Address of its picture; "" for none. */
  picture: string;
  mode: Mode;
  /** Corners of what is being drawn. */
  drawing: Point[];
  draw: (corners: Point[], isDone: boolean) => void;
  /** Name of the chosen zone. */
  chosen: string;
  choose: (zone: string) => void;
  /** Null for who may only look. */
  change: ((floor: Floor) => void) | null;
  moveSensor: (uuid: string, at: Point) => void;
}) {
  const svg = useRef<SVGSVGElement>(null);
  const [dragged, setDragged] = useState<{ move: (to: Point, pixels: Point) => void; frame: Frame } | null>(null);
  const frame = dragged?.frame ?? frameOf(building, floor, sensors);
  // A plan that reference points move goes with them; what is dragged else stays on the ground that it lies on.
  const shown = mode === "points" ? frameOf(building, floor, sensors) : frame;
  const size = Math.max(shown.width, shown.height) * HANDLE;
  const isDrawing = mode === "zone" || mode === "outline";

  const pixelsOf = (event: { clientX: number; clientY: number }): Point => {
    const matrix = svg.current?.getScreenCTM()?.inverse();
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
    return [at.x, at.y];
  };
  const take = (event: PointerEvent, move: (to: Point, pixels: Point) => void) => {
    if (change) {
      event.stopPropagation();
      svg.current?.setPointerCapture(event.pointerId);
      setDragged({ move, frame: shown });
    }
  };
  const path = (corners: Point[]) => corners.map((corner) => toPixels(shown, corner).join(",")).join(" ");

  const handle = (
    key: string,
    label: string,
    className: string,
    at: Point,
    move: (to: Point, pixels: Point) => void,
    remove?: () => void,
  ) => {
    const [x, y] = toPixels(shown, at);
    return (
      // biome-ignore lint/a11y/useSemanticElements: SVG has no button.
      <circle
        key={key}
        className={className}
        cx={x}
        cy={y}
        r={className === "middle" ? size * 0.6 : size}
        role="button"
        aria-label={label}
        tabIndex={change ? 0 : -1}
        onPointerDown={(event) => take(event, move)}
        onDoubleClick={remove}
        onKeyDown={(event: KeyboardEvent) => {
          const step = ARROWS[event.key];
          if (step && change) {
            event.preventDefault();
            const to: Point = [at[0] + step[0] * STEP_M, at[1] + step[1] * STEP_M];
            move(to, toPixels(shown, to));
          } else if (event.key === "Delete" && remove && change) {
            remove();
          }
        }}
      />
    );
  };
  const corners = (key: string, label: string, polygon: Point[], set: (polygon: Point[]) => void) =>
    polygon.flatMap((corner, i) => {
      const next = polygon[(i + 1) % polygon.length] ?? corner;
      const middle: Point = [(corner[0] + next[0]) / 2, (corner[1] + next[1]) / 2];
      return [
        handle(
          `${key} ${i}`,
          `Corner ${i + 1} of ${label}`,
          "corner",
          corner,
          (to) => set(polygon.with(i, to)),
          polygon.length > 3 ? () => set(polygon.toSpliced(i, 1)) : undefined,
        ),
        handle(`${key} ${i} middle`, `New corner behind corner ${i + 1} of ${label}`, "middle", middle, (to) =>
          set(polygon.toSpliced(i + 1, 0, to)),
        ),
      ];
    });
  const zone = floor.zones.find((one) => one.name === chosen);
  const setZone = (polygon: Point[]) =>
    change?.({ ...floor, zones: floor.zones.map((one) => (one === zone ? { ...one, polygon: polygon.map(rounded) } : one)) });
  const setPoint = (i: number, px: number, py: number) => {
    const inside = (value: number, most: number) => Math.round(Math.min(Math.max(value, 0), most));
    const points = floor.plan?.points.map(
      (one, j): ReferencePoint =>
        i === j ? { ...one, px: inside(px, floor.plan?.width ?? 0), py: inside(py, floor.plan?.height ?? 0) } : one,
    );
    if (floor.plan && points) {
      change?.({ ...floor, plan: { ...floor.plan, points } });
    }
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: SVG has no fieldset.
    <svg
      ref={svg}
      className={isDrawing ? "floor drawing" : "floor"}
      // What lies on an edge is whole, and can be taken.
      viewBox={`${-size} ${-size} ${shown.width + 2 * size} ${shown.height + 2 * size}`}
      role="group"
      aria-label={`Plan of ${building.name}, floor ${floor.floor}`}
      onPointerDown={(event) => {
        if (isDrawing && change && event.button === 0) {
          draw([...drawing, rounded(toMetres(shown, pixelsOf(event)))], false);
        }
      }}
      onPointerMove={(event) => {
        if (dragged) {
          const pixels = pixelsOf(event);
          dragged.move(rounded(toMetres(dragged.frame, pixels)), pixels);
        }
      }}
      onPointerUp={() => setDragged(null)}
      onPointerCancel={() => setDragged(null)}
    >
      {picture && <image href={picture} width={shown.width} height={shown.height} preserveAspectRatio="none" />}
      {(floor.outline ?? building.outline) && <polygon className="outline" points={path(floor.outline ?? building.outline ?? [])} />}
      {floor.zones.map((one) => (
        // biome-ignore lint/a11y/useSemanticElements: SVG has no button.
        <polygon
          key={one.name}
          className={one.name === chosen ? "zone chosen" : "zone"}
          points={path(one.polygon)}
          role="button"
          aria-label={`Zone ${one.name}`}
          tabIndex={0}
          onClick={() => isDrawing || choose(one.name)}
          onKeyDown={(event) => event.key === "Enter" && choose(one.name)}
        />
      ))}
      {floor.zones.map((one) => {
        const [x, y] = toPixels(shown, middleOf(one.polygon));
        return (
          <text key={one.name} x={x} y={y} fontSize={size * 2}>
            {one.name}
          </text>
        );
      })}
      {drawing.length > 0 && <polyline className="drawn" points={path(drawing)} />}
      {drawing.map((corner, i) => {
        const [x, y] = toPixels(shown, corner);
        // biome-ignore lint/suspicious/noArrayIndexKey: corners have no other name.
        return <circle key={i} className="corner" cx={x} cy={y} r={size * 0.7} pointerEvents="none" />;
      })}
      {mode === "move" && zone && change && corners(zone.name, zone.name, zone.polygon, setZone)}
      {mode === "outline" &&
        drawing.length === 0 &&
        floor.outline &&
        change &&
        corners("outline", "the outline", floor.outline, (outline) => change({ ...floor, outline: outline.map(rounded) }))}
      {sensors.map((one) => {
        const [x, y] = toPixels(shown, [one.x, one.y]);
        const name = names.get(one.uuid.toLowerCase()) ?? one.uuid;
        return (
          <g key={one.uuid}>
            {handle(one.uuid, `Sensor ${name}`, "sensor", [one.x, one.y], (to) => moveSensor(one.uuid, to))}
            <text x={x} y={y - size * 1.6} fontSize={size * 1.8} pointerEvents="none">
              {name}
            </text>
          </g>
        );
      })}
      {mode === "points" &&
        floor.plan?.points.map((one, i) => {
          const at = toMetres(shown, [one.px, one.py]);
          return handle(`point ${i}`, `Reference point ${i + 1}`, "point", at, (_, [px, py]) => setPoint(i, px, py));
        })}
    </svg>
  );
}

function middleOf(polygon: Point[]): Point {
  const n = polygon.length;
  return [polygon.reduce((sum, [x]) => sum + x, 0) / n, polygon.reduce((sum, [, y]) => sum + y, 0) / n];
}
