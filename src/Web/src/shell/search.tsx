import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { useIncidents } from "../api/queries";
import { fetchWindow } from "../api/windows";
import { printFilter } from "../pages/devices/filters";
import { type DeviceRow, pageOf as deviceAt, ROW_FIELDS, SEARCHED_FIELDS, text } from "../pages/devices/row";
import { useSensorStates } from "../pages/sensors/usefleet";
import { pageOf as ssidAt } from "../pages/ssids/group";
import { fetchSsids } from "../pages/ssids/ssidwindow";
import { Dialog } from "../parts/dialog";
import { count } from "../parts/numbers";
import { asWritten, type FoundKind, incidentsWith, kindOf, MOST, SHORTEST } from "./found";
import "./search.css";

// As long as somebody types, nothing is asked.
const QUIET_MS = 250;
const BASE = "kismet.device.base.";
const TAGS = `${BASE}tags`;
// The server's bound of a tag's name.
const LONGEST_TAG = 64;

/** One box that finds devices, SSIDs, sensors, incidents and tags, and leads to them. */
export default function Search({ close }: { close: () => void }) {
  const [typed, setTyped] = useState("");
  const wanted = useQuiet(asWritten(typed));
  const [, navigate] = useLocation();
  const results = useRef<HTMLDivElement>(null);
  const kinds = useFound(wanted);
  const many = kinds.reduce((sum, one) => sum + one.found.length, 0);
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) {
      return;
    }
    event.preventDefault();
    const links = [...(results.current?.querySelectorAll("a") ?? [])];
    const next = links.indexOf(document.activeElement as HTMLAnchorElement) + step;
    if (next < 0) {
      event.currentTarget.querySelector("input")?.focus();
    } else {
      links[next]?.focus();
    }
  };
  return (
    <Dialog title="Search" close={close}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows beside Tab, through what is in it. */}
      <div className="finder" onKeyDown={move}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const first = results.current?.querySelector("a")?.getAttribute("href");
            if (first) {
              close();
              navigate(first);
            }
          }}
        >
          <input
            type="search"
            className="search"
            aria-label="Search everything"
            placeholder="Address, name, SSID, sensor, incident, tag"
            value={typed}
            maxLength={256}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setTyped(event.target.value)}
          />
        </form>
        <p className="dim" role="status">
          {wanted.length < SHORTEST ? `From ${SHORTEST} characters on` : many === 0 ? "Nothing found" : `${count(many)} shown`}
        </p>
        <div ref={results}>
          {kinds
            .filter((one) => one.found.length > 0)
            .map((one) => (
              <Kind key={one.name} kind={one} close={close} />
            ))}
        </div>
      </div>
    </Dialog>
  );
}

function Kind({ kind, close }: { kind: FoundKind; close: () => void }) {
  return (
    <section aria-label={kind.name}>
      <h3>{kind.name}</h3>
      <ul>
        {kind.found.map((one) => (
          <li key={one.href}>
            <Link href={one.href} onClick={close}>
              <bdi>{one.title}</bdi> <small>{one.more}</small>
            </Link>
          </li>
        ))}
        {kind.all && (
          <li>
            <Link href={kind.all.href} onClick={close}>
              All {count(kind.all.count)}…
            </Link>
          </li>
        )}
      </ul>
    </section>
  );
}

/** A text once it has stayed the same for a moment. */
function useQuiet(value: string): string {
  const [quiet, setQuiet] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setQuiet(value), QUIET_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return quiet;
}

function useFound(wanted: string): FoundKind[] {
  const enabled = wanted.length >= SHORTEST;
  const devices = useQuery({
    queryKey: ["search", "devices", wanted],
    queryFn: ({ signal }) =>
      fetchWindow<DeviceRow>(
        "/devices/views/all/devices.json",
        {
          fields: [...ROW_FIELDS, ...SEARCHED_FIELDS, [`${BASE}username`, "alias"], [TAGS, "tags"]],
          sort: `${BASE}last_time`,
          descending: true,
          search: wanted,
          start: 0,
          length: MOST,
        },
        signal,
      ),
    enabled,
    placeholderData: keepPreviousData,
  });
  const ssids = useQuery({
    queryKey: ["search", "ssids", wanted],
    queryFn: ({ signal }) => fetchSsids(wanted, { column: "advertising", descending: true }, {}, 0, MOST, signal),
    enabled,
    placeholderData: keepPreviousData,
  });
  const isTag = enabled && wanted.length <= LONGEST_TAG && !wanted.includes("/");
  const tagged = useQuery({
    queryKey: ["search", "tag", wanted],
    queryFn: ({ signal }) =>
      fetchWindow<DeviceRow>(
        "/devices/views/all/devices.json",
        { fields: ROW_FIELDS, start: 0, length: 1, command: { where: [[`${TAGS}/${wanted}`, "has", true]] } },
        signal,
      ),
    enabled: isTag,
  });
  const sensors = useSensorStates().rows;
  const incidents = useIncidents("all").data ?? [];
  if (!enabled) {
    return [];
  }
  const lower = wanted.toLowerCase();
  const bearers = isTag ? (tagged.data?.total ?? 0) : 0;
  const tag = new URLSearchParams({ f: printFilter({ field: `${TAGS}/${wanted}`, op: "has", value: true }) });
  return [
    kindOf(
      "Devices",
      (devices.data?.rows ?? []).map((row) => ({
        href: deviceAt(row.mac),
        title: text(row, "name") || row.mac,
        more: [row.mac, text(row, "manuf"), text(row, "type")].filter(Boolean).join(", "),
      })),
      { href: `/ui/devices?${new URLSearchParams({ q: wanted })}`, count: devices.data?.total ?? 0 },
    ),
    kindOf(
      "SSIDs",
      (ssids.data?.rows ?? []).map((one) => ({ href: ssidAt(one), title: one.ssid, more: one.crypt })),
      { href: `/ui/ssids?${new URLSearchParams({ q: wanted })}`, count: ssids.data?.total ?? 0 },
    ),
    kindOf(
      "Sensors",
      sensors
        .filter(({ sensor }) => sensor.name.toLowerCase().includes(lower) || sensor.uuid.toLowerCase().startsWith(lower))
        .map(({ sensor, state }) => ({ href: `/ui/sensors?sensor=${sensor.uuid}`, title: sensor.name, more: state.name })),
    ),
    kindOf("Incidents", incidentsWith(incidents, wanted)),
    kindOf("Tags", bearers ? [{ href: `/ui/devices?${tag}`, title: wanted, more: `${count(bearers)} with this tag` }] : []),
  ];
}
