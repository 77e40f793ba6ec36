import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { ApiError, get, post, put } from "../../api/client";
import { ActionButton } from "../../parts/form";
import { Empty, Shown } from "../../parts/states";
import { useUrlState } from "../../parts/urlstate";
import { useSession } from "../../shell/session";
import { find, type Places, type Where } from "./document";
import { FloorEditor } from "./flooreditor";
import "./places.css";
import { BuildingForm, PlaceTree } from "./tree";

const PLACES = "/places/all.json";

/** Sites, buildings, floors, zones, and where sensors stand: looked at, and edited by the administrator. */
export default function PlacesPage() {
  const places = useQuery({ queryKey: ["places"], queryFn: ({ signal }) => get<Places>(PLACES, signal) });
  return <Shown query={places}>{(kept) => <Editor kept={kept} />}</Shown>;
}

function Editor({ kept }: { kept: Places }) {
  const queries = useQueryClient();
  const { isAdmin } = useSession();
  const [draft, setDraft] = useState<Places | null>(null);
  const [url, setUrl] = useUrlState();
  const places = draft ?? kept;
  const { building, floor } = find(places, { building: url.get("building") ?? "", floor: Number(url.get("floor")) });
  const names = useSourceNames();
  const show = useCallback((where: Where) => setUrl({ building: where.building, floor: String(where.floor) }), [setUrl]);

  const save = async () => {
    try {
      await put(PLACES, JSON.stringify(places));
    } catch (e) {
      if (e instanceof ApiError && e.status === 409) {
        throw new Error("Somebody else changed the places meanwhile. Undo your changes to see theirs.");
      }
      throw e;
    }
    await queries.invalidateQueries({ queryKey: ["places"] });
    await queries.invalidateQueries({ queryKey: ["places-on-earth"] });
    setDraft(null);
  };
  const undo = async () => {
    await queries.invalidateQueries({ queryKey: ["places"] });
    setDraft(null);
  };
  return (
    <div className="places">
      <div className="head">
        <h1>Places</h1>
        {isAdmin && (
          <span className="row right">
            {draft && <span role="status">Not saved yet</span>}
            <ActionButton action={undo} disabled={!draft}>
              Undo
            </ActionButton>
            <ActionButton action={save} disabled={!draft} done="Saved" className="primary">
              Save
            </ActionButton>
          </span>
        )}
      </div>
      <div className="places-parts">
        <section className="panel" aria-label="Sites and buildings">
          <PlaceTree places={places} building={building} floor={floor} show={show} change={isAdmin ? setDraft : null} />
          {building && <BuildingForm places={places} building={building} floor={floor} show={show} change={isAdmin ? setDraft : null} />}
        </section>
        {building && floor ? (
          <FloorEditor
            key={`${building.name} ${floor.floor}`}
            places={places}
            building={building}
            floor={floor}
            names={names}
            change={isAdmin ? setDraft : null}
          />
        ) : (
          <Empty title={building ? "This building has no floors yet" : "There are no buildings yet"}>
            {isAdmin ? "Add one at the left." : "The administrator adds them."}
          </Empty>
        )}
      </div>
    </div>
  );
}

function useSourceNames(): Map<string, string> {
  const sources = useQuery({
    queryKey: ["placed-sources"],
    queryFn: ({ signal }) =>
      post<{ uuid: string; name: string }[]>(
        "/datasource/all_sources.json",
        {
          fields: [
            ["kismet.datasource.uuid", "uuid"],
            ["kismet.datasource.name", "name"],
          ],
        },
        {},
        signal,
      ),
  });
  return useMemo(() => new Map((sources.data ?? []).map((one) => [one.uuid.toLowerCase(), one.name])), [sources.data]);
}
