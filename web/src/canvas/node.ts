import { type Asked, ask } from "../shared/ask";
import { type Kind, vocabulary } from "../shared/vocabulary";
import { kindOf } from "./facts";

/** One record that says something of a node. */
export interface Contribution {
  source: string;
  record: string | null;
  validFrom: string;
  validTo: string | null;
  properties: Record<string, unknown>;
}

/** A property with its value, and who says so since when. */
export interface Stated {
  name: string;
  label: string;
  type: string;
  value: unknown;
  /** Nobody says who may not see it. */
  withheld: boolean;
  by: readonly { source: string; record: string | null; since: string; until: string | null }[];
}

export interface NodeDetails {
  id: string;
  key: string;
  caption: string;
  kind: Kind;
  provenance: { source: string; validFrom: string; validTo: string | null };
  properties: readonly Stated[];
  history: readonly Contribution[];
}

interface Answer {
  node: (Record<string, unknown> & { id: string; key: string; caption: string; provenance: NodeDetails["provenance"]; history: Contribution[] }) | null;
}

/** Asks for all that is known of a node. Kinds that a project declares are in its schema alone: the document is made here. */
export async function askNode(id: string, tab: string, signal: AbortSignal): Promise<NodeDetails | null> {
  const kind = (await vocabulary()).kinds.find(({ name }) => name === kindOf(id));
  if (!kind) return null;
  const fields = kind.properties.map(({ field, type }, index) => `p${index}: ${field}${type === "money" ? " { amount currency }" : ""}`);
  const document: Asked<Answer, { id: string }> = `query Node($id: ID!) {
  node(id: $id) {
    id
    key
    caption
    provenance { source validFrom validTo }
    history { source record validFrom validTo properties }
    ... on ${kind.type} { ${["__typename", ...fields].join(" ")} }
  }
}`;
  let masked: string[] = [];
  const { node } = await ask(document, { id }, { tab, signal, onMasked: (coordinates) => (masked = coordinates) });
  if (!node) return null;
  const properties = kind.properties.map(({ name, label, type, field }, index) => ({
    name,
    label,
    type,
    value: node[`p${index}`],
    withheld: masked.includes(`${kind.type}.${field}`),
    by: statedBy(node.history, name, node[`p${index}`]),
  }));
  return { id, key: node.key, caption: node.caption, kind, provenance: node.provenance, properties, history: node.history };
}

/** Who says what is held to be true now: the newest of those that say something of it, by source. */
export function statedBy(history: readonly Contribution[], name: string, value: unknown): Stated["by"] {
  if (value == null) return [];
  const said = history.filter(({ properties, validTo }) => properties[name] != null && validTo === null);
  const same = said.filter(({ properties }) => plain(properties[name]) === plain(value));
  return (same.length ? same : said).map(({ source, record, validFrom, validTo }) => ({ source, record, since: validFrom, until: validTo }));
}

/** Values as texts, however they are written: a moment with or without its zone, a number as text. */
function plain(value: unknown): string {
  if (typeof value === "object" && value) return Object.values(value).map(plain).join(" ");
  return String(value).replace(/(\.0+)?(Z|\+00:00)$/, "").toLowerCase();
}
