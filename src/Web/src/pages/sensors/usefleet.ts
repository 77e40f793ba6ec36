import { type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { post } from "../../api/client";
import { useSensorEvents } from "../../live/sensorevents";
import { useNotices } from "../../shell/notices";
import { cameBack, type Row, wentDown, withStates } from "./choice";
import { SENSOR_FIELDS, type Sensor } from "./sensor";

const KEY = ["sensors"];
// Rates change without any event. Two requests a minute are within what an idle page may ask.
const REFETCH_MS = 30_000;
// More than these are told as a number.
const NAMED = 3;

const ask = ({ signal }: { signal: AbortSignal }) => post<Sensor[]>("/datasource/all_sources.json", { fields: SENSOR_FIELDS }, {}, signal);

/** The sensors with their states, asked for anew when an event says that something changed. */
export function useSensorStates(): { query: UseQueryResult<Sensor[]>; rows: Row[]; refresh: () => Promise<void> } {
  return useSensors(false);
}

/** The fleet: asked for anew when an event says that something changed, and every half minute. Tells when a sensor goes down or comes back. */
export function useFleet(): { query: UseQueryResult<Sensor[]>; rows: Row[]; refresh: () => Promise<void> } {
  const fleet = useSensors(REFETCH_MS);
  useChanges(fleet.query.data ? fleet.rows : null);
  return fleet;
}

function useSensors(refetchInterval: number | false): { query: UseQueryResult<Sensor[]>; rows: Row[]; refresh: () => Promise<void> } {
  const queries = useQueryClient();
  const query = useQuery({ queryKey: KEY, queryFn: ask, refetchInterval });
  const rows = useMemo(() => withStates(query.data ?? []), [query.data]);
  const refresh = useCallback(() => queries.invalidateQueries({ queryKey: KEY }), [queries]);
  useSensorEvents(() => void refresh());
  return { query, rows, refresh };
}

function useChanges(rows: Row[] | null): void {
  const { tell } = useNotices();
  const before = useRef<Row[] | null>(null);
  useEffect(() => {
    if (!rows) {
      return;
    }
    if (before.current) {
      const down = wentDown(before.current, rows);
      for (const { sensor, state } of down.slice(0, NAMED)) {
        tell("alert", `${sensor.name}: ${state.name.toLowerCase()}. ${state.why}`, `/ui/sensors?sensor=${sensor.uuid}`);
      }
      if (down.length > NAMED) {
        tell("alert", `${down.length} sensors went down.`, "/ui/sensors?state=problems");
      }
      const back = cameBack(before.current, rows);
      if (back.length > 0) {
        tell(
          "good",
          back.length > NAMED ? `${back.length} sensors are back.` : `${back.map(({ sensor }) => sensor.name).join(", ")}: back again.`,
        );
      }
    }
    before.current = rows;
  }, [rows, tell]);
}
