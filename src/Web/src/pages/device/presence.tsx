import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "../../api/client";
import { signal as inDbm } from "../../parts/numbers";
import { Shown } from "../../parts/states";
import { clockTime, day } from "../../parts/time";
import { lasting, type PresenceRow, type PresenceSlot, rowsOf, SLOT } from "./presencerows";
import type { DeviceRecord } from "./record";
import { Spans } from "./spans";

const DAY = 86_400;
const SPANS: [seconds: number, name: string, words: string][] = [
  [DAY, "Day", "24 hours"],
  [7 * DAY, "Week", "7 days"],
];
const FIELDS = ["time", "source.uuid", "source.name", "packets", "signal"].map((name) => `kismet.presence.${name}`);
// More rows than a screen has tell nothing: those that saw it longest.
const MOST_SENSORS = 16;
const STRENGTHS = [
  ["strong", "strong, −60 dBm and more"],
  ["fair", "fair"],
  ["weak", "weak, less than −75 dBm"],
  ["unknown", "signal not known"],
] as const;

/** Which sensors saw it when, in the day or week up to when it was last seen. */
export function Presence({ device }: { device: DeviceRecord }) {
  const [span, setSpan] = useState(DAY);
  const key = device["kismet.device.base.key"];
  // Whole five minutes, so that a device that is seen all the time is asked for once in them.
  const until = (Math.floor(device["kismet.device.base.last_time"] / SLOT) + 1) * SLOT;
  const from = until - span;
  const query = useQuery({
    queryKey: ["presence", key, from, until],
    queryFn: ({ signal }) => post<PresenceSlot[]>(`/presence/by-key/${key}/slots.json`, { fields: FIELDS, from, until }, {}, signal),
    placeholderData: (before) => before,
  });
  const words = SPANS.find(([seconds]) => seconds === span)?.[2];
  return (
    <section className="panel whole" aria-labelledby="presence">
      <div className="row spread">
        <h2 id="presence">Where it was</h2>
        <Spans legend="How many days" spans={SPANS} value={span} onChoose={setSpan} />
      </div>
      <p className="dim">
        Which sensors saw it in the {words} up to when it was last seen, by five minutes. It was near those with a strong signal.
      </p>
      <Shown query={query}>{(slots) => <Timeline rows={rowsOf(slots)} from={from} until={until} words={words ?? ""} />}</Shown>
    </section>
  );
}

function Timeline({ rows, from, until, words }: { rows: PresenceRow[]; from: number; until: number; words: string }) {
  if (rows.length === 0) {
    return (
      <p className="dim">Nothing of that time is kept: others named it, and no sensor saw it itself, or keeping this is switched off.</p>
    );
  }
  return (
    <>
      <div className="timeline">
        {rows.slice(0, MOST_SENSORS).map((row) => (
          <Sensor key={row.uuid} row={row} from={from} until={until} />
        ))}
        <div className="axis dim" aria-hidden="true">
          {ticks(from, until).map(([time, text]) => (
            <span key={time} style={{ left: `${(100 * (time - from)) / (until - from)}%` }}>
              {text}
            </span>
          ))}
        </div>
      </div>
      {rows.length > MOST_SENSORS && <p className="dim">{rows.length - MOST_SENSORS} more sensors saw it for a shorter time.</p>}
      <p className="legend dim">
        {STRENGTHS.filter(([one]) => rows.some((row) => row.stretches.some((stretch) => stretch.strength === one))).map(([one, name]) => (
          <span key={one}>
            <i className={one} aria-hidden="true" /> {name}
          </span>
        ))}
        <span className="right">
          {words}, from {day(from)} {clockTime(from, false)} on
        </span>
      </p>
    </>
  );
}

function Sensor({ row, from, until }: { row: PresenceRow; from: number; until: number }) {
  const label = `${row.name}: seen in ${lasting(row.seconds)}, strongest ${row.best === 0 ? "signal not known" : inDbm(row.best)}`;
  return (
    <>
      <span className="sensor" title={label}>
        <bdi>{row.name}</bdi>
      </span>
      <svg className="lane" role="img" aria-label={label} viewBox={`0 0 ${until - from} 1`} preserveAspectRatio="none">
        {row.stretches.map((one) => (
          <rect key={one.from} className={one.strength} x={one.from - from} y={0} width={one.until - one.from} height={1}>
            <title>
              {`${day(one.from)} ${clockTime(one.from, false)} to ${clockTime(one.until, false)}: ${one.packets} packets, up to ${inDbm(one.best)}`}
            </title>
          </rect>
        ))}
      </svg>
      <span className="for">{lasting(row.seconds)}</span>
    </>
  );
}

// Four of a day by the clock, and the days of a week.
function ticks(from: number, until: number): [number, string][] {
  const date = new Date(from * 1000);
  date.setMinutes(0, 0, 0);
  const step = until - from > DAY ? 24 : 6;
  const all: [number, string][] = [];
  date.setHours(Math.floor(date.getHours() / step) * step + step);
  while (date.getTime() / 1000 < until) {
    const time = date.getTime() / 1000;
    all.push([time, step === 24 ? day(time).slice(5) : clockTime(time, false)]);
    date.setHours(date.getHours() + step);
  }
  return all;
}
