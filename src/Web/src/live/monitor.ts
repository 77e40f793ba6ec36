import { useEffect, useRef } from "react";
import type { Field } from "../api/client";
import { Reconnecting } from "./reconnecting";

/** How many devices one connection watches: the server's bound (Events:MaxMonitors). */
export const MAX_MONITORS = 16;

/**
 * Is told of devices that change: up to sixteen by key or address, or with "*" of all of a view, each as a record with the fields that were asked for.
 * @param path `/devices/monitor.ws`, or that of a view.
 * @param devices Keys, addresses or "*"; none for no connection.
 * @param seconds Least time between two looks.
 * @param fields Fields of the records.
 * @param take Is called with each record.
 */
export function useMonitor<T>(path: string, devices: string[], seconds: number, fields: Field[], take: (device: T) => void): void {
  const newest = useRef(take);
  useEffect(() => {
    newest.current = take;
  });
  const wanted = JSON.stringify(
    devices.slice(0, MAX_MONITORS).map((monitor, request) => ({ monitor, request: request + 1, rate: seconds, fields })),
  );
  useEffect(() => {
    const greetings = (JSON.parse(wanted) as object[]).map((one) => JSON.stringify(one));
    if (greetings.length === 0) {
      return;
    }
    let over = false;
    const socket = new Reconnecting(
      path,
      () => greetings,
      (text) => {
        if (!over) {
          newest.current(JSON.parse(text) as T);
        }
      },
    );
    socket.want(true);
    return () => {
      over = true;
      socket.end();
    };
  }, [path, wanted]);
}
