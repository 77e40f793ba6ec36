import { useState } from "react";
import { run } from "../../api/client";
import { Choices } from "../../parts/choices";
import { Dialog } from "../../parts/dialog";
import { ActionForm, Copyable, Labelled } from "../../parts/form";
import { agentCommand, newUuid, reportCommand } from "./paste";

const DAY = 86_400;
const LOOPBACK = /^https?:\/\/(127\.|localhost|\[::1\])/;

type Role = "datasource" | "scanreport";

interface Made {
  role: Role;
  text: string;
}

/** Makes a key for a new sensor or phone, and shows what to paste there, this once. */
export function NewKey({ close }: { close: () => void }) {
  const [made, setMade] = useState<Made | null>(null);
  return made ? <Paste made={made} close={close} /> : <Ask close={close} done={setMade} />;
}

function Ask({ close, done }: { close: () => void; done: (made: Made) => void }) {
  const [role, setRole] = useState<Role>("datasource");
  const [server, setServer] = useState(location.origin);
  const [isBound, setBound] = useState(true);
  const [uuid, setUuid] = useState(newUuid);
  return (
    <Dialog title="Key for a sensor or phone" close={close}>
      <ActionForm
        submit="Make the key"
        action={async (data) => {
          const name = String(data.get("name")).trim();
          const key = await run("/auth/apikey/generate.json", {
            name,
            role,
            duration: Number(data.get("expiry")),
            ...(isBound ? { scope: uuid } : {}),
          });
          const address = server.replace(/\/+$/, "");
          done({
            role,
            text:
              role === "datasource"
                ? agentCommand(address, key, String(data.get("source")).trim(), name, isBound ? uuid : "")
                : reportCommand(address, key, name, uuid),
          });
        }}
      >
        <Choices label="For">
          <button type="button" aria-pressed={role === "datasource"} onClick={() => setRole("datasource")}>
            Sensor with a radio
          </button>
          <button type="button" aria-pressed={role === "scanreport"} onClick={() => setRole("scanreport")}>
            Phone or microcontroller
          </button>
        </Choices>
        <Labelled label="Name" hint="Of the key, and of the sensor: no two keys have the same.">
          <input name="name" required maxLength={64} autoComplete="off" />
        </Labelled>
        {role === "datasource" && (
          <Labelled label="Interface there">
            <input name="source" required defaultValue="wlan0" className="mono" autoComplete="off" spellCheck={false} />
          </Labelled>
        )}
        <Labelled
          label="Address of this server, as seen from there"
          {...(LOOPBACK.test(server) ? { hint: "This address holds on the server's own machine alone." } : {})}
        >
          <input type="url" required value={server} onChange={(event) => setServer(event.target.value)} className="mono" />
        </Labelled>
        <Labelled label="It holds">
          <select name="expiry" defaultValue={String(365 * DAY)}>
            <option value={DAY}>a day</option>
            <option value={30 * DAY}>a month</option>
            <option value={365 * DAY}>a year</option>
            <option value={0}>until it is revoked</option>
          </select>
        </Labelled>
        <label className="row">
          <input type="checkbox" checked={isBound} onChange={(event) => setBound(event.target.checked)} /> For this one sensor alone
        </label>
        {(isBound || role === "scanreport") && (
          <Labelled label="Its UUID" hint="A new one, or that of a sensor that there is.">
            <input
              required
              pattern="[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
              value={uuid}
              onChange={(event) => setUuid(event.target.value)}
              className="mono"
              spellCheck={false}
            />
          </Labelled>
        )}
      </ActionForm>
    </Dialog>
  );
}

function Paste({ made: { role, text }, close }: { made: Made; close: () => void }) {
  return (
    <Dialog title={role === "datasource" ? "Run this on the sensor" : "Post this from the phone"} close={close}>
      <p>
        <strong>The key is shown this once.</strong> The server keeps only its digest: copy the{" "}
        {role === "datasource" ? "command" : "request"} now.
      </p>
      <Copyable label={role === "datasource" ? "Command of the sensor" : "Request of the phone"} text={text} />
      <p className="dim">
        {role === "datasource"
          ? "It comes into the list of sensors by itself once it is connected. The spool's folder must be writable."
          : "Each post is a list of what was seen; Bluetooth goes to /phy/phybluetooth/scan/scan_report.cmd, with btaddr for bssid. lat and lon in a report place it on the map."}
      </p>
      <button type="button" className="primary" onClick={close}>
        I have it
      </button>
    </Dialog>
  );
}
