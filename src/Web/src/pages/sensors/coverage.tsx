import { useQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import { Dialog } from "../../parts/dialog";
import { type ListColumn, ListTable } from "../../parts/listtable";
import { Empty, Shown } from "../../parts/states";
import { percent } from "./state";

const LOOK_EVERY = 5_000;

interface Coverage {
  "kismet.coverage.group": number;
  "kismet.coverage.channel": string;
  "kismet.coverage.share": number;
  "kismet.coverage.sensors": {
    "kismet.coverage.sensor.uuid": string;
    "kismet.coverage.sensor.name": string;
    "kismet.coverage.sensor.share": number;
  }[];
}

/** Who listens to which channel, and which channels of plans nobody does. */
export function CoverageDialog({ close }: { close: () => void }) {
  const query = useQuery({
    queryKey: ["coverage"],
    queryFn: ({ signal }) => get<Coverage[]>("/datasource/coverage.json", signal),
    refetchInterval: LOOK_EVERY,
  });
  return (
    <Dialog title="Channels covered" close={close}>
      <div className="sensor-dialog">
        <Shown query={query}>
          {(all) => (
            <ListTable
              rows={all}
              columns={COLUMNS}
              label="Channels covered"
              idOf={(one) => `${one["kismet.coverage.group"]} ${one["kismet.coverage.channel"]}`}
              empty={<Empty title="No radio listens">Radios that can be tuned, and run, are shown here.</Empty>}
            />
          )}
        </Shown>
        <p className="dim">
          Sensors of a group hear one another and share their channels (plan=auto): together they should cover each. All others decide by
          themselves.
        </p>
      </div>
    </Dialog>
  );
}

const COLUMNS: ListColumn<Coverage>[] = [
  {
    id: "group",
    header: "Group",
    accessorFn: (one) => one["kismet.coverage.group"],
    cell: ({ row: { original: one } }) => one["kismet.coverage.group"] || "by themselves",
  },
  { id: "channel", header: "Channel", accessorFn: (one) => one["kismet.coverage.channel"] },
  {
    id: "share",
    header: "Listened to",
    accessorFn: (one) => one["kismet.coverage.share"],
    cell: ({ row: { original: one } }) =>
      one["kismet.coverage.sensors"].length > 0 ? percent(one["kismet.coverage.share"]) : <span className="wrong">by nobody</span>,
  },
  {
    id: "sensors",
    header: "By",
    enableSorting: false,
    accessorFn: (one) =>
      one["kismet.coverage.sensors"]
        .map((sensor) => `${sensor["kismet.coverage.sensor.name"]} ${percent(sensor["kismet.coverage.sensor.share"])}`)
        .join(", "),
  },
];
