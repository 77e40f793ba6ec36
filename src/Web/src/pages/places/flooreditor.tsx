import { useState } from "react";
import { send } from "../../api/client";
import { Choice } from "../../parts/choice";
import { useNotices } from "../../shell/notices";
import { FloorCanvas, type Mode } from "./canvas";
import {
  type Building,
  type Floor,
  newName,
  type PlacedSensor,
  type Places,
  type Point,
  type ReferencePoint,
  sensorsOn,
  withFloor,
} from "./document";
import { firstPoints, frameOf, matrixOf, rounded, toMetres } from "./frame";

// Pictures that were sent and are not saved yet: the server shows only those that a floor has.
const unsaved = new Map<string, string>();

/** A floor: its picture, zones and sensors. */
export function FloorEditor({
  places,
  building,
  floor,
  names,
  change,
}: {
  places: Places;
  building: Building;
  floor: Floor;
  names: Map<string, string>;
  change: ((places: Places) => void) | null;
}) {
  const [mode, setMode] = useState<Mode>("move");
  const [drawing, setDrawing] = useState<Point[]>([]);
  const [chosen, setChosen] = useState("");
  const { tell } = useNotices();
  const sensors = sensorsOn(places, building, floor);
  const zone = floor.zones.find((one) => one.name === chosen);
  const set = (changed: Floor) => change?.(withFloor(places, building, floor.floor, changed));

  const finish = (corners: Point[]) => {
    if (mode === "outline") {
      set({ ...floor, outline: corners });
    } else {
      const name = newName(
        "Zone",
        floor.zones.map((one) => one.name),
      );
      set({ ...floor, zones: [...floor.zones, { name, polygon: corners }] });
      setChosen(name);
    }
    setDrawing([]);
    setMode("move");
  };
  const upload = async (file: File) => {
    try {
      const answer = await send("/places/pictures", { method: "POST", body: file });
      const { picture, width, height } = (await answer.json()) as { picture: string; width: number; height: number };
      unsaved.set(picture, URL.createObjectURL(file));
      set({ ...floor, plan: { picture, width, height, points: firstPoints(width, height, building) } });
      setMode("points");
    } catch (e) {
      tell("bad", e instanceof Error ? e.message : String(e));
    }
  };
  const put = (uuid: string) => {
    const frame = frameOf(building, floor, sensors);
    const [x, y] = rounded(toMetres(frame, [frame.width / 2, frame.height / 2]));
    const sensor: PlacedSensor = { uuid, building: building.name, floor: floor.floor, x, y };
    change?.({ ...places, sensors: [...places.sensors.filter((one) => one.uuid.toLowerCase() !== uuid), sensor] });
  };
  return (
    <section className="places-floor" aria-label="Floor">
      {change && (
        <div className="row">
          <Choice
            label="What a click does"
            value={mode}
            onChange={(next) => {
              setMode(next);
              setDrawing([]);
            }}
            options={[
              ["move", "Choose and move"],
              ["zone", "Draw a zone"],
              ["outline", "Draw the outline"],
              ...(floor.plan ? ([["points", "Reference points"]] as [Mode, string][]) : []),
            ]}
          />
          {drawing.length > 0 && (
            <>
              <button type="button" className="primary" disabled={drawing.length < 3} onClick={() => finish(drawing)}>
                Finish
              </button>
              <button type="button" onClick={() => setDrawing(drawing.slice(0, -1))}>
                Back
              </button>
            </>
          )}
          <label className="row">
            Picture
            <input
              type="file"
              accept="image/png,image/jpeg"
              onChange={(event) => {
                const file = event.target.files?.[0];
                if (file) {
                  void upload(file);
                }
              }}
            />
          </label>
        </div>
      )}
      <FloorCanvas
        building={building}
        floor={floor}
        sensors={sensors}
        names={names}
        picture={floor.plan ? (unsaved.get(floor.plan.picture) ?? `/places/pictures/${floor.plan.picture}`) : ""}
        mode={mode}
        drawing={drawing}
        draw={setDrawing}
        chosen={chosen}
        choose={setChosen}
        change={change ? set : null}
        moveSensor={(uuid, [x, y]) =>
          change?.({ ...places, sensors: places.sensors.map((one) => (one.uuid === uuid ? { ...one, x, y } : one)) })
        }
      />
      {mode === "points" && floor.plan && (
        <Points points={floor.plan.points} set={(points) => floor.plan && set({ ...floor, plan: { ...floor.plan, points } })} />
      )}
      <div className="grid">
        <section className="panel" aria-label="Zones">
          <h2>Zones</h2>
          {floor.zones.length === 0 && <p className="dim">None yet.</p>}
          <ul className="place-tree">
            {floor.zones.map((one) => (
              <li key={one.name} className="row">
                <button type="button" className="plain" aria-pressed={one === zone} onClick={() => setChosen(one.name)}>
                  {one.name}
                </button>
                {one === zone && change && (
                  <>
                    <input
                      aria-label="Name of the zone"
                      defaultValue={one.name}
                      onBlur={(event) => {
                        const name = event.target.value.trim();
                        if (name && name !== one.name) {
                          set({ ...floor, zones: floor.zones.map((other) => (other === one ? { ...one, name } : other)) });
                          setChosen(name);
                        }
                      }}
                    />
                    <button
                      type="button"
                      className="plain"
                      onClick={() => set({ ...floor, zones: floor.zones.filter((other) => other !== one) })}
                    >
                      Remove
                    </button>
                  </>
                )}
              </li>
            ))}
          </ul>
        </section>
        <section className="panel" aria-label="Sensors">
          <h2>Sensors that were put here</h2>
          <ul className="place-tree">
            {sensors.map((one) => (
              <li key={one.uuid} className="row">
                {names.get(one.uuid.toLowerCase()) ?? one.uuid}
                <small>
                  {one.x} m, {one.y} m
                </small>
                {change && (
                  <button
                    type="button"
                    className="plain"
                    onClick={() => change({ ...places, sensors: places.sensors.filter((other) => other !== one) })}
                  >
                    Take away
                  </button>
                )}
              </li>
            ))}
          </ul>
          {change && (
            <label className="row">
              Put a sensor here
              <select value="" onChange={(event) => event.target.value && put(event.target.value)}>
                <option value="">choose …</option>
                {[...names]
                  .filter(([uuid]) => !sensors.some((one) => one.uuid.toLowerCase() === uuid))
                  .map(([uuid, name]) => (
                    <option key={uuid} value={uuid}>
                      {name}
                    </option>
                  ))}
              </select>
            </label>
          )}
        </section>
      </div>
    </section>
  );
}

/** Where the reference points are in metres; on the picture they are dragged. */
function Points({ points, set }: { points: ReferencePoint[]; set: (points: ReferencePoint[]) => void }) {
  const matrix = matrixOf(points);
  return (
    <section className="panel" aria-label="Reference points">
      <p>
        Drag each point to a place on the picture that you know, and say where it is in metres from the building's corner.
        {matrix
          ? ` A pixel is ${Math.sqrt(Math.abs(matrix[0] * matrix[4] - matrix[1] * matrix[3])).toPrecision(3)} m.`
          : " These points do not say it yet."}
      </p>
      {points.map((point, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: points have no other name.
        <p className="row" key={i}>
          Point {i + 1} ({point.px}, {point.py} px)
          {(["x", "y"] as const).map((axis) => (
            <label key={axis} className="row">
              {axis}
              <input
                type="number"
                step="any"
                aria-label={`${axis} of point ${i + 1}, metres`}
                value={Number.isNaN(point[axis]) ? "" : point[axis]}
                onChange={(event) => set(points.with(i, { ...point, [axis]: event.target.valueAsNumber }))}
              />
            </label>
          ))}
          {points.length > 2 && (
            <button type="button" className="plain" onClick={() => set(points.toSpliced(i, 1))}>
              Remove
            </button>
          )}
        </p>
      ))}
      <button
        type="button"
        onClick={() => {
          const last = points.at(-1);
          const first = points[0];
          if (first && last) {
            // On the edge that is none of theirs yet, where the plan says it is now.
            const at: Point = [first.px, Math.max(0, first.py - Math.abs(last.px - first.px) / 2)];
            const [x, y] = matrix ? rounded(toMetres({ width: 0, height: 0, matrix }, at)) : [0, 0];
            set([...points, { px: at[0], py: at[1], x, y }]);
          }
        }}
      >
        Add a point
      </button>
    </section>
  );
}
