import { createGraphiQLFetcher, type Fetcher } from "@graphiql/toolkit";
import { createClient } from "graphql-ws";

export interface Asking {
  fetcher: Fetcher;
  /** Ends what is under way: its answers are of another caller. */
  stop(): void;
}

/** Asks our own service, as whoever `token` says; subscriptions go by graphql-transport-ws. */
export function startAsking(url: string, token: string): Asking {
  const bearer: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  const client = createClient({ url: url.replace(/^http/, "ws"), lazy: true, connectionParams: bearer });
  const ending = new AbortController();
  const fetcher = createGraphiQLFetcher({
    url,
    wsClient: client,
    fetch: (input, init) => {
      const headers = new Headers(init?.headers);
      for (const [name, value] of Object.entries(bearer)) headers.set(name, value);
      headers.set("accept", "application/graphql-response+json, application/json;q=0.9");
      return fetch(input, { ...init, headers, credentials: "same-origin", signal: ending.signal });
    },
  });
  return {
    // For a moment after a query has taken the place of another, GraphiQL still has the name of the former.
    fetcher: (asked, options) => {
      const { operationName, ...unnamed } = asked;
      const there = operationName && new RegExp(`\\b${operationName}\\b`).test(asked.query);
      return fetcher(there ? asked : unnamed, options);
    },
    stop() {
      ending.abort();
      void client.dispose();
    },
  };
}
