import L from "leaflet";
import { colour } from "../../parts/colours";
import { type Cluster, gather, type Place, type Position } from "./places";
import type { Shape } from "./useplaces";

/** What is on the map. */
export interface Scene {
  devices: Place[];
  others: Place[];
  tracks: Position[][];
  shapes: Shape[];
  accuracy: boolean;
  followed: Place | null;
  trail: Position[];
}

// Pixels within which devices are one mark.
const CELL = 26;
// Pixels within which a sensor's mark would hide the number of devices: it then stands below the sensor's name.
const COVERED = 16;
// Names of rooms cover each other farther away.
const NAMED_ZOOM = 18;
// Below this many metres a circle says nothing.
const LEAST_ACCURACY = 1;
const MARKS: Record<Place["kind"], { colour: string; radius: number }> = {
  device: { colour: "--chart-1", radius: 5 },
  sensor: { colour: "--chart-0", radius: 9 },
  drone: { colour: "--chart-2", radius: 8 },
  operator: { colour: "--chart-3", radius: 7 },
};

/** Draws a scene into a layer, in place of what was there. */
export function draw(map: L.Map, into: L.LayerGroup, scene: Scene, choose: (places: Place[], at: L.LatLngExpression) => void): void {
  into.clearLayers();
  const seen = map.getBounds().pad(0.2);
  const zoom = map.getZoom();
  const near = scene.devices.filter(({ at }) => seen.contains(at));
  for (const { kind, name, corners } of scene.shapes) {
    const isZone = kind === "zone";
    into.addLayer(
      L.polygon(corners, { color: colour("--chart-1"), weight: isZone ? 1.5 : 2.5, fill: isZone, fillOpacity: 0.12, interactive: false }),
    );
    const middle = L.latLngBounds(corners).getCenter();
    if (isZone && zoom >= NAMED_ZOOM && seen.contains(middle)) {
      into.addLayer(written(middle, name, "map-label map-zone", [160, 18], [80, 9]));
    }
  }
  for (const track of scene.tracks) {
    into.addLayer(L.polyline(track, { color: colour("--chart-2"), weight: 2, opacity: 0.8, interactive: false }));
  }
  for (const cluster of gather(near, (at) => map.project(at, zoom), CELL)) {
    const spot = map.project(cluster.at, zoom);
    const isCovered = scene.others.some(({ at }) => map.project(at, zoom).distanceTo(spot) < COVERED);
    drawCluster(into, cluster, scene.accuracy, isCovered, choose);
  }
  for (const place of scene.others) {
    into.addLayer(mark(place.at, MARKS[place.kind].radius, MARKS[place.kind].colour).on("click", () => choose([place], place.at)));
    into.addLayer(label(place.at, place.name));
  }
  if (scene.followed) {
    const { at, accuracy, name } = scene.followed;
    into.addLayer(L.polyline(scene.trail, { color: colour("--chart-5"), weight: 3, interactive: false }));
    into.addLayer(mark(scene.trail.at(-1) ?? at, 8, "--chart-5").on("click", () => scene.followed && choose([scene.followed], at)));
    into.addLayer(label(scene.trail.at(-1) ?? at, name));
    into.addLayer(
      L.circle(at, { radius: Math.max(accuracy, LEAST_ACCURACY), color: colour("--chart-5"), weight: 1, fill: false, interactive: false }),
    );
  }
}

function drawCluster(
  into: L.LayerGroup,
  { places, at }: Cluster,
  accuracy: boolean,
  isCovered: boolean,
  choose: (places: Place[], at: L.LatLngExpression) => void,
) {
  const [first] = places;
  const own = MARKS.device;
  if (accuracy && places.length === 1 && first && first.accuracy > LEAST_ACCURACY) {
    into.addLayer(
      L.circle(at, { radius: first.accuracy, color: colour(own.colour), weight: 1, opacity: 0.35, fillOpacity: 0.03, interactive: false }),
    );
  }
  const radius = places.length === 1 ? own.radius : 8 + 2 * Math.log2(places.length);
  into.addLayer(mark(at, radius, own.colour).on("click", () => choose(places, at)));
  if (places.length > 1) {
    into.addLayer(isCovered ? below(at, `${places.length} devices`) : number(at, places.length));
  }
}

function mark(at: L.LatLngExpression, radius: number, name: string): L.CircleMarker {
  return L.circleMarker(at, { radius, color: colour("--panel"), weight: 1.5, fillColor: colour(name), fillOpacity: 0.9 });
}

// Texts stand in elements of their own: Leaflet would take a string for HTML.
function label(at: L.LatLngExpression, words: string): L.Marker {
  return written(at, words, "map-label", [160, 18], [-10, 9]);
}

function below(at: L.LatLngExpression, words: string): L.Marker {
  return written(at, words, "map-label", [160, 18], [-10, -10]);
}

function number(at: L.LatLngExpression, count: number): L.Marker {
  return written(at, String(count), "map-number", [40, 16], [20, 8]);
}

function written(at: L.LatLngExpression, words: string, className: string, size: L.PointTuple, anchor: L.PointTuple): L.Marker {
  const element = document.createElement("span");
  element.textContent = words;
  return L.marker(at, {
    icon: L.divIcon({ html: element, className, iconSize: size, iconAnchor: anchor }),
    interactive: false,
    keyboard: false,
  });
}
