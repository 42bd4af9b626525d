/** What the vocabulary says of kinds, as paths need it. */
export interface KindWords {
  name: string;
  label: string;
  properties: readonly { name: string; label: string }[];
  relationships: readonly { field: string; name: string; label: string; direction: string; kind: string }[];
}

export interface Step {
  relationship: string;
  direction: "OUT" | "IN";
  kind: string;
}

/** How a unit is joined to what is looked at: steps, a property at their end, and how several values become one. */
export interface Path {
  fold: string;
  unit: string;
  steps: readonly Step[];
  property: string;
  /** A gap lies between two dates, each with a path of its own. */
  ends: readonly Path[];
}

const STEP = /-([A-Z0-9_]+)->([A-Za-z0-9]+)|<-([A-Z0-9_]+)-([A-Za-z0-9]+)/g;

/** Reads a path as patterns write it: `latest(Subscription<-CHARGES-Invoice<-PAYS-Payment.method)`. */
export function readPath(text: string): Path {
  const folded = /^([A-Za-z_]+)\((.*)\)$/.exec(text);
  if (folded) {
    const [, fold = "", inner = ""] = folded;
    const ends = inner.split(/,\s*/);
    const first = readPath(ends[0] ?? "");
    return ends.length > 1 ? { ...first, fold, ends: ends.map(readPath) } : { ...first, fold };
  }
  const [way = "", property = ""] = text.split(".", 2);
  const unit = /^[A-Za-z0-9]+/.exec(way)?.[0] ?? "";
  const steps = [...way.slice(unit.length).matchAll(STEP)].map(
    ([, out, to, into, from]): Step =>
      out ? { relationship: out, direction: "OUT", kind: to ?? "" } : { relationship: into ?? "", direction: "IN", kind: from ?? "" },
  );
  return { fold: "", unit, steps, property, ends: [] };
}

/** What the vocabulary calls a step, and the field that walks it. */
export function findStep(kinds: readonly KindWords[], from: string, step: Step): { label: string; field: string } {
  const found = kinds
    .find(({ name }) => name === from)
    ?.relationships.find(({ name, direction, kind }) => name === step.relationship && direction === step.direction && kind === step.kind);
  return { label: found?.label ?? step.relationship.toLowerCase().replaceAll("_", " "), field: found?.field ?? "" };
}

export function labelOf(kinds: readonly KindWords[], kind: string): string {
  return kinds.find(({ name }) => name === kind)?.label ?? kind;
}

export function propertyLabel(kinds: readonly KindWords[], kind: string, property: string): string {
  const found = kinds.find(({ name }) => name === kind)?.properties.find(({ name }) => name === property);
  return found?.label ?? property.replaceAll("_", " ");
}
