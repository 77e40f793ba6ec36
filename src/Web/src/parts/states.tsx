import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ApiError } from "../api/client";
import { useSession } from "../shell/session";

/** While something is on its way. */
export function Loading({ what = "Loading" }: { what?: string }) {
  return (
    <div className="state" role="status">
      <span className="spinner" aria-hidden="true" />
      {what}…
    </div>
  );
}

/** There is nothing, and why that is so. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="state">
      <strong>{title}</strong>
      {children && <p>{children}</p>}
    </div>
  );
}

/** What went wrong, in the server's words, with a way on. */
export function Failed({ error, again }: { error: unknown; again?: () => void }) {
  const { ask } = useSession();
  if (error instanceof ApiError && (error.isUnauthorized || error.isForbidden)) {
    return (
      <div className="state" role="alert">
        <strong>{error.isForbidden ? "Your role may not do this" : "Log in"}</strong>
        <p>{error.isForbidden ? "Your role may read, but not change this. Log in as an administrator." : "Log in to see this."}</p>
        <button type="button" onClick={ask}>
          Log in
        </button>
      </div>
    );
  }
  return <Fault error={error} {...(again ? { again } : {})} />;
}

/** A fault where there is no session yet. */
export function Fault({ error, again }: { error: unknown; again?: () => void }) {
  return (
    <div className="state error" role="alert">
      <strong>That did not work</strong>
      <p>{error instanceof Error ? error.message : String(error)}</p>
      {again && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Shows a query's data once it is there; until then, and when it fails, says so. */
export function Shown<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) {
    return children(query.data);
  }
  return query.error ? <Failed error={query.error} again={() => void query.refetch()} /> : <Loading />;
}
