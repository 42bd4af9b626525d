import type { Vocabulary } from "../shared/vocabulary";

export type Model = Pick<Vocabulary, "kinds">;
export type Kind = Model["kinds"][number];

/** Something that nodes of a kind can be grouped by: a property, or what lies at the end of a path. */
export interface Grouping {
  /** As the service takes it: `Complaint-ABOUT->Subscription.firmware`. */
  path: string;
  /** Fields of filters along it: `["aboutSubscription", "firmware"]`; of nodes the last is `key`. */
  fields: readonly string[];
  /** The kind at its end, and of which type what it ends in is; null: the node itself. */
  kind: string;
  type: string | null;
  label: string;
  hops: number;
  /** Whether many nodes share what is at its end. */
  shared: boolean;
  /** Whether few values are to be expected: what facets and lenses are made of. */
  few: boolean;
}

const LONGEST = 2;
const WAYS = 2;
// Of these there is one for each person or event: nothing to group by, but to walk through.
const SINGLE = new Set(["Customer", "SourceRecord", "Subscription", "Invoice", "Payment", "Contact", "Complaint"]);

interface Way {
  kind: Kind;
  path: string;
  fields: readonly string[];
  hops: number;
  through: readonly string[];
}

/** The ways from a kind to others, the shortest first: at most two to each, none through what many share. */
export function waysFrom(model: Model, from: string): Way[] {
  const kinds = new Map(model.kinds.map((kind) => [kind.name, kind]));
  const start = kinds.get(from);
  if (!start) return [];
  const found: Way[] = [{ kind: start, path: from, fields: [], hops: 0, through: [from] }];
  const counts = new Map([[from, WAYS]]);
  for (const way of found) {
    if (way.hops === LONGEST || (way.hops > 0 && (way.kind.shared || way.kind.name === "SourceRecord"))) continue;
    for (const { name, direction, kind: to, field } of way.kind.relationships) {
      const kind = kinds.get(to);
      const known = counts.get(to) ?? 0;
      // A node of one person or event is walked to once; the second way to it would tell the same.
      if (!kind || to === "SourceRecord" || known >= (SINGLE.has(to) ? 1 : WAYS) || way.through.includes(to)) continue;
      counts.set(to, known + 1);
      found.push({
        kind,
        path: `${way.path}${direction === "OUT" ? `-${name}->` : `<-${name}-`}${to}`,
        fields: [...way.fields, field],
        hops: way.hops + 1,
        through: [...way.through, to],
      });
    }
  }
  return found;
}

/** A label that begins something. */
export const capital = (text: string) => text.charAt(0).toLocaleUpperCase() + text.slice(1);

/** All that nodes of a kind can be grouped by, the nearest first. */
export function groupingsOf(model: Model, from: string): Grouping[] {
  const ways = waysFrom(model, from);
  const label = (name: string) => model.kinds.find((kind) => kind.name === name)?.label ?? name;
  const nodes = ways.flatMap((way): Grouping[] => {
    const { kind, path, fields, hops, through } = way;
    if (!hops || (SINGLE.has(kind.name) && !kind.shared)) return [];
    const twice = ways.filter((other) => other.kind === kind).length > 1 && hops > 1;
    const via = twice ? ` (${label(through.at(-2) as string)})` : "";
    return [{ path, fields: [...fields, "key"], kind: kind.name, type: null, label: capital(kind.label) + via, hops, few: true, shared: kind.shared }];
  });
  const seen = new Set<string>();
  const properties = ways.flatMap(({ kind, path, fields, hops }): Grouping[] => {
    if (seen.has(kind.name) || hops > 2) return [];
    seen.add(kind.name);
    return kind.properties.flatMap(({ name, field, label: called, type, sensitivity, visible }) => {
      const named = kind.shared && name === "name"; // that is what the node is called
      if (!visible || sensitivity !== "PUBLIC" || named || /^name(_..)?$/.test(name)) return [];
      const of = hops && !called.toLocaleLowerCase().includes(kind.label.toLocaleLowerCase()) ? ` (${kind.label})` : "";
      const few = type === "boolean" || (type === "text" && name !== "number" && !kind.shared);
      return [{ path: hops ? `${path}.${name}` : name, fields: [...fields, field], kind: kind.name, type, label: capital(called) + of, hops, few, shared: false }];
    });
  });
  const rank = ({ hops, type, few, shared }: Grouping) => hops * 2 + (type !== null ? 3 : shared ? 0 : 0.5) + (few ? 0 : 10);
  return [...nodes, ...properties].sort((one, other) => rank(one) - rank(other));
}

/** What is grouped by, with how: `filed_at@MONTH`, `Order.days@5`. */
export interface Grouped {
  path: string;
  per: string | null;
  width: number | null;
}

export function readGrouped(text: string): Grouped {
  const [path = "", how = ""] = text.split("@", 2);
  const width = Number(how);
  return { path, per: /^[A-Z]+$/.test(how) ? how : null, width: how && width > 0 ? width : null };
}

export function writeGrouped({ path, per, width }: Grouped): string {
  return per || width ? `${path}@${per ?? width}` : path;
}

/** As the service takes it. */
export function groupingInput(text: string): { path: string; per?: never; width?: number } {
  const { path, per, width } = readGrouped(text);
  return { path, ...(per ? { per: per as never } : {}), ...(width ? { width } : {}) };
}

/** How what is grouped by is written before anybody has said more: dates by month. */
export function usual({ path, type }: Grouping): string {
  return type === "date" || type === "time" ? `${path}@MONTH` : path;
}
