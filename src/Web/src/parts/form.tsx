import { type ReactNode, useState } from "react";
import { useNotices } from "../shell/notices";

/** A labelled input: the label is around it. */
export function Labelled({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is among the children.
    <label className="field">
      <span>{label}</span>
      {children}
      {hint && <small>{hint}</small>}
    </label>
  );
}

/** A form that does one thing, once at a time, and says what came of it. */
export function ActionForm({
  action,
  submit,
  children,
}: {
  action: (data: FormData) => Promise<unknown>;
  submit: string;
  children: ReactNode;
}) {
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  return (
    <form
      className="form"
      onSubmit={async (event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        setBusy(true);
        setError(null);
        try {
          await action(data);
        } catch (e) {
          setError(e instanceof Error ? e.message : String(e));
        } finally {
          setBusy(false);
        }
      }}
    >
      {children}
      {error && (
        <p className="wrong" role="alert">
          {error}
        </p>
      )}
      <button type="submit" className="primary" disabled={busy}>
        {submit}
      </button>
    </form>
  );
}

/** A button that does something on the server; a fault is shown as a notice. */
export function ActionButton({
  action,
  children,
  done,
  confirm: question,
  ...rest
}: {
  action: () => Promise<unknown>;
  children: ReactNode;
  done?: string;
  confirm?: string;
  className?: string;
  disabled?: boolean;
  title?: string;
  "aria-label"?: string;
}) {
  const [busy, setBusy] = useState(false);
  const { tell } = useNotices();
  return (
    <button
      type="button"
      {...rest}
      disabled={busy || rest.disabled}
      onClick={async () => {
        if (question && !confirm(question)) {
          return;
        }
        setBusy(true);
        try {
          await action();
          if (done) {
            tell("good", done);
          }
        } catch (e) {
          tell("bad", e instanceof Error ? e.message : String(e));
        } finally {
          setBusy(false);
        }
      }}
    >
      {children}
    </button>
  );
}

/** A text to be pasted somewhere else. */
export function Copyable({ text, label }: { text: string; label: string }) {
  const { tell } = useNotices();
  return (
    <div className="copyable">
      <textarea
        readOnly
        aria-label={label}
        value={text}
        rows={Math.min(text.split("\n").length + 1, 12)}
        onFocus={(event) => event.currentTarget.select()}
      />
      <button
        type="button"
        onClick={async () => {
          try {
            await navigator.clipboard.writeText(text);
            tell("good", "Copied");
          } catch {
            tell("bad", "The browser does not let this page copy: select the text instead");
          }
        }}
      >
        Copy
      </button>
    </div>
  );
}
