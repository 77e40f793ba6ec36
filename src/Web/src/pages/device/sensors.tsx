import { Link } from "wouter";
import { type ListColumn, ListTable } from "../../parts/listtable";
import { count, signal } from "../../parts/numbers";
import { Time } from "../../parts/time";
import { type DeviceRecord, type SeenBy, sensorName } from "./record";

const strengthOf = (one: SeenBy, name: "last_signal" | "min_signal" | "max_signal") =>
  one["kismet.common.seenby.signal"]?.[`kismet.common.signal.${name}`] ?? 0;

// What is not known comes after the weakest.
const strength = (value: number) => value || -999;

const COLUMNS: ListColumn<SeenBy>[] = [
  {
    id: "sensor",
    header: "Sensor",
    accessorFn: sensorName,
    cell: ({ row }) => (
      <Link href={`/ui/devices?view=seenby-${row.original["kismet.common.seenby.uuid"]}`} title="All devices that this sensor saw">
        <bdi>{sensorName(row.original)}</bdi>
      </Link>
    ),
  },
  {
    id: "last",
    header: "Signal",
    accessorFn: (one) => strength(strengthOf(one, "last_signal")),
    cell: ({ row }) => signal(strengthOf(row.original, "last_signal")),
  },
  {
    id: "max",
    header: "Strongest",
    accessorFn: (one) => strength(strengthOf(one, "max_signal")),
    cell: ({ row }) => signal(strengthOf(row.original, "max_signal")),
  },
  {
    id: "min",
    header: "Weakest",
    accessorFn: (one) => strength(strengthOf(one, "min_signal")),
    cell: ({ row }) => signal(strengthOf(row.original, "min_signal")),
  },
  {
    id: "packets",
    header: "Packets",
    accessorFn: (one) => one["kismet.common.seenby.num_packets"],
    cell: ({ row }) => count(row.original["kismet.common.seenby.num_packets"]),
  },
  {
    id: "first",
    header: "First seen",
    accessorFn: (one) => one["kismet.common.seenby.first_time"],
    cell: ({ row }) => <Time at={row.original["kismet.common.seenby.first_time"]} />,
  },
  {
    id: "heard",
    header: "Last seen",
    accessorFn: (one) => one["kismet.common.seenby.last_time"],
    cell: ({ row }) => <Time at={row.original["kismet.common.seenby.last_time"]} />,
  },
];

/** Which sensors saw it, and how well. */
export function Sensors({ device }: { device: DeviceRecord }) {
  return (
    <section className="panel whole" aria-labelledby="sensors">
      <h2 id="sensors">Seen by</h2>
      <ListTable
        label="Sensors that saw it"
        rows={device["kismet.device.base.seenby"] || []}
        columns={COLUMNS}
        idOf={(one) => one["kismet.common.seenby.uuid"]}
        sort={[{ id: "max", desc: true }]}
        empty={<p className="dim">No sensor is known to have seen it: it was named by others alone.</p>}
      />
    </section>
  );
}
