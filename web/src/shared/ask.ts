import { remember } from "./asked";
import { place } from "./place";
import { signOut, token } from "./session";
import { language } from "./words";

/** A GraphQL document with the types of its answer and its variables, as generated beside its .graphql file. */
export interface Asked<T, V> {
  toString(): string;
  __apiType?: (variables: V) => T;
}

/** What went wrong, in words for people; `code` is stable (`unauthenticated`, `over_limit`, `overtime`, `network`...). */
export class AskError extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly hint = "",
    readonly requestId = "",
    readonly retryAfter = 0,
  ) {
    super(message);
  }
}

interface Answer<T> {
  data?: T | null;
  errors?: { message: string; extensions?: { code?: string; hint?: string; requestId?: string } }[];
  extensions?: { masked?: string[] };
}

export interface AskOptions {
  signal?: AbortSignal;
  /** Instead of what the session has. */
  bearer?: string;
  /** Gets the coordinates (`Customer.email`) of what the caller may not see. */
  onMasked?: (coordinates: string[]) => void;
  /** Whose question it is, for the Query tab: the present tab's if not said, nobody's if empty. */
  tab?: string;
}

/** Asks the service; throws an `AskError`. When nobody is signed in any more, the session is told. */
export async function ask<T, V extends Record<string, unknown>>(
  document: Asked<T, V>,
  variables: V,
  { signal, bearer = token(), onMasked, tab = place().tab }: AskOptions = {},
): Promise<T> {
  const headers: Record<string, string> = {
    accept: "application/graphql-response+json",
    "content-type": "application/json",
    "accept-language": language(),
  };
  if (bearer) headers.authorization = `Bearer ${bearer}`;
  if (tab) remember(tab, document.toString(), variables);
  const body = JSON.stringify({ query: document.toString(), variables });
  let response: Response;
  try {
    response = await fetch("/graphql", { method: "POST", headers, body, signal: signal ?? null });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new AskError(String(error), "network");
  }
  const answer = await readAnswer<T>(response);
  if (response.status === 401 && bearer === token()) signOut("expired");
  const first = answer.errors?.[0];
  if (first) {
    const { code = "error", hint = "", requestId = "" } = first.extensions ?? {};
    throw new AskError(first.message, code, hint, requestId, Number(response.headers.get("retry-after") ?? 0));
  }
  if (answer.data == null) throw new AskError(`HTTP ${response.status}`, "error");
  if (answer.extensions?.masked) onMasked?.(answer.extensions.masked);
  return answer.data;
}

async function readAnswer<T>(response: Response): Promise<Answer<T>> {
  try {
    return (await response.json()) as Answer<T>;
  } catch {
    throw new AskError(`HTTP ${response.status}`, "network");
  }
}
