import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { get, post } from "../../api/client";
import { fetchWindow } from "../../api/windows";
import { useMonitor } from "../../live/monitor";
import { DRONE_FIELDS, type Drone, IS_DRONE, placesOf, trackOf } from "./drones";
import {
  DEVICE_FIELDS,
  FIX,
  FOLLOWED_FIELDS,
  type FollowedDevice,
  type LocatedDevice,
  type Place,
  type Position,
  pastOf,
  placeOf,
  position,
  SEEN,
} from "./places";
import { type NamedSource, type Receiver, SOURCE_FIELDS, sensorPlaces } from "./receivers";

/** Devices that are drawn at most: those that were seen last. */
export const MOST_DEVICES = 2_000;
// The server's longest window.
const WINDOW = 500;
const MOST_DRONES = 100;
// Four requests a minute are an idle page's bound: two for devices, one for drones, one for receivers.
const DEVICES_MS = 40_000;
const DRONES_MS = 60_000;
const RECEIVERS_MS = 90_000;
// A track in the browser's memory: an hour of a device that moves every second.
const MOST_POINTS = 3_600;
const FOLLOW_S = 1;

/** What the server says about maps. */
export interface MapSettings {
  tiles: string;
  tilesAttribution: string;
  plans: { name: string; url: string; south: number; west: number; north: number; east: number }[];
}

/** The settings: they hold as long as the server runs. */
export function useMapSettings() {
  return useQuery({
    queryKey: ["ui-settings"],
    queryFn: ({ signal }) => get<MapSettings>("/ui/settings.json", signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Outlines and zones of the places, each with what it is called. */
export interface Shape {
  name: string;
  kind: string;
  corners: Position[];
}

interface Feature {
  geometry: { type: string; coordinates: unknown } | null;
  properties: { kind: string; name?: string; building?: string; floor?: number };
}

/** Buildings and zones where they are on Earth. */
export function useShapes(): Shape[] {
  const places = useQuery({
    queryKey: ["places-on-earth"],
    queryFn: ({ signal }) => get<{ features: Feature[] }>("/places/all.geojson", signal),
  });
  return useMemo(
    () =>
      (places.data?.features ?? []).flatMap(({ geometry, properties }) =>
        geometry?.type === "Polygon" && (properties.kind === "building" || properties.kind === "zone")
          ? [
              {
                name: properties.name ?? "",
                kind: properties.kind,
                corners: (geometry.coordinates as [number, number][][])[0]?.map(([lon, lat]): Position => [lat, lon]) ?? [],
              },
            ]
          : [],
      ),
    [places.data],
  );
}

interface Devices {
  all: Map<string, LocatedDevice>;
  total: number;
}

/** Devices with positions: the newest at once, then those that were seen since. */
export function useDevices() {
  const kept = useRef<Devices | null>(null);
  return useQuery({
    queryKey: ["located-devices"],
    queryFn: async ({ signal }): Promise<Devices> => {
      const before = kept.current;
      const first = await ask(0, signal);
      const all = new Map(first.rows.map((one) => [one.key, one]));
      if (before) {
        for (const [key, one] of before.all) {
          if (all.size < MOST_DEVICES && !all.has(key)) {
            all.set(key, one);
          }
        }
      } else {
        for (let start = WINDOW; start < Math.min(first.total, MOST_DEVICES); start += WINDOW) {
          for (const one of (await ask(start, signal)).rows) {
            all.set(one.key, one);
          }
        }
      }
      kept.current = { all, total: first.total };
      return kept.current;
    },
    refetchInterval: DEVICES_MS,
  });
}

/** Drones and their operators. */
export function useDrones() {
  return useQuery({
    queryKey: ["drones"],
    queryFn: ({ signal }) =>
      fetchWindow<Drone>(
        "/devices/views/all/devices.json",
        {
          fields: DRONE_FIELDS,
          sort: SEEN,
          descending: true,
          start: 0,
          length: MOST_DRONES,
          command: { where: [[IS_DRONE, "has", true]] },
        },
        signal,
      ),
    refetchInterval: DRONES_MS,
  });
}

/** Receivers of positions, and the sensors that they stand for. */
export function useReceivers() {
  const receivers = useQuery({
    queryKey: ["receivers"],
    queryFn: ({ signal }) => get<Receiver[]>("/gps/all_gps.json", signal),
    refetchInterval: RECEIVERS_MS,
  });
  const sources = useQuery({
    queryKey: ["source-names"],
    queryFn: ({ signal }) => post<NamedSource[]>("/datasource/all_sources.json", { fields: SOURCE_FIELDS }, {}, signal),
  });
  return useMemo(() => sensorPlaces(receivers.data ?? [], sources.data ?? []), [receivers.data, sources.data]);
}

/** Follows a device live: where it was, and where it is. */
export function useFollowed(key: string): { track: Position[]; place: Place | null } {
  const [followed, setFollowed] = useState<{ key: string; track: Position[]; place: Place | null }>({ key: "", track: [], place: null });
  useMonitor<FollowedDevice>("/devices/monitor.ws", key ? [key] : [], FOLLOW_S, FOLLOWED_FIELDS, (device) => {
    const at = position(device.newest);
    setFollowed((before) => {
      // What it was before it was chosen the server knows; what comes now has every step.
      const track = before.key === key ? before.track : pastOf(device);
      const last = track.at(-1);
      const moved = at && (last?.[0] !== at[0] || last[1] !== at[1]);
      return { key, track: moved ? [...track, at].slice(-MOST_POINTS) : track, place: placeOf(device) };
    });
  });
  return followed.key === key ? followed : { track: [], place: null };
}

/** Everything of drones that is drawn. */
export function drawnDrones(drones: Drone[]): { places: Place[]; tracks: Position[][] } {
  return { places: drones.flatMap(placesOf), tracks: drones.map(trackOf).filter((track) => track.length > 1) };
}

function ask(start: number, signal: AbortSignal) {
  return fetchWindow<LocatedDevice>(
    "/devices/views/all/devices.json",
    { fields: DEVICE_FIELDS, sort: SEEN, descending: true, start, length: WINDOW, command: { where: [[FIX, ">=", 2]] } },
    signal,
  );
}
