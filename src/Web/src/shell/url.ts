import { useCallback } from "react";
import { useSearchParams } from "wouter";

/** One parameter of the page's address; what is its default is not written there. */
export function useUrl<T extends string>(name: string, initial: T): [T, (value: T) => void] {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (value: T) =>
      setParams(
        (before) => {
          const after = new URLSearchParams(before);
          if (value === initial) {
            after.delete(name);
          } else {
            after.set(name, value);
          }
          return after;
        },
        { replace: true },
      ),
    [setParams, name, initial],
  );
  return [(params.get(name) as T | null) ?? initial, set];
}
