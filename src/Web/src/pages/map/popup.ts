import { distance as ago } from "../../parts/time";
import { degrees, type Place } from "./places";

// A heap of devices at one place: the rest stands in the list.
const MOST = 12;

/** What a popup says of places, as elements whose texts are texts: names come from the air. */
export function popup(places: Place[], open: (path: string) => void): HTMLElement {
  const box = document.createElement("div");
  box.className = "map-popup";
  for (const place of places.slice(0, MOST)) {
    box.append(entry(place, open));
  }
  if (places.length > MOST) {
    box.append(text("p", `and ${places.length - MOST} more: zoom in, or see the list.`));
  }
  return box;
}

function entry(place: Place, open: (path: string) => void): HTMLElement {
  const part = document.createElement("section");
  const path = place.kind === "sensor" ? "/ui/sensors" : place.key ? `/ui/device/${encodeURIComponent(place.key)}` : "";
  const name = text(path ? "a" : "strong", place.name);
  if (name instanceof HTMLAnchorElement) {
    name.href = path;
    name.addEventListener("click", (event) => {
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
        open(path);
      }
    });
  }
  part.append(name);
  const seen = place.seen ? ago(place.seen - Date.now() / 1000) : "";
  const reach = place.accuracy >= 1 ? `± ${Math.round(place.accuracy)} m` : "";
  for (const line of [place.detail, [degrees(place.at), reach, seen].filter(Boolean).join(" · ")]) {
    if (line) {
      part.append(text("small", line));
    }
  }
  return part;
}

function text(name: "a" | "p" | "small" | "strong", words: string): HTMLElement {
  const element = document.createElement(name);
  element.textContent = words;
  return element;
}
