import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { run } from "../../api/client";
import { useAlertDefinitions } from "../../api/queries";
import type { AlertDefinition } from "../../api/records";
import { Dialog } from "../../parts/dialog";
import { ActionForm, Labelled } from "../../parts/form";
import { type ListColumn, ListTable } from "../../parts/listtable";
import { count } from "../../parts/numbers";
import { SEVERITIES, Severity } from "../../parts/severity";
import { Empty, Shown } from "../../parts/states";
import { Time } from "../../parts/time";
import { useNotices } from "../../shell/notices";

// Kismet's units of limits.
const UNITS = ["second", "minute", "hour", "day"] as const;

function limit(rate: number, unit: number): string {
  return rate === 0 ? "no limit" : `${count(rate)} a ${UNITS[unit] ?? "day"}`;
}

const COLUMNS: ListColumn<AlertDefinition>[] = [
  {
    id: "kind",
    header: "Kind",
    accessorFn: (one) => one["kismet.alert.definition.header"],
    cell: ({ row }) => <strong>{row.original["kismet.alert.definition.header"]}</strong>,
  },
  {
    id: "severity",
    header: "Severity",
    accessorFn: (one) => one["kismet.alert.definition.severity"],
    cell: ({ row }) => <Severity value={row.original["kismet.alert.definition.severity"]} />,
  },
  { id: "class", header: "Class", accessorFn: (one) => one["kismet.alert.definition.class"] },
  { id: "meaning", header: "Description", enableSorting: false, accessorFn: (one) => one["kismet.alert.definition.description"] },
  {
    id: "limit",
    header: "Rate limit",
    enableSorting: false,
    accessorFn: (one) => limit(one["kismet.alert.definition.limit_rate"], one["kismet.alert.definition.limit_unit"]),
  },
  {
    id: "burst",
    header: "Burst",
    enableSorting: false,
    accessorFn: (one) => limit(one["kismet.alert.definition.limit_burst"], one["kismet.alert.definition.burst_unit"]),
  },
  { id: "raised", header: "Raised", accessorFn: (one) => one["kismet.alert.definition.total_sent"] },
  {
    id: "last",
    header: "Last",
    accessorFn: (one) => one["kismet.alert.definition.time_last"],
    cell: ({ row }) => <Time at={row.original["kismet.alert.definition.time_last"]} />,
  },
];

/** Kinds of alerts with their limits, and a way to add one's own. */
export function Definitions() {
  const query = useAlertDefinitions();
  const [adding, setAdding] = useState(false);
  return (
    <div className="stack">
      <div className="controls">
        <button type="button" onClick={() => setAdding(true)}>
          Add a rule
        </button>
        <span className="dim">Limits of the built-in rules are set in the server's settings.</span>
      </div>
      <Shown query={query}>
        {(definitions) => (
          <div className="panel">
            <ListTable
              rows={definitions}
              columns={COLUMNS}
              label="Detection rules"
              idOf={(one) => one["kismet.alert.definition.header"]}
              sort={[{ id: "severity", desc: true }]}
              empty={<Empty title="No detection rules" />}
            />
          </div>
        )}
      </Shown>
      {adding && <Define close={() => setAdding(false)} />}
    </div>
  );
}

function Define({ close }: { close: () => void }) {
  const queries = useQueryClient();
  const { tell } = useNotices();
  const define = async (data: FormData) => {
    const text = (name: string) => String(data.get(name) ?? "");
    await run("/alerts/definitions/define_alert.cmd", {
      name: text("name").toUpperCase(),
      description: text("description"),
      throttle: text("throttle"),
      burst: text("burst"),
      severity: Number(text("severity")),
    });
    await queries.invalidateQueries({ queryKey: ["alert-definitions"] });
    tell("good", "Added: programs raise it with /alerts/raise_alert.cmd");
    close();
  };
  return (
    <Dialog title="Add a detection rule" close={close}>
      <p>Your programs raise its alerts.</p>
      <ActionForm submit="Add" action={define}>
        <Labelled label="Name">
          <input name="name" required maxLength={64} />
        </Labelled>
        <Labelled label="Description">
          <input name="description" required />
        </Labelled>
        <Labelled label="Severity">
          <select name="severity" defaultValue="10">
            {SEVERITIES.map(({ least, name }) => (
              <option key={least} value={least}>
                {name}
              </option>
            ))}
          </select>
        </Labelled>
        <Labelled label="Rate limit" hint="As 10/min, 100/hour">
          <input name="throttle" required defaultValue="10/min" />
        </Labelled>
        <Labelled label="Burst" hint="As 1/sec">
          <input name="burst" required defaultValue="1/sec" />
        </Labelled>
      </ActionForm>
    </Dialog>
  );
}
