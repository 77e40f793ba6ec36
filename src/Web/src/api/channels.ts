import { type ChannelUse, type Point, points, type Rrd, type Span, stepOf } from "./records";

/** A band of frequencies in kHz, as IEEE 802.11-2020, Annex E and the Bluetooth Core Specification divide them. */
export interface Band {
  name: string;
  from: number;
  to: number;
}

/** The bands that are told apart. */
export const BANDS: Band[] = [
  { name: "below 1 GHz", from: 1, to: 1_000_000 },
  { name: "2.4 GHz", from: 2_400_000, to: 2_500_000 },
  { name: "5 GHz", from: 4_900_000, to: 5_925_000 },
  { name: "6 GHz", from: 5_925_001, to: 7_125_000 },
];

/** The Wi-Fi channel of a frequency in kHz (IEEE 802.11-2020, 17.3.8.4.2 and 27.3.23.2); empty where it is none. */
export function wifiChannel(khz: number): string {
  const mhz = Math.round(khz / 1000);
  if (mhz === 2484) {
    return "14";
  }
  if (mhz >= 2412 && mhz <= 2472 && (mhz - 2407) % 5 === 0) {
    return String((mhz - 2407) / 5);
  }
  if (mhz >= 5150 && mhz <= 5895 && mhz % 5 === 0) {
    return String((mhz - 5000) / 5);
  }
  if (mhz === 5935) {
    return "2";
  }
  if (mhz >= 5955 && mhz <= 7115 && (mhz - 5950) % 5 === 0) {
    return String((mhz - 5950) / 5);
  }
  return "";
}

/** The channel of a frequency in kHz; its megahertz where it is none. */
export function channelOf(khz: number): string {
  return wifiChannel(khz) || `${khz / 1000} MHz`;
}

/** Use of one channel within a span. */
export interface Occupancy {
  khz: number;
  channel: string;
  packets: number;
  bytes: number;
  history: Point[];
}

const FINER: Record<Span, Span | null> = { minute: null, hour: "minute", day: "hour" };

/**
 * All of a history within a span. Values are means a second. The newest slot is the mean of the sixty seconds (or minutes) until now, which are in the
 * slot before, too: of it counts what the finer ring has since it began.
 */
export function total(rrd: Rrd | 0 | undefined, span: Span, now: number, from = 0): number {
  const history = points(rrd, span, now).filter(([time]) => time >= from);
  const running = history.at(-1);
  const finer = FINER[span];
  const sum = (some: Point[]) => some.reduce((all, [, value]) => all + value, 0) * stepOf(span);
  return finer && running ? sum(history.slice(0, -1)) + total(rrd, finer, now, running[0]) : sum(history);
}

/** The channels of a band in order of frequency, with the packets and bytes of a span. */
export function occupancy(uses: Record<string, ChannelUse>, band: Band, span: Span, now: number): Occupancy[] {
  return Object.values(uses)
    .map((use) => use["kismet.channelrec.frequency"])
    .filter((khz) => khz >= band.from && khz <= band.to)
    .sort((a, b) => a - b)
    .map((khz) => {
      const use = uses[String(khz)];
      const packets = use?.["kismet.channelrec.packets_rrd"];
      return {
        khz,
        channel: channelOf(khz),
        packets: total(packets, span, now),
        bytes: total(use?.["kismet.channelrec.data_rrd"], span, now),
        history: points(packets, span, now),
      };
    });
}
