import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { colour, useThemeVersion } from "./colours";
import { clockTime, day } from "./time";

// Of the axes' font, and beside its texts.
const DIGIT_PX = 7;
const GAP_PX = 16;
const LEAST_PX = 56;
const MINUTE_S = 60;
const DAY_S = 86_400;
// Units above and below levels.
const LEVELS_ROOM = 3;

/** One line or set of bars. */
export interface Series {
  label: string;
  values: (number | null)[];
  /** Number of its colour in the palette. */
  colour?: number;
}

/** A chart over time, on a canvas. Its numbers are told to screen readers by its label. */
export function TimeChart({
  times,
  series,
  label,
  height = 180,
  kind = "line",
  format = (value) => value.toLocaleString(),
  onBrush,
}: {
  times: number[];
  series: Series[];
  label: string;
  height?: number;
  /** Levels, as signals, have no zero to be measured from: they are lines and points alone, in the range that they have. */
  kind?: "line" | "bars" | "levels";
  format?: (value: number) => string;
  onBrush?: (from: number, to: number) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const brush = useRef(onBrush);
  const write = useRef(format);
  useEffect(() => {
    brush.current = onBrush;
    write.current = format;
  });
  const data = [times, ...series.map((one) => one.values)] as uPlot.AlignedData;
  const newest = useRef(data);
  newest.current = data;
  const shape = JSON.stringify([series.map((one) => [one.label, one.colour]), kind, height, Boolean(onBrush)]);
  const theme = useThemeVersion();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme's colours are read from the page.
  useEffect(() => {
    const element = box.current;
    if (!element) {
      return;
    }
    const [lines, form, tall, brushes] = JSON.parse(shape) as [[string, number | undefined][], string, number, boolean];
    const bars = uPlot.paths.bars?.({ size: [0.9, 40] });
    const axis: uPlot.Axis = {
      stroke: colour("--dim"),
      grid: { stroke: colour("--line"), width: 1 },
      ticks: { show: false },
      font: "12px system-ui, sans-serif",
    };
    const made = new uPlot(
      {
        width: element.clientWidth || 300,
        height: tall,
        padding: [8, 8, 0, 0],
        cursor: { drag: { x: brushes, y: false, setScale: false }, points: { show: form !== "bars" } },
        legend: { show: lines.length > 1, live: form === "line" },
        scales: {
          y: {
            range: (_, low, high) =>
              form === "levels" ? [low - LEVELS_ROOM, high + LEVELS_ROOM] : [Math.min(0, low), high > low ? high : Math.max(low, 0) + 1],
          },
        },
        axes: [
          { ...axis, values: (_, ticks, __, ___, step) => ticks.map((tick) => tickOf(tick, step)) },
          { ...axis, size: (_, values) => roomFor(values), values: (_, ticks) => ticks.map((tick) => write.current(tick)) },
        ],
        series: [
          {},
          ...lines.map(([name, number], i): uPlot.Series => {
            const own = colour(`--chart-${(number ?? i) % 8}`);
            return {
              label: name,
              stroke: own,
              width: form === "bars" ? 0 : 1.75,
              ...(form === "levels" ? {} : { fill: form === "bars" ? own : `${own}22` }),
              points: { show: form === "levels", size: 5, fill: own },
              spanGaps: true,
              value: (_, value) => (value === null ? "–" : write.current(value)),
              ...(form === "bars" && bars ? { paths: bars } : {}),
            };
          }),
        ],
        hooks: {
          setSelect: [
            (u) => {
              if (u.select.width > 2) {
                brush.current?.(u.posToVal(u.select.left, "x"), u.posToVal(u.select.left + u.select.width, "x"));
              }
            },
          ],
        },
      },
      newest.current,
      element,
    );
    plot.current = made;
    const watcher = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: tall }));
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape, theme]);

  useEffect(() => {
    plot.current?.setData(newest.current);
  });
  return <div ref={box} className="chart" role="img" aria-label={label} />;
}

// Whole labels, however long.
function roomFor(labels: (string | null)[] | null): number {
  return Math.max(LEAST_PX, Math.max(0, ...(labels ?? []).map((label) => label?.length ?? 0)) * DIGIT_PX + GAP_PX);
}

// By the 24-hour clock, and days as in all of the page: 2026-12-01.
function tickOf(seconds: number, step: number): string {
  return step >= DAY_S ? day(seconds) : clockTime(seconds, step < MINUTE_S);
}
