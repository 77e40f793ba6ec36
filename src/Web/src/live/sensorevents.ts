import { useCallback, useEffect, useRef } from "react";
import { useEvent } from "./events";

// When a switch fails, two hundred sensors say so at once: one call is enough for all.
const GATHER_MS = 200;

/** Calls shortly after sensors came, went or changed their state. */
export function useSensorEvents(changed: () => void): void {
  const newest = useRef(changed);
  useEffect(() => {
    newest.current = changed;
  });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const soon = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => newest.current(), GATHER_MS);
  }, []);
  useEvent("NEW_DATASOURCE", soon);
  useEvent("DATASOURCE_OPENED", soon);
  useEvent("DATASOURCE_CLOSED", soon);
  useEvent("DATASOURCE_ERROR", soon);
  useEvent("DATASOURCE_PAUSED", soon);
  useEvent("DATASOURCE_RESUMED", soon);
}
