import type { Incident } from "../api/records";

/** Something that a search found, and where it is. */
export interface Found {
  href: string;
  title: string;
  /** What else says which one it is. */
  more: string;
}

/** What is found of one kind. */
export interface FoundKind {
  name: string;
  found: Found[];
  /** Where all of them are, when there are more than these. */
  all?: { href: string; count: number };
}

/** Shorter words find everything. */
export const SHORTEST = 2;
/** Of each kind, so that all kinds are in sight. */
export const MOST = 6;

/**
 * What the server is asked for: an address that is written with dashes, dots, or twelve digits in a row as the server writes it, which is what its search
 * compares with.
 */
export function asWritten(typed: string): string {
  const text = typed.trim();
  const digits = text.replace(/[-.:]/g, "");
  const isAddress = /^[0-9a-f]+$/i.test(digits) && digits.length <= 16 && digits.length % 2 === 0;
  const isWhole = digits.length === 12 && digits === text;
  const isSeparated = /^[0-9a-f]{2}(-[0-9a-f]{2})+-?$/i.test(text) || /^[0-9a-f]{4}\.[0-9a-f]{2,4}(\.[0-9a-f]{2,4})?$/i.test(text);
  return isAddress && (isWhole || isSeparated) ? (digits.match(/../g)?.join(":").toUpperCase() ?? text) : text;
}

/** Those of some incidents that have a text, or the number that it is. */
export function incidentsWith(incidents: Incident[], text: string): Found[] {
  const wanted = text.toLowerCase();
  const number = /^#?(\d+)$/.exec(text)?.[1];
  return incidents
    .filter(
      (one) =>
        String(one["kismet.incident.id"]) === number ||
        [
          one["kismet.incident.header"],
          one["kismet.incident.text"],
          one["kismet.incident.transmitter"],
          one["kismet.incident.network"],
          one["kismet.incident.owner"],
        ].some((value) => value.toLowerCase().includes(wanted)),
    )
    .map((one) => ({
      href: `/ui/alerts?tab=incidents&state=all&incident=${one["kismet.incident.id"]}`,
      title: `#${one["kismet.incident.id"]} ${one["kismet.incident.header"]}`,
      more: `${one["kismet.incident.state"]}, ${one["kismet.incident.text"]}`,
    }));
}

/** A kind with the first of what was found. */
export function kindOf(name: string, found: Found[], all?: { href: string; count: number }): FoundKind {
  return { name, found: found.slice(0, MOST), ...(all && all.count > Math.min(found.length, MOST) ? { all } : {}) };
}
