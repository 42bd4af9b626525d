import { type Condition, readCondition, writeCondition } from "./conditions";

export const PERIODS = ["DAY", "WEEK", "MONTH", "QUARTER", "YEAR"] as const;
export type Per = (typeof PERIODS)[number];
export const OPS = ["COUNT", "CUSTOMERS", "DISTINCT", "SUM", "MEAN", "MIN", "MAX", "QUANTILE"] as const;
export type Op = (typeof OPS)[number];

export interface Measure {
  op: Op;
  of: string;
  q: number | null;
}

/** What is looked at; all of it is in the address. */
export interface Question {
  kind: string;
  view: "trend" | "groups";
  per: Per;
  /** The date that counts; empty: that with which nodes begin. */
  on: string;
  since: string;
  until: string;
  /** What series are of; empty: none, null: what the kind is usually seen by. */
  lens: string | null;
  sub: string;
  /** The kind of the units that rates are of; empty: counts. */
  against: string;
  top: number;
  /** Whether the series of those that have no value is drawn too. */
  none: boolean;
  by: readonly string[] | null;
  measures: readonly Measure[];
  /** Which measure is drawn and sorted by. */
  drawn: number;
  where: readonly Condition[];
  /** The groups whose nodes are listed; empty: none are. */
  behind: readonly Condition[];
  /** Whether values of facets are counted as filters are now. */
  hits: boolean;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function readMeasure(text: string): Measure | null {
  const [op = "", of = "", q = ""] = text.split(":");
  if (!(OPS as readonly string[]).includes(op)) return null;
  const share = Number(q);
  return { op: op as Op, of, q: op === "QUANTILE" ? (q && share >= 0 && share <= 1 ? share : 0.5) : null };
}

export function writeMeasure({ op, of, q }: Measure): string {
  return [op, of, q ?? ""].join(":").replace(/:+$/, "");
}

/** Reads what is looked at out of the address; what cannot be is as if it were not said. */
export function readQuestion(chosen: URLSearchParams): Question {
  const get = (name: string) => chosen.get(name) ?? "";
  const day = (name: string) => (DAY.test(get(name)) ? get(name) : "");
  const per = get("per") as Per;
  const measures = chosen.getAll("measure").flatMap((text) => readMeasure(text) ?? []);
  const all: Measure[] = measures.length ? measures : [{ op: "COUNT", of: "", q: null }];
  const top = Number(get("top"));
  const drawn = Number(get("drawn"));
  return {
    kind: get("kind") || "Complaint",
    view: get("view") === "groups" ? "groups" : "trend",
    per: PERIODS.includes(per) ? per : "MONTH",
    on: get("on"),
    since: day("since"),
    until: day("until"),
    lens: chosen.has("lens") ? get("lens").replace(/^-$/, "") : null,
    sub: get("sub"),
    against: get("against"),
    top: top >= 1 && top <= 20 ? Math.floor(top) : 5,
    none: chosen.has("none"),
    by: chosen.has("by") ? chosen.getAll("by").slice(0, 2) : null,
    measures: all,
    drawn: drawn > 0 && drawn < all.length ? Math.floor(drawn) : 0,
    where: chosen.getAll("where").map(readCondition),
    behind: chosen.getAll("behind").map(readCondition),
    hits: get("hits") !== "off",
  };
}

/** What the address says of conditions after those of one grouping are others. */
export function changeWhere(where: readonly Condition[], by: string, values: readonly (string | null)[]): string[] {
  const others = where.filter((one) => one.by !== by);
  return [...others, ...values.map((value) => ({ by, value }))].map(writeCondition);
}
