import { type Asked, ask } from "../shared/ask";
import { vocabulary } from "../shared/vocabulary";
import type { Facts } from "./facts";
import type { Grouping } from "./scene";

const AT_ONCE = 500;

interface Answer {
  nodes: ({ id: string; value?: unknown } | null)[];
}

/** Asks for the values of the property that nodes are grouped by, where they are not known. */
export async function readValues(facts: Facts, ids: Iterable<string>, { kind, property }: Grouping): Promise<void> {
  const found = (await vocabulary()).kinds.find(({ name }) => name === kind);
  const asked = found?.properties.find(({ name }) => name === property);
  if (!found || !asked) return;
  const name = `${kind}.${property}`;
  const known = facts.values.get(name) ?? new Map<string, string>();
  facts.values.set(name, known);
  const wanted = [...ids].filter((id) => facts.nodes.get(id)?.kind === kind && !known.has(id));
  // Kinds that a project declares are in its schema alone, so this document is made here.
  const value = asked.type === "money" ? `${asked.field} { amount currency }` : asked.field;
  const document: Asked<Answer, { ids: string[] }> = `query Values($ids: [ID!]!) {
  nodes(ids: $ids) {
    id
    ... on ${found.type} {
      value: ${value}
    }
  }
}`;
  for (let at = 0; at < wanted.length; at += AT_ONCE) {
    const { nodes } = await ask(document, { ids: wanted.slice(at, at + AT_ONCE) }, { tab: "" });
    for (const node of nodes) if (node) known.set(node.id, writeValue(node.value));
  }
}

function writeValue(value: unknown): string {
  if (value == null) return "";
  if (typeof value === "object") return Object.values(value).join(" ");
  // a moment is grouped by its day
  return typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) ? value.slice(0, 10) : String(value);
}
