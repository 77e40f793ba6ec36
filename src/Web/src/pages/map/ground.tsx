import { Choices } from "../../parts/choices";
import type { UrlChanges } from "../../parts/urlstate";
import type { MapSettings } from "./useplaces";
import { LAYERS, type LayerId, type MapView, toggled } from "./view";

/** What the map lies on, and which layers it shows. */
export function Ground({
  settings,
  view,
  hidden,
  plan,
  change,
}: {
  settings: MapSettings;
  view: MapView;
  hidden: Set<LayerId>;
  plan: MapSettings["plans"][number] | null;
  change: (changes: UrlChanges) => void;
}) {
  return (
    <>
      {settings.plans.length > 0 && (
        <label className="row">
          Plan
          <select value={plan?.name ?? "none"} onChange={(event) => change({ plan: event.target.value })}>
            {settings.plans.map((one) => (
              <option key={one.url} value={one.name}>
                {one.name}
              </option>
            ))}
            <option value="none">none</option>
          </select>
        </label>
      )}
      <Choices label="Layers">
        {LAYERS.filter(({ id }) => id !== "tiles" || settings.tiles).map(({ id, name }) => (
          <button key={id} type="button" aria-pressed={!hidden.has(id)} onClick={() => change(toggled(hidden, id))}>
            {name}
          </button>
        ))}
      </Choices>
      {view.device && (
        <button type="button" onClick={() => change({ device: null })}>
          Stop following
        </button>
      )}
    </>
  );
}
