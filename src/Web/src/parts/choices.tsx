import type { ReactNode } from "react";
import "./choices.css";

/** Buttons that belong together, of which one or some are pressed. */
export function Choices({ label, children }: { label: string; children: ReactNode }) {
  return (
    <fieldset className="choices" aria-label={label}>
      {children}
    </fieldset>
  );
}
