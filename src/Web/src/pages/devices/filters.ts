import type { Condition } from "../../api/client";
import { clockTime, day } from "../../parts/time";
import { fieldOf, type Kind } from "./knownfields";

/** An operator as the server has it, or one of ours about times: within, or before, the last so many seconds. */
export type FilterOp = Condition[1] | "within" | "before";

/** One condition that a user made. */
export interface Filter {
  /** Short name of a known field, or a path. */
  field: string;
  op: FilterOp;
  value: Condition[2];
}

const NUMBERS: FilterOp[] = [">=", "<=", "between", ">", "<", "=", "!="];
const TEXTS: FilterOp[] = ["contains", "=", "!=", "~", "has"];
const OPS: Record<Kind, FilterOp[]> = {
  text: TEXTS,
  number: NUMBERS,
  time: ["within", "before", "between"],
  flag: ["="],
  presence: ["has"],
  any: ["contains", "=", "!=", "~", ">=", "<=", "between", ">", "<", "has"],
};
const WORDS: Record<FilterOp, string> = {
  "=": "is",
  "!=": "is not",
  "<": "<",
  "<=": "≤",
  ">": ">",
  ">=": "≥",
  between: "between",
  contains: "contains",
  "~": "matches the pattern",
  has: "is there",
  within: "within the last",
  before: "longer ago than",
};
const ALL = Object.keys(WORDS) as FilterOp[];

/** Operators that make sense for a kind of field. */
export function opsOf(kind: Kind): FilterOp[] {
  return OPS[kind];
}

/** An operator in words. */
export function wordsOf(op: FilterOp): string {
  return WORDS[op];
}

/** Whether a value is a number under an operator. */
export function isNumeric(kind: Kind, op: FilterOp): boolean {
  return kind === "number" || kind === "time" || [">=", "<=", ">", "<", "between"].includes(op);
}

/** A filter as a part of the address: `signal >= -60`, `name contains "campus"`. */
export function printFilter(filter: Filter): string {
  return `${filter.field.replaceAll("%", "%25").replaceAll(" ", "%20")} ${filter.op} ${JSON.stringify(filter.value)}`;
}

/** Reads what printFilter wrote; null for anything else. */
export function parseFilter(text: string): Filter | null {
  const [, field, op, json] = /^(\S+) (\S+) (.+)$/s.exec(text) ?? [];
  if (!field || !json || !ALL.includes(op as FilterOp)) {
    return null;
  }
  try {
    const value: unknown = JSON.parse(json);
    return isValue(op, value) ? { field: decodeURIComponent(field), op: op as FilterOp, value } : null;
  } catch {
    return null;
  }
}

function isValue(op: string | undefined, value: unknown): value is Filter["value"] {
  if (op === "between") {
    const [least, most]: unknown[] = Array.isArray(value) && value.length === 2 ? value : [];
    return isNumber(least) && isNumber(most) && least <= most;
  }
  return typeof value === "string" || typeof value === "boolean" || isNumber(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** The conditions that the server is asked with at a Unix second. */
export function conditionsOf(filters: Filter[], now: number): Condition[] {
  return filters.map(({ field, op, value }): Condition => {
    const { path } = fieldOf(field);
    switch (op) {
      case "within":
        return [path, ">=", Math.floor(now - Number(value))];
      case "before":
        return [path, "<", Math.floor(now - Number(value))];
      default:
        return [path, op, value];
    }
  });
}

/** A filter in words. */
export function describe({ field, op, value }: Filter): string {
  const { title, kind, unit } = fieldOf(field);
  if (op === "has") {
    return `${title} ${value ? "is there" : "is not there"}`;
  }
  if (kind === "flag") {
    return `${title}: ${value ? "yes" : "no"}`;
  }
  if (op === "within" || op === "before") {
    return `${title} ${WORDS[op]} ${duration(Number(value))}`;
  }
  const written = (one: number) => (kind === "time" ? `${day(one)} ${clockTime(one)}` : `${one}${unit ? ` ${unit}` : ""}`);
  if (Array.isArray(value)) {
    return `${title} ${WORDS[op]} ${written(value[0])} and ${written(value[1])}`;
  }
  return `${title} ${WORDS[op]} ${typeof value === "number" ? written(value) : typeof value === "string" ? `“${value}”` : value}`;
}

/** Units in which times are given. */
export const TIME_UNITS: [name: string, seconds: number][] = [
  ["minutes", 60],
  ["hours", 3600],
  ["days", 86_400],
];

/** Seconds in the largest unit that they are a whole number of. */
export function inUnits(seconds: number): [count: number, unit: number] {
  const unit = TIME_UNITS.findLast(([, size]) => seconds >= size && seconds % size === 0)?.[1] ?? 60;
  return [seconds / unit, unit];
}

function duration(seconds: number): string {
  const [count, unit] = inUnits(seconds);
  const name = TIME_UNITS.find(([, size]) => size === unit)?.[0] ?? "seconds";
  return `${count} ${count === 1 ? name.slice(0, -1) : name}`;
}
