import "./alerts.css";
import { useMemo } from "react";
import type { Alert, AlertDefinition } from "../../api/records";
import { Addresses } from "../../parts/addresses";
import { type ListColumn, ListTable } from "../../parts/listtable";
import { Severity } from "../../parts/severity";
import { Empty } from "../../parts/states";
import { Time } from "../../parts/time";

const ROLES = [
  ["transmitter", "kismet.alert.transmitter_mac"],
  ["source", "kismet.alert.source_mac"],
  ["destination", "kismet.alert.dest_mac"],
  ["other", "kismet.alert.other_mac"],
] as const;

/** Alerts with what each of them means and whom it concerns, newest first. */
export function AlertList({ alerts, definitions }: { alerts: Alert[]; definitions: AlertDefinition[] }) {
  const columns = useMemo((): ListColumn<Alert>[] => {
    const meaning = new Map(definitions.map((one) => [one["kismet.alert.definition.header"], one["kismet.alert.definition.description"]]));
    return [
      {
        id: "time",
        header: "Time",
        accessorFn: (one) => one["kismet.alert.timestamp"],
        cell: ({ row }) => <Time at={row.original["kismet.alert.timestamp"]} />,
      },
      {
        id: "severity",
        header: "Severity",
        accessorFn: (one) => one["kismet.alert.severity"],
        cell: ({ row }) => <Severity value={row.original["kismet.alert.severity"]} />,
      },
      {
        id: "kind",
        header: "Kind",
        accessorFn: (one) => one["kismet.alert.header"],
        cell: ({ row }) => <strong>{row.original["kismet.alert.header"]}</strong>,
      },
      {
        id: "text",
        header: "Alert",
        enableSorting: false,
        cell: ({ row }) => (
          <div className="noticed">
            <div>{row.original["kismet.alert.text"]}</div>
            <small>{meaning.get(row.original["kismet.alert.header"])}</small>
          </div>
        ),
      },
      {
        id: "whom",
        header: "Addresses",
        enableSorting: false,
        cell: ({ row }) => <Addresses of={ROLES.map(([role, field]) => [role, row.original[field]] as const)} />,
      },
      {
        id: "channel",
        header: "Channel",
        accessorFn: (one) => one["kismet.alert.channel"],
        cell: ({ row }) => (row.original["kismet.alert.channel"] === "0" ? "" : row.original["kismet.alert.channel"]),
      },
    ];
  }, [definitions]);
  return (
    <div className="panel">
      <ListTable
        rows={alerts}
        columns={columns}
        label="Alerts"
        idOf={(one) => `${one["kismet.alert.hash"]}-${one["kismet.alert.timestamp"]}`}
        sort={[{ id: "time", desc: true }]}
        empty={<Empty title="No alerts">No kept alert matches this filter.</Empty>}
      />
    </div>
  );
}
