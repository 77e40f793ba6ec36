import { Link } from "wouter";
import { useNewDevices } from "../../api/queries";
import { TimeChart } from "../../parts/chart";
import { count } from "../../parts/numbers";
import { Shown } from "../../parts/states";
import { useNow } from "../../parts/time";
import { printFilter } from "../devices/filters";

const DAY = 86_400;
const HOUR = 3_600;
const HALF_HOURS = 48;

// Local midnight, as whoever looks means it.
function today(now: number): number {
  return Math.floor(new Date(now * 1000).setHours(0, 0, 0, 0) / 1000);
}

/** How many devices were never seen before today. */
export function NewToday() {
  const from = today(useNow(HOUR * 1000));
  const query = useNewDevices(from, from + DAY, 24);
  return (
    <Shown query={query}>
      {(found) => (
        <Link
          className="panel tile"
          href={`/ui/devices?${new URLSearchParams({ sort: "first", f: printFilter({ field: "first", op: ">=", value: from }) })}`}
        >
          <span className="value">{count(sum(found["kismet.histogram.counts"]))}</span>
          <span className="name">new today</span>
        </Link>
      )}
    </Shown>
  );
}

/** When devices were first seen, over the last day. */
export function NewDevices() {
  const end = (Math.floor(useNow(HOUR * 1000) / HOUR) + 1) * HOUR;
  const query = useNewDevices(end - DAY, end, HALF_HOURS);
  return (
    <section className="panel" aria-label="New devices">
      <h2>New devices in the last day</h2>
      <Shown query={query}>
        {(found) => {
          const from = found["kismet.histogram.from"];
          const counts = found["kismet.histogram.counts"];
          const step = (found["kismet.histogram.to"] - from) / counts.length;
          return (
            <TimeChart
              label={`New devices in the last day: ${sum(counts)}`}
              times={counts.map((_, i) => from + i * step)}
              series={[{ label: "new devices", values: counts }]}
              kind="bars"
            />
          );
        }}
      </Shown>
    </section>
  );
}

function sum(counts: number[]): number {
  return counts.reduce((all, one) => all + one, 0);
}
