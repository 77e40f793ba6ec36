import { useEffect, useState } from "react";

const DAY = 86_400;
const MONTH = 30.44 * DAY;
const YEAR = 365.25 * DAY;
const FOREVER = ["year", YEAR] as const;
// Unit, its length, and up to which distance it is used.
const STEPS = [
  ["second", 1, 60],
  ["minute", 60, 3600],
  ["hour", 3600, DAY],
  ["day", DAY, 60 * DAY],
  ["month", MONTH, 2 * YEAR],
] as const;
// The page is in English, whatever the browser's language.
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });

function two(number: number): string {
  return String(number).padStart(2, "0");
}

/** The day of a Unix second in local time (ISO 8601). */
export function day(seconds: number): string {
  const date = new Date(seconds * 1000);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The time of day of a Unix second in local time, by the 24-hour clock. */
export function clockTime(seconds: number, withSeconds = true): string {
  const date = new Date(seconds * 1000);
  return `${two(date.getHours())}:${two(date.getMinutes())}${withSeconds ? `:${two(date.getSeconds())}` : ""}`;
}

/** The browser's clock, renewed every few seconds. */
export function useNow(everyMs = 10_000): number {
  const [now, setNow] = useState(() => Date.now() / 1000);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() / 1000), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** How long ago, or until when, in words. */
export function distance(seconds: number): string {
  const size = Math.abs(seconds);
  const [unit, length] = STEPS.find(([, , below]) => size < below) ?? FOREVER;
  return relative.format(Math.round(seconds / length), unit);
}

/** A Unix second in local time, with the exact UTC on hover. */
export function Time({ at, form = "full" }: { at: number; form?: "full" | "clock" | "ago" }) {
  const now = useNow(form === "ago" ? 5_000 : 3_600_000);
  if (!at) {
    return <span className="dim">never</span>;
  }
  const date = new Date(at * 1000);
  const text = form === "full" ? `${day(at)} ${clockTime(at)}` : form === "clock" ? clockTime(at) : distance(at - now);
  return (
    <time className="stamp" dateTime={date.toISOString()} title={date.toISOString()}>
      {text}
    </time>
  );
}
