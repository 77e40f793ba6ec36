import { type UseQueryResult, useQueries } from "@tanstack/react-query";

/** Rows that are asked for at once. */
const LENGTH = 100;
// Windows overlap by half: wherever somebody jumps, a screen of rows is within one of them, and one request brings it.
const STEP = LENGTH / 2;

/** What the server gives for a window of a list. */
export interface RowWindow<T> {
  rows: T[];
  total: number;
}

/** Fetches the rows of a list from one on. */
export type FetchWindow<T> = (start: number, length: number, signal: AbortSignal) => Promise<RowWindow<T>>;

/**
 * The windows of a list that have its rows from first to last.
 * @returns What is asked for, and all rows that are there by their index, also those of windows beside it that were asked for before.
 */
export function useWindows<T>(
  queryKey: unknown[],
  first: number,
  last: number,
  fetchWindow: FetchWindow<T>,
  refreshMs: number | undefined,
): { asked: UseQueryResult<RowWindow<T>>[]; rows: Map<number, T> } {
  const needed = windowsOf(first, last);
  const [from = 0, to = 0] = [needed[0], needed.at(-1)];
  // The needed ones come after what was there before: of two, the newer one is shown.
  const numbers = [from - 1, to + 1, ...needed].filter((number) => number >= 0);
  const windows = useQueries({
    queries: numbers.map((number) => ({
      queryKey: [...queryKey, number],
      queryFn: ({ signal }: { signal: AbortSignal }) => fetchWindow(number * STEP, LENGTH, signal),
      staleTime: 15_000,
      gcTime: 60_000,
      enabled: needed.includes(number),
      // Two windows in sight cost no more than one.
      refetchInterval: refreshMs ? refreshMs * needed.length : (false as const),
    })),
  });
  const rows = new Map<number, T>();
  windows.forEach((one, i) => {
    one.data?.rows.forEach((row, j) => {
      rows.set((numbers[i] ?? 0) * STEP + j, row);
    });
  });
  return { asked: windows.slice(-needed.length), rows };
}

/** Numbers of the windows that cover some rows. */
export function windowsOf(first: number, last: number): number[] {
  const numbers: number[] = [];
  for (let number = Math.floor(first / STEP); number * STEP <= last; number += LENGTH / STEP) {
    numbers.push(number);
  }
  return numbers;
}
