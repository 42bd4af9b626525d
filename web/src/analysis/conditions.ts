import { type Grouping, type Kind, readGrouped } from "./groupings";

/** A group that is chosen: `language:es` has the value "es", `language` alone is for what has none. */
export interface Condition {
  /** What it groups by, as in the address: `filed_at@MONTH`. */
  by: string;
  /** The value as in the address; null: none. */
  value: string | null;
}

export type Filter = Record<string, unknown>;

export function readCondition(text: string): Condition {
  const at = text.indexOf(":");
  return at < 0 ? { by: text, value: null } : { by: text.slice(0, at), value: text.slice(at + 1) };
}

export function writeCondition({ by, value }: Condition): string {
  return value === null ? by : `${by}:${value}`;
}

interface Range {
  low: number | null;
  high: number | null;
  currency: string | null;
}

/** The value of a group as the address has it: of a range its ends, with the currency. */
export function writeValue(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== "object") return String(value);
  const { low, high, currency } = value as Range;
  return `${low ?? ""}..${high ?? ""}${currency ? ` ${currency}` : ""}`;
}

function readRange(text: string): { low: string; high: string; currency: string } {
  const [ends = "", currency = ""] = text.split(" ", 2);
  const [low = "", high = ""] = ends.split("..", 2);
  return { low, high, currency };
}

/** The first day after a period that begins on a day. */
export function endOf(begins: string, per: string): string {
  const date = new Date(`${begins.slice(0, 10)}T00:00:00Z`);
  if (per === "DAY") date.setUTCDate(date.getUTCDate() + 1);
  else if (per === "WEEK") date.setUTCDate(date.getUTCDate() + 7);
  else if (per === "YEAR") date.setUTCFullYear(date.getUTCFullYear() + 1);
  else date.setUTCMonth(date.getUTCMonth() + (per === "QUARTER" ? 3 : 1));
  return date.toISOString().slice(0, 10);
}

/** A day as a property of a type is compared with: a moment has a time of day. */
function dayOf(day: string, type: string | null): string {
  return type === "time" ? `${day}T00:00:00Z` : day;
}

/** What a value of a property has to meet: `{ gte: 10, lt: 20 }`. */
function test(value: string, type: string | null, per: string | null): Filter | null {
  if (per) return { gte: dayOf(value, type), lt: dayOf(endOf(value, per), type) };
  if (/^-?[\d.]*\.\.-?[\d.]*( [A-Z]{3})?$/.test(value) && type !== "text" && type !== null) {
    const { low, high, currency } = readRange(value);
    const end = (text: string) => (type === "money" ? { amount: text, currency } : Number(text));
    return { ...(low ? { gte: end(low) } : {}), ...(high ? { lt: end(high) } : {}) };
  }
  return null;
}

function plain(value: string, type: string | null): unknown {
  if (type === "integer" || type === "number") return Number(value);
  if (type === "boolean") return value === "true";
  if (type === "money") {
    const [amount = "", currency = ""] = value.split(" ", 2);
    return { amount, currency };
  }
  return value;
}

/** Wraps what a property has to meet in the steps that lead to it. */
function along(fields: readonly string[], inner: Filter): Filter {
  return [...fields].reverse().reduce((filter, field) => ({ [field]: filter }), inner);
}

/** The condition that nodes are in one of some groups of one grouping. */
function oneOf({ fields, type }: Grouping, per: string | null, values: readonly (string | null)[]): Filter {
  const known = values.filter((value) => value !== null);
  const tests = known.map((value) => test(value, type, per));
  const names = known.filter((_, index) => !tests[index]).map((value) => plain(value, type));
  const field = fields.at(-1) as string;
  const before = fields.slice(0, -1);
  const parts: Filter[] = tests.flatMap((one) => (one ? [along(fields, one)] : []));
  if (names.length) parts.push(along(fields, type === "boolean" && names.length === 1 ? { eq: names[0] } : type === "boolean" ? { isNull: false } : { in: names }));
  if (values.includes(null)) {
    // What has no value, or reaches nothing that has one.
    parts.push(before.length ? { not: along(before, type === null ? {} : { [field]: { isNull: false } }) } : { [field]: { isNull: true } });
  }
  return parts.length === 1 ? (parts[0] as Filter) : { or: parts };
}

/** The days that count, both included, of one property. */
export interface Days {
  property: { field: string; type: string } | null;
  since: string;
  until: string;
}

/** The conditions on nodes of a kind; null: all of them. */
export function conditionsOf(conditions: readonly Condition[], groupings: readonly Grouping[], days: Days | null): Filter | null {
  const parts: Filter[] = [];
  for (const by of new Set(conditions.map((one) => one.by))) {
    const { path, per } = readGrouped(by);
    const grouping = groupings.find((one) => one.path === path);
    const values = conditions.filter((one) => one.by === by).map(({ value }) => value);
    if (grouping) parts.push(oneOf(grouping, per, values));
  }
  if (days?.property && (days.since || days.until)) {
    const { field, type } = days.property;
    parts.push({
      [field]: {
        ...(days.since ? { gte: dayOf(days.since, type) } : {}),
        ...(days.until ? { lt: dayOf(endOf(days.until, "DAY"), type) } : {}),
      },
    });
  }
  if (!parts.length) return null;
  return parts.length === 1 ? (parts[0] as Filter) : { and: parts };
}

/** Conditions under the name of their kind, as figures take them. */
export function filterOf(kind: Kind, conditions: Filter | null): Filter | null {
  return conditions && { [kind.type.charAt(0).toLowerCase() + kind.type.slice(1)]: conditions };
}
