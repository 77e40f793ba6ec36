/** What a request came back with when it was not a success. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }

  /** No login, or one that is over. */
  get isUnauthorized(): boolean {
    return this.status === 401;
  }

  /** A login of another role. */
  get isForbidden(): boolean {
    return this.status === 403;
  }
}

/** A field path, or a path and the name it is to have in the answer. */
export type Field = string | [path: string, name: string];

/** A condition on a field: all that are given must hold. */
export type Condition = [
  path: string,
  op: "=" | "!=" | "<" | "<=" | ">" | ">=" | "between" | "contains" | "~" | "has",
  value: string | number | boolean | [least: number, most: number],
];

/** The dictionary that commands take. */
export interface Command {
  fields?: Field[];
  regex?: [path: string, pattern: string][];
  where?: Condition[];
  [key: string]: unknown;
}

type Variables = Record<string, string | number | boolean | undefined>;

let onUnauthorized: () => void = () => {};

/** Names who is told that a login is needed, or is over. */
export function whenUnauthorized(call: () => void): void {
  onUnauthorized = call;
}

/** Asks for a path's JSON. */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return read<T>(await send(path, signal ? { signal } : {}));
}

/** Gives a command, with variables beside it, and reads the JSON that it answers with. */
export async function post<T>(path: string, command: Command = {}, variables: Variables = {}, signal?: AbortSignal): Promise<T> {
  return read<T>(await order(path, command, variables, signal));
}

/** Gives a command whose answer is a text, or nothing. */
export async function run(path: string, command: Command = {}, variables: Variables = {}): Promise<string> {
  return (await order(path, command, variables)).text();
}

/** Puts JSON in the place of what is there. */
export async function put(path: string, json: string): Promise<void> {
  await send(path, { method: "PUT", body: json, headers: { "Content-Type": "application/json" } });
}

/** Headers of user and password (RFC 7617, UTF-8). */
export function basic(username: string, password: string): HeadersInit {
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return { Authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` };
}

/** Sends a request; what is no success is an ApiError with the server's own words. */
export async function send(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "same-origin", cache: "no-store", ...init });
  } catch (e) {
    if (e instanceof DOMException && e.name === "AbortError") {
      throw e;
    }
    throw new ApiError(0, "The server does not answer.");
  }
  if (!response.ok) {
    const error = new ApiError(response.status, await reason(response));
    if (error.isUnauthorized) {
      onUnauthorized();
    }
    throw error;
  }
  return response;
}

function order(path: string, command: Command, variables: Variables, signal?: AbortSignal): Promise<Response> {
  const form = new URLSearchParams({ json: JSON.stringify(command) });
  for (const [name, value] of Object.entries(variables)) {
    if (value !== undefined) {
      form.set(name, String(value));
    }
  }
  return send(path, { method: "POST", body: form, ...(signal ? { signal } : {}) });
}

async function read<T>(response: Response): Promise<T> {
  return (await response.json()) as T;
}

async function reason(response: Response): Promise<string> {
  const text = await response.text();
  if (!(response.headers.get("Content-Type") ?? "").includes("html")) {
    return text.replace(/^(ERROR|Invalid request):\s*/, "").trim() || `Status ${response.status}`;
  }
  switch (response.status) {
    case 401:
      return "Log in to do this.";
    case 403:
      return "Your role may not do this.";
    case 404:
      return "This is not there.";
    case 429: {
      const wait = response.headers.get("Retry-After");
      return wait ? `Too many attempts: try again in ${wait} s.` : "Too many requests at a time.";
    }
    default:
      return `The server answered with status ${response.status}.`;
  }
}
