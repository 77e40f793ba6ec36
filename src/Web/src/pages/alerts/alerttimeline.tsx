import type { Alert } from "../../api/records";
import { TimeChart } from "../../parts/chart";

const BUCKETS = 60;
// Numbers of the palette that are close to the severities' own colours.
const GROUPS = [
  { label: "high and critical", least: 15, below: 100, colour: 2 },
  { label: "medium", least: 10, below: 15, colour: 4 },
  { label: "low and information", least: 0, below: 10, colour: 1 },
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
      const severity = one["kismet.alert.severity"];
      if (severity >= group.least && severity < group.below) {
        const at = Math.min(BUCKETS - 1, Math.max(0, Math.floor((one["kismet.alert.timestamp"] - from) / step)));
        values[at] = (values[at] ?? 0) + 1;
      }
    }
    return { label: group.label, values, colour: group.colour };
  });
  return <TimeChart label={`${alerts.length} alerts over time`} times={times} series={series} kind="bars" height={140} />;
}
