import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { get, run } from "../../api/client";
import { Dialog } from "../../parts/dialog";
import { ActionForm, Copyable, Labelled } from "../../parts/form";
import { type ListColumn, ListTable } from "../../parts/listtable";
import { useRevokeColumn } from "../../parts/revoke";
import { Empty, Shown } from "../../parts/states";
import { Time } from "../../parts/time";
import type { Key } from "../settings/keys";
import { joinCommand } from "./paste";

const HOUR = 3_600;
const DAY = 24 * HOUR;
// Who joins comes into the lists while they are looked at.
const LOOK_EVERY = 5_000;
const LOOPBACK = /^https?:\/\/(127\.|localhost|\[::1\])/;

interface Token {
  "kismet.jointoken.id": string;
  "kismet.jointoken.token"?: string;
  "kismet.jointoken.site": string;
  "kismet.jointoken.expires": number;
  "kismet.jointoken.uses": number;
  "kismet.jointoken.uses_left": number;
}

/** Lets sensors join by one command, and shows who may still join and who has. */
export function Join({ close }: { close: () => void }) {
  const [command, setCommand] = useState<string | null>(null);
  return (
    <Dialog title="Add a sensor" close={close}>
      {command === null ? <Ask done={setCommand} /> : <Paste command={command} again={() => setCommand(null)} />}
      <Tokens />
      <Keys />
    </Dialog>
  );
}

function Ask({ done }: { done: (command: string) => void }) {
  const queries = useQueryClient();
  const [server, setServer] = useState(location.origin);
  return (
    <ActionForm
      submit="Make the command"
      action={async (data) => {
        const token: Token = JSON.parse(
          await run("/auth/jointoken/generate.json", {
            duration: Number(data.get("expiry")),
            uses: Number(data.get("uses")),
            site: String(data.get("site")).trim(),
          }),
        );
        await queries.invalidateQueries({ queryKey: ["jointokens"] });
        const name = String(data.get("name")).trim();
        done(joinCommand(server.replace(/\/+$/, ""), token["kismet.jointoken.token"] ?? "", String(data.get("source")).trim(), name));
      }}
    >
      <Labelled
        label="Address of this server, as seen from there"
        {...(LOOPBACK.test(server) ? { hint: "This address holds on the server's own machine alone." } : {})}
      >
        <input type="url" required value={server} onChange={(event) => setServer(event.target.value)} className="mono" />
      </Labelled>
      <Labelled label="Interface there">
        <input name="source" required defaultValue="wlan0" className="mono" autoComplete="off" spellCheck={false} />
      </Labelled>
      <Labelled label="Name" hint="Without one each has that of its host.">
        <input name="name" maxLength={64} autoComplete="off" />
      </Labelled>
      <Labelled label="Site">
        <input name="site" maxLength={64} autoComplete="off" />
      </Labelled>
      <Labelled label="Sensors that may join by it">
        <input name="uses" type="number" required min={1} max={1000} defaultValue={1} />
      </Labelled>
      <Labelled label="They may join for">
        <select name="expiry" defaultValue={String(DAY)}>
          <option value={HOUR}>an hour</option>
          <option value={DAY}>a day</option>
          <option value={7 * DAY}>a week</option>
          <option value={30 * DAY}>a month</option>
        </select>
      </Labelled>
    </ActionForm>
  );
}

function Paste({ command, again }: { command: string; again: () => void }) {
  return (
    <>
      <p>
        <strong>Run this on the sensor. It is shown this once</strong>: the server keeps only a digest of the token in it.
      </p>
      <Copyable label="Command of the sensor" text={command} />
      <p className="dim">
        The sensor gets a key of its own, which it renews by itself; later starts need only what stands behind -c. It comes into the list of
        sensors once it is connected.
      </p>
      <button type="button" onClick={again}>
        Make another
      </button>
    </>
  );
}

function Tokens() {
  const query = useQuery({
    queryKey: ["jointokens"],
    queryFn: ({ signal }) => get<Token[]>("/auth/jointoken/list.json", signal),
    refetchInterval: LOOK_EVERY,
  });
  const columns: ListColumn<Token>[] = [
    { id: "site", header: "Site", accessorFn: (one) => one["kismet.jointoken.site"] || "–" },
    {
      id: "left",
      header: "May join",
      accessorFn: (one) => one["kismet.jointoken.uses_left"],
      cell: ({ row: { original: one } }) => `${one["kismet.jointoken.uses_left"]} of ${one["kismet.jointoken.uses"]}`,
    },
    {
      id: "expires",
      header: "Until",
      accessorFn: (one) => one["kismet.jointoken.expires"],
      cell: ({ row }) => <Time at={row.original["kismet.jointoken.expires"]} />,
    },
    useRevokeColumn(
      "jointokens",
      "/auth/jointoken/revoke.cmd",
      (one) => ({ id: one["kismet.jointoken.id"] }),
      () => ({ done: "Nobody joins by it any more" }),
    ),
  ];
  return (
    <section aria-label="Join tokens">
      <h3>Join tokens</h3>
      <Shown query={query}>
        {(tokens) => (
          <ListTable
            rows={tokens}
            columns={columns}
            label="Join tokens"
            idOf={(one) => one["kismet.jointoken.id"]}
            empty={<Empty title="No join tokens">Nobody can join now.</Empty>}
          />
        )}
      </Shown>
    </section>
  );
}

function Keys() {
  const query = useQuery({
    queryKey: ["keys"],
    queryFn: ({ signal }) => get<Key[]>("/auth/apikey/list.json", signal),
    refetchInterval: LOOK_EVERY,
  });
  const columns: ListColumn<Key>[] = [
    { id: "name", header: "Sensor", accessorFn: (one) => one["kismet.httpd.auth.name"] },
    { id: "site", header: "Site", accessorFn: (one) => one["kismet.httpd.auth.site"] || "–" },
    {
      id: "expires",
      header: "Holds until",
      accessorFn: (one) => one["kismet.httpd.auth.expiration"],
      cell: ({ row }) => <Time at={row.original["kismet.httpd.auth.expiration"]} />,
    },
    useRevokeColumn(
      "keys",
      "/auth/apikey/revoke.cmd",
      (one) => ({ name: one["kismet.httpd.auth.name"] }),
      () => ({ done: "Its key is worth nothing any more" }),
    ),
  ];
  return (
    <section aria-label="Keys of sensors">
      <h3>Sensors that joined</h3>
      <Shown query={query}>
        {(keys) => (
          <ListTable
            rows={keys.filter((one) => one["kismet.httpd.auth.site"] !== undefined)}
            columns={columns}
            label="Keys of sensors"
            idOf={(one) => one["kismet.httpd.auth.name"]}
            empty={<Empty title="None yet">Each sensor that joins has a key of its own here, which can be taken back alone.</Empty>}
          />
        )}
      </Shown>
    </section>
  );
}
