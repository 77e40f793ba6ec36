import { useMemo } from "react";
import { useSearchParams } from "wouter";
import { DEVICE_COLUMNS } from "./columns";
import { type ListState, readState, writeState } from "./urlstate";

/** The state of the list, and a way to change it. Going back in the browser undoes a change, but not each letter of a search. */
export function useListState(): [ListState, (change: Partial<ListState>) => void] {
  const [params, setParams] = useSearchParams();
  const text = params.toString();
  const state = useMemo(() => readState(new URLSearchParams(text), DEVICE_COLUMNS), [text]);
  return [
    state,
    (change) =>
      setParams((now) => writeState({ ...readState(now, DEVICE_COLUMNS), ...change }), {
        replace: change.search !== undefined || change.order !== undefined,
      }),
  ];
}
