import { useCallback, useMemo, useState } from "react";
import { Choices } from "../../parts/choices";
import { Empty, Shown } from "../../parts/states";
import { useUrlState } from "../../parts/urlstate";
import { useSession } from "../../shell/session";
import { AddSource } from "./addsource";
import { Board } from "./board";
import { choose, type StateChoice } from "./choice";
import { CoverageDialog } from "./coverage";
import { Filters } from "./filters";
import { Fleet } from "./fleet";
import { Join } from "./join";
import { NewKey } from "./newkey";
import { Profiles } from "./profiles";
import { SensorDialog } from "./sensordialog";
import "./sensors.css";
import { useFleet } from "./usefleet";

type Opened = "join" | "add" | "key" | "profiles" | "coverage";

/** The fleet: what captures, here and elsewhere, how it is, and what can be done about it. */
export default function SensorsPage() {
  const [url, change] = useUrlState();
  const { query, rows, refresh } = useFleet();
  const { isAdmin, ask } = useSession();
  const [open, setOpen] = useState<Opened | null>(null);
  const states = (url.get("state") ?? "") as StateChoice;
  const search = url.get("q") ?? "";
  const isBoard = url.get("view") === "board";
  const chosen = useMemo(() => choose(rows, states, search), [rows, states, search]);
  const uuid = url.get("sensor")?.toUpperCase();
  const shown = uuid ? rows.find((row) => row.sensor.uuid.toUpperCase() === uuid) : undefined;
  const show = useCallback((sensor: string) => change({ sensor }, true), [change]);
  // Who may not command is asked for a login first, and the dialogue does not open in vain.
  const begin = (what: Opened) => (isAdmin ? setOpen(what) : ask());
  return (
    <>
      <div className="head">
        <h1>Sensors</h1>
        <Choices label="Form">
          <button type="button" aria-pressed={!isBoard} onClick={() => change({ view: null })}>
            Table
          </button>
          <button type="button" aria-pressed={isBoard} onClick={() => change({ view: "board" })}>
            Board
          </button>
        </Choices>
        <div className="row right">
          <button type="button" onClick={() => setOpen("coverage")}>
            Channels…
          </button>
          <button type="button" onClick={() => begin("profiles")}>
            Profiles…
          </button>
          <button type="button" onClick={() => begin("join")}>
            Add a sensor…
          </button>
          <button type="button" onClick={() => begin("add")}>
            Add a source…
          </button>
          <button type="button" onClick={() => begin("key")}>
            Key for a sensor or phone…
          </button>
        </div>
      </div>
      <Shown query={query}>
        {() =>
          rows.length === 0 ? (
            <Empty title="No sensors yet">
              Add a sensor with our agent, a source of this server, or make a key for another sensor or a phone: it comes here by itself
              once it sends.
            </Empty>
          ) : (
            <>
              <Filters rows={rows} states={states} search={search} change={change} shown={chosen.length} />
              {chosen.length === 0 ? (
                <Empty title="No sensor is like that">
                  <button type="button" onClick={() => change({ state: null, q: null })}>
                    Show all {rows.length}
                  </button>
                </Empty>
              ) : isBoard ? (
                <Board rows={chosen} show={show} />
              ) : (
                <Fleet rows={chosen} show={show} sort={url.get("sort")} onSort={(sort) => change({ sort })} refresh={refresh} />
              )}
            </>
          )
        }
      </Shown>
      {shown && <SensorDialog row={shown} close={() => change({ sensor: null })} refresh={refresh} />}
      {open === "profiles" && <Profiles sensors={rows.map((row) => row.sensor)} close={() => setOpen(null)} />}
      {open === "coverage" && <CoverageDialog close={() => setOpen(null)} />}
      {open === "join" && <Join close={() => setOpen(null)} />}
      {open === "add" && <AddSource close={() => setOpen(null)} refresh={refresh} />}
      {open === "key" && <NewKey close={() => setOpen(null)} />}
    </>
  );
}
