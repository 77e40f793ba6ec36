import L from "leaflet";
import "leaflet/dist/leaflet.css";
import { useEffect, useRef } from "react";
import { useLocation } from "wouter";
import { useThemeVersion } from "../../parts/colours";
import { usePreferences } from "../../shell/preferences";
import { draw, type Scene } from "./draw";
import { PlainGrid } from "./grid";
import type { Place, Position } from "./places";
import { popup } from "./popup";
import type { MapSettings } from "./useplaces";

const MAX_ZOOM = 24;
// Tile servers seldom have more; what is beyond is enlarged.
const MAX_TILE_ZOOM = 19;
const FIT_ZOOM = 19;

/** What a place in the list asks of the map. */
export interface Wish {
  place: Place;
  /** Grows with each wish, so that the same place can be wished for again. */
  number: number;
}

/** The map itself: Leaflet on a canvas. It moves by mouse, touch, arrow keys, + and −. */
export function MapCanvas({
  centre,
  zoom,
  scene,
  tiles,
  plan,
  fit,
  wish,
  onMove,
}: {
  centre: Position | null;
  zoom: number;
  scene: Scene;
  /** Address of tiles; "" for the plain grid. */
  tiles: string;
  plan: MapSettings["plans"][number] | null;
  /** What is to be in sight at first, where the address says nothing; null until that is known. */
  fit: Position[] | null;
  wish: Wish | null;
  onMove: (centre: Position, zoom: number, bounds: L.LatLngBounds) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const map = useRef<L.Map | null>(null);
  const drawn = useRef<L.LayerGroup | null>(null);
  const moved = useRef(onMove);
  const newest = useRef(scene);
  const start = useRef({ centre, zoom });
  const isPlaced = useRef(centre !== null);
  const theme = useThemeVersion();
  const [, navigate] = useLocation();
  const [{ units }] = usePreferences();
  const choose = useRef((places: Place[], at: L.LatLngExpression) => {
    map.current?.openPopup(L.popup({ maxHeight: 260 }).setLatLng(at).setContent(popup(places, navigate)));
  });
  useEffect(() => {
    moved.current = onMove;
    newest.current = scene;
  });

  useEffect(() => {
    const element = box.current;
    if (!element) {
      return;
    }
    const made = L.map(element, { preferCanvas: true, maxZoom: MAX_ZOOM, attributionControl: false, zoomSnap: 1 });
    const group = L.layerGroup().addTo(made);
    made.on("moveend", () => {
      const { lat, lng } = made.getCenter();
      // Where the map lies before anything is known to fit to is nobody's choice.
      if (isPlaced.current) {
        moved.current([lat, lng], made.getZoom(), made.getBounds());
      }
      draw(made, group, newest.current, choose.current);
    });
    map.current = made;
    drawn.current = group;
    isPlaced.current = start.current.centre !== null;
    made.setView(start.current.centre ?? [0, 0], start.current.centre ? start.current.zoom : 2, { animate: false });
    const watcher = new ResizeObserver(() => made.invalidateSize());
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.remove();
      map.current = null;
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme's colours are read from the page.
  useEffect(() => {
    if (map.current && drawn.current) {
      draw(map.current, drawn.current, scene, choose.current);
    }
  }, [scene, theme]);

  useEffect(() => {
    const scale = L.control.scale({ metric: units === "metric", imperial: units === "imperial" });
    map.current?.addControl(scale);
    return () => {
      scale.remove();
    };
  }, [units]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme's colours are read from the page.
  useEffect(() => {
    const ground = tiles ? L.tileLayer(tiles, { maxZoom: MAX_ZOOM, maxNativeZoom: MAX_TILE_ZOOM }) : new PlainGrid({ maxZoom: MAX_ZOOM });
    map.current?.addLayer(ground);
    return () => {
      ground.remove();
    };
  }, [tiles, theme]);

  useEffect(() => {
    if (!plan || !map.current) {
      return;
    }
    const bounds: L.LatLngBoundsExpression = [
      [plan.south, plan.west],
      [plan.north, plan.east],
    ];
    const picture = L.imageOverlay(plan.url, bounds, { alt: `Plan: ${plan.name}` }).addTo(map.current);
    return () => {
      picture.remove();
    };
  }, [plan]);

  useEffect(() => {
    if (map.current && !isPlaced.current && fit && fit.length > 0) {
      isPlaced.current = true;
      map.current.fitBounds(L.latLngBounds(fit), { maxZoom: FIT_ZOOM, padding: [30, 30], animate: false });
    }
  }, [fit]);

  useEffect(() => {
    if (wish && map.current) {
      map.current.setView(wish.place.at, Math.max(map.current.getZoom(), DETAIL_ZOOM));
      choose.current([wish.place], wish.place.at);
    }
  }, [wish]);

  return (
    <section
      ref={box}
      className="map"
      aria-label="Map: arrow keys move it, plus and minus zoom. What is on it stands in the list beside it."
    />
  );
}

// Near enough to tell rooms apart.
const DETAIL_ZOOM = 18;
