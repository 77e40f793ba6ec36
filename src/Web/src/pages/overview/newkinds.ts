import { conditionsOf, type Filter, printFilter } from "../devices/filters";

/** A kind of devices that are told apart where they are new, as a view and filters of the list of devices. */
export interface NewKind {
  name: string;
  view: string;
  filters: Filter[];
}

const WIFI = "phy-IEEE802.11";
const ACCESS_POINTS = ["Wi-Fi AP", "Wi-Fi WDS AP", "Wi-Fi Ad-Hoc"];
const NO_ACCESS_POINT = ACCESS_POINTS.map((value): Filter => ({ field: "type", op: "!=", value }));

/** A device is of one of these at most; all others are by other radios. Made-up addresses have the local bit (IEEE 802-2014, 8.4). */
export const NEW_KINDS: NewKind[] = [
  { name: "access points", view: WIFI, filters: [{ field: "type", op: "~", value: `^(${ACCESS_POINTS.join("|")})$` }] },
  { name: "clients", view: WIFI, filters: [...NO_ACCESS_POINT, { field: "mac", op: "~", value: "^.[014589CD]:" }] },
  { name: "randomised", view: WIFI, filters: [...NO_ACCESS_POINT, { field: "mac", op: "~", value: "^.[2367ABEF]:" }] },
];

/** What the server counts of a kind. */
export function whereOf({ filters }: NewKind) {
  return conditionsOf(filters, 0);
}

/** The list of those of a kind that are new since a time. */
export function linkTo({ view, filters }: Pick<NewKind, "view" | "filters">, since: number): string {
  const params = new URLSearchParams({ ...(view === "all" ? {} : { view }), sort: "first" });
  for (const filter of [...filters, { field: "first", op: ">=" as const, value: since }]) {
    params.append("f", printFilter(filter));
  }
  return `/ui/devices?${params}`;
}

/**
 * Bars on one another, as heights from the ground, the highest first so that the lower ones are drawn over it.
 * @param total All in each step.
 * @param kinds Those of each kind in each step.
 */
export function stacked(total: number[], kinds: { name: string; counts: number[] }[]): { label: string; values: number[] }[] {
  const below = total.map(() => 0);
  const bars = kinds.map(({ name, counts }) => ({
    label: name,
    values: counts.map((count, i) => {
      below[i] = (below[i] ?? 0) + count;
      return below[i];
    }),
  }));
  // What came between two answers of the server is none of the others.
  return [{ label: "others", values: total.map((all, i) => Math.max(all, below[i] ?? 0)) }, ...bars.reverse()];
}
