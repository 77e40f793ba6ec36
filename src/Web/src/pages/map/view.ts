import type { UrlChanges } from "../../parts/urlstate";
import type { Position } from "./places";

/** What can be shown or hidden. */
export const LAYERS = [
  { id: "sensors", name: "Sensors" },
  { id: "devices", name: "Devices" },
  { id: "accuracy", name: "Accuracy" },
  { id: "drones", name: "Drones" },
  { id: "tracks", name: "Tracks" },
  { id: "zones", name: "Zones" },
  { id: "tiles", name: "Map" },
] as const;

/** A layer's name in the address. */
export type LayerId = (typeof LAYERS)[number]["id"];

/** What the map shows, as the address says. */
export interface MapView {
  /** Null for what fits. */
  centre: Position | null;
  zoom: number;
  /** Hidden layers, as the address has them. */
  hide: string;
  /** Name of the chosen plan, "none", or null for the first. */
  plan: string | null;
  /** Key of the device that is followed, "" for none. */
  device: string;
}

const DEFAULT_ZOOM = 17;

/** Reads the address; what makes no sense there counts as absent. */
export function readView(url: URLSearchParams): MapView {
  const [latitude, longitude, zoom] = (url.get("at") ?? "").split(",").map(Number);
  const isPlace =
    latitude !== undefined && longitude !== undefined && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && Boolean(url.get("at"));
  return {
    centre: isPlace ? [latitude, longitude] : null,
    zoom: zoom !== undefined && zoom >= 0 && zoom <= 24 ? zoom : DEFAULT_ZOOM,
    hide: url.get("hide") ?? "",
    plan: url.get("plan"),
    device: url.get("device") ?? "",
  };
}

/** The layers that a list of their names hides. */
export function hiddenLayers(hide: string): Set<LayerId> {
  const names = hide.split(",");
  return new Set(LAYERS.map(({ id }) => id).filter((id) => names.includes(id)));
}

/** The address's parameter of a place. */
export function atParameter([latitude, longitude]: Position, zoom: number): UrlChanges {
  return { at: `${latitude.toFixed(6)},${longitude.toFixed(6)},${zoom}` };
}

/** The address's parameter of hidden layers when one is shown or hidden. */
export function toggled(hidden: Set<LayerId>, layer: LayerId): UrlChanges {
  const after = new Set(hidden);
  if (!after.delete(layer)) {
    after.add(layer);
  }
  return {
    hide: LAYERS.map(({ id }) => id)
      .filter((id) => after.has(id))
      .join(","),
  };
}
