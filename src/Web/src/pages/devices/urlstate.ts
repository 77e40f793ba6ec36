import type { Order } from "../../parts/windowtable";
import { type Filter, parseFilter, printFilter } from "./filters";

/** What of the devices is shown, as it stands in the address. */
export interface ListState {
  view: string;
  search: string;
  order: Order;
  /** Ids of columns; null for those that fit the screen. */
  columns: string[] | null;
  filters: Filter[];
  /** Filters of the address that cannot be read. */
  unreadable: string[];
}

const FIRST_ORDER: Order = { column: "last", descending: true };

/** Reads the state from an address; columns that are not known are left out. */
export function readState(params: URLSearchParams, known: { id: string; sort?: string }[]): ListState {
  const texts = params.getAll("f");
  const parsed = texts.map(parseFilter);
  const column = known.find((one) => one.id === params.get("sort") && one.sort);
  const columns = params
    .get("cols")
    ?.split(",")
    .filter((id) => known.some((one) => one.id === id));
  return {
    view: params.get("view") || "all",
    search: params.get("q") ?? "",
    order: column ? { column: column.id, descending: params.get("dir") !== "asc" } : FIRST_ORDER,
    columns: columns?.length ? [...new Set(columns)] : null,
    filters: parsed.filter((one) => one !== null),
    unreadable: texts.filter((_, i) => !parsed[i]),
  };
}

/** Writes the state into an address; what is as it is without being said is left out. */
export function writeState(state: ListState): URLSearchParams {
  const params = new URLSearchParams();
  if (state.view !== "all") {
    params.set("view", state.view);
  }
  if (state.search) {
    params.set("q", state.search);
  }
  if (state.order.column !== FIRST_ORDER.column || state.order.descending !== FIRST_ORDER.descending) {
    params.set("sort", state.order.column);
    params.set("dir", state.order.descending ? "desc" : "asc");
  }
  if (state.columns) {
    params.set("cols", state.columns.join());
  }
  for (const filter of state.filters) {
    params.append("f", printFilter(filter));
  }
  return params;
}
