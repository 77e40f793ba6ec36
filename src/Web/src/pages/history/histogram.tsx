import type { Histogram as Counts } from "../../api/queries";
import { TimeChart } from "../../parts/chart";
import { Choices } from "../../parts/choices";
import { count } from "../../parts/numbers";
import { Empty } from "../../parts/states";
import { Time } from "../../parts/time";
import type { UrlChanges } from "../../parts/urlstate";
import { brushed, FILTERS, isFiltered } from "./filter";

const SPANS = [
  ["-3600", "Last hour"],
  ["-86400", "Last day"],
  ["-604800", "Last week"],
] as const;

/** Packets by time: what is brushed becomes the time that is seen. */
export function Histogram({
  data,
  url,
  change,
}: {
  data: Counts;
  url: URLSearchParams;
  change: (changes: UrlChanges, isStep?: boolean) => void;
}) {
  const from = data["kismet.histogram.from"];
  const to = data["kismet.histogram.to"];
  const counts = data["kismet.histogram.counts"];
  const total = data["kismet.histogram.total"];
  const width = (to - from) / Math.max(1, counts.length);
  const isWhole = !url.get("from") && !url.get("to");
  return (
    <div className="panel history-chart">
      <div className="row">
        <strong role="status">
          {count(total)} {total === 1 ? "packet" : "packets"}
        </strong>
        {total > 0 && (
          <span className="dim">
            <Time at={from} /> – <Time at={to} />
          </span>
        )}
        <span className="right">
          <Choices label="Time">
            <button type="button" aria-pressed={isWhole} onClick={() => change({ from: null, to: null }, true)}>
              Whole log
            </button>
            {SPANS.map(([span, name]) => (
              <button
                key={span}
                type="button"
                aria-pressed={url.get("from") === span && !url.get("to")}
                onClick={() => change({ from: span, to: null }, true)}
              >
                {name}
              </button>
            ))}
          </Choices>
        </span>
      </div>
      {total === 0 ? (
        isFiltered(url) ? (
          <Empty title="No packets match">
            <button type="button" onClick={() => change(Object.fromEntries(FILTERS.map((name) => [name, null])), true)}>
              Show all
            </button>
          </Empty>
        ) : (
          <Empty title="The log is empty">Packets come here as they are seen: look again.</Empty>
        )
      ) : (
        <>
          <TimeChart
            times={counts.map((_, i) => from + i * width)}
            series={[{ label: "Packets", values: counts }]}
            kind="bars"
            height={170}
            label={`${count(total)} packets by time; most at a time: ${count(Math.max(...counts))}`}
            onBrush={(start, end) => change(brushed(start, end), true)}
          />
          <small>Draw over the chart to see a part of the time, or set the time above. The browser’s way back leads back.</small>
        </>
      )}
    </div>
  );
}
