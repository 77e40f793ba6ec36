import { Labelled } from "../../parts/form";
import { type Building, type Floor, newName, type Places, type Where, withBuilding, withFloor, without } from "./document";

type Change = ((places: Places) => void) | null;

/** Sites with their buildings and floors, to choose one. */
export function PlaceTree({
  places,
  building,
  floor,
  show,
  change,
}: {
  places: Places;
  building: Building | null;
  floor: Floor | null;
  show: (where: Where) => void;
  change: Change;
}) {
  const add = () => {
    const name = newName(
      "Building",
      places.buildings.map((one) => one.name),
    );
    const near = places.buildings.at(-1);
    change?.({
      ...places,
      buildings: [
        ...places.buildings,
        {
          name,
          lat: near?.lat ?? 0,
          lon: near?.lon ?? 0,
          bearing: near?.bearing ?? 0,
          ...(near?.site ? { site: near.site } : {}),
          floors: [{ floor: 0, zones: [] }],
        },
      ],
    });
    show({ building: name, floor: 0 });
  };
  return (
    <>
      {[...places.sites.map((one) => one.name), ""].map((site) => {
        const here = places.buildings.filter((one) => (one.site ?? "").toLowerCase() === site.toLowerCase());
        return (
          (site || here.length > 0) && (
            <section key={site} aria-label={site || "Without a site"}>
              {site && change ? (
                <span className="row">
                  <input
                    aria-label="Name of the site"
                    defaultValue={site}
                    onBlur={(event) => rename(places, site, event.target.value.trim(), change)}
                  />
                  <button
                    type="button"
                    className="plain"
                    disabled={here.length > 0}
                    title={here.length > 0 ? "It has buildings" : "Remove the site"}
                    onClick={() => change({ ...places, sites: places.sites.filter((one) => one.name !== site) })}
                  >
                    Remove
                  </button>
                </span>
              ) : (
                <h2>{site || "Without a site"}</h2>
              )}
              <ul className="place-tree">
                {here.map((one) => (
                  <li key={one.name}>
                    <button
                      type="button"
                      className="plain"
                      aria-pressed={one === building}
                      onClick={() => show({ building: one.name, floor: one.floors[0]?.floor ?? 0 })}
                    >
                      {one.name}
                    </button>
                    {one === building && (
                      <span className="row">
                        {one.floors.map((other) => (
                          <button
                            key={other.floor}
                            type="button"
                            aria-pressed={other === floor}
                            onClick={() => show({ building: one.name, floor: other.floor })}
                          >
                            {other.name ? `${other.floor}: ${other.name}` : `Floor ${other.floor}`}
                          </button>
                        ))}
                        {change && (
                          <button
                            type="button"
                            onClick={() => {
                              const next = Math.max(-1, ...one.floors.map((other) => other.floor)) + 1;
                              change(withBuilding(places, one.name, { ...one, floors: [...one.floors, { floor: next, zones: [] }] }));
                              show({ building: one.name, floor: next });
                            }}
                          >
                            Add a floor
                          </button>
                        )}
                      </span>
                    )}
                  </li>
                ))}
              </ul>
            </section>
          )
        );
      })}
      {change && (
        <p className="row">
          <button type="button" onClick={add}>
            Add a building
          </button>
          <button
            type="button"
            onClick={() =>
              change({
                ...places,
                sites: [
                  ...places.sites,
                  {
                    name: newName(
                      "Site",
                      places.sites.map((one) => one.name),
                    ),
                  },
                ],
              })
            }
          >
            Add a site
          </button>
        </p>
      )}
    </>
  );
}

function rename(places: Places, site: string, name: string, change: (places: Places) => void) {
  if (name && name !== site) {
    change({
      ...places,
      sites: places.sites.map((one) => (one.name === site ? { name } : one)),
      buildings: places.buildings.map((one) => (one.site?.toLowerCase() === site.toLowerCase() ? { ...one, site: name } : one)),
    });
  }
}

/** What is known of a building and the chosen floor of it. */
export function BuildingForm({
  places,
  building,
  floor,
  show,
  change,
}: {
  places: Places;
  building: Building;
  floor: Floor | null;
  show: (where: Where) => void;
  change: Change;
}) {
  const set = (changes: Partial<Building>) => change?.(withBuilding(places, building.name, { ...building, ...changes }));
  const setFloor = (changes: Partial<Floor>) => {
    if (floor) {
      change?.(withFloor(places, building, floor.floor, { ...floor, ...changes }));
    }
  };
  const number = (label: string, value: number | undefined, take: (value: number) => void, hint?: string) => (
    <Labelled label={label} {...(hint ? { hint } : {})}>
      <input
        key={`${building.name} ${floor?.floor} ${value}`}
        type="number"
        step="any"
        defaultValue={value}
        onBlur={(event) => event.target.value !== "" && event.target.valueAsNumber !== value && take(event.target.valueAsNumber)}
      />
    </Labelled>
  );
  return (
    <fieldset className="form" disabled={!change}>
      <legend>Building</legend>
      <Labelled label="Name">
        <input
          key={building.name}
          defaultValue={building.name}
          onBlur={(event) => {
            const name = event.target.value.trim();
            if (name && name !== building.name) {
              set({ name });
              show({ building: name, floor: floor?.floor ?? 0 });
            }
          }}
        />
      </Labelled>
      <Labelled label="Site">
        <select
          value={building.site ?? ""}
          onChange={(event) => {
            const { site: _, ...others } = building;
            change?.(withBuilding(places, building.name, event.target.value ? { ...others, site: event.target.value } : others));
          }}
        >
          <option value="">none</option>
          {places.sites.map((one) => (
            <option key={one.name}>{one.name}</option>
          ))}
        </select>
      </Labelled>
      {number("Latitude of its corner", building.lat, (lat) => set({ lat }), "Where x and y are 0, degrees north")}
      {number("Longitude of its corner", building.lon, (lon) => set({ lon }), "degrees east")}
      {number("Direction of y", building.bearing, (bearing) => set({ bearing }), "degrees from north towards east")}
      {floor && (
        <>
          {number("Number of the floor", floor.floor, (value) => {
            const next = Math.round(value);
            if (!building.floors.some((one) => one.floor === next)) {
              setFloor({ floor: next });
              show({ building: building.name, floor: next });
            }
          })}
          <Labelled label="Name of the floor">
            <input
              key={`${building.name} ${floor.floor} ${floor.name}`}
              defaultValue={floor.name ?? ""}
              onBlur={(event) => {
                const name = event.target.value.trim();
                if (name && name !== floor.name) {
                  setFloor({ name });
                }
              }}
            />
          </Labelled>
          {number("Height of its ground", floor.height, (height) => setFloor({ height }), "metres above the building's corner")}
        </>
      )}
      {change && (
        <p className="row">
          {floor && (
            <button type="button" onClick={() => change(without(places, building, floor))}>
              Remove the floor
            </button>
          )}
          <button type="button" onClick={() => change(without(places, building))}>
            Remove the building
          </button>
        </p>
      )}
    </fieldset>
  );
}
