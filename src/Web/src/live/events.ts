import { useEffect, useRef, useSyncExternalStore } from "react";
import type { Field } from "../api/client";
import { Reconnecting } from "./reconnecting";

/** Topics of the server's event bus that the pages use. */
export type Topic =
  | "TIMESTAMP"
  | "STATISTICS"
  | "PACKETCHAIN_STATS"
  | "MESSAGE"
  | "ALERT"
  | "NEW_DATASOURCE"
  | "DATASOURCE_OPENED"
  | "DATASOURCE_CLOSED"
  | "DATASOURCE_ERROR"
  | "DATASOURCE_PAUSED"
  | "DATASOURCE_RESUMED";

type Listener = (content: unknown) => void;

// Of what comes every second, what the pages show; of the rest, everything.
const FIELDS: Partial<Record<Topic, Field[]>> = {
  STATISTICS: ["kismet.system.devices.count"],
  PACKETCHAIN_STATS: [["kismet.packetchain.packets_rrd/kismet.common.rrd.last_value_n1", "packets"]],
  NEW_DATASOURCE: ["kismet.datasource.uuid"],
};

function subscription(topic: Topic): string {
  const fields = FIELDS[topic];
  return JSON.stringify({ SUBSCRIBE: topic, ...(fields ? { fields } : {}) });
}

/** One connection to the event bus for all that listen: a topic is subscribed to while anybody wants it. */
class Events {
  private readonly listeners = new Map<Topic, Set<Listener>>();
  private readonly socket = new Reconnecting(
    "/eventbus/events.ws",
    () => [...this.listeners.keys()].map(subscription),
    (text) => this.take(text),
  );

  readonly subscribeToState = this.socket.subscribeToState;
  readonly isConnected = () => this.socket.isConnected;

  listen(topic: Topic, listener: Listener): () => void {
    let all = this.listeners.get(topic);
    if (!all) {
      all = new Set();
      this.listeners.set(topic, all);
      this.socket.send(subscription(topic));
    }
    all.add(listener);
    this.socket.want(true);
    return () => {
      all.delete(listener);
      if (all.size === 0 && this.listeners.get(topic) === all) {
        this.listeners.delete(topic);
        this.socket.send(JSON.stringify({ UNSUBSCRIBE: topic }));
        this.socket.want(this.listeners.size > 0);
      }
    };
  }

  private take(text: string): void {
    const message = JSON.parse(text) as Record<string, unknown>;
    for (const [topic, content] of Object.entries(message)) {
      for (const listener of this.listeners.get(topic as Topic) ?? []) {
        listener(content);
      }
    }
  }
}

const events = new Events();

/** Calls with each event of a topic for as long as the component is there. */
export function useEvent<T>(topic: Topic, listener: (content: T) => void): void {
  const newest = useRef(listener);
  useEffect(() => {
    newest.current = listener;
  });
  useEffect(() => events.listen(topic, (content) => newest.current(content as T)), [topic]);
}

/** Whether live events come. */
export function useIsLive(): boolean {
  return useSyncExternalStore(events.subscribeToState, events.isConnected);
}
