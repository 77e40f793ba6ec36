import { useState } from "react";
import { run } from "../../api/client";
import { Dialog } from "../../parts/dialog";
import { ActionButton, ActionForm, Labelled } from "../../parts/form";
import { useNotices } from "../../shell/notices";
import { useSession } from "../../shell/session";
import type { DeviceRecord } from "./record";
import { useRefresh } from "./usedevice";

// The server's bounds.
const LONGEST_NAME = 64;
const LONGEST_VALUE = 4096;
const MOST = 32;

/** Notes of users, each under a name. */
export function Tags({ device }: { device: DeviceRecord }) {
  const [edited, setEdited] = useState<[name: string, value: string] | null>(null);
  const refresh = useRefresh();
  const tags = Object.entries(device["kismet.device.base.tags"] || {});
  return (
    <section className="panel" aria-labelledby="tags">
      <div className="row spread">
        <h2 id="tags">Tags</h2>
        <button type="button" disabled={tags.length >= MOST} onClick={() => setEdited(["", ""])}>
          Add
        </button>
      </div>
      {tags.length === 0 ? (
        <p className="dim">Notes about this device, as who owns it or where it stands, are kept here for everybody. There are none yet.</p>
      ) : (
        <dl className="facts">
          {tags.map(([name, value]) => (
            <div key={name} className="pair">
              <dt>
                <bdi>{name}</bdi>
              </dt>
              <dd>
                <bdi className="lines">{value}</bdi>{" "}
                <button type="button" className="plain" aria-label={`Change the tag ${name}`} onClick={() => setEdited([name, value])}>
                  Change
                </button>
                <ActionButton
                  className="plain"
                  confirm={`Remove the tag “${name}”?`}
                  done="Tag removed"
                  action={async () => {
                    await setTag(device, name, "");
                    await refresh();
                  }}
                >
                  <span className="hidden">Remove the tag {name}</span>
                  <span aria-hidden="true">✕</span>
                </ActionButton>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {edited && <TagDialog device={device} tag={edited} close={() => setEdited(null)} />}
    </section>
  );
}

function TagDialog({ device, tag: [name, value], close }: { device: DeviceRecord; tag: [string, string]; close: () => void }) {
  const { isAdmin } = useSession();
  const { tell } = useNotices();
  const refresh = useRefresh();
  return (
    <Dialog title={name ? "Change a tag" : "Add a tag"} close={close}>
      <ActionForm
        submit="Save"
        action={async (data) => {
          await setTag(device, name || String(data.get("name") ?? "").trim(), String(data.get("value") ?? ""));
          tell("good", "Tag saved");
          await refresh();
          close();
        }}
      >
        <Labelled label="Tag">
          <input name="name" required defaultValue={name} readOnly={Boolean(name)} maxLength={LONGEST_NAME} autoComplete="off" />
        </Labelled>
        <Labelled label="Value">
          <textarea name="value" required rows={3} defaultValue={value} maxLength={LONGEST_VALUE} />
        </Labelled>
        {!isAdmin && <p className="dim">The administrator's login is needed for this.</p>}
      </ActionForm>
    </Dialog>
  );
}

function setTag(device: DeviceRecord, tagname: string, tagvalue: string): Promise<string> {
  return run(`/devices/by-key/${device["kismet.device.base.key"]}/set_tag.json`, { tagname, tagvalue });
}
