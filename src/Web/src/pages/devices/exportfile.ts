import { type Command, send } from "../../api/client";

export type Format = "csv" | "json";

/** What a file is made of. */
export interface Question {
  view: string;
  /** Path and title of each column. */
  columns: [path: string, title: string][];
  sort: string | undefined;
  descending: boolean;
  search: string;
  searched: string[];
  where: Command["where"];
}

const LINE_END = 0x0a;
const COMMA = 0x2c;
// So that spreadsheets take it for UTF-8.
const BYTE_ORDER_MARK = "\ufeff";

/** Asks for a file as it is streamed, and tells how many rows have come of how many. */
export async function fetchFile(
  { view, columns, sort, descending, search, searched, where }: Question,
  format: Format,
  onRows: (done: number, all: number) => void,
  signal: AbortSignal,
): Promise<{ file: Blob; found: number }> {
  const command: Command = {
    fields: format === "csv" ? columns : columns.map(([path]) => path),
    searched,
    ...(sort ? { sort, dir: descending ? "desc" : "asc" } : {}),
    ...(search ? { search } : {}),
    ...(where?.length ? { where } : {}),
  };
  // JSON comes an object a line, so that rows can be counted as they come.
  const response = await send(`/devices/views/${encodeURIComponent(view)}/export.${format === "csv" ? "csv" : "itjson"}`, {
    method: "POST",
    body: new URLSearchParams({ json: JSON.stringify(command) }),
    signal,
  });
  const all = Number(response.headers.get("X-Devices"));
  onRows(0, all);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let lines = 0;
  for (const reader = (response.body as ReadableStream<Uint8Array<ArrayBuffer>>).getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) {
      break;
    }
    lines += format === "csv" ? linesIn(value) : joined(value);
    parts.push(value);
    // A line break in a text of a table counts, too.
    onRows(Math.min(lines, all), all);
  }
  return format === "csv"
    ? { file: new Blob([BYTE_ORDER_MARK, ...parts], { type: "text/csv" }), found: all }
    : { file: new Blob(["[", ...withoutLast(parts), "]"], { type: "application/json" }), found: lines };
}

/** The name of a file that is made on a day. */
export function fileName(today: string, format: Format): string {
  return `devices-${today}.${format}`;
}

function linesIn(bytes: Uint8Array): number {
  let lines = 0;
  for (const byte of bytes) {
    lines += byte === LINE_END ? 1 : 0;
  }
  return lines;
}

// Objects a line are a list when there are commas for line ends: a line end is never within JSON's texts.
function joined(bytes: Uint8Array): number {
  let lines = 0;
  for (let i = bytes.indexOf(LINE_END); i >= 0; i = bytes.indexOf(LINE_END, i + 1)) {
    bytes[i] = COMMA;
    lines++;
  }
  return lines;
}

function withoutLast(parts: Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer>[] {
  const last = parts.at(-1);
  return last ? [...parts.slice(0, -1), last.subarray(0, -1)] : parts;
}
