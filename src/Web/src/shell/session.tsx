import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";
import { ApiError, basic, get, run, send, whenUnauthorized } from "../api/client";

/** Who looks at the page, as the server sees it. */
export interface Who {
  /** Role of the login: "admin", "readonly" …; "" without one. */
  "kismet.session.role": string;
  /** Name of the key, or of the administrator. */
  "kismet.session.name": string;
  /** When the login ends; 0 for never. */
  "kismet.session.expires": number;
  /** Whether this request could read. */
  "kismet.session.may_read": number;
  /** Whether there is an administrator at all. */
  "kismet.session.configured": number;
  /** Whether the administrator's password stands in the settings, and is changed there alone. */
  "kismet.session.fixed": number;
}

interface Session {
  who: Who;
  isAdmin: boolean;
  login(username: string, password: string): Promise<void>;
  enterWithKey(key: string): Promise<void>;
  setUp(secret: string, username: string, password: string): Promise<void>;
  logout(): Promise<void>;
  /** Asks for a login, because something needs one. */
  ask(): void;
  isAsked: boolean;
  dismiss(): void;
}

const Context = createContext<Session | null>(null);

/** Finds out who looks before it shows anything, and again whenever the server wants a login. */
export function SessionProvider({
  children,
  loading,
  failed,
}: {
  children: ReactNode;
  loading: ReactNode;
  failed: (e: unknown, again: () => void) => ReactNode;
}) {
  const [who, setWho] = useState<Who | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isAsked, setAsked] = useState(false);
  const queries = useQueryClient();

  const refresh = useCallback(async () => {
    try {
      setError(null);
      setWho(await get<Who>("/session/who.json"));
    } catch (e) {
      setError(e);
    }
  }, []);

  const enter = useCallback(async () => {
    await refresh();
    setAsked(false);
    await queries.invalidateQueries();
  }, [refresh, queries]);

  useEffect(() => {
    whenUnauthorized(() => setAsked(true));
    void refresh();
  }, [refresh]);

  const session = useMemo<Session | null>(
    () =>
      who && {
        who,
        isAdmin: who["kismet.session.role"] === "admin",
        isAsked: isAsked || !who["kismet.session.may_read"],
        ask: () => setAsked(true),
        dismiss: () => setAsked(false),
        async login(username, password) {
          await refused("The name or the password is wrong.", send("/session/check_login", { headers: basic(username, password) }));
          await enter();
        },
        async enterWithKey(key) {
          await refused("There is no such key.", send("/session/login", { method: "POST", headers: { Authorization: `Bearer ${key}` } }));
          await enter();
        },
        async setUp(secret, username, password) {
          await run("/session/set_password", { secret, username, password });
          await send("/session/check_login", { headers: basic(username, password) });
          await enter();
        },
        async logout() {
          await run("/session/logout");
          queries.clear();
          await refresh();
        },
      },
    [who, isAsked, enter, refresh, queries],
  );
  if (!session) {
    return error ? failed(error, () => void refresh()) : loading;
  }
  return <Context value={session}>{children}</Context>;
}

// What a login was refused for is not that one is needed.
async function refused(text: string, answer: Promise<Response>): Promise<void> {
  try {
    await answer;
  } catch (e) {
    throw e instanceof ApiError && e.isUnauthorized ? new Error(text) : e;
  }
}

/** The session of whoever looks. */
export function useSession(): Session {
  const session = useContext(Context);
  if (!session) {
    throw new Error("no session around this");
  }
  return session;
}
