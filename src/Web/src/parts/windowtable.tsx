import { type ColumnDef, columnVisibilityFeature, tableFeatures, useTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { Failed, Loading } from "./states";
import { type FetchWindow, useWindows } from "./windows";

const windowFeatures = tableFeatures({ columnVisibilityFeature });
const ROW_PX = 32;

/** A column: how a cell looks, how wide it is, and whether the server can sort by it. */
export interface WindowColumn<T> {
  id: string;
  title: string;
  width: number;
  cell: (row: T) => ReactNode;
  sortable?: boolean;
}

interface Placed<T> {
  row: T;
  index: number;
}

// Where lists were left: who looks at a row's page and comes back goes on there.
const places = new Map<string, { offset: number; total: number; active: number }>();
const MOST_PLACES = 20;

/** A list's order. */
export interface Order {
  column: string;
  descending: boolean;
}

/**
 * A list of any length that stays on the server: only the windows in sight are fetched, only the rows in sight exist. Arrow keys, Page Up, Page Down, Home
 * and End move through it, Enter opens a row.
 */
export function WindowTable<T>({
  label,
  columns,
  order,
  onOrder,
  queryKey,
  fetchWindow,
  idOf,
  onOpen,
  onChoose,
  onVisible,
  empty,
  refreshMs,
  live,
  rowClass,
}: {
  label: string;
  columns: WindowColumn<T>[];
  order: Order;
  onOrder: (order: Order) => void;
  /** What the list depends on, the order included; another key is another list. */
  queryKey: unknown[];
  fetchWindow: FetchWindow<T>;
  idOf: (row: T) => string;
  onOpen: (row: T) => void;
  /** Is called when the space bar is pressed on a row. */
  onChoose?: (row: T) => void;
  /** Is told which rows are in sight (those beside them that exist already are not), and how many there are in all, null while that is not known. */
  onVisible?: (rows: T[], total: number | null) => void;
  empty: ReactNode;
  /** How often a window in sight is fetched again, of several one at a time; none: never. */
  refreshMs?: number;
  /** Newer rows by their id, shown in the place of those that were fetched. */
  live?: ReadonlyMap<string, T>;
  rowClass?: (row: T) => string | undefined;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  // One row at a time is in the order of the Tab key: arrows move from there.
  const key = JSON.stringify(queryKey);
  const [left] = useState(() => places.get(key));
  const [active, setActive] = useState(left?.active ?? 0);
  const known = useRef({ key, total: left?.total ?? 0 });
  if (known.current.key !== key) {
    known.current = { key, total: 0 };
  }
  const virtual = useVirtualizer({
    count: Math.max(known.current.total, 1),
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    initialOffset: left?.offset ?? 0,
    overscan: 8,
    // The header sticks above the rows.
    scrollPaddingStart: ROW_PX + 4,
  });
  const items = virtual.getVirtualItems();
  const { asked, rows } = useWindows(queryKey, items[0]?.index ?? 0, items.at(-1)?.index ?? 0, fetchWindow, refreshMs);
  const total = asked.find((one) => one.data)?.data?.total ?? known.current.total;
  known.current.total = total;
  const rowAt = (index: number) => {
    const row = rows.get(index);
    return row && (live?.get(idOf(row)) ?? row);
  };

  // After a jump no window in sight is there yet: the list keeps its length, or it would lose its place.
  const loaded = total > 0 || asked.some((one) => one.data);

  const sight = virtual.range;
  const visible = items
    .filter((item) => !sight || (item.index >= sight.startIndex && item.index <= sight.endIndex))
    .map((item) => rowAt(item.index))
    .filter((row) => row !== undefined);
  const visibleIds = visible.map(idOf).join();
  const told = useRef(onVisible);
  useEffect(() => {
    told.current = onVisible;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are known by their ids.
  useEffect(() => told.current?.(visible, loaded ? total : null), [visibleIds, total, loaded]);
  // Another list begins at its top.
  const shownKey = useRef(key);
  useEffect(() => {
    if (shownKey.current !== key) {
      shownKey.current = key;
      virtual.scrollToOffset(0);
      setActive(0);
    }
  }, [key, virtual]);
  const here = useRef({ key, offset: 0, total, active });
  here.current = { key, offset: virtual.scrollOffset ?? 0, total, active };
  useEffect(
    () => () => {
      const { key: last, ...place } = here.current;
      places.delete(last);
      places.set(last, place);
      for (const oldest of [...places.keys()].slice(0, -MOST_PLACES)) {
        places.delete(oldest);
      }
    },
    [],
  );

  const definitions = useMemo(
    () =>
      columns.map(
        (one): ColumnDef<typeof windowFeatures, Placed<T>> => ({
          id: one.id,
          header: one.title,
          cell: ({ row }) => one.cell(row.original.row),
        }),
      ),
    [columns],
  );
  const data = items.flatMap(({ index }) => {
    const row = rowAt(index);
    return row ? [{ row, index }] : [];
  });
  const table = useTable({ features: windowFeatures, columns: definitions, data, getRowId: ({ row }) => idOf(row) });
  const widths = new Map(columns.map((one) => [one.id, one]));
  const width = columns.reduce((sum, one) => sum + one.width, 0);

  const error = asked.find((one) => one.error && !one.data)?.error;
  if (error) {
    return <Failed error={error} again={() => asked.forEach((one) => void one.refetch())} />;
  }
  if (loaded && total === 0) {
    return empty;
  }
  const move = (event: KeyboardEvent<HTMLDivElement>, index: number) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 320) / ROW_PX) - 2);
    const to = { ArrowDown: index + 1, ArrowUp: index - 1, PageDown: index + page, PageUp: index - page, Home: 0, End: total - 1 }[
      event.key
    ];
    if (to === undefined) {
      const row = rowAt(index);
      if (event.key === "Enter" && row) {
        onOpen(row);
      } else if (event.key === " " && row && onChoose && event.target === event.currentTarget) {
        event.preventDefault();
        onChoose(row);
      }
      return;
    }
    event.preventDefault();
    focusRow(Math.min(Math.max(to, 0), total - 1));
  };
  const focusRow = (index: number) => {
    setActive(index);
    virtual.scrollToIndex(index);
    // The row may exist only after the list has moved, and its window may still be on its way.
    let frames = 60;
    const look = () => {
      const element = scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`);
      if (element) {
        element.focus({ preventScroll: true });
      } else if (frames-- > 0) {
        requestAnimationFrame(look);
      }
    };
    look();
  };
  // The row that was active may be far away: then the first in sight is reached.
  const reachable = items.some((item) => item.index === active) ? active : (sight?.startIndex ?? items[0]?.index);
  const models = new Map(table.getRowModel().rows.map((row) => [row.original.index, row]));
  return (
    <div className="window" ref={scroller} role="table" aria-label={label} aria-rowcount={total + 1} aria-busy={!loaded}>
      <div className="header" role="rowgroup">
        {table.getHeaderGroups().map((group) => (
          <div role="row" key={group.id} aria-rowindex={1}>
            {group.headers.map((header) => {
              const column = widths.get(header.column.id);
              const sorted = order.column === header.column.id;
              return (
                <div
                  key={header.id}
                  role="columnheader"
                  style={{ width: column?.width }}
                  aria-sort={sorted ? (order.descending ? "descending" : "ascending") : undefined}
                >
                  {column?.sortable ? (
                    <button
                      type="button"
                      className="sort"
                      onClick={() => onOrder({ column: column.id, descending: sorted ? !order.descending : true })}
                    >
                      {column.title}
                      <span aria-hidden="true">{sorted ? (order.descending ? "▼" : "▲") : ""}</span>
                    </button>
                  ) : (
                    column?.title
                  )}
                </div>
              );
            })}
          </div>
        ))}
      </div>
      {loaded ? (
        <div className="body" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = models.get(item.index);
            return (
              <div
                key={item.key}
                role="row"
                className={row && rowClass?.(row.original.row)}
                tabIndex={item.index === reachable ? 0 : -1}
                data-index={item.index}
                aria-rowindex={item.index + 2}
                onFocus={() => setActive(item.index)}
                style={{ transform: `translateY(${item.start}px)`, width }}
                onClick={() => row && onOpen(row.original.row)}
                onKeyDown={(event) => move(event, item.index)}
              >
                {row ? (
                  row.getVisibleCells().map((cell) => (
                    <div key={cell.id} role="cell" style={{ width: widths.get(cell.column.id)?.width }}>
                      <table.FlexRender cell={cell} />
                    </div>
                  ))
                ) : (
                  <div role="cell" className="dim">
                    …
                  </div>
                )}
              </div>
            );
          })}
        </div>
      ) : (
        <Loading />
      )}
    </div>
  );
}
