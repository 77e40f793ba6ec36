import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { get, post, run } from "../../api/client";
import { Dialog } from "../../parts/dialog";
import { ActionButton, ActionForm, Labelled } from "../../parts/form";
import { type ListColumn, ListTable } from "../../parts/listtable";
import { Empty, Shown } from "../../parts/states";
import { Time } from "../../parts/time";
import { type Agent, agentsOf, lines, type Profile, whom, words } from "./profile";
import type { Sensor } from "./sensor";

const KEY = ["profiles"];
const PATH = "/datasource/profiles/";
const MIB = 1024 * 1024;

/** What the server sets for its agents, and what they made of it. */
export function Profiles({ sensors, close }: { sensors: Sensor[]; close: () => void }) {
  const [edited, setEdited] = useState<Profile | "new" | null>(null);
  return (
    <Dialog title="Profiles" close={close}>
      {edited === null ? (
        <div className="sensor-dialog">
          <List edit={setEdited} />
          <Agents agents={agentsOf(sensors)} />
        </div>
      ) : (
        <Edit profile={edited === "new" ? null : edited} done={() => setEdited(null)} />
      )}
    </Dialog>
  );
}

function List({ edit }: { edit: (profile: Profile | "new") => void }) {
  const queries = useQueryClient();
  const query = useQuery({ queryKey: KEY, queryFn: ({ signal }) => get<Profile[]>(`${PATH}all_profiles.json`, signal) });
  const columns: ListColumn<Profile>[] = [
    { id: "name", header: "Profile", accessorFn: (one) => one["kismet.profile.name"] },
    { id: "for", header: "For", accessorFn: whom },
    {
      id: "sources",
      header: "Sources",
      accessorFn: (one) => one["kismet.profile.sources"].join("\n"),
      cell: ({ getValue }) => <span className="mono lines">{String(getValue()) || "–"}</span>,
    },
    { id: "version", header: "Version", accessorFn: (one) => one["kismet.profile.version"] },
    {
      id: "changed",
      header: "Changed",
      accessorFn: (one) => one["kismet.profile.changed"],
      cell: ({ row }) => <Time at={row.original["kismet.profile.changed"]} />,
    },
    {
      id: "do",
      header: "",
      enableSorting: false,
      cell: ({ row: { original } }) => (
        <span className="row">
          <button type="button" aria-label={`Edit ${original["kismet.profile.name"]}`} onClick={() => edit(original)}>
            Edit
          </button>
          <ActionButton
            className="danger"
            aria-label={`Delete ${original["kismet.profile.name"]}`}
            confirm={`Delete ${original["kismet.profile.name"]}? Its agents go on with the next profile that is for them, or with what they were started with.`}
            action={async () => {
              await run(`${PATH}by-name/${encodeURIComponent(original["kismet.profile.name"])}/delete.cmd`);
              await queries.invalidateQueries({ queryKey: KEY });
            }}
          >
            Delete
          </ActionButton>
        </span>
      ),
    },
  ];
  return (
    <section aria-label="Profiles">
      <Shown query={query}>
        {(profiles) => (
          <ListTable
            rows={profiles}
            columns={columns}
            label="Profiles"
            idOf={(one) => one["kismet.profile.name"]}
            empty={<Empty title="No profiles">All agents capture what they were started with.</Empty>}
          />
        )}
      </Shown>
      <button type="button" onClick={() => edit("new")}>
        New profile…
      </button>
    </section>
  );
}

function Edit({ profile, done }: { profile: Profile | null; done: () => void }) {
  const queries = useQueryClient();
  return (
    <>
      <ActionForm
        submit={profile ? "Set" : "Make the profile"}
        action={async (data) => {
          const name = profile?.["kismet.profile.name"] ?? String(data.get("name")).trim();
          await post(`${PATH}by-name/${encodeURIComponent(name)}/set.json`, {
            sites: words(String(data.get("sites"))),
            sensors: words(String(data.get("sensors"))),
            sources: lines(String(data.get("sources"))),
            gps: String(data.get("gps")).trim(),
            spool_bytes: Math.round(Number(data.get("spool")) * MIB),
          });
          await queries.invalidateQueries({ queryKey: KEY });
          done();
        }}
      >
        {profile ? (
          <h3>{profile["kismet.profile.name"]}</h3>
        ) : (
          <Labelled label="Name">
            <input name="name" required maxLength={64} autoComplete="off" />
          </Labelled>
        )}
        <Labelled label="Sites" hint="With commas between, * and ? for any; all without.">
          <input name="sites" defaultValue={profile?.["kismet.profile.sites"].join(", ")} autoComplete="off" />
        </Labelled>
        <Labelled label="Agents" hint="Their names, in the same way.">
          <input name="sensors" defaultValue={profile?.["kismet.profile.sensors"].join(", ")} autoComplete="off" />
        </Labelled>
        <Labelled
          label="Sources"
          hint="One a line: wlan*:hoprate=3 for those that an agent has, wlan1 adds one, wlan1:capture=false leaves one out. plan=auto shares channels among neighbours."
        >
          <textarea
            name="sources"
            rows={4}
            defaultValue={profile?.["kismet.profile.sources"].join("\n")}
            placeholder={'wlan*:channels="1,6,11",plan=auto'}
            className="mono"
            spellCheck={false}
          />
        </Labelled>
        <Labelled label="GPS beside each" hint="As gpsd or serial:device=/dev/ttyACM0; what they have without.">
          <input name="gps" defaultValue={profile?.["kismet.profile.gps"]} className="mono" autoComplete="off" spellCheck={false} />
        </Labelled>
        <Labelled label="Spool of each source, MiB" hint="0 for what they have.">
          <input name="spool" type="number" min={0} defaultValue={(profile?.["kismet.profile.spool_bytes"] ?? 0) / MIB} step="any" />
        </Labelled>
      </ActionForm>
      <button type="button" onClick={done}>
        Back
      </button>
    </>
  );
}

function Agents({ agents }: { agents: Agent[] }) {
  const columns: ListColumn<Agent>[] = [
    { id: "agent", header: "Agent", accessorFn: (one) => one.name },
    { id: "site", header: "Site", accessorFn: (one) => one.site || "–" },
    {
      id: "profile",
      header: "Profile",
      accessorFn: (one) => (one.profile ? `${one.profile}, version ${one.version}` : "none"),
    },
    {
      id: "state",
      header: "State",
      accessorFn: (one) => one.state,
      cell: ({ row: { original: one } }) => (
        <span className={one.error ? "wrong" : ""}>{one.error ? `${one.state}: ${one.error}` : one.state}</span>
      ),
    },
  ];
  return (
    <section aria-label="Agents">
      <h3>What agents made of it</h3>
      <ListTable
        rows={agents}
        columns={columns}
        label="Agents"
        idOf={(one) => one.id}
        empty={<Empty title="No agent that takes profiles">Agents of earlier versions are told nothing.</Empty>}
      />
    </section>
  );
}
