import type { Kind } from "../shared/vocabulary";

/** A record as one system knows a customer: what one may see of it. */
export type Known = Record<string, unknown> & {
  id: string;
  key: string;
  resolvesToCustomer: { nodes: { key: string; caption: string }[] } | null;
};

export interface Records {
  nodes: (Known | null)[] | null;
}

/**
 * The query of some records with all their properties. It is written here, since properties that a project declares
 * are in its schema and not in the one that types are made from.
 */
export function writeRecords(kind: Kind, ids: readonly string[]): string {
  const fields = kind.properties.map(({ field, type }) => (type === "money" ? `${field} { amount currency }` : field));
  return `query ReviewRecords {
  nodes(ids: ${JSON.stringify(ids)}) {
    id
    ... on ${kind.type} {
      ${["key", ...fields].join("\n      ")}
      resolvesToCustomer(first: 1) { nodes { key caption } }
    }
  }
}`;
}

/** A value of a record as text; null: it has none. */
export function textOf(value: unknown): string | null {
  if (value === null || value === undefined || value === "") return null;
  if (typeof value !== "object") return String(value);
  const { amount, currency } = value as { amount?: string; currency?: string };
  return amount === undefined ? JSON.stringify(value) : `${amount} ${currency}`;
}
