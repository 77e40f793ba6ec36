import { useSyncExternalStore } from "react";

const watchers = new Set<() => void>();
// A list has a hundred small charts: each colour is looked up once a theme.
const known = new Map<string, string>();
let version = 0;

/** Value of a colour variable of the theme, for canvases. */
export function colour(name: string): string {
  let value = known.get(name);
  if (value === undefined) {
    value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    known.set(name, value);
  }
  return value;
}

/** A number that changes with the theme: what is drawn with its colours is drawn anew. */
export function useThemeVersion(): number {
  return useSyncExternalStore(subscribe, () => version);
}

function subscribe(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

function changed(): void {
  version++;
  known.clear();
  for (const watcher of watchers) {
    watcher();
  }
}

new MutationObserver(changed).observe(document.documentElement, { attributeFilter: ["data-theme"] });
