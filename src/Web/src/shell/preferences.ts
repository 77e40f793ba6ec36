import { useSyncExternalStore } from "react";

/** What a user chooses for this browser. */
export interface Preferences {
  theme: "system" | "dark" | "light";
  units: "metric" | "imperial";
}

const KEY = "kismetorleans.preferences";
const DEFAULTS: Preferences = { theme: "system", units: "metric" };
const watchers = new Set<() => void>();
const dark = matchMedia("(prefers-color-scheme: dark)");
let now = load();
dark.addEventListener("change", applyTheme);

/** The preferences, and a way to change them. */
export function usePreferences(): [Preferences, (change: Partial<Preferences>) => void] {
  return [useSyncExternalStore(subscribe, () => now), change];
}

/** The units of lengths and speeds. */
export function units(): Preferences["units"] {
  return now.units;
}

/** Puts the theme on the page: the chosen one, or what the system has now. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = now.theme === "system" ? (dark.matches ? "dark" : "light") : now.theme;
}

function subscribe(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

function change(part: Partial<Preferences>): void {
  now = { ...now, ...part };
  try {
    localStorage.setItem(KEY, JSON.stringify(now));
  } catch {
    // A browser that keeps nothing: they hold until the page is left.
  }
  applyTheme();
  for (const watcher of watchers) {
    watcher();
  }
}

function load(): Preferences {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Preferences>;
    return {
      theme: kept.theme === "dark" || kept.theme === "light" ? kept.theme : DEFAULTS.theme,
      units: kept.units === "imperial" ? "imperial" : DEFAULTS.units,
    };
  } catch {
    return DEFAULTS;
  }
}
