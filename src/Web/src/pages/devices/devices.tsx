import { useCallback, useMemo, useState } from "react";
import { useLocation } from "wouter";
import { fetchWindow } from "../../api/windows";
import { CopyLink } from "../../parts/copylink";
import { count } from "../../parts/numbers";
import { useRoom } from "../../parts/room";
import { Empty } from "../../parts/states";
import { type WindowColumn, WindowTable } from "../../parts/windowtable";
import { ColumnDialog } from "./columndialog";
import { DEVICE_COLUMNS, inFile, knownColumns, usualColumns } from "./columns";
import "./devices.css";
import { SearchInput } from "../../parts/searchinput";
import { useSession } from "../../shell/session";
import { ExportDialog } from "./exportdialog";
import { FilterBar } from "./filterbar";
import { conditionsOf } from "./filters";
import { useKeptColumns } from "./keptcolumns";
import { useListState } from "./liststate";
import { useLiveRows } from "./live";
import { type DeviceRow, distinct, idOf, KEY_FIELD, pageOf, ROW_FIELDS, SEARCHED_FIELDS } from "./row";
import { writeState } from "./urlstate";
import { ViewDialog } from "./viewdialog";
import { ViewSelect } from "./viewselect";
import { WatchDialog } from "./watchdialog";

// Rows in sight are live by monitors; this brings new ones into the order.
const REFRESH_MS = 30_000;

/** The devices: a list that stays on the server, searched, filtered and sorted there. */
export default function DevicesPage() {
  const [state, change] = useListState();
  const [, navigate] = useLocation();
  const [choosing, setChoosing] = useState<"columns" | "views" | "export" | "watch" | null>(null);
  const [total, setTotal] = useState<number | null>(null);
  const [visible, setVisible] = useState<DeviceRow[]>([]);
  const room = useRoom();
  const { isAdmin } = useSession();
  // A link's columns are the link's; whoever chooses others has them of their own.
  const [kept, keepColumns] = useKeptColumns(state.view);
  const shown = knownColumns(state.columns ?? kept) ?? usualColumns(room);
  const names = shown.join();
  const chosen = useMemo(() => DEVICE_COLUMNS.filter((one) => names.split(",").includes(one.id)), [names]);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const select = useCallback(
    ({ mac }: DeviceRow) => setSelected((now) => (now.has(mac) ? new Set([...now].filter((one) => one !== mac)) : new Set([...now, mac]))),
    [],
  );
  const columns = useMemo(
    () => [
      ...(isAdmin ? [choiceColumn(selected, select)] : []),
      ...chosen.map(({ sort, ...column }) => ({ ...column, sortable: Boolean(sort) })),
    ],
    [chosen, isAdmin, selected, select],
  );
  const isSearched = Boolean(state.search);
  const fields = useMemo(
    () => distinct([...ROW_FIELDS, ...(isSearched ? SEARCHED_FIELDS : [KEY_FIELD]), ...chosen.flatMap((one) => one.fields)]),
    [chosen, isSearched],
  );
  const live = useLiveRows(visible, fields);
  const sort = DEVICE_COLUMNS.find((one) => one.id === state.order.column)?.sort;
  return (
    <div className="filling">
      <div className="head">
        <h1>Devices</h1>
        <span className="dim" aria-live="polite">
          {total === null ? "" : `${count(total)} ${state.search || state.filters.length ? "found" : "in this view"}`}
        </span>
        <ViewSelect view={state.view} onChange={(view) => change({ view, columns: null })} />
        {isAdmin && (
          <>
            <button type="button" onClick={() => setChoosing("views")}>
              Views…
            </button>
            <button type="button" onClick={() => setChoosing("watch")}>
              {selected.size > 0 ? `Watch ${count(selected.size)} chosen…` : "Watch-list…"}
            </button>
            {selected.size > 0 && (
              <button type="button" className="plain" onClick={() => setSelected(new Set())}>
                Choose none
              </button>
            )}
          </>
        )}
        <SearchInput
          label="Search devices"
          placeholder="Name, address, maker, SSID…"
          value={state.search}
          onChange={(search) => change({ search })}
        />
        <search className="filters" aria-label="Filters">
          <FilterBar view={state.view} filters={state.filters} unreadable={state.unreadable} onChange={(filters) => change({ filters })} />
        </search>
        <span className="right row">
          <button type="button" onClick={() => setChoosing("columns")}>
            Columns
          </button>
          <button type="button" onClick={() => setChoosing("export")}>
            Export…
          </button>
          <CopyLink link={() => linkTo(writeState({ ...state, columns: shown }))} />
        </span>
      </div>
      <WindowTable<DeviceRow>
        label="Devices"
        columns={columns}
        order={state.order}
        onOrder={(order) => change({ order })}
        queryKey={["devices", "list", state.view, state.search, state.order, state.filters, fields]}
        fetchWindow={(start, length, signal) =>
          fetchWindow<DeviceRow>(
            `/devices/views/${encodeURIComponent(state.view)}/devices.json`,
            {
              fields,
              ...(sort ? { sort } : {}),
              descending: state.order.descending,
              search: state.search,
              start,
              length,
              command: state.filters.length ? { where: conditionsOf(state.filters, Date.now() / 1000) } : {},
            },
            signal,
          )
        }
        idOf={idOf}
        {...(isAdmin ? { onChoose: select } : {})}
        onOpen={(row) => navigate(pageOf(idOf(row)))}
        onVisible={(rows, all) => {
          setVisible(rows);
          setTotal(all);
        }}
        live={live.rows}
        rowClass={(row) => (live.fresh.has(idOf(row)) ? "fresh" : undefined)}
        refreshMs={REFRESH_MS}
        empty={
          state.search || state.filters.length ? (
            <Empty title="Nothing found">
              No device of this view fits.{" "}
              <button type="button" className="plain" onClick={() => change({ search: "", filters: [] })}>
                Show all
              </button>
            </Empty>
          ) : (
            <Empty title="No devices yet">They come here as soon as a sensor hears them.</Empty>
          )
        }
      />
      {choosing === "columns" && (
        <ColumnDialog
          shown={shown}
          onChange={(columns) => {
            keepColumns(columns);
            if (state.columns) {
              change({ columns: null });
            }
          }}
          close={() => setChoosing(null)}
        />
      )}
      {choosing === "watch" && (
        <WatchDialog macs={[...selected]} onWatched={() => setSelected(new Set())} close={() => setChoosing(null)} />
      )}
      {choosing === "export" && (
        <ExportDialog
          question={() => ({
            view: state.view,
            columns: inFile(chosen).fields,
            sort,
            descending: state.order.descending,
            search: state.search,
            searched: fields.map(([path]) => path),
            where: conditionsOf(state.filters, Date.now() / 1000),
          })}
          leftOut={inFile(chosen).leftOut}
          close={() => setChoosing(null)}
        />
      )}
      {choosing === "views" && (
        <ViewDialog
          state={state}
          searched={fields.map(([path]) => path)}
          onSaved={(saved) => {
            if (state.columns ?? kept) {
              keepColumns(shown, saved.view);
            }
            setChoosing(null);
            change({ ...saved, columns: null });
          }}
          onDeleted={(view) => {
            keepColumns(null, view);
            if (view === state.view) {
              change({ view: "all", columns: null });
            }
          }}
          close={() => setChoosing(null)}
        />
      )}
    </div>
  );
}

// The box alone is not to open the row; the space bar on the row does the same.
function choiceColumn(selected: ReadonlySet<string>, select: (row: DeviceRow) => void): WindowColumn<DeviceRow> {
  return {
    id: "choice",
    title: "Choose",
    width: 80,
    cell: (row) => (
      <input
        type="checkbox"
        tabIndex={-1}
        aria-label={`Choose ${row.mac}`}
        checked={selected.has(row.mac)}
        onClick={(event) => event.stopPropagation()}
        onChange={() => select(row)}
      />
    ),
  };
}

// The columns stand in it: a colleague's screen may be of another width.
function linkTo(params: URLSearchParams): string {
  return `${location.origin}/ui/devices?${params}`;
}
