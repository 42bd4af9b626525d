/** What the page was opened with: a query and its variables. */
export interface Asked {
  query?: string;
  variables?: string;
}

/**
 * Reads it from the address: behind `?`, as links have it, or behind `#`, as the explorer does, since that is sent to
 * nobody and written in no log.
 */
export function readAsked(address: Pick<Location, "search" | "hash">): Asked {
  for (const part of [address.hash.slice(1), address.search.slice(1)]) {
    const given = new URLSearchParams(part);
    const query = given.get("query");
    const variables = given.get("variables");
    if (query) return { query, ...(variables && variables !== "{}" ? { variables: indent(variables) } : {}) };
  }
  return {};
}

function indent(variables: string): string {
  try {
    return JSON.stringify(JSON.parse(variables), null, 2);
  } catch {
    return variables;
  }
}
