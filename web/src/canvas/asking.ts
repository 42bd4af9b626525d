import { ask } from "../shared/ask";
import { vocabulary } from "../shared/vocabulary";
import type { EdgeFact, Found, NodeFact } from "./facts";
import {
  ExpandDocument,
  type ExpandQuery,
  LinksDocument,
  NeighboursDocument,
  type NeighboursQueryVariables,
  SubgraphDocument,
} from "./graph.generated";

/** How many nodes come at once, at most. */
export const GUARD = 500;
const AT_ONCE = 1000;

export type Expansion = NonNullable<ExpandQuery["expand"]>;
export type Branch = Expansion["branches"][number];

interface Told {
  id: string;
  type: string;
  label: string;
  fromId: string;
  toId: string;
}

export function readEdge({ id, type, label, fromId, toId }: Told): EdgeFact {
  return { id, type, label, from: fromId, to: toId };
}

/** Reads nodes; their types are called as their kinds, but for few. */
export async function nodeReader(): Promise<(node: { __typename?: string; id: string; caption: string }) => NodeFact> {
  const kinds = new Map((await vocabulary()).kinds.map(({ type, name }) => [type, name]));
  return ({ __typename = "", id, caption }) => ({ id, caption, kind: kinds.get(__typename) ?? __typename });
}

/** Asks how many relationships a node has, of each sort. */
export async function askExpansion(id: string, tab: string): Promise<Expansion | null> {
  return (await ask(ExpandDocument, { id }, { tab })).expand ?? null;
}

/** Of what is around a node, what is asked for. */
export interface Part {
  id: string;
  branch: Branch | null;
  first: number;
  after: string | null;
}

/** Asks for neighbours; `next` is where to go on. */
export async function askNeighbours({ id, branch, first, after }: Part, tab: string): Promise<Found & { next: string | null }> {
  const variables = {
    id,
    first,
    after,
    relationship: branch ? [branch.relationship] : null,
    direction: branch?.direction ?? null,
    kinds: branch ? [branch.kind] : null,
  } satisfies NeighboursQueryVariables;
  const [answer, read] = await Promise.all([ask(NeighboursDocument, variables, { tab }), nodeReader()]);
  const edges = answer.neighbours?.edges ?? [];
  const page = answer.neighbours?.pageInfo;
  return {
    nodes: edges.map(({ node }) => read(node)),
    edges: edges.map(({ relationship }) => readEdge(relationship)),
    next: page?.hasNextPage ? (page.endCursor ?? null) : null,
  };
}

/** Asks for nodes with all that joins them; `missing` are those that are not there, or not for whoever asks. */
export async function askSubgraph(ids: readonly string[], tab: string): Promise<Found & { missing: string[] }> {
  const read = await nodeReader();
  const nodes: NodeFact[] = [];
  const edges: EdgeFact[] = [];
  const missing: string[] = [];
  const parts = cutUp(ids, ids.length > AT_ONCE ? AT_ONCE / 2 : AT_ONCE);
  for (const part of parts) {
    const { subgraph } = await ask(SubgraphDocument, { ids: part }, { tab });
    nodes.push(...(subgraph?.nodes ?? []).map(read));
    edges.push(...(subgraph?.edges ?? []).map(readEdge));
    missing.push(...(subgraph?.missing ?? []));
  }
  // What joins the nodes of two parts.
  for (const [index, one] of parts.entries()) {
    for (const other of parts.slice(index + 1)) edges.push(...(await askLinks([...one, ...other])));
  }
  return { nodes, edges, missing };
}

async function askLinks(ids: string[]): Promise<EdgeFact[]> {
  return ((await ask(LinksDocument, { ids }, { tab: "" })).subgraph?.edges ?? []).map(readEdge);
}

/** Asks what joins new nodes to each other and to those that are there. */
export async function askJoins(added: readonly string[], there: readonly string[]): Promise<EdgeFact[]> {
  const room = AT_ONCE - Math.min(added.length, GUARD);
  const edges: EdgeFact[] = [];
  for (const some of cutUp(added, GUARD)) {
    for (const others of there.length ? cutUp(there, room) : [[]]) edges.push(...(await askLinks([...some, ...others])));
  }
  return edges;
}

function cutUp(ids: readonly string[], most: number): string[][] {
  const parts: string[][] = [];
  for (let at = 0; at < ids.length; at += most) parts.push(ids.slice(at, at + most));
  return parts;
}
