import { useCallback } from "react";
import { useSearchParams } from "wouter";

/** Changes of what stands in the address: a text, or null for the default. */
export type UrlChanges = Record<string, string | null>;

/** What is seen, as it stands in the address, and a way to change parts of it. A change takes the place of the address unless it is a step to go back to. */
export function useUrlState(): [URLSearchParams, (changes: UrlChanges, isStep?: boolean) => void] {
  const [parameters, set] = useSearchParams();
  const change = useCallback(
    (changes: UrlChanges, isStep = false) => set((before) => merged(before, changes), { replace: !isStep }),
    [set],
  );
  return [parameters, change];
}

/** The parameters after changes; what is empty or null is left out, since an absent one is the default. */
export function merged(before: URLSearchParams, changes: UrlChanges): URLSearchParams {
  const after = new URLSearchParams(before);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") {
      after.delete(name);
    } else {
      after.set(name, value);
    }
  }
  return after;
}

/** One parameter of the address; what is its default is not written there. */
export function useUrl<T extends string>(name: string, initial: T): [T, (value: T) => void] {
  const [parameters, change] = useUrlState();
  const set = useCallback((value: T) => change({ [name]: value === initial ? null : value }), [change, name, initial]);
  return [(parameters.get(name) as T | null) ?? initial, set];
}
