import { useEffect, useRef, useState } from "react";
import { Dialog } from "../../parts/dialog";
import { Labelled } from "../../parts/form";
import { count } from "../../parts/numbers";
import { day } from "../../parts/time";
import { type Format, fetchFile, fileName, type Question } from "./exportfile";

/** Makes a file of all that the list shows, says how far it is, and can be stopped. */
export function ExportDialog({ question, leftOut, close }: { question: () => Question; leftOut: string[]; close: () => void }) {
  const [format, setFormat] = useState<Format>("csv");
  const [rows, setRows] = useState<[done: number, all: number] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const running = useRef<AbortController>(undefined);
  // Who leaves the page waits for nothing.
  useEffect(() => () => running.current?.abort(), []);
  const start = async () => {
    const stop = new AbortController();
    running.current = stop;
    setError(null);
    setDone(null);
    setRows([0, 0]);
    try {
      const { file, found } = await fetchFile(question(), format, (some, all) => setRows([some, all]), stop.signal);
      const name = fileName(day(Date.now() / 1000), format);
      save(file, name);
      setDone(`${name}: ${count(found)} ${found === 1 ? "device" : "devices"}`);
    } catch (e) {
      if (!stop.signal.aborted) {
        setError(e instanceof Error ? e.message : String(e));
      }
    }
    setRows(null);
  };
  return (
    <Dialog title="Export" close={close}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        <p className="dim">All devices of the list as it is filtered, searched and sorted, with the columns that it shows.</p>
        <Labelled label="Format" hint={format === "csv" ? "Times in UTC" : "Named as the API names fields; times in seconds since 1970"}>
          <select value={format} disabled={rows !== null} onChange={(event) => setFormat(event.target.value as Format)}>
            <option value="csv">CSV, for spreadsheets</option>
            <option value="json">JSON, for programs</option>
          </select>
        </Labelled>
        {leftOut.length > 0 && <p className="dim">Not in the file: {leftOut.join(", ")}</p>}
        <div aria-live="polite">
          {rows && (
            <p>
              <progress aria-label="Exported" max={Math.max(rows[1], 1)} value={rows[0]} /> {count(rows[0])} of {count(rows[1])}
            </p>
          )}
          {done && <p className="good">{done}</p>}
          {error && (
            <p className="wrong" role="alert">
              {error}
            </p>
          )}
        </div>
        {rows ? (
          // Keys, or the button that is clicked would become one that submits before the browser is done with the click.
          <button key="cancel" type="button" onClick={() => running.current?.abort()}>
            Cancel
          </button>
        ) : (
          <button key="export" type="submit" className="primary">
            Export
          </button>
        )}
      </form>
    </Dialog>
  );
}

function save(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken it by the next turn.
  setTimeout(() => URL.revokeObjectURL(address));
}
