import type { LatLngBounds } from "leaflet";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Link } from "wouter";
import { count } from "../../parts/numbers";
import { Empty, Failed, Shown } from "../../parts/states";
import { useUrlState } from "../../parts/urlstate";
import { Ground } from "./ground";
import { PlaceList } from "./list";
import "./map.css";
import { MapCanvas, type Wish } from "./mapcanvas";
import { type Place, type Position, placeOf } from "./places";
import {
  drawnDrones,
  type MapSettings,
  MOST_DEVICES,
  useDevices,
  useDrones,
  useFollowed,
  useMapSettings,
  useReceivers,
  useShapes,
} from "./useplaces";
import { atParameter, hiddenLayers, readView } from "./view";

/** Where sensors, devices and drones are. */
export default function MapPage() {
  const settings = useMapSettings();
  return <Shown query={settings}>{(known) => <CampusMap settings={known} />}</Shown>;
}

function CampusMap({ settings }: { settings: MapSettings }) {
  const [url, change] = useUrlState();
  const view = useMemo(() => readView(url), [url]);
  const devices = useDevices();
  const drones = useDrones();
  const sensors = useReceivers();
  const shapes = useShapes();
  const followed = useFollowed(view.device);
  const [bounds, setBounds] = useState<LatLngBounds | null>(null);
  const [wish, setWish] = useState<Wish | null>(null);

  // An address that names a device and no place leads to the device, once it is known where that is.
  const sought = useRef(view.centre ? "" : view.device);
  useEffect(() => {
    if (followed.place && followed.place.key === sought.current) {
      sought.current = "";
      setWish({ place: followed.place, number: 0 });
    }
  }, [followed.place]);

  const located = useMemo(() => [...(devices.data?.all.values() ?? [])].map(placeOf).filter((one) => one !== null), [devices.data]);
  const flying = useMemo(() => drawnDrones(drones.data?.rows ?? []), [drones.data]);
  // The scene stays the same while the map is only moved.
  const hide = view.hide;
  const hidden = useMemo(() => hiddenLayers(hide), [hide]);
  const scene = useMemo(
    () => ({
      devices: hidden.has("devices") ? [] : located,
      others: [...(hidden.has("sensors") ? [] : sensors), ...(hidden.has("drones") ? [] : flying.places)],
      tracks: hidden.has("tracks") || hidden.has("drones") ? [] : flying.tracks,
      shapes: hidden.has("zones") ? [] : shapes,
      accuracy: !hidden.has("accuracy"),
      followed: followed.place,
      trail: hidden.has("tracks") ? [] : followed.track,
    }),
    [hidden, located, sensors, flying, shapes, followed],
  );
  const inSight = useMemo(() => listed(scene.others, scene.devices, bounds), [scene, bounds]);
  const plan = useMemo(
    () => (view.plan === "none" ? null : (settings.plans.find((one) => one.name === view.plan) ?? settings.plans[0] ?? null)),
    [settings, view.plan],
  );
  // Drones may be told to be anywhere: they are fitted to only where nothing else is.
  const isKnown = devices.isFetched && drones.isFetched;
  const fit = useMemo<Position[] | null>(() => {
    if (!isKnown) {
      return null;
    }
    const here = [...sensors, ...located].map(({ at }) => at);
    if (plan) {
      here.push([plan.south, plan.west], [plan.north, plan.east]);
    }
    here.push(...shapes.flatMap(({ corners }) => corners));
    return here.length > 0 ? here : flying.places.map(({ at }) => at);
  }, [isKnown, sensors, located, flying, shapes, plan]);
  const moved = useCallback(
    (centre: Position, zoom: number, seen: LatLngBounds) => {
      setBounds(seen);
      change(atParameter(centre, zoom));
    },
    [change],
  );
  const isEmpty =
    devices.isSuccess &&
    drones.isSuccess &&
    located.length === 0 &&
    sensors.length === 0 &&
    flying.places.length === 0 &&
    shapes.length === 0;
  return (
    <div className="filling">
      <div className="head">
        <h1>Map</h1>
        <Ground settings={settings} view={view} hidden={hidden} plan={plan} change={change} />
        {bounds && (
          <Link href={`/ui/history?${new URLSearchParams(placeParameters(bounds))}`} className="right">
            Packets of this place
          </Link>
        )}
      </div>
      {devices.error && !devices.data && <Failed error={devices.error} again={() => void devices.refetch()} />}
      {(devices.data?.total ?? 0) > MOST_DEVICES && (
        <p className="map-note" role="status">
          {count(devices.data?.total ?? 0)} devices have a position; drawn are the {count(MOST_DEVICES)} that were seen last.
        </p>
      )}
      {isEmpty && !plan ? (
        <Empty title="Nothing has a position yet">
          Give the server a place (--Gps:0 virtual:lat=…,lon=…), a GPS receiver, or have phones report with lat and lon. Drones that say
          where they are come by themselves.
        </Empty>
      ) : (
        <div className="map-and-list">
          <div className="map-box">
            <MapCanvas
              centre={view.centre}
              zoom={view.zoom}
              scene={scene}
              tiles={hidden.has("tiles") ? "" : settings.tiles}
              plan={plan}
              fit={fit}
              wish={wish}
              onMove={moved}
            />
            {settings.tiles && !hidden.has("tiles") && <small className="map-credit">{settings.tilesAttribution}</small>}
          </div>
          <PlaceList
            places={inSight}
            followed={view.device}
            show={(place) => setWish((before) => ({ place, number: (before?.number ?? 0) + 1 }))}
            follow={(key) => change({ device: key })}
          />
        </div>
      )}
    </div>
  );
}

/** The history page's parameters for packets that were seen within bounds. */
function placeParameters(bounds: LatLngBounds): Record<string, string> {
  return {
    south: bounds.getSouth().toFixed(6),
    north: bounds.getNorth().toFixed(6),
    west: bounds.getWest().toFixed(6),
    east: bounds.getEast().toFixed(6),
  };
}

function listed(others: Place[], devices: Place[], bounds: LatLngBounds | null): Place[] {
  const all = [...others, ...devices.toSorted((a, b) => b.seen - a.seen)];
  return bounds ? all.filter(({ at }) => bounds.contains(at)) : all;
}
