import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { post } from "../../api/client";
import { useIncidents } from "../../api/queries";
import type { Incident } from "../../api/records";
import { Addresses } from "../../parts/addresses";
import { Choice } from "../../parts/choice";
import { ActionButton } from "../../parts/form";
import { type ListColumn, ListTable } from "../../parts/listtable";
import { count } from "../../parts/numbers";
import { Severity } from "../../parts/severity";
import { Empty, Shown } from "../../parts/states";
import { Time } from "../../parts/time";
import { useUrl } from "../../parts/urlstate";
import { useSession } from "../../shell/session";

const STATES = [
  ["new", "New"],
  ["acknowledged", "Acknowledged"],
  ["muted", "Muted"],
  ["resolved", "Resolved"],
  ["all", "All"],
] as const;

/** Incidents: what belongs together, and what became of it. */
export function Incidents() {
  const [state, setState] = useUrl<(typeof STATES)[number][0]>("state", "new");
  const [only, setOnly] = useUrl<string>("incident", "");
  const query = useIncidents(state);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const { isAdmin } = useSession();
  const columns = useMemo(() => columnsOf(chosen, setChosen, isAdmin), [chosen, isAdmin]);
  return (
    <div className="stack">
      <div className="controls">
        <Choice label="State" value={state} onChange={setState} options={STATES} />
      </div>
      <Shown query={query}>
        {(all) => {
          const incidents = all.filter((one) => !only || String(one["kismet.incident.id"]) === only);
          return (
            <>
              {only && (
                <p>
                  Incident #{only} alone.{" "}
                  <button type="button" className="plain" onClick={() => setOnly("")}>
                    Show all
                  </button>
                </p>
              )}
              {isAdmin && (
                <Actions
                  ids={incidents.map((one) => one["kismet.incident.id"]).filter((id) => chosen.has(id))}
                  done={() => setChosen(new Set())}
                />
              )}
              <div className="panel">
                <ListTable
                  rows={incidents}
                  columns={columns}
                  label="Incidents"
                  idOf={(one) => String(one["kismet.incident.id"])}
                  sort={[{ id: "last", desc: true }]}
                  empty={<Empty title="No incidents">No incident is in this state.</Empty>}
                />
              </div>
            </>
          );
        }}
      </Shown>
    </div>
  );
}

function Actions({ ids, done }: { ids: number[]; done: () => void }) {
  const queries = useQueryClient();
  const [comment, setComment] = useState("");
  const change = async (what: Record<string, string | number>) => {
    await post("/incidents/change.json", { ids, ...what, ...(comment ? { comment } : {}) });
    setComment("");
    done();
    await queries.invalidateQueries({ queryKey: ["incidents"] });
  };
  const disabled = ids.length === 0;
  return (
    <div className="controls">
      <span className="dim">{count(ids.length)} chosen</span>
      <ActionButton disabled={disabled} action={() => change({ state: "acknowledged" })}>
        Acknowledge
      </ActionButton>
      <ActionButton disabled={disabled} action={() => change({ state: "resolved" })}>
        Resolve
      </ActionButton>
      <ActionButton disabled={disabled} action={() => change({ state: "muted", muted_until: Math.round(Date.now() / 1000) + 86_400 })}>
        Mute for a day
      </ActionButton>
      <ActionButton disabled={disabled} action={() => change({ state: "muted" })}>
        Mute for good
      </ActionButton>
      <ActionButton disabled={disabled} action={() => change({ state: "new" })}>
        New again
      </ActionButton>
      <input
        aria-label="Comment"
        placeholder="Comment"
        value={comment}
        maxLength={1000}
        onChange={(event) => setComment(event.target.value)}
      />
      <ActionButton disabled={disabled || !comment} action={() => change({})}>
        Add comment
      </ActionButton>
    </div>
  );
}

function columnsOf(chosen: ReadonlySet<number>, choose: (ids: ReadonlySet<number>) => void, isAdmin: boolean): ListColumn<Incident>[] {
  const choice: ListColumn<Incident> = {
    id: "choice",
    header: "Choose",
    enableSorting: false,
    cell: ({ row }) => {
      const id = row.original["kismet.incident.id"];
      return (
        <input
          type="checkbox"
          aria-label={`Choose ${row.original["kismet.incident.header"]} of ${row.original["kismet.incident.transmitter"]}`}
          checked={chosen.has(id)}
          onChange={() => choose(chosen.has(id) ? new Set([...chosen].filter((one) => one !== id)) : new Set([...chosen, id]))}
        />
      );
    },
  };
  return [
    ...(isAdmin ? [choice] : []),
    {
      id: "last",
      header: "Last",
      accessorFn: (one) => one["kismet.incident.last_time"],
      cell: ({ row }) => <Time at={row.original["kismet.incident.last_time"]} />,
    },
    {
      id: "severity",
      header: "Severity",
      accessorFn: (one) => one["kismet.incident.severity"],
      cell: ({ row }) => <Severity value={row.original["kismet.incident.severity"]} />,
    },
    {
      id: "kind",
      header: "Kind",
      accessorFn: (one) => one["kismet.incident.header"],
      cell: ({ row }) => <strong>{row.original["kismet.incident.header"]}</strong>,
    },
    {
      id: "count",
      header: "Alerts",
      accessorFn: (one) => one["kismet.incident.count"] + one["kismet.incident.held_back"],
      cell: ({ row }) => {
        const heldBack = row.original["kismet.incident.held_back"];
        return (
          <span className="stamp">
            {count(row.original["kismet.incident.count"])}
            {heldBack > 0 && <small> (+ {count(heldBack)} held back)</small>}
          </span>
        );
      },
    },
    {
      id: "whom",
      header: "Whom",
      enableSorting: false,
      cell: ({ row }) => (
        <Addresses
          of={[
            ["transmitter", row.original["kismet.incident.transmitter"]],
            ["network", row.original["kismet.incident.network"]],
          ]}
        />
      ),
    },
    {
      id: "text",
      header: "Newest alert",
      enableSorting: false,
      cell: ({ row }) => (
        <div className="newest">
          <div className="said" title={row.original["kismet.incident.text"]}>
            {row.original["kismet.incident.text"]}
          </div>
          {row.original["kismet.incident.changes"].map((one) => (
            <small key={`${one["kismet.incident.change.timestamp"]}-${one["kismet.incident.change.what"]}`} className="change">
              <Time at={one["kismet.incident.change.timestamp"]} /> {one["kismet.incident.change.who"]}:{" "}
              {one["kismet.incident.change.value"]}
            </small>
          ))}
        </div>
      ),
    },
    {
      id: "first",
      header: "First",
      accessorFn: (one) => one["kismet.incident.first_time"],
      cell: ({ row }) => <Time at={row.original["kismet.incident.first_time"]} />,
    },
    {
      id: "state",
      header: "State",
      accessorFn: (one) => one["kismet.incident.state"],
      cell: ({ row }) => <State incident={row.original} />,
    },
  ];
}

function State({ incident }: { incident: Incident }) {
  const until = incident["kismet.incident.muted_until"];
  return (
    <>
      {incident["kismet.incident.state"]}
      {until > 0 && (
        <small>
          {" "}
          until <Time at={until} />
        </small>
      )}
      {incident["kismet.incident.owner"] && <small> ({incident["kismet.incident.owner"]})</small>}
    </>
  );
}
