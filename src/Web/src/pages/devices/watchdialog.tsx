import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { get, run } from "../../api/client";
import { Dialog } from "../../parts/dialog";
import { ActionButton, ActionForm, Labelled } from "../../parts/form";
import { count } from "../../parts/numbers";
import { Empty, Shown } from "../../parts/states";
import { useNotices } from "../../shell/notices";
import { MOST_WATCHED, notFor, WATCH_FOR, type Watched, type WatchFor, watchList } from "./watchlist";

const PATH = "/devices/alerts/mac/";
const KEY = ["watch-list"];

/** Puts devices on the watch-list, and shows who is on it: a device of it that comes or goes raises an alert. */
export function WatchDialog({ macs, onWatched, close }: { macs: string[]; onWatched: () => void; close: () => void }) {
  const query = useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => {
      const [found, lost] = await Promise.all(["found", "lost"].map((kind) => get<string[]>(`${PATH}${kind}/macs.json`, signal)));
      return watchList(found ?? [], lost ?? []);
    },
    staleTime: 0,
  });
  return (
    <Dialog title="Watch-list" close={close}>
      {macs.length === 0 ? (
        <p className="dim">
          Choose devices in the list to put them here. A device of the watch-list that is seen, or gone, raises an alert.
        </p>
      ) : (
        <WatchForm macs={macs} done={onWatched} />
      )}
      <h3>On the watch-list</h3>
      <Shown query={query}>
        {(all) => (all.length === 0 ? <Empty title="No device is watched" /> : <List watched={all} close={close} />)}
      </Shown>
    </Dialog>
  );
}

function WatchForm({ macs, done }: { macs: string[]; done: () => void }) {
  const queries = useQueryClient();
  const { tell } = useNotices();
  const many = macs.length === 1 ? "1 device" : `${count(macs.length)} devices`;
  return (
    <ActionForm
      submit={`Watch ${many}`}
      action={async (data) => {
        const what = data.get("what") as WatchFor;
        await run(`${PATH}${what}/add.cmd`, { macs });
        const other = notFor(what);
        if (other) {
          await run(`${PATH}${other}/remove.cmd`, { macs });
        }
        await queries.invalidateQueries({ queryKey: KEY });
        tell("good", `${many} watched`, "/ui/alerts");
        done();
      }}
    >
      <Labelled label="An alert when one of them" hint={`${count(MOST_WATCHED)} devices at most`}>
        <select name="what">
          {WATCH_FOR.map(([what, words]) => (
            <option key={what} value={what}>
              {words}
            </option>
          ))}
        </select>
      </Labelled>
    </ActionForm>
  );
}

function List({ watched, close }: { watched: Watched[]; close: () => void }) {
  const queries = useQueryClient();
  return (
    <ul className="lines">
      {watched.map(({ mac, what }) => (
        <li key={mac}>
          <Link className="mono" href={`/ui/devices?q=${encodeURIComponent(mac)}`} onClick={close}>
            {mac}
          </Link>
          <span className="grow dim">{WATCH_FOR.find(([one]) => one === what)?.[1]}</span>
          <ActionButton
            className="plain"
            aria-label={`Watch ${mac} no longer`}
            action={async () => {
              await run(`${PATH}both/remove.cmd`, { macs: [mac] });
              await queries.invalidateQueries({ queryKey: KEY });
            }}
          >
            ✕
          </ActionButton>
        </li>
      ))}
    </ul>
  );
}
