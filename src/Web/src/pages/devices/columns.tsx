import type { ReactNode } from "react";
import { Link } from "wouter";
import { brief, byteSize, count, frequency, signal } from "../../parts/numbers";
import type { Room } from "../../parts/room";
import { Time } from "../../parts/time";
import { HistoryCell } from "./historycell";
import { type DeviceRow, idOf, number, pageOf, text } from "./row";

const BASE = "kismet.device.base.";
const SIGNAL = `${BASE}signal/kismet.common.signal.`;
const WIFI = "dot11.device/dot11.device.";
const GEOPOINT = `${BASE}location/kismet.common.location.avg_loc/kismet.common.location.geopoint`;

/** A column of the devices: what it asks for, what the server sorts by, and how it looks. */
export interface DeviceColumn {
  id: string;
  title: string;
  width: number;
  fields: [path: string, name: string][];
  sort?: string;
  /** The field that stands for it in a file, where that is not the one that is sorted by; null for a picture. */
  file?: string | null;
  cell: (row: DeviceRow) => ReactNode;
}

const none = <span className="dim">–</span>;

function words(id: string, title: string, width: number, path: string): DeviceColumn {
  return {
    id,
    title,
    width,
    fields: [[path, id]],
    sort: path,
    cell: (row) => {
      const value = text(row, id);
      return value ? <bdi title={value}>{value}</bdi> : none;
    },
  };
}

function figure(id: string, title: string, width: number, path: string, write: (value: number) => ReactNode): DeviceColumn {
  return { id, title, width, fields: [[path, id]], sort: path, cell: (row) => write(number(row, id)) };
}

function history(id: string, title: string, rrd: string, span: "minute" | "hour"): DeviceColumn {
  const path = `${BASE}${rrd}/kismet.common.rrd.`;
  return {
    id,
    title,
    width: 115,
    fields: [
      [`${path}${span}_vec`, id],
      [`${path}last_time`, `${id}-at`],
    ],
    file: null,
    cell: (row) => <HistoryCell row={row} name={id} span={span} title={title} />,
  };
}

/** All columns, in the order in which they are shown. */
export const DEVICE_COLUMNS: DeviceColumn[] = [
  {
    id: "name",
    title: "Name",
    width: 145,
    fields: [],
    sort: `${BASE}commonname`,
    cell: (row) => (
      <Link href={pageOf(idOf(row))} tabIndex={-1} onClick={(event) => event.stopPropagation()} title={text(row, "name")}>
        <bdi className={text(row, "name") === row.mac ? "mono" : undefined}>{text(row, "name")}</bdi>
      </Link>
    ),
  },
  {
    id: "mac",
    title: "MAC address",
    width: 165,
    fields: [],
    sort: `${BASE}macaddr`,
    cell: (row) => <span className="mono">{row.mac}</span>,
  },
  words("manuf", "Manufacturer", 135, `${BASE}manuf`),
  words("type", "Type", 105, `${BASE}type`),
  words("phy", "Phy", 110, `${BASE}phyname`),
  words("ssid", "SSID", 160, "dot11.device/dot11.device.last_beaconed_ssid_record/dot11.advertisedssid.ssid"),
  words("probed", "Probed SSID", 160, "dot11.device/dot11.device.last_probed_ssid_record/dot11.probedssid.ssid"),
  words("crypt", "Security", 135, `${BASE}crypt`),
  words("channel", "Channel", 88, `${BASE}channel`),
  figure("frequency", "Frequency", 110, `${BASE}frequency`, frequency),
  figure("signal", "Signal", 82, `${SIGNAL}last_signal`, signal),
  figure("signalmax", "Strongest", 95, `${SIGNAL}max_signal`, signal),
  figure("signalmin", "Weakest", 95, `${SIGNAL}min_signal`, signal),
  history("signals", "Signal 1 min", "signal/kismet.common.signal.signal_rrd", "minute"),
  figure("packets", "Packets", 82, `${BASE}packets.total`, count),
  history("minute", "Packets 1 min", "packets.rrd", "minute"),
  history("hour", "Packets 1 h", "packets.rrd", "hour"),
  figure("datapackets", "Data packets", 95, `${BASE}packets.data`, count),
  figure("data", "Data", 90, `${BASE}datasize`, byteSize),
  figure("clients", "Clients", 78, `${WIFI}num_associated_clients`, brief),
  figure("networks", "Networks", 95, `${WIFI}num_client_aps`, brief),
  figure("alerts", "Alerts", 72, `${BASE}num_alerts`, (value) => (value ? <span className="bad">{count(value)}</span> : "0")),
  figure("first", "First seen", 195, `${BASE}first_time`, (at) => <Time at={at} />),
  figure("last", "Last seen", 112, `${BASE}last_time`, (at) => <Time at={at} form="ago" />),
  {
    id: "sensors",
    title: "Sensors",
    width: 160,
    fields: [[`${BASE}seenby`, "sensors"]],
    file: `${BASE}seenby`,
    cell: (row) => <Sensors row={row} />,
  },
  {
    id: "location",
    title: "Location",
    width: 170,
    fields: [[GEOPOINT, "location"]],
    file: GEOPOINT,
    cell: (row) => {
      const [east, north] = (row.location || []) as number[];
      return east || north ? `${north?.toFixed(5)}, ${east?.toFixed(5)}` : none;
    },
  },
];

interface SeenBy {
  "kismet.common.seenby.source"?: { "kismet.datasource.name"?: string };
}

function Sensors({ row }: { row: DeviceRow }) {
  const all = Array.isArray(row.sensors) ? (row.sensors as SeenBy[]) : [];
  const names = all.map((one) => one["kismet.common.seenby.source"]?.["kismet.datasource.name"] ?? "?").join(", ");
  return <bdi title={names}>{all.length > 1 ? `${all.length}: ${names}` : names}</bdi>;
}

/** The fields that stand for columns in a file, with their titles, and the titles of those that no file has. */
export function inFile(columns: DeviceColumn[]): { fields: [path: string, title: string][]; leftOut: string[] } {
  return {
    fields: columns.flatMap(({ title, sort, file = sort }): [string, string][] => (file ? [[file, title]] : [])),
    leftOut: columns.filter(({ sort, file = sort }) => !file).map((one) => one.title),
  };
}

const NARROW = ["name", "signal", "last"];
const MIDDLE = ["name", "mac", "type", "crypt", "channel", "signal", "packets", "clients", "alerts", "last"];
const WIDE = ["name", "mac", "manuf", "type", "crypt", "channel", "signal", "packets", "hour", "clients", "alerts", "last"];

/** Those that there are of some columns; null where none is left. */
export function knownColumns(ids: string[] | null): string[] | null {
  const known = ids?.filter((id) => DEVICE_COLUMNS.some((one) => one.id === id));
  return known?.length ? known : null;
}

/** The columns that are shown unless others were chosen. */
export function usualColumns(room: Room): string[] {
  return room === "narrow" ? NARROW : room === "middle" ? MIDDLE : WIDE;
}
