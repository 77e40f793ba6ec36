import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { post } from "../../api/client";
import { Labelled } from "../../parts/form";
import { KNOWN_FIELDS } from "./knownfields";
import { pathsOf } from "./paths";

// Whole records are long: a few show what there is.
const SAMPLE = 4;

/** A field by its name or its path, with what there is to choose from. */
export function FieldInput({ view, value, onChange }: { view: string; value: string; onChange: (typed: string) => void }) {
  const list = useId();
  const sample = useQuery({
    queryKey: ["devices", "paths", view],
    queryFn: async ({ signal }) => {
      const path = `/devices/views/${encodeURIComponent(view)}/devices.json`;
      const variables = { datatable: 1, start: 0, length: SAMPLE, "order[0][column]": 0, "order[0][dir]": "desc" };
      const answer = await post<{ data: unknown[] }>(
        path,
        { datatable: true, colmap: { 0: ["kismet.device.base.packets.total"] } },
        variables,
        signal,
      );
      return pathsOf(answer.data);
    },
    staleTime: 600_000,
  });
  const known = new Set(KNOWN_FIELDS.map((one) => one.path));
  return (
    <Labelled label="Field" hint="One of the list, or the path of any field, as a device's record has it">
      <input required list={list} value={value} autoComplete="off" spellCheck={false} onChange={(event) => onChange(event.target.value)} />
      <datalist id={list}>
        {KNOWN_FIELDS.map((one) => (
          <option key={one.id} value={one.title} label={one.path} />
        ))}
        {sample.data
          ?.filter((path) => !known.has(path))
          .map((path) => (
            <option key={path} value={path} />
          ))}
      </datalist>
    </Labelled>
  );
}
