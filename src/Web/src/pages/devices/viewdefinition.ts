import type { Condition } from "../../api/client";
import { conditionsOf, type Filter } from "./filters";

/** What devices of a user's view meet, as the server takes it. */
export interface ViewFilter {
  phy?: string;
  seenby?: string;
  view?: string;
  regex?: [path: string, pattern: string][];
  where?: Condition[];
  [other: string]: unknown;
}

/** A view of a user as it was defined. */
export interface ViewDefinition {
  id: string;
  description: string;
  filter: ViewFilter;
}

/** The server's bounds. */
export const LONGEST_DESCRIPTION = 256;
const LONGEST_ID = 64;
// What a search of the list finds nothing in: histories, places, and the sensors' own records.
const UNSEARCHED = /rrd|seenby|location|_time$/;

/** What a view is made of, and what cannot be part of one and so stays beside it. */
export interface Composed {
  filter: ViewFilter;
  /** Filters by times that count from now, which a view has not. */
  left: Filter[];
  /** Whether the search stays beside it: a view has one search alone. */
  isSearchLeft: boolean;
}

/**
 * What is seen as the filter of a view.
 * @param view The view that is looked at.
 * @param definitions Views of users, since one may be narrowed to make another.
 * @param searched Paths that the list searches.
 */
export function compose(view: string, definitions: ViewDefinition[], filters: Filter[], search: string, searched: string[]): Composed {
  const base = baseOf(view, definitions);
  const left = filters.filter(isRelative);
  const where = [
    ...(base.where ?? []),
    ...conditionsOf(
      filters.filter((one) => !isRelative(one)),
      0,
    ),
  ];
  const isSearchLeft = Boolean(search && base.regex?.length);
  const regex =
    search && !isSearchLeft
      ? searched.filter((path) => !UNSEARCHED.test(path)).map((path): [string, string] => [path, `(?i)${literally(search)}`])
      : base.regex;
  return { filter: { ...base, ...(where.length ? { where } : {}), ...(regex?.length ? { regex } : {}) }, left, isSearchLeft };
}

/** An id that no other name has: of the name's letters and digits, with a number where that is taken. */
export function idFor(name: string, taken: string[]): string {
  const plain = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  // The server's own views begin so.
  const stem = (/^$|^(all|user|phydot11-accesspoints)$|^(phy|seenby)-/.test(plain) ? `view-${plain}` : plain).replace(/-$/, "");
  for (let number = 1; ; number++) {
    const end = number > 1 ? `-${number}` : "";
    const id = stem.slice(0, LONGEST_ID - end.length) + end;
    if (!taken.includes(id)) {
      return id;
    }
  }
}

function baseOf(view: string, definitions: ViewDefinition[]): ViewFilter {
  if (view === "all") {
    return {};
  }
  if (view.startsWith("phy-")) {
    return { phy: view.slice("phy-".length) };
  }
  if (view.startsWith("seenby-")) {
    return { seenby: view.slice("seenby-".length) };
  }
  return definitions.find((one) => one.id === view)?.filter ?? { view };
}

function isRelative({ op }: Filter): boolean {
  return op === "within" || op === "before";
}

function literally(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}#\s-]/g, "\\$&");
}
