import type { RowWindow } from "../parts/windows";
import { type Command, type Field, post } from "./client";

/** What a window is asked with. */
export interface WindowQuery {
  fields: [path: string, name: string][];
  /** Path of the field to sort by. */
  sort?: string;
  descending?: boolean;
  /** Words that must be in one of the fields. */
  search?: string;
  start: number;
  length: number;
  command?: Omit<Command, "fields">;
}

/** Asks for a window of a list in the form of DataTables, whose order means what it says. */
export async function fetchWindow<T>(path: string, query: WindowQuery, signal?: AbortSignal): Promise<RowWindow<T>> {
  const command: Command = {
    ...query.command,
    fields: query.fields as Field[],
    colmap: query.sort ? { 0: [query.sort] } : {},
    datatable: true,
  };
  const answer = await post<{ recordsFiltered: number; data: T[] }>(
    path,
    command,
    {
      datatable: 1,
      draw: 1,
      start: query.start,
      length: query.length,
      "search[value]": query.search || undefined,
      "order[0][column]": query.sort ? 0 : undefined,
      "order[0][dir]": query.sort ? (query.descending ? "desc" : "asc") : undefined,
    },
    signal,
  );
  return { rows: answer.data, total: answer.recordsFiltered };
}
