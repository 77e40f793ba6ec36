import { useState } from "react";
import { FilterDialog } from "./filterdialog";
import { describe, type Filter } from "./filters";

/** The filters as words that can be changed or taken away, and a way to add one. */
export function FilterBar({
  view,
  filters,
  unreadable,
  onChange,
}: {
  view: string;
  filters: Filter[];
  unreadable: string[];
  onChange: (filters: Filter[]) => void;
}) {
  const [edited, setEdited] = useState<number | null>(null);
  return (
    <>
      {filters.map((filter, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a filter is its place; two may say the same.
        <span className="filter" key={i}>
          <button type="button" className="plain" title="Change this filter" onClick={() => setEdited(i)}>
            <bdi>{describe(filter)}</bdi>
          </button>
          <button
            type="button"
            className="plain"
            aria-label={`Remove the filter ${describe(filter)}`}
            onClick={() => onChange(filters.toSpliced(i, 1))}
          >
            ✕
          </button>
        </span>
      ))}
      <button type="button" onClick={() => setEdited(filters.length)}>
        + Filter
      </button>
      {filters.length > 1 && (
        <button type="button" className="plain" onClick={() => onChange([])}>
          Remove all
        </button>
      )}
      {unreadable.length > 0 && (
        <span className="wrong" role="alert">
          {unreadable.length === 1 ? "A filter" : `${unreadable.length} filters`} of this address cannot be read and{" "}
          {unreadable.length === 1 ? "is" : "are"} left out: <bdi>{unreadable.join("; ")}</bdi>
        </span>
      )}
      {edited !== null && (
        <FilterDialog
          view={view}
          filter={filters[edited] ?? null}
          close={() => setEdited(null)}
          onDone={(filter) => {
            onChange(filters.toSpliced(edited, 1, filter));
            setEdited(null);
          }}
        />
      )}
    </>
  );
}
