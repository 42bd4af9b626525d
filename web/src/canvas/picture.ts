import type { EdgeFact, Facts } from "./facts";
import type { Grouping, Scene } from "./scene";

/** A node that is drawn: one, or a group of several. */
export interface Drawn {
  id: string;
  kind: string;
  /** What it is called; empty for a group without a value. */
  caption: string;
  /** Who is in the group; empty for a node. */
  members: readonly string[];
}

/** A line: all relationships between two that are drawn. */
export interface Line {
  id: string;
  from: string;
  to: string;
  /** What the relationships are called, each once. */
  labels: readonly string[];
  edges: readonly EdgeFact[];
}

export interface Picture {
  nodes: ReadonlyMap<string, Drawn>;
  lines: ReadonlyMap<string, Line>;
  /** Lines by the ids of their ends. */
  around: ReadonlyMap<string, readonly Line[]>;
  /** Groups by name, the open ones too. */
  groups: ReadonlyMap<string, readonly string[]>;
}

export const GROUP = "group:";
const LEAST = 2;

/** The name of the group that a node is in; null if in none. */
export function groupOf(id: string, kind: string, grouping: Grouping, facts: Facts): string | null {
  if (!grouping.property) return `${GROUP}${kind}`;
  if (kind !== grouping.kind) return null;
  const value = facts.values.get(`${kind}.${grouping.property}`)?.get(id) ?? "";
  return `${GROUP}${kind}.${grouping.property}=${value}`;
}

/** The kind in the name of a group, and the value that its members share. */
export function readGroup(name: string): { kind: string; value: string } {
  const [, kind = "", value = ""] = /^group:([^.]+)(?:\.[^=]*=(.*))?$/s.exec(name) ?? [];
  return { kind, value };
}

/** What is to be drawn of a scene: nodes that are not hidden, groups in place of their members, lines between them. */
export function picture(scene: Scene, facts: Facts): Picture {
  const nodes = new Map<string, Drawn>();
  const groups = scene.grouping ? gather(scene, facts, scene.grouping) : new Map<string, string[]>();
  const standsFor = new Map<string, string>();
  for (const [name, members] of groups) {
    if (scene.open.has(name)) continue;
    const { kind, value } = readGroup(name);
    nodes.set(name, { id: name, kind, caption: value, members });
    for (const id of members) standsFor.set(id, name);
  }
  for (const id of scene.ids) {
    if (scene.hidden.has(id) || standsFor.has(id)) continue;
    const fact = facts.nodes.get(id);
    if (fact) nodes.set(id, { ...fact, members: [] });
    standsFor.set(id, id);
  }
  const lines = join(scene, facts, standsFor, nodes);
  const around = new Map<string, Line[]>();
  for (const line of lines.values()) {
    for (const end of [line.from, line.to]) {
      const known = around.get(end);
      if (known) known.push(line);
      else around.set(end, [line]);
    }
  }
  return { nodes, lines, around, groups };
}

function gather(scene: Scene, facts: Facts, grouping: Grouping): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const id of scene.ids) {
    const fact = facts.nodes.get(id);
    if (!fact || scene.hidden.has(id)) continue;
    const name = groupOf(id, fact.kind, grouping, facts);
    if (!name) continue;
    const members = groups.get(name);
    if (members) members.push(id);
    else groups.set(name, [id]);
  }
  for (const [name, members] of groups) if (members.length < LEAST) groups.delete(name);
  return groups;
}

function join(scene: Scene, facts: Facts, standsFor: Map<string, string>, nodes: Map<string, Drawn>): Map<string, Line> {
  const lines = new Map<string, { id: string; from: string; to: string; labels: string[]; edges: EdgeFact[] }>();
  for (const id of scene.ids) {
    if (scene.hidden.has(id)) continue;
    for (const edge of facts.edgesOf(id)) {
      if (edge.from !== id) continue; // each once
      const from = standsFor.get(edge.from);
      const to = standsFor.get(edge.to);
      if (!from || !to || from === to || !nodes.has(from) || !nodes.has(to)) continue;
      const known = lines.get(lineId(from, to)) ?? lines.get(lineId(to, from));
      if (known) {
        known.edges.push(edge);
        if (!known.labels.includes(edge.label)) known.labels.push(edge.label);
      } else lines.set(lineId(from, to), { id: lineId(from, to), from, to, labels: [edge.label], edges: [edge] });
    }
  }
  return lines;
}

export function lineId(from: string, to: string): string {
  return `${from} ${to}`;
}

/** Who is at the other end of a line. */
export function otherEnd(line: Line, id: string): string {
  return line.from === id ? line.to : line.from;
}
