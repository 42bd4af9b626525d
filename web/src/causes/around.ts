import { type Asked, ask } from "../shared/ask";
import { type KindWords, type Path, findStep, readPath } from "./path";

const WIDE = 5; // neighbours of each step
const MOST = 60;

interface Part {
  path: string;
  op: string;
  value?: unknown;
}

type Tree = { id?: string; key?: string } & { [name: string]: unknown };

/** The field of a complaint that leads to the unit that it is about; empty: none does. */
export function aboutField(kinds: readonly KindWords[], unit: string): string {
  return kinds.find(({ name }) => name === "Complaint")?.relationships.find(({ kind }) => kind === unit)?.field ?? "";
}

function walk(kinds: readonly KindWords[], from: string, { steps }: Path, place: number, at = 0): string {
  const step = steps[at];
  const field = step ? findStep(kinds, from, step).field : "";
  if (!step || !field) return "";
  return `p${place}: ${field}(first: ${WIDE}) { nodes { id key ${walk(kinds, step.kind, { ...readPath(""), steps }, place, at + 1)} } }`;
}

/** The question for what lies between some complaints and what their root cause is about. */
export function writeQuestion(kinds: readonly KindWords[], unit: string, pattern: readonly Part[]): string {
  const about = aboutField(kinds, unit);
  const walks = pattern.map(({ path }, place) => walk(kinds, unit, readPath(path), place)).join(" ");
  const units = about ? `unit: ${about}(first: ${WIDE}) { nodes { id key ${walks} } }` : "";
  return `query Around($ids: [ID!]!) { nodes(ids: $ids) { id ... on Complaint { customer: filedFromCustomer(first: 1) { nodes { id key } } ${units} } } }`;
}

function below(node: Tree, name: string): Tree[] {
  return ((node[name] as { nodes?: Tree[] } | undefined)?.nodes ?? []) as Tree[];
}

/** The chains of nodes along one part of a pattern that end at what it names; where it names none, the first. */
function chains(node: Tree, place: number, length: number): Tree[][] {
  if (!length) return [[node]];
  return below(node, `p${place}`).flatMap((next) => chains(next, place, length - 1).map((rest) => [node, ...rest]));
}

/** The ids of all that is to be shown: complaints, who filed them, their units, and the way to what these share. */
export function collect(nodes: readonly (Tree | null)[], pattern: readonly Part[]): string[] {
  const ids = new Set<string>();
  const add = (node: Tree) => node.id && ids.size < MOST && ids.add(node.id);
  for (const complaint of nodes) {
    if (!complaint) continue;
    add(complaint);
    below(complaint, "customer").forEach(add);
    const units = below(complaint, "unit");
    const held = units.filter((unit) => pattern.every((part, place) => leads(unit, part, place)));
    for (const unit of held.length ? held : units) {
      add(unit);
      pattern.forEach((part, place) => {
        const found = chains(unit, place, readPath(part.path).steps.length);
        const named = found.filter((chain) => names(part).includes(chain.at(-1)?.key ?? ""));
        for (const chain of named.length ? named : found.slice(0, 1)) chain.forEach(add);
      });
    }
  }
  return [...ids];
}

function names({ path, op, value }: Part): string[] {
  const { property, fold } = readPath(path);
  if (property || fold || !["=", "in"].includes(op)) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}

function leads(unit: Tree, part: Part, place: number): boolean {
  const wanted = names(part);
  if (!wanted.length) return true;
  return chains(unit, place, readPath(part.path).steps.length).some((chain) => wanted.includes(chain.at(-1)?.key ?? ""));
}

/** Asks for what of a root cause is to be shown on the graph, beginning with these complaints. */
export async function findAround(
  complaints: readonly string[],
  unit: string,
  pattern: readonly Part[],
  kinds: readonly KindWords[],
): Promise<string[]> {
  if (!complaints.length) return [];
  const document = writeQuestion(kinds, unit, pattern) as unknown as Asked<{ nodes: (Tree | null)[] }, { ids: string[] }>;
  const { nodes } = await ask(document, { ids: [...complaints] });
  return collect(nodes, pattern);
}
