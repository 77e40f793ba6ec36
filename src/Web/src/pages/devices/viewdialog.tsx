import { useQuery, useQueryClient } from "@tanstack/react-query";
import { get, run } from "../../api/client";
import { Dialog } from "../../parts/dialog";
import { ActionButton, ActionForm, Labelled } from "../../parts/form";
import { Empty, Shown } from "../../parts/states";
import { useNotices } from "../../shell/notices";
import { describe } from "./filters";
import type { ListState } from "./urlstate";
import { compose, idFor, LONGEST_DESCRIPTION, type ViewDefinition } from "./viewdefinition";

/** Saves what is seen as a view with a name, which everybody has, and deletes such views. */
export function ViewDialog({
  state,
  searched,
  onSaved,
  onDeleted,
  close,
}: {
  state: ListState;
  /** Paths that the list searches. */
  searched: string[];
  /** Is given the view and what is still to be asked beside it. */
  onSaved: (change: Pick<ListState, "view" | "filters" | "search">) => void;
  onDeleted: (view: string) => void;
  close: () => void;
}) {
  const definitions = useQuery({
    queryKey: ["views", "definitions"],
    queryFn: ({ signal }) => get<ViewDefinition[]>("/devices/views/user/definitions.json", signal),
    staleTime: 0,
  });
  return (
    <Dialog title="Views" close={close}>
      <Shown query={definitions}>
        {(all) => (
          <>
            <Save state={state} searched={searched} definitions={all} onSaved={onSaved} />
            <h3>Saved views</h3>
            {all.length === 0 ? <Empty title="No view was saved yet" /> : <Saved definitions={all} onDeleted={onDeleted} />}
          </>
        )}
      </Shown>
    </Dialog>
  );
}

function Save({
  state,
  searched,
  definitions,
  onSaved,
}: {
  state: ListState;
  searched: string[];
  definitions: ViewDefinition[];
  onSaved: (change: Pick<ListState, "view" | "filters" | "search">) => void;
}) {
  const queries = useQueryClient();
  const { tell } = useNotices();
  const composed = compose(state.view, definitions, state.filters, state.search, searched);
  if (Object.keys(composed.filter).length === 0) {
    return <p className="dim">Filter, search or choose a view first: what is seen then can be saved under a name, for everybody.</p>;
  }
  const left = [...composed.left.map(describe), ...(composed.isSearchLeft ? [`the search for “${state.search}”`] : [])];
  return (
    <ActionForm
      submit="Save as view"
      action={async (data) => {
        const description = String(data.get("name")).trim();
        const same = definitions.find((one) => one.description === description);
        if (same && !confirm(`Replace the view “${description}”?`)) {
          return;
        }
        const id =
          same?.id ??
          idFor(
            description,
            definitions.map((one) => one.id),
          );
        await run("/devices/views/user/define.cmd", { id, description, filter: composed.filter });
        await queries.invalidateQueries({ queryKey: ["views"] });
        tell("good", `View “${description}” saved`);
        onSaved({ view: id, filters: composed.left, search: composed.isSearchLeft ? state.search : "" });
      }}
    >
      <Labelled label="Name" hint="Everybody finds it in the list of views. One of the same name is replaced">
        <input name="name" required pattern=".*\S.*" maxLength={LONGEST_DESCRIPTION} autoComplete="off" />
      </Labelled>
      {left.length > 0 && (
        <p className="dim">
          Not part of a view, so it stays beside it: <bdi>{left.join("; ")}</bdi>
        </p>
      )}
    </ActionForm>
  );
}

function Saved({ definitions, onDeleted }: { definitions: ViewDefinition[]; onDeleted: (view: string) => void }) {
  const queries = useQueryClient();
  return (
    <ul className="lines">
      {definitions.map(({ id, description }) => (
        <li key={id}>
          <bdi className="grow">{description}</bdi>
          <ActionButton
            className="plain"
            aria-label={`Delete the view ${description}`}
            confirm={`Delete the view “${description}” for everybody?`}
            done="View deleted"
            action={async () => {
              await run("/devices/views/user/remove.cmd", { id });
              onDeleted(id);
              await queries.invalidateQueries({ queryKey: ["views"] });
            }}
          >
            ✕
          </ActionButton>
        </li>
      ))}
    </ul>
  );
}
