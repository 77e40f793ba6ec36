import { run } from "../../api/client";
import { ActionButton, ActionForm, Labelled } from "../../parts/form";
import { count } from "../../parts/numbers";
import { Shown } from "../../parts/states";
import { useSession } from "../../shell/session";
import { type Log, useLogs } from "./packets";

/** There is no log of packets: why, and how to have one. */
export function StartLog({ started }: { started: () => void }) {
  const { isAdmin } = useSession();
  const logs = useLogs();
  return (
    <div className="panel start-log">
      <h2>No packets are kept</h2>
      <p>
        This server logs nothing unasked, since a log tells who was where. A packet log keeps every packet from its start on, in a file on
        the server; what was seen before is not in it.
      </p>
      <ActionForm
        submit="Start a packet log"
        action={async (data) => {
          await run("/logging/by-class/kismet/start.cmd", { title: String(data.get("title")) });
          await logs.refetch();
          started();
        }}
      >
        <Labelled label="Title of its file">
          <input name="title" required defaultValue="Kismet" maxLength={64} pattern="[A-Za-z0-9 ._\-]+" autoComplete="off" />
        </Labelled>
      </ActionForm>
      {!isAdmin && <p className="dim">That needs the administrator’s login.</p>}
    </div>
  );
}

/** The server's logs, with a way to stop those that are open. */
export function Logs({ changed }: { changed: () => void }) {
  const query = useLogs();
  return (
    <div className="panel history-logs">
      <h2>Logs</h2>
      <Shown query={query}>
        {(logs) =>
          logs.length === 0 ? (
            <p className="dim">None since the server’s start.</p>
          ) : (
            <div className="scroller">
              <table aria-label="Logs">
                <thead>
                  <tr>
                    <th scope="col">Kind</th>
                    <th scope="col">File</th>
                    <th scope="col">Packets</th>
                    <th scope="col">State</th>
                    <th scope="col">
                      <span className="dim">Do</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {logs.map((one) => (
                    <LogRow
                      key={one["kismet.logfile.uuid"]}
                      log={one}
                      stop={async () => {
                        await run(`/logging/by-uuid/${one["kismet.logfile.uuid"]}/stop.cmd`);
                        await query.refetch();
                        changed();
                      }}
                    />
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Shown>
    </div>
  );
}

function LogRow({ log, stop }: { log: Log; stop: () => Promise<void> }) {
  const path = log["kismet.logfile.path"];
  const dropped = log["kismet.logfile.dropped"] ?? 0;
  const reason = log["kismet.logfile.description"];
  return (
    <tr>
      <td>{log["kismet.log.type_driver"]["kismet.logfile.type.class"]}</td>
      <td className="mono file">{path}</td>
      <td>
        {count(log["kismet.logfile.packets"] ?? 0)}
        {dropped > 0 && <span className="wrong">, {count(dropped)} dropped</span>}
      </td>
      <td>
        {log["kismet.logfile.open"] ? <span className="good">open</span> : reason ? <span className="wrong">{reason}</span> : "closed"}
      </td>
      <td>
        {log["kismet.logfile.open"] ? (
          <ActionButton
            className="danger"
            aria-label={`Stop ${path}`}
            confirm={`Stop the log ${path}? Its file stays on the server.`}
            action={stop}
            done="The log is closed"
          >
            Stop
          </ActionButton>
        ) : null}
      </td>
    </tr>
  );
}
