import { useQueries } from "@tanstack/react-query";
import { Link } from "wouter";
import { newDevices } from "../../api/queries";
import { TimeChart } from "../../parts/chart";
import { count } from "../../parts/numbers";
import { Failed, Loading } from "../../parts/states";
import { useNow } from "../../parts/time";
import { linkTo, NEW_KINDS, stacked, whereOf } from "./newkinds";

const HOUR = 3_600;
const HALF_HOUR = 1_800;
// The longest day of a year has 25 hours.
const STEPS = 52;
const SHOWN = 48;

// Local midnight, as whoever looks means it.
function today(now: number): number {
  return Math.floor(new Date(now * 1000).setHours(0, 0, 0, 0) / 1000);
}

/** How many devices were never seen before today, and of what kinds. */
export function NewToday() {
  const { from, counts, state } = useNew();
  const midnight = today(useNow(HOUR * 1000));
  if (!counts) {
    return state;
  }
  const since = (values: number[]) => sum(values.slice(Math.max(0, Math.round((midnight - from) / HALF_HOUR))));
  const all = { view: "all", filters: [] };
  return (
    <div className="panel">
      <Link className="tile" href={linkTo(all, midnight)}>
        <span className="value">{count(since(counts.total))}</span> <span className="name">new today</span>
      </Link>
      <small>
        {NEW_KINDS.map((kind, i) => (
          <span key={kind.name}>
            {i > 0 && ", "}
            <Link href={linkTo(kind, midnight)}>
              {count(since(counts.kinds[i] ?? []))} {kind.name}
            </Link>
          </span>
        ))}
      </small>
    </div>
  );
}

/** When devices were first seen, over the last day, by kind. */
export function NewDevices() {
  const { from, counts, state } = useNew();
  const last = (values: number[]) => values.slice(-SHOWN);
  return (
    <section className="panel" aria-label="New devices">
      <h2>New devices in the last day</h2>
      {counts ? (
        <TimeChart
          label={`New devices in the last day: ${sum(last(counts.total))}, of which ${NEW_KINDS.map(
            ({ name }, i) => `${sum(last(counts.kinds[i] ?? []))} ${name}`,
          ).join(", ")}`}
          times={last(counts.total).map((_, i) => from + (STEPS - SHOWN + i) * HALF_HOUR)}
          series={stacked(
            last(counts.total),
            NEW_KINDS.map(({ name }, i) => ({ name, counts: last(counts.kinds[i] ?? []) })),
          ).map((one, i) => ({ ...one, colour: COLOURS[i] ?? 0 }))}
          kind="bars"
        />
      ) : (
        state
      )}
    </section>
  );
}

// Others, and the kinds from the last to the first.
const COLOURS = [7, 2, 1, 0];

function useNew() {
  const from = (Math.floor(useNow(HOUR * 1000) / HOUR) + 1) * HOUR - STEPS * HALF_HOUR;
  const queries = useQueries({
    queries: [{ view: "all", where: [] }, ...NEW_KINDS.map((kind) => ({ view: kind.view, where: whereOf(kind) }))].map(({ view, where }) =>
      newDevices(view, where, from, from + STEPS * HALF_HOUR, STEPS),
    ),
  });
  const [total, ...kinds] = queries.map((one) => one.data?.["kismet.histogram.counts"]);
  const error = queries.find((one) => one.error && !one.data)?.error;
  const isThere = total && kinds.every((one) => one !== undefined);
  return {
    from,
    counts: isThere ? { total, kinds } : null,
    state: error ? <Failed error={error} again={() => queries.forEach((one) => void one.refetch())} /> : <Loading />,
  };
}

function sum(counts: number[]): number {
  return counts.reduce((all, one) => all + one, 0);
}
