import { language } from "../shared/words";
import customer from "./customer.graphql?trusted";
import timeline from "./timeline.graphql?trusted";
import type { CustomerQuery, CustomerQueryVariables } from "./customer.generated";
import type { CustomerTimelineQuery, CustomerTimelineQueryVariables } from "./timeline.generated";

/** The documents, by the hash under which the service knows them: their text is not in the page. */
export const CUSTOMER = customer as Trusted<CustomerQuery, CustomerQueryVariables>;
export const TIMELINE = timeline as Trusted<CustomerTimelineQuery, CustomerTimelineQueryVariables>;

export type Trusted<T, V> = string & { __answers?: (variables: V) => T };

/** Why there is no answer: `refused` where the token is not taken, `failed` with what the service says. */
export class AskError extends Error {
  constructor(
    readonly why: "refused" | "unreachable" | "failed",
    message = "",
  ) {
    super(message);
  }
}

/** Whose page this is in, as the browser says, and what it gave. */
export interface Leave {
  token: string;
  audience: string;
}

/** Asks the service by a widget token; the second of what comes is by how many milliseconds its clock is ahead. */
export async function ask<T, V>(document: Trusted<T, V>, variables: V, { token, audience }: Leave): Promise<[T, number]> {
  let response: Response;
  let answer: { data?: T | null; errors?: { message: string }[] };
  try {
    response = await fetch("/graphql", {
      method: "POST",
      credentials: "omit",
      headers: {
        accept: "application/graphql-response+json",
        "content-type": "application/json",
        "accept-language": language(),
        authorization: `Bearer ${token}`,
        "motivo-audience": audience,
      },
      body: JSON.stringify({ documentId: `sha256:${document}`, variables }),
    });
    answer = await response.json();
  } catch {
    throw new AskError("unreachable");
  }
  if (response.status === 401) throw new AskError("refused");
  if (answer.errors?.[0] || answer.data == null) {
    throw new AskError("failed", answer.errors?.[0]?.message ?? `HTTP ${response.status}`);
  }
  return [answer.data, Date.parse(response.headers.get("date") ?? "") - Date.now() || 0];
}
