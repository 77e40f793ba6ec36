import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { get, run } from "../../api/client";
import { Dialog } from "../../parts/dialog";
import { ActionForm, Copyable, Labelled } from "../../parts/form";
import { type ListColumn, ListTable } from "../../parts/listtable";
import { useRevokeColumn } from "../../parts/revoke";
import { Empty, Shown } from "../../parts/states";
import { Time } from "../../parts/time";
import { useSession } from "../../shell/session";

/** A key, as the server lists it. */
export interface Key {
  "kismet.httpd.auth.name": string;
  "kismet.httpd.auth.role": string;
  "kismet.httpd.auth.expiration": number;
  "kismet.httpd.auth.scope"?: string;
  // Of a sensor that joined.
  "kismet.httpd.auth.site"?: string;
}

const DAY = 86_400;
const ROLES = [
  ["readonly", "may look"],
  ["admin", "may do everything"],
  ["datasource", "feeds packets as a sensor"],
  ["scanreport", "posts scan reports"],
  ["WEBGPS", "posts positions"],
] as const;
const LIVES = [
  [30 * DAY, "30 days"],
  [DAY, "one day"],
  [365 * DAY, "a year"],
  [0, "for ever"],
] as const;

/** Keys for programs: which there are, one more, one less. */
export function Keys() {
  const { isAdmin, ask } = useSession();
  const [making, setMaking] = useState(false);
  const query = useQuery({ queryKey: ["keys"], queryFn: ({ signal }) => get<Key[]>("/auth/apikey/list.json", signal), enabled: isAdmin });
  return (
    <section className="panel whole" aria-label="Keys">
      <h2>Keys for programs</h2>
      {isAdmin ? (
        <>
          <p>
            <button type="button" onClick={() => setMaking(true)}>
              Make a key
            </button>
          </p>
          <Shown query={query}>{(keys) => <KeyList keys={keys} />}</Shown>
        </>
      ) : (
        <Empty title="For the administrator">
          <button type="button" onClick={ask}>
            Log in
          </button>
        </Empty>
      )}
      {making && <MakeKey close={() => setMaking(false)} />}
    </section>
  );
}

function KeyList({ keys }: { keys: Key[] }) {
  const columns: ListColumn<Key>[] = [
    { id: "name", header: "Name", accessorFn: (one) => one["kismet.httpd.auth.name"] },
    { id: "role", header: "Role", accessorFn: (one) => one["kismet.httpd.auth.role"] },
    { id: "scope", header: "Only for", accessorFn: (one) => one["kismet.httpd.auth.scope"] || "–" },
    {
      id: "expires",
      header: "Holds until",
      accessorFn: (one) => one["kismet.httpd.auth.expiration"],
      cell: ({ row }) =>
        row.original["kismet.httpd.auth.expiration"] ? <Time at={row.original["kismet.httpd.auth.expiration"]} /> : <span>for ever</span>,
    },
    useRevokeColumn(
      "keys",
      "/auth/apikey/revoke.cmd",
      (one) => ({ name: one["kismet.httpd.auth.name"] }),
      (one) => ({ confirm: `Revoke the key ${one["kismet.httpd.auth.name"]}? Programs that use it are refused at once.` }),
    ),
  ];
  return (
    <ListTable
      rows={keys}
      columns={columns}
      label="Keys"
      idOf={(one) => one["kismet.httpd.auth.name"]}
      empty={
        <Empty title="No keys">A program that asks this server for something gets a key of its own: it can be taken back alone.</Empty>
      }
    />
  );
}

function MakeKey({ close }: { close: () => void }) {
  const queries = useQueryClient();
  const [key, setKey] = useState<string | null>(null);
  const make = async (data: FormData) => {
    setKey(
      await run("/auth/apikey/generate.json", {
        name: String(data.get("name")),
        role: String(data.get("role")),
        duration: Number(data.get("life")),
      }),
    );
    await queries.invalidateQueries({ queryKey: ["keys"] });
  };
  return (
    <Dialog title="Make a key" close={close}>
      {key === null ? (
        <ActionForm submit="Make it" action={make}>
          <Labelled label="Name">
            <input name="name" required maxLength={128} />
          </Labelled>
          <Labelled label="Role">
            <select name="role">
              {ROLES.map(([role, may]) => (
                <option key={role} value={role}>
                  {role}: {may}
                </option>
              ))}
            </select>
          </Labelled>
          <Labelled label="Holds">
            <select name="life">
              {LIVES.map(([seconds, name]) => (
                <option key={seconds} value={seconds}>
                  {name}
                </option>
              ))}
            </select>
          </Labelled>
        </ActionForm>
      ) : (
        <>
          <p>This is the key. It is shown this once: the server keeps only its digest.</p>
          <Copyable label="Key" text={key} />
          <p>How a program shows it:</p>
          <Copyable label="Request" text={`curl -H 'Authorization: Bearer ${key}' ${location.origin}/system/status.json`} />
        </>
      )}
    </Dialog>
  );
}
