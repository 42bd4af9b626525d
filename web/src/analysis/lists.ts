import type { Filter } from "./conditions";
import type { Kind, Model } from "./groupings";

export const PAGE = 25;

/** A value as GraphQL writes it; names of enums go in as `{ $name: "ASC" }`. */
export function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const named = (value as { $name?: string }).$name;
  if (named) return named;
  return `{${Object.entries(value).map(([name, part]) => `${name}: ${literal(part)}`).join(", ")}}`;
}

export interface Listed {
  /** Fields of the kind's own properties that are shown, and of what it is joined to. */
  properties: readonly Kind["properties"][number][];
  joined: readonly { field: string; label: string }[];
}

const OWN = 7;
const JOINED = 3;

/** What a list of a kind shows: what one may see of it, and what many share that it is joined to. */
export function columnsOf(model: Model, kind: Kind): Listed {
  const shared = new Map(model.kinds.map((one) => [one.name, one]));
  const joined = kind.relationships.flatMap(({ field, direction, kind: to }) => {
    const end = shared.get(to);
    return direction === "OUT" && end?.shared ? [{ field, label: end.label }] : [];
  });
  return { properties: kind.properties.filter(({ visible }) => visible).slice(0, OWN), joined: joined.slice(0, JOINED) };
}

export interface Paging {
  /** The date by which the latest come first; empty: they come by their keys. */
  latest: string;
  after: string;
  before: string;
}

/**
 * The query of a page of a kind. It is written here, since kinds that a project declares are in its schema and not in
 * the one that types are made from.
 */
export function writeList(kind: Kind, listed: Listed, conditions: Filter | null, { after, before, latest }: Paging): string {
  const parts = [
    before ? `last: ${PAGE}, before: ${JSON.stringify(before)}` : `first: ${PAGE}`,
    ...(after && !before ? [`after: ${JSON.stringify(after)}`] : []),
    ...(conditions ? [`filter: ${literal(conditions)}`] : []),
    ...(latest ? [`orderBy: {field: ${latest.toUpperCase()}, direction: DESC}`] : []),
  ];
  const fields = listed.properties.map(({ field, type }) => (type === "money" ? `${field} { amount currency }` : field));
  const joined = listed.joined.map(({ field }) => `${field}(first: 3) { nodes { caption } }`);
  return `query AnalysisList {
  list: ${kind.listField}(${parts.join(", ")}) {
    nodes {
      ${["id", "key", "caption", ...fields, ...joined].join("\n      ")}
    }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  }
}`;
}

/** The query of all of a kind, for a file. */
export function writeWhole(kind: Kind, conditions: Filter | null): string {
  return `{ ${kind.listField}${conditions ? `(filter: ${literal(conditions)})` : ""} { nodes { key } } }`;
}

export type Row = Record<string, unknown> & { id: string; key: string; caption: string };

export interface Page {
  list: {
    nodes: Row[];
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
    totalCount: number | null;
  } | null;
}
