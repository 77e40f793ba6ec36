import { useSyncExternalStore } from "react";

const dark = matchMedia("(prefers-color-scheme: dark)");
let version = 0;

/** Value of a colour variable of the theme, for canvases. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** A number that changes with the theme: what is drawn with its colours is drawn anew. */
export function useThemeVersion(): number {
  return useSyncExternalStore(subscribe, () => version);
}

function subscribe(watcher: () => void): () => void {
  const changed = () => {
    version++;
    watcher();
  };
  const attribute = new MutationObserver(changed);
  attribute.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  dark.addEventListener("change", changed);
  return () => {
    attribute.disconnect();
    dark.removeEventListener("change", changed);
  };
}
