import { type Condition, type Filter, conditionsOf } from "./conditions";
import { type Grouping, type Kind, type Model, groupingsOf, waysFrom } from "./groupings";
import { type Question, readQuestion } from "./question";

type Property = Kind["properties"][number];

/** What is looked at, with what the vocabulary knows of it. */
export interface View {
  model: Model;
  question: Question;
  kind: Kind;
  groupings: readonly Grouping[];
  /** The dates that nodes can be followed by, and the one that is. */
  dates: readonly Property[];
  date: Property | null;
  /** The kinds that rates can be of, and the one that they are of. */
  bases: readonly Kind[];
  base: Kind | null;
  /** What series can be split by: of the base, if there is one. */
  lenses: readonly Grouping[];
  lens: string;
  sub: string;
  /** The groupings that a list may be narrowed by: also those of the base, seen from the kind. */
  listed: readonly Grouping[];
  filter: Filter | null;
}

const CAUSES = "Complaint-ATTRIBUTED_TO->Cause";

/** Returns what the address says is looked at; null where there is no kind at all. */
export function viewOf(model: Model, chosen: URLSearchParams): View | null {
  const question = readQuestion(chosen);
  const kind = model.kinds.find(({ name }) => name === question.kind) ?? model.kinds.find(({ name }) => name === "Complaint") ?? model.kinds[0];
  if (!kind) return null;
  const groupings = groupingsOf(model, kind.name);
  const dates = kind.properties.filter(({ type, visible }) => visible && (type === "date" || type === "time"));
  const date = dates.find(({ name }) => name === question.on) ?? dates.find(({ name }) => name === kind.begins) ?? dates[0] ?? null;
  const ways = waysFrom(model, kind.name).filter((way) => way.hops > 0 && !way.kind.shared);
  const bases = [...new Set(ways.map((way) => way.kind))];
  const base = bases.find(({ name }) => name === question.against) ?? null;
  const way = ways.find((one) => one.kind === base);
  const own = base ? groupingsOf(model, base.name) : [];
  const lenses = base ? own : groupings;
  const usual = question.lens ?? (base ? "" : CAUSES);
  const has = (path: string) => lenses.some((one) => one.path === path.split("@")[0]);
  const lens = has(usual) ? usual : "";
  const days = { property: date, since: question.since, until: question.until };
  return {
    model,
    question,
    kind,
    groupings,
    dates,
    date,
    bases,
    base,
    lenses,
    lens,
    sub: lens && question.sub !== lens && has(question.sub) ? question.sub : "",
    listed: way
      ? [...groupings, ...own.map((one) => ({ ...one, path: fromKind(one.path, way), fields: [...way.fields, ...one.fields] }))]
      : groupings,
    filter: conditionsOf(question.where, groupings, days),
  };
}

/** A path from a base as seen from the kind that leads to it. */
function fromKind(path: string, way: { path: string; kind: Kind }): string {
  const { name } = way.kind;
  return /^[\w]+$/.test(path) ? `${way.path}.${path}` : `${way.path}${path.slice(name.length)}`;
}

/** What a grouping of a series is called from the kind on, for a list of what is behind it. */
export function asListed({ base, model, kind }: View, by: string): string {
  const way = base && waysFrom(model, kind.name).find((one) => one.kind.name === base.name);
  return way ? fromKind(by, way) : by;
}

/** The conditions of a list: the filters, and the groups whose nodes it shows. */
export function conditionsBehind(view: View, behind: readonly Condition[]): Filter | null {
  const parts = [view.filter, conditionsOf(behind, view.listed, null)].filter((part) => part !== null);
  return parts.length < 2 ? (parts[0] ?? null) : { and: parts };
}
