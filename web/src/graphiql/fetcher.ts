import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { createClient } from "graphql-ws";

/** Asks our own service, as whoever `token` says; subscriptions go by graphql-transport-ws. */
export function makeFetcher(url: string, token: string) {
  const bearer = (): Record<string, string> => (token ? { authorization: `Bearer ${token}` } : {});
  return createGraphiQLFetcher({
    url,
    wsClient: createClient({
      url: url.replace(/^http/, "ws"),
      lazy: true,
      connectionParams: bearer,
    }),
    fetch: (input, init) => {
      const headers = new Headers(init?.headers);
      for (const [name, value] of Object.entries(bearer())) headers.set(name, value);
      headers.set("accept", "application/graphql-response+json, application/json;q=0.9");
      return fetch(input, { ...init, headers, credentials: "same-origin" });
    },
  });
}
