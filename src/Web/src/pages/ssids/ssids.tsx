import { useState } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import { CopyLink } from "../../parts/copylink";
import { count } from "../../parts/numbers";
import { useRoom } from "../../parts/room";
import { SearchInput } from "../../parts/searchinput";
import { Ssid } from "../../parts/ssid";
import { Empty } from "../../parts/states";
import { Time } from "../../parts/time";
import { type Order, type WindowColumn, WindowTable } from "../../parts/windowtable";
import { pageOf, type SsidGroup, sortOf } from "./group";
import { SsidPage } from "./ssid";
import { fetchSsids } from "./ssidwindow";

const REFRESH_MS = 30_000;
const FIRST_ORDER: Order = { column: "advertising", descending: true };

function figure(id: "advertising" | "responding" | "probing", title: string): WindowColumn<SsidGroup> {
  return { id, title, width: 130, sortable: true, cell: (row) => (row[id] ? count(row[id]) : <span className="dim">0</span>) };
}

const COLUMNS: WindowColumn<SsidGroup>[] = [
  {
    id: "ssid",
    title: "SSID",
    width: 210,
    sortable: true,
    cell: (row) => (
      <Link href={pageOf(row)} tabIndex={-1} onClick={(event) => event.stopPropagation()} title={row.ssid}>
        <Ssid name={row.ssid} length={row.length} />
      </Link>
    ),
  },
  { id: "crypt", title: "Security", width: 170, sortable: true, cell: (row) => row.crypt },
  figure("advertising", "Advertising APs"),
  figure("responding", "Responding APs"),
  figure("probing", "Probing devices"),
  { id: "first", title: "First seen", width: 200, sortable: true, cell: (row) => <Time at={row.first} /> },
  { id: "last", title: "Last seen", width: 135, sortable: true, cell: (row) => <Time at={row.last} form="ago" /> },
];
const NARROW = new Set(["ssid", "advertising"]);

/** SSIDs, or the one that the address names. */
export default function SsidsPage() {
  const [params] = useSearchParams();
  const hash = params.get("ssid");
  return hash ? <SsidPage hash={hash} crypt={params.get("crypt") ?? undefined} /> : <SsidList />;
}

function SsidList() {
  const [params, setParams] = useSearchParams();
  const [, navigate] = useLocation();
  const [total, setTotal] = useState<number | null>(null);
  const isNarrow = useRoom() === "narrow";
  const search = params.get("q") ?? "";
  const column = params.get("sort") ?? "";
  const order = sortOf(column) ? { column, descending: params.get("dir") !== "asc" } : FIRST_ORDER;
  const isAnnounced = params.get("only") === "announced";
  const change = (values: Record<string, string>) =>
    setParams(
      (now) => {
        const next = new URLSearchParams(now);
        for (const [name, value] of Object.entries(values)) {
          if (value) {
            next.set(name, value);
          } else {
            next.delete(name);
          }
        }
        return next;
      },
      { replace: true },
    );
  return (
    <div className="filling">
      <div className="head">
        <h1>SSIDs</h1>
        <span className="dim" aria-live="polite">
          {total === null ? "" : `${count(total)} ${search ? "found" : "names"}`}
        </span>
        <SearchInput label="Search SSIDs" placeholder="Name, security…" value={search} onChange={(q) => change({ q })} />
        <label>
          <input type="checkbox" checked={isAnnounced} onChange={(event) => change({ only: event.target.checked ? "announced" : "" })} />{" "}
          advertised only
        </label>
        <span className="right">
          <CopyLink />
        </span>
      </div>
      <WindowTable<SsidGroup>
        label="SSIDs"
        columns={isNarrow ? COLUMNS.filter((one) => NARROW.has(one.id)) : COLUMNS}
        order={order}
        onOrder={({ column, descending }) => change({ sort: column, dir: descending ? "desc" : "asc" })}
        queryKey={["ssids", "list", search, order, isAnnounced]}
        fetchWindow={(start, length, signal) =>
          fetchSsids(
            search,
            order,
            isAnnounced ? { where: [["dot11.ssidgroup.advertising_devices_len", ">", 0]] } : {},
            start,
            length,
            signal,
          )
        }
        idOf={(row) => `${row.hash} ${row.crypt_set}`}
        onOpen={(row) => navigate(pageOf(row))}
        onVisible={(_, all) => setTotal(all)}
        refreshMs={REFRESH_MS}
        empty={
          search || isAnnounced ? (
            <Empty title="Nothing found">
              No network's name fits.{" "}
              <button type="button" className="plain" onClick={() => change({ q: "", only: "" })}>
                Show all
              </button>
            </Empty>
          ) : (
            <Empty title="No SSIDs yet">An SSID appears here with its first beacon, probe request or probe response.</Empty>
          )
        }
      />
    </div>
  );
}
