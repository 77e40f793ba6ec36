/** What of a device raises an alert, by the server's names. */
export type WatchFor = "both" | "found" | "lost";

/** In words. */
export const WATCH_FOR: [WatchFor, string][] = [
  ["both", "is seen or gone"],
  ["found", "is seen"],
  ["lost", "is gone"],
];

/** Devices that may be watched: the server's bound. */
export const MOST_WATCHED = 1000;

/** A device on the watch-list. */
export interface Watched {
  mac: string;
  what: WatchFor;
}

/** The watch-list of those whose coming and those whose going is told, by address. */
export function watchList(found: string[], lost: string[]): Watched[] {
  const gone = new Set(lost);
  const seen = new Set(found);
  return [...new Set([...found, ...lost])]
    .sort()
    .map((mac) => ({ mac, what: seen.has(mac) ? (gone.has(mac) ? "both" : "found") : "lost" }));
}

/** What is watched no longer when a device is on the list for this alone. */
export function notFor(what: WatchFor): WatchFor | null {
  return { both: null, found: "lost" as const, lost: "found" as const }[what];
}
