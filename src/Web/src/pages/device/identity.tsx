import { useState } from "react";
import { run } from "../../api/client";
import { Dialog } from "../../parts/dialog";
import { ActionForm, Labelled } from "../../parts/form";
import { byteSize, count, frequency, signal } from "../../parts/numbers";
import { Time } from "../../parts/time";
import { useNotices } from "../../shell/notices";
import { useSession } from "../../shell/session";
import { type DeviceRecord, there } from "./record";
import { useRefresh } from "./usedevice";

// The server's bound of names.
const LONGEST_NAME = 256;

/** Who it is: what it says of itself, what a user calls it, and its numbers at a glance. */
export function Identity({ device }: { device: DeviceRecord }) {
  const [naming, setNaming] = useState(false);
  const heard = there(device["kismet.device.base.signal"]);
  return (
    <section className="panel" aria-labelledby="identity">
      <div className="row spread">
        <h2 id="identity">Identity</h2>
        <button type="button" onClick={() => setNaming(true)}>
          {device["kismet.device.base.username"] ? "Change the alias" : "Set an alias"}
        </button>
      </div>
      <dl className="facts">
        {Boolean(device["kismet.device.base.username"]) && (
          <>
            <dt>Alias</dt>
            <dd>
              <bdi>{device["kismet.device.base.username"]}</bdi>
            </dd>
          </>
        )}
        <dt>Advertised name</dt>
        <dd>{device["kismet.device.base.name"] ? <bdi>{device["kismet.device.base.name"]}</bdi> : <span className="dim">none</span>}</dd>
        <dt>MAC address</dt>
        <dd className="mono">{device["kismet.device.base.macaddr"]}</dd>
        <dt>Manufacturer</dt>
        <dd>
          <bdi>{device["kismet.device.base.manuf"]}</bdi>
        </dd>
        <dt>Type</dt>
        <dd>
          {device["kismet.device.base.type"]} ({device["kismet.device.base.phyname"]})
        </dd>
        <dt>Security</dt>
        <dd>{device["kismet.device.base.crypt"] || <span className="dim">–</span>}</dd>
        <dt>Channel</dt>
        <dd>
          {device["kismet.device.base.channel"] || "–"} · {frequency(device["kismet.device.base.frequency"])}
        </dd>
        <dt>Signal</dt>
        <dd>
          {heard?.["kismet.common.signal.last_signal"] ? (
            <>
              <strong>{signal(heard["kismet.common.signal.last_signal"])}</strong>{" "}
              <span className="dim">
                {signal(heard["kismet.common.signal.min_signal"])} to {signal(heard["kismet.common.signal.max_signal"])}
              </span>
            </>
          ) : (
            <span className="dim">–</span>
          )}
        </dd>
        <dt>Packets</dt>
        <dd>
          {count(device["kismet.device.base.packets.total"])}{" "}
          <span className="dim">
            {count(device["kismet.device.base.packets.tx_total"])} sent, {count(device["kismet.device.base.packets.rx_total"])} received,{" "}
            {count(device["kismet.device.base.packets.data"])} with data ({byteSize(device["kismet.device.base.datasize"])})
            {device["kismet.device.base.packets.error"] > 0 && `, ${count(device["kismet.device.base.packets.error"])} with errors`}
          </span>
        </dd>
        <dt>First seen</dt>
        <dd>
          <Time at={device["kismet.device.base.first_time"]} />
        </dd>
        <dt>Last seen</dt>
        <dd>
          <Time at={device["kismet.device.base.last_time"]} />{" "}
          <span className="dim">
            (<Time at={device["kismet.device.base.last_time"]} form="ago" />)
          </span>
        </dd>
        <dt>Device key</dt>
        <dd className="mono">{device["kismet.device.base.key"]}</dd>
      </dl>
      {naming && <NameDialog device={device} close={() => setNaming(false)} />}
    </section>
  );
}

function NameDialog({ device, close }: { device: DeviceRecord; close: () => void }) {
  const { isAdmin } = useSession();
  const { tell } = useNotices();
  const refresh = useRefresh();
  return (
    <Dialog title="Alias of the device" close={close}>
      <ActionForm
        submit="Save"
        action={async (data) => {
          const username = String(data.get("name") ?? "").trim();
          await run(`/devices/by-key/${device["kismet.device.base.key"]}/set_name.json`, { username });
          tell("good", username ? "Alias saved" : "Alias removed");
          await refresh();
          close();
        }}
      >
        <Labelled label="Alias" hint="Shown to everybody instead of its advertised name; empty removes it">
          <input name="name" defaultValue={device["kismet.device.base.username"] || ""} maxLength={LONGEST_NAME} autoComplete="off" />
        </Labelled>
        {!isAdmin && <p className="dim">Only an administrator may do this.</p>}
      </ActionForm>
    </Dialog>
  );
}
