import { memo } from "react";
import { points, type Rrd, type Span } from "../../api/records";
import { Sparkline } from "../../parts/sparkline";
import { type DeviceRow, number, numbers } from "./row";

interface Shown {
  row: DeviceRow;
  name: string;
  span: Span;
  title: string;
}

/** A device's history as a row of small bars, drawn once a row: a list that is scrolled renders again with each frame. */
export const HistoryCell = memo(function HistoryCell({ row, name, span, title }: Shown) {
  const ring = numbers(row, name);
  const at = number(row, `${name}-at`);
  const rrd = { "kismet.common.rrd.last_time": at, "kismet.common.rrd.minute_vec": [], [`kismet.common.rrd.${span}_vec`]: ring } as Rrd;
  const values = ring ? points(rrd, span, at).map(([, value]) => value) : [];
  if (!values.some((value) => value !== 0)) {
    return <span className="dim">–</span>;
  }
  return <Sparkline values={values} label={`${title}: ${said(values)}`} />;
});

function said(values: number[]): string {
  const known = values.filter((value) => value !== 0);
  const [least, most] = [Math.min(...known), Math.max(...known)].map((value) => Math.round(value * 10) / 10);
  return least === most ? `${most}` : `${least} to ${most}`;
}
