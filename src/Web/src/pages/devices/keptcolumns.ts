import { useSyncExternalStore } from "react";
import { useSession } from "../../shell/session";

type Kept = [user: string, view: string, columns: string[]];

const KEY = "kismetorleans.columns";
// As many as there can be views of users, for a few users of one browser.
const MOST = 256;
const watchers = new Set<() => void>();
let all: Kept[] | undefined;

/** The columns that whoever looks chose for a view in this browser, null for none, and a way to choose; null for the usual ones again. */
export function useKeptColumns(view: string): [string[] | null, (columns: string[] | null, view?: string) => void] {
  const user = useSession().who["kismet.session.name"];
  const kept = useSyncExternalStore(subscribe, () => columnsOf(user, view));
  return [kept, (columns, of = view) => keepColumns(user, of, columns)];
}

/** The columns that a user chose for a view; null for none. */
export function columnsOf(user: string, view: string): string[] | null {
  return entries().find((one) => one[0] === user && one[1] === view)?.[2] ?? null;
}

/** Keeps, or forgets, the columns that a user chose for a view. */
export function keepColumns(user: string, view: string, columns: string[] | null): void {
  const others = entries().filter((one) => one[0] !== user || one[1] !== view);
  all = [...others, ...(columns ? [[user, view, columns] as Kept] : [])].slice(-MOST);
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
  } catch {
    // A browser that keeps nothing: they hold until the page is left.
  }
  for (const watcher of watchers) {
    watcher();
  }
}

function subscribe(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

function entries(): Kept[] {
  all ??= load();
  return all;
}

function load(): Kept[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isKept) : [];
  } catch {
    return [];
  }
}

function isKept(one: unknown): one is Kept {
  return (
    Array.isArray(one) &&
    typeof one[0] === "string" &&
    typeof one[1] === "string" &&
    Array.isArray(one[2]) &&
    one[2].every((id) => typeof id === "string")
  );
}
