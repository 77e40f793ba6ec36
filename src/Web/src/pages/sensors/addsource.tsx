import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { get, post } from "../../api/client";
import { Dialog } from "../../parts/dialog";
import { ActionForm, Labelled } from "../../parts/form";
import { Shown } from "../../parts/states";
import { useNotices } from "../../shell/notices";

interface Probed {
  "kismet.datasource.probed.interface": string;
  "kismet.datasource.probed.hardware": string;
  "kismet.datasource.probed.in_use_uuid": string;
  "kismet.datasource.probed.host"?: string;
}

interface Kind {
  "kismet.datasource.driver.type": string;
  "kismet.datasource.driver.description": string;
}

const UNUSED = /^[0-]*$/;

/** Adds a source of this server, with what it could open as help. */
export function AddSource({ close, refresh }: { close: () => void; refresh: () => Promise<void> }) {
  const { tell } = useNotices();
  const [definition, setDefinition] = useState("");
  const interfaces = useQuery({
    queryKey: ["interfaces"],
    queryFn: ({ signal }) => get<Probed[]>("/datasource/list_interfaces.json?all=true", signal),
  });
  const kinds = useQuery({ queryKey: ["source-types"], queryFn: ({ signal }) => get<Kind[]>("/datasource/types.json", signal) });
  return (
    <Dialog title="Add a source of this server" close={close}>
      <div className="sensor-dialog">
        <ActionForm
          submit="Add"
          action={async () => {
            const added = await post<Record<string, unknown>>("/datasource/add_source.json", { definition });
            await refresh();
            tell("good", `${added["kismet.datasource.name"]} captures`);
            close();
          }}
        >
          <Labelled
            label="Definition"
            hint="An interface or a capture file on the server, then options: wlan0:name=lobby,channel=6 or /path/walk.pcapng:name=hall,realtime=true"
          >
            <input
              className="mono"
              required
              maxLength={4096}
              autoComplete="off"
              spellCheck={false}
              value={definition}
              onChange={(event) => setDefinition(event.target.value)}
            />
          </Labelled>
        </ActionForm>
        <h3>Interfaces</h3>
        <Shown query={interfaces}>{(all) => <Interfaces all={all} choose={(name) => setDefinition(`${name}:name=`)} />}</Shown>
        <h3>What it can read</h3>
        <Shown query={kinds}>
          {(all) => (
            <dl className="facts">
              {all.map((one) => (
                <div key={one["kismet.datasource.driver.type"]} className="pair">
                  <dt className="mono">{one["kismet.datasource.driver.type"]}</dt>
                  <dd>{one["kismet.datasource.driver.description"]}</dd>
                </div>
              ))}
            </dl>
          )}
        </Shown>
        <p className="dim">
          A source that is added here is gone after a restart of the server. Radios elsewhere are captured from by an agent, which needs a
          key.
        </p>
      </div>
    </Dialog>
  );
}

function Interfaces({ all, choose }: { all: Probed[]; choose: (name: string) => void }) {
  const here = all.filter((one) => !one["kismet.datasource.probed.host"]);
  const elsewhere = all.filter((one) => one["kismet.datasource.probed.host"]);
  return (
    <>
      {here.length === 0 && <p className="dim">This server has none that it could capture from.</p>}
      <div className="row">
        {here.map((one) => {
          const name = one["kismet.datasource.probed.interface"];
          const inUse = !UNUSED.test(one["kismet.datasource.probed.in_use_uuid"]);
          return (
            <button type="button" key={name} disabled={inUse} onClick={() => choose(name)}>
              {name} <small>{inUse ? "in use" : one["kismet.datasource.probed.hardware"]}</small>
            </button>
          );
        })}
      </div>
      {elsewhere.length > 0 && (
        <p className="dim">
          On the hosts of agents:{" "}
          {elsewhere.map((one) => `${one["kismet.datasource.probed.interface"]} (${one["kismet.datasource.probed.host"]})`).join(", ")}
        </p>
      )}
    </>
  );
}
