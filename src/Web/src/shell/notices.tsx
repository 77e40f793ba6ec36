import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from "react";

type Kind = "good" | "bad" | "alert";

interface Notice {
  id: number;
  kind: Kind;
  text: string;
  href?: string;
}

interface Notices {
  tell(kind: Kind, text: string, href?: string): void;
}

// Long enough to be read; a screen reader has said it by then.
const SHOWN_MS = 8_000;
const MOST = 4;
const Context = createContext<Notices | null>(null);

/** Short words at the edge of the page about what has just happened. */
export function NoticesProvider({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<Notice[]>([]);
  const next = useRef(0);
  const remove = useCallback((id: number) => setNotices((all) => all.filter((one) => one.id !== id)), []);
  const tell = useCallback(
    (kind: Kind, text: string, href?: string) => {
      const id = next.current++;
      setNotices((all) => [...all.slice(1 - MOST), { id, kind, text, ...(href ? { href } : {}) }]);
      setTimeout(() => remove(id), SHOWN_MS);
    },
    [remove],
  );
  const value = useMemo(() => ({ tell }), [tell]);
  return (
    <Context value={value}>
      {children}
      <div className="notices" aria-live="polite">
        {notices.map((one) => (
          <div key={one.id} className={`notice ${one.kind}`}>
            {one.href ? <a href={one.href}>{one.text}</a> : <span>{one.text}</span>}
            <button type="button" className="plain" aria-label="Dismiss" onClick={() => remove(one.id)}>
              ✕
            </button>
          </div>
        ))}
      </div>
    </Context>
  );
}

/** A way to tell. */
export function useNotices(): Notices {
  const notices = useContext(Context);
  if (!notices) {
    throw new Error("no notices around this");
  }
  return notices;
}
