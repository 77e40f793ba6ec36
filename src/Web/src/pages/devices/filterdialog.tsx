import { useId, useState } from "react";
import { Dialog } from "../../parts/dialog";
import { Labelled } from "../../parts/form";
import { fromInput, toInput } from "../history/filter";
import { FieldInput } from "./fieldinput";
import { type Filter, type FilterOp, inUnits, isNumeric, opsOf, TIME_UNITS, wordsOf } from "./filters";
import { fieldOf, fieldTyped, type KnownField } from "./knownfields";

/** Makes a filter, or changes one. */
export function FilterDialog({
  view,
  filter,
  onDone,
  close,
}: {
  view: string;
  filter: Filter | null;
  onDone: (filter: Filter) => void;
  close: () => void;
}) {
  const known = filter ? fieldOf(filter.field) : null;
  const [typed, setTyped] = useState(known ? (known.id === known.path ? known.path : known.title) : "");
  const [chosen, setOp] = useState<FilterOp>(filter?.op ?? "contains");
  const field = fieldTyped(typed);
  const ops = opsOf(field?.kind ?? "any");
  const op = ops.includes(chosen) ? chosen : (ops[0] as FilterOp);
  return (
    <Dialog title={filter ? "Change the filter" : "Add a filter"} close={close}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          const made = field && typedValue(field, op, new FormData(event.currentTarget));
          if (field && made !== null) {
            onDone({ field: field.id, op, value: made });
          }
        }}
      >
        <FieldInput view={view} value={typed} onChange={setTyped} />
        {ops.length > 1 && (
          <Labelled label="Condition">
            <select value={op} onChange={(event) => setOp(event.target.value as FilterOp)}>
              {ops.map((one) => (
                <option key={one} value={one}>
                  {wordsOf(one)}
                </option>
              ))}
            </select>
          </Labelled>
        )}
        <ValueInput key={`${field?.kind}${op}`} field={field} op={op} value={filter?.value} />
        <button type="submit" className="primary">
          {filter ? "Change" : "Add"}
        </button>
      </form>
    </Dialog>
  );
}

function ValueInput({ field, op, value }: { field: KnownField | null; op: FilterOp; value: Filter["value"] | undefined }) {
  const list = useId();
  const kind = field?.kind ?? "any";
  if (op === "has" || kind === "flag") {
    return (
      <Labelled label={op === "has" ? "It is" : "Value"}>
        <select name="value" defaultValue={value === false ? "false" : "true"}>
          <option value="true">{op === "has" ? "there" : "yes"}</option>
          <option value="false">{op === "has" ? "not there" : "no"}</option>
        </select>
      </Labelled>
    );
  }
  if (op === "between") {
    const both = Array.isArray(value) ? value : undefined;
    return (
      <div className="row">
        <Bound name="value" label="From" field={field} value={both?.[0]} />
        <Bound name="most" label="To" field={field} value={both?.[1]} />
      </div>
    );
  }
  if (kind === "time") {
    const [count, unit] = inUnits(typeof value === "number" ? value : 600);
    return (
      <div className="row">
        <Labelled label="How long">
          <input name="value" type="number" min="0" step="any" required defaultValue={count} />
        </Labelled>
        <Labelled label="Unit">
          <select name="unit" defaultValue={unit}>
            {TIME_UNITS.map(([name, seconds]) => (
              <option key={name} value={seconds}>
                {name}
              </option>
            ))}
          </select>
        </Labelled>
      </div>
    );
  }
  const numeric = isNumeric(kind, op);
  return (
    <Labelled
      label={field?.unit && numeric ? `Value (${field.unit})` : "Value"}
      {...(op === "~" ? { hint: "A regular expression (PCRE), found anywhere in the text" } : {})}
    >
      <input
        name="value"
        type={numeric ? "number" : "text"}
        step="any"
        required
        maxLength={1024}
        autoComplete="off"
        spellCheck={false}
        list={list}
        defaultValue={typeof value === "string" || typeof value === "number" ? value : ""}
      />
      <datalist id={list}>
        {field?.values?.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
    </Labelled>
  );
}

function Bound({ name, label, field, value }: { name: string; label: string; field: KnownField | null; value: number | undefined }) {
  const isTime = field?.kind === "time";
  return (
    <Labelled label={field?.unit ? `${label} (${field.unit})` : label}>
      {isTime ? (
        <input name={name} type="datetime-local" step="1" required defaultValue={toInput(value ?? null)} />
      ) : (
        <input name={name} type="number" step="any" required defaultValue={value} />
      )}
    </Labelled>
  );
}

function typedValue(field: KnownField, op: FilterOp, data: FormData): Filter["value"] | null {
  const typed = String(data.get("value") ?? "");
  if (op === "has" || field.kind === "flag") {
    return typed === "true";
  }
  if (op === "between") {
    const both = [typed, String(data.get("most") ?? "")].map((one) => Number(field.kind === "time" ? fromInput(one) : one));
    return [Math.min(...both), Math.max(...both)];
  }
  if (field.kind === "time") {
    return Math.round(Number(typed) * Number(data.get("unit")));
  }
  // At a path, what looks like a number is one: texts of digits are found by "contains".
  const numeric = isNumeric(field.kind, op) || (field.kind === "any" && (op === "=" || op === "!=") && /^-?\d+(\.\d+)?$/.test(typed));
  return numeric ? Number(typed) : typed;
}
