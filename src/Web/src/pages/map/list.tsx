import { useState } from "react";
import { Link } from "wouter";
import { length } from "../../parts/numbers";
import { Time } from "../../parts/time";
import { degrees, type Place } from "./places";

const MOST = 100;
const KINDS: Record<Place["kind"], string> = { sensor: "Sensor", drone: "Drone", operator: "Operator", device: "Device" };

/** What is in sight on the map, in words: for who does not see the map, and to find something on it. */
export function PlaceList({
  places,
  followed,
  show,
  follow,
}: {
  places: Place[];
  followed: string;
  show: (place: Place) => void;
  follow: (key: string) => void;
}) {
  const [search, setSearch] = useState("");
  const words = search.toLowerCase();
  const found = places.filter((one) => !words || `${one.name}\n${one.detail}`.toLowerCase().includes(words));
  return (
    <section className="map-list panel" aria-label="What is in sight">
      <input
        type="search"
        aria-label="Search what is in sight"
        placeholder={`Search ${places.length} in sight`}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      {found.length === 0 && <p className="dim">{places.length === 0 ? "Nothing is in sight here." : "Nothing in sight is like that."}</p>}
      <ul>
        {found.slice(0, MOST).map((one) => (
          <li key={one.id} className={one.kind}>
            <button type="button" className="plain" onClick={() => show(one)} title={`Show ${one.name} on the map`}>
              {one.name}
            </button>
            <small>
              {[KINDS[one.kind], one.detail].filter(Boolean).join(", ")}
              <br />
              {degrees(one.at)}
              {one.accuracy >= 1 && ` ± ${length(one.accuracy)}`}
              {one.seen > 0 && (
                <>
                  {" · "}
                  <Time at={one.seen} form="ago" />
                </>
              )}
            </small>
            {one.kind === "device" && (
              <span className="row">
                <button
                  type="button"
                  className="plain"
                  aria-pressed={followed === one.key}
                  aria-label={`Follow ${one.name}`}
                  onClick={() => follow(followed === one.key ? "" : one.key)}
                >
                  {followed === one.key ? "Following" : "Follow"}
                </button>
                <Link href={`/ui/device/${encodeURIComponent(one.key)}`} aria-label={`Open ${one.name}`}>
                  Open
                </Link>
              </span>
            )}
          </li>
        ))}
      </ul>
      {found.length > MOST && <p className="dim">and {found.length - MOST} more: zoom in, or search.</p>}
    </section>
  );
}
