import type { Alert } from "../../api/records";
import { TimeChart } from "../../parts/chart";

const BUCKETS = 60;
// Numbers of the palette that are close to the severities' own colours.
// Each bar stands on those of the groups before it, and is drawn behind them.
const GROUPS = [
  { label: "low and information", least: 0, colour: 1 },
  { label: "medium", least: 10, colour: 4 },
  { label: "high and critical", least: 15, colour: 2 },
];

/** How many alerts were raised when, from the oldest that is shown until now. */
export function AlertTimeline({ alerts }: { alerts: Alert[] }) {
  const now = Date.now() / 1000;
  const from = Math.min(now - 60, ...alerts.map((one) => one["kismet.alert.timestamp"]));
  const step = (now - from) / BUCKETS;
  const times = Array.from({ length: BUCKETS }, (_, i) => from + i * step);
  const series = GROUPS.map((group) => {
    const values = times.map(() => 0);
    for (const one of alerts) {
      if (one["kismet.alert.severity"] >= group.least) {
        const at = Math.min(BUCKETS - 1, Math.max(0, Math.floor((one["kismet.alert.timestamp"] - from) / step)));
        values[at] = (values[at] ?? 0) + 1;
      }
    }
    return { label: group.label, values, colour: group.colour };
  });
  return <TimeChart label={`${alerts.length} alerts over time`} times={times} series={series} kind="bars" height={140} />;
}
