import { Choices } from "../../parts/choices";
import type { UrlChanges } from "../../parts/urlstate";
import { type Row, type StateChoice, tally } from "./choice";

/** Which sensors are seen: by state, with their numbers, and by words. */
export function Filters({
  rows,
  states,
  search,
  shown,
  change,
}: {
  rows: Row[];
  states: StateChoice;
  search: string;
  shown: number;
  change: (changes: UrlChanges) => void;
}) {
  const problems = rows.filter(({ state }) => state.isProblem).length;
  return (
    <div className="sensor-filters">
      <input
        type="search"
        aria-label="Search sensors"
        placeholder="Search name, interface, address"
        value={search}
        onChange={(event) => change({ q: event.target.value })}
      />
      <Choices label="State">
        <Choice name={`All ${rows.length}`} isChosen={!states} choose={() => change({ state: null })} />
        <Choice
          name={`Problems ${problems}`}
          mark={problems ? "bad" : "good"}
          isChosen={states === "problems"}
          choose={() => change({ state: "problems" })}
        />
        {tally(rows).map(({ state, count }) => (
          <Choice
            key={state.id}
            name={`${state.name} ${count}`}
            mark={state.mark}
            isChosen={states === state.id}
            choose={() => change({ state: state.id })}
          />
        ))}
      </Choices>
      <span className="dim" role="status">
        {shown === rows.length ? "" : `${shown} of ${rows.length}`}
      </span>
    </div>
  );
}

function Choice({ name, mark, isChosen, choose }: { name: string; mark?: string; isChosen: boolean; choose: () => void }) {
  return (
    <button type="button" aria-pressed={isChosen} onClick={choose}>
      {mark !== undefined && <span className={`dot ${mark}`} aria-hidden="true" />} {name}
    </button>
  );
}
