import { type ReactNode, useLayoutEffect, useRef } from "react";

/** A dialogue over the page: the browser keeps the keyboard inside, Escape closes it. */
export function Dialog({ title, close, children }: { title: string; close: () => void; children: ReactNode }) {
  const element = useRef<HTMLDialogElement>(null);
  // Closed while it is still there: so the browser gives the keyboard back to where it was.
  useLayoutEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    dialog?.showModal();
    // Not the cross, which comes first: who opens a form wants to write.
    dialog?.querySelector<HTMLElement>("input, select, textarea")?.focus();
    return () => {
      dialog?.close();
      // The browser gives the keyboard back only while the dialogue is still on the page.
      if (before instanceof HTMLElement && before.isConnected) {
        before.focus();
      }
    };
  }, []);
  return (
    <dialog ref={element} aria-label={title} onCancel={close}>
      <header>
        <h2>{title}</h2>
        <button type="button" className="plain" aria-label="Close" onClick={close}>
          ✕
        </button>
      </header>
      {children}
    </dialog>
  );
}
