import { lazy, Suspense, useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { ErrorBoundary } from "./boundary";
import { Icon } from "./icons";

const Search = lazy(() => import("./search"));

/** Opens the search; so does `/` wherever nobody is writing. */
export function SearchButton() {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (
        event.key === "/" &&
        !event.ctrlKey &&
        !event.altKey &&
        !event.metaKey &&
        !isWriting(event.target) &&
        !document.querySelector("dialog[open]")
      ) {
        event.preventDefault();
        setOpen(true);
      }
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
  return (
    <>
      <button type="button" className="find" aria-label="Search" aria-keyshortcuts="/" onClick={() => setOpen(true)}>
        <Icon name="search" />
        <span className="wide">Search /</span>
      </button>
      {isOpen &&
        // Not within the bar at the top, which is a landmark, as the dialogue's own header would be one in it.
        createPortal(
          <ErrorBoundary>
            <Suspense>
              <Search close={() => setOpen(false)} />
            </Suspense>
          </ErrorBoundary>,
          document.body,
        )}
    </>
  );
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
