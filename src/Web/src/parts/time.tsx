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
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

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
  const text = form === "full" ? full.format(date) : form === "clock" ? clock.format(date) : distance(at - now);
  return (
    <time className="stamp" dateTime={date.toISOString()} title={date.toISOString()}>
      {text}
    </time>
  );
}
