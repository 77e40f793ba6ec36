import { useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { Labelled } from "../../parts/form";
import { merged, type UrlChanges } from "../../parts/urlstate";
import { absolute, FILTERS, fromInput, isFiltered, ROLES, toInput } from "./filter";

const TIMES = ["from", "to"] as const;

/** Which packets: by time, device, address, sensor, signal, frequency, kind and place. It is asked for as a whole, since packets may have to be read for it. */
export function FilterForm({
  url,
  now,
  sensors,
  change,
}: {
  url: URLSearchParams;
  now: number;
  sensors: Map<string, string> | undefined;
  change: (changes: UrlChanges, isStep?: boolean) => void;
}) {
  const text = (name: string) => url.get(name) ?? "";
  const device = text("device");
  // What was typed here stays as it is, and keeps the keyboard; what changes elsewhere, as by a brush, is taken over.
  const shown = url.toString();
  const typed = useRef(shown);
  const [version, setVersion] = useState(0);
  useEffect(() => {
    if (shown !== typed.current) {
      typed.current = shown;
      setVersion((before) => before + 1);
    }
  }, [shown]);
  // On a phone the packets come first, and the form when it is wanted.
  const [isOpen, setOpen] = useState(() => matchMedia("(min-width: 46rem)").matches);
  const hasPlace = ["south", "north", "west", "east"].some((name) => text(name));
  return (
    <details className="panel history-filters" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Which packets</summary>
      <form
        key={version}
        className="history-filter"
        aria-label="Which packets"
        onSubmit={(event) => {
          event.preventDefault();
          const data = new FormData(event.currentTarget);
          const changes: UrlChanges = {};
          for (const name of FILTERS) {
            const value = data.get(name);
            if (typeof value === "string") {
              changes[name] = value.trim();
            }
          }
          for (const name of TIMES) {
            // A time that was not touched stays what it was: relative, or to the millisecond.
            const text = String(data.get(name) ?? "");
            changes[name] = text === toInput(absolute(url.get(name), now)) ? url.get(name) : fromInput(text);
          }
          if (!changes.address) {
            changes.role = null;
          }
          typed.current = merged(url, changes).toString();
          change(changes, true);
        }}
      >
        <Labelled label="From">
          <input name="from" type="datetime-local" step="1" defaultValue={toInput(absolute(url.get("from"), now))} />
        </Labelled>
        <Labelled label="To">
          <input name="to" type="datetime-local" step="1" defaultValue={toInput(absolute(url.get("to"), now))} />
        </Labelled>
        <Labelled label="Sensor">
          <select name="datasource" defaultValue={text("datasource").toUpperCase()} key={sensors?.size ?? 0}>
            <option value="">any</option>
            {[...(sensors ?? [])].map(([uuid, name]) => (
              <option key={uuid} value={uuid}>
                {name || uuid}
              </option>
            ))}
          </select>
        </Labelled>
        <Labelled label="Address">
          <input
            name="address"
            defaultValue={text("address")}
            placeholder="00:11:22:33:44:55 or 00:11:22:%"
            className="mono"
            autoComplete="off"
          />
        </Labelled>
        <Labelled label="which">
          <select name="role" defaultValue={text("role") || "source"}>
            {ROLES.map(([role, name]) => (
              <option key={role} value={role}>
                {name}
              </option>
            ))}
          </select>
        </Labelled>
        <Labelled label="Signal from, dBm">
          <input name="signal_min" type="number" min="-200" max="100" step="1" defaultValue={text("signal_min")} />
        </Labelled>
        <Labelled label="Signal to, dBm">
          <input name="signal_max" type="number" min="-200" max="100" step="1" defaultValue={text("signal_max")} />
        </Labelled>
        <Labelled label="Frequency, MHz">
          <input name="frequency" type="number" min="1" step="any" defaultValue={text("frequency")} />
        </Labelled>
        <Labelled label="Kind has">
          <input name="tag" defaultValue={text("tag")} placeholder="as DEAUTH" maxLength={64} autoComplete="off" />
        </Labelled>
        <details open={hasPlace} className="place">
          <summary>Place</summary>
          <div className="row">
            {(["south", "north", "west", "east"] as const).map((name) => (
              <Labelled key={name} label={`${name[0]?.toUpperCase()}${name.slice(1)}, degrees`}>
                <input name={name} type="number" step="any" min="-180" max="180" defaultValue={text(name)} />
              </Labelled>
            ))}
          </div>
        </details>
        <div className="row buttons">
          <button type="submit" className="primary">
            Show
          </button>
          {isFiltered(url) && (
            <button type="button" onClick={() => change(Object.fromEntries(FILTERS.map((name) => [name, null])), true)}>
              Clear
            </button>
          )}
          {device && (
            <span className="row tag">
              Only <Link href={`/ui/device/${encodeURIComponent(device)}`}>{device}</Link>
              <button type="button" className="plain" aria-label="All devices" onClick={() => change({ device: null }, true)}>
                ✕
              </button>
            </span>
          )}
        </div>
      </form>
    </details>
  );
}
