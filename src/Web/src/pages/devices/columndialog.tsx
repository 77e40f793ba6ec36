import { Dialog } from "../../parts/dialog";
import { DEVICE_COLUMNS } from "./columns";

/** Chooses the columns of the list. */
export function ColumnDialog({
  shown,
  onChange,
  close,
}: {
  shown: string[];
  /** Null for those that are usual. */
  onChange: (columns: string[] | null) => void;
  close: () => void;
}) {
  const set = new Set(shown);
  return (
    <Dialog title="Columns" close={close}>
      <fieldset className="choices">
        <legend className="dim">Each is asked for only while it is shown</legend>
        {DEVICE_COLUMNS.map((column) => (
          <label key={column.id}>
            <input
              type="checkbox"
              checked={set.has(column.id)}
              disabled={set.has(column.id) && set.size === 1}
              onChange={(event) =>
                onChange(DEVICE_COLUMNS.map((one) => one.id).filter((id) => (id === column.id ? event.target.checked : set.has(id))))
              }
            />{" "}
            {column.title}
          </label>
        ))}
      </fieldset>
      <div className="row">
        <button type="button" className="primary" onClick={close}>
          Done
        </button>
        <button type="button" onClick={() => onChange(null)}>
          The usual ones
        </button>
      </div>
    </Dialog>
  );
}
