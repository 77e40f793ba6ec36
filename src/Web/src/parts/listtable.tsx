import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  sortFns,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { type ReactNode, useState } from "react";

export const listFeatures = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel(), sortFns });

/** A column of a list. */
export type ListColumn<T extends object> = ColumnDef<typeof listFeatures, T>;

/** A list that is small enough to be in the browser as a whole, sorted here. */
export function ListTable<T extends object>({
  rows,
  columns,
  idOf,
  label,
  sort = [],
  rowClass,
  empty,
  onSort,
}: {
  rows: T[];
  columns: ListColumn<T>[];
  idOf: (row: T) => string;
  label: string;
  sort?: SortingState;
  rowClass?: (row: T) => string | undefined;
  empty: ReactNode;
  /** Keeps the order, given as `sort`, elsewhere, such as in the address; without it the list keeps it itself. */
  onSort?: (sort: SortingState) => void;
}) {
  const [own, setOwn] = useState<SortingState>(sort);
  const sorting = onSort ? sort : own;
  const table = useTable({
    features: listFeatures,
    columns,
    data: rows,
    getRowId: idOf,
    state: { sorting },
    onSortingChange: (change) => (onSort ?? setOwn)(typeof change === "function" ? change(sorting) : change),
  });
  if (rows.length === 0) {
    return empty;
  }
  return (
    <div className="scroller">
      <table aria-label={label}>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => {
                const sorted = header.column.getIsSorted();
                return (
                  <th key={header.id} scope="col" aria-sort={sorted ? (sorted === "asc" ? "ascending" : "descending") : undefined}>
                    {header.column.getCanSort() ? (
                      <button type="button" className="sort" onClick={header.column.getToggleSortingHandler()}>
                        <table.FlexRender header={header} />
                        <span aria-hidden="true">{sorted === "asc" ? "▲" : sorted === "desc" ? "▼" : ""}</span>
                      </button>
                    ) : (
                      <table.FlexRender header={header} />
                    )}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr key={row.id} className={rowClass?.(row.original)}>
              {row.getAllCells().map((cell) => (
                <td key={cell.id}>
                  <table.FlexRender cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
