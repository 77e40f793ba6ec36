import { useCallback, useEffect, useRef, useState } from "react";
import { MAX_MONITORS, useMonitor } from "../../live/monitor";
import { type DeviceRow, idOf } from "./row";

// While somebody scrolls, nothing is watched.
const SETTLED_MS = 700;
const FRESH_MS = 1_600;
const TURN_SECONDS = 2;

interface Live {
  rows: ReadonlyMap<string, DeviceRow>;
  /** Ids of rows that have just changed. */
  fresh: ReadonlySet<string>;
}

const NOTHING: Live = { rows: new Map(), fresh: new Set() };

/** Keeps the rows in sight up to date by monitors, and tells which have just changed. */
export function useLiveRows(visible: DeviceRow[], fields: [path: string, name: string][]): Live {
  const [live, setLive] = useState(NOTHING);
  const [watched, setWatched] = useState<string[]>([]);
  const known = useRef(new Map<string, number>());
  known.current = new Map(visible.map((row) => [idOf(row), row.mod]));
  const waiting = useRef(new Map<string, DeviceRow>());
  const ids = visible.map(idOf).join();

  useEffect(() => {
    const timer = setTimeout(() => {
      setWatched(ids ? ids.split(",") : []);
      setLive(NOTHING);
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [ids]);

  const fade = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(fade.current), []);
  const take = useCallback((row: DeviceRow) => {
    if (waiting.current.size === 0) {
      // What a turn tells comes as one change of the page.
      setTimeout(() => {
        const news = [...waiting.current.values()];
        waiting.current.clear();
        setLive((now) => {
          const rows = new Map(now.rows);
          const fresh = new Set<string>();
          for (const one of news) {
            const id = idOf(one);
            const before = rows.get(id)?.mod ?? known.current.get(id);
            rows.set(id, one);
            if (before !== undefined && one.mod > before) {
              fresh.add(id);
            }
          }
          return { rows, fresh };
        });
        clearTimeout(fade.current);
        fade.current = setTimeout(() => setLive((now) => ({ ...now, fresh: NOTHING.fresh })), FRESH_MS);
      }, 120);
    }
    waiting.current.set(idOf(row), row);
  }, []);

  // Two connections keep a screen of rows.
  useMonitor("/devices/monitor.ws", watched.slice(0, MAX_MONITORS), TURN_SECONDS, fields, take);
  useMonitor("/devices/monitor.ws", watched.slice(MAX_MONITORS, 2 * MAX_MONITORS), TURN_SECONDS, fields, take);
  return live;
}
