import { useQuery, useQueryClient } from "@tanstack/react-query";
import { get, run } from "../../api/client";
import { ActionButton, ActionForm, Labelled } from "../../parts/form";
import { type ListColumn, ListTable } from "../../parts/listtable";
import { Empty, Shown } from "../../parts/states";
import { Time } from "../../parts/time";
import { NameAndPassword } from "../../shell/credentials";
import { useNotices } from "../../shell/notices";
import { useSession } from "../../shell/session";

interface LoginSession {
  "kismet.session.id": string;
  "kismet.session.made": number;
  "kismet.session.expires": number;
  "kismet.session.address": string;
  "kismet.session.agent": string;
  "kismet.session.current": number;
}

/** Who is logged in, and as what. */
export function Sessions() {
  const { who, isAdmin, ask } = useSession();
  const role = who["kismet.session.role"];
  return (
    <>
      <section className="panel" aria-label="This login">
        <h2>This login</h2>
        {role ? (
          <dl className="facts">
            <dt>Name</dt>
            <dd>{who["kismet.session.name"]}</dd>
            <dt>Role</dt>
            <dd>{role}</dd>
            <dt>Holds until</dt>
            <dd>{who["kismet.session.expires"] ? <Time at={who["kismet.session.expires"]} /> : "it is revoked"}</dd>
          </dl>
        ) : (
          <Empty title="Not logged in">
            <button type="button" onClick={ask}>
              Log in
            </button>
          </Empty>
        )}
        {isAdmin && !who["kismet.session.fixed"] && <NewPassword />}
        {isAdmin && Boolean(who["kismet.session.fixed"]) && (
          <p className="dim">The password stands in the server's settings and is changed there.</p>
        )}
      </section>
      {isAdmin && <SessionList />}
    </>
  );
}

function SessionList() {
  const queries = useQueryClient();
  const query = useQuery({ queryKey: ["sessions"], queryFn: ({ signal }) => get<LoginSession[]>("/session/sessions.json", signal) });
  const refresh = () => queries.invalidateQueries({ queryKey: ["sessions"] });
  const end = async (id: string) => {
    await run("/session/end.cmd", { id });
    await refresh();
  };
  const endOthers = async () => {
    await run("/session/end_all.cmd");
    await refresh();
  };
  const columns: ListColumn<LoginSession>[] = [
    {
      id: "made",
      header: "Since",
      accessorFn: (one) => one["kismet.session.made"],
      cell: ({ row }) => <Time at={row.original["kismet.session.made"]} />,
    },
    {
      id: "expires",
      header: "Until",
      accessorFn: (one) => one["kismet.session.expires"],
      cell: ({ row }) => <Time at={row.original["kismet.session.expires"]} />,
    },
    { id: "address", header: "From", accessorFn: (one) => one["kismet.session.address"] },
    { id: "agent", header: "With", accessorFn: (one) => one["kismet.session.agent"] },
    {
      id: "end",
      header: "",
      enableSorting: false,
      cell: ({ row }) =>
        row.original["kismet.session.current"] ? (
          <span className="good">this one</span>
        ) : (
          <ActionButton className="danger" action={() => end(row.original["kismet.session.id"])}>
            End
          </ActionButton>
        ),
    },
  ];
  return (
    <section className="panel whole" aria-label="Sessions">
      <h2>Sessions</h2>
      <Shown query={query}>
        {(sessions) => (
          <>
            <ListTable
              rows={sessions}
              columns={columns}
              label="Sessions"
              idOf={(one) => one["kismet.session.id"]}
              sort={[{ id: "made", desc: true }]}
              empty={<Empty title="No sessions" />}
            />
            <p>
              <ActionButton
                className="danger"
                action={endOthers}
                done="All other sessions have ended"
                confirm="End all sessions but this one? Whoever has one logs in again."
                disabled={sessions.every((one) => one["kismet.session.current"])}
              >
                End all others
              </ActionButton>
            </p>
          </>
        )}
      </Shown>
    </section>
  );
}

function NewPassword() {
  const { login } = useSession();
  const { tell } = useNotices();
  const change = async (data: FormData) => {
    const username = String(data.get("username"));
    const password = String(data.get("password"));
    await run("/session/set_password", { username, password, old_password: String(data.get("old_password")) });
    // The old sessions are worth nothing any more, this one among them.
    await login(username, password);
    tell("good", "The password is changed; all other sessions have ended");
  };
  return (
    <details>
      <summary>Change the password</summary>
      <ActionForm submit="Change it" action={change}>
        <Labelled label="Present password">
          <input name="old_password" type="password" required maxLength={256} autoComplete="current-password" />
        </Labelled>
        <NameAndPassword isNew />
      </ActionForm>
    </details>
  );
}
