import { useSyncExternalStore } from "react";

/** How much room a page has. */
export type Room = "narrow" | "middle" | "wide";

// The first is where style.css puts the navigation below.
const narrow = matchMedia("(max-width: 46rem)");
const wide = matchMedia("(min-width: 92rem)");

/** How much room the page has. */
export function useRoom(): Room {
  return useSyncExternalStore(subscribe, () => (narrow.matches ? "narrow" : wide.matches ? "wide" : "middle"));
}

function subscribe(watcher: () => void): () => void {
  narrow.addEventListener("change", watcher);
  wide.addEventListener("change", watcher);
  return () => {
    narrow.removeEventListener("change", watcher);
    wide.removeEventListener("change", watcher);
  };
}
