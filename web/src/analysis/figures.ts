import type { Series } from "../shared/series";
import { count, day, decimal, money, month } from "../shared/words";
import type { AnalysisGroupsQuery, AnalysisTrendQuery } from "./analysis.generated";
import { type Condition, endOf, writeValue } from "./conditions";
import type { Per } from "./question";

export type Trend = AnalysisTrendQuery["trend"];
type TrendSeries = Trend["series"][number];
export type Groups = AnalysisGroupsQuery["aggregate"];
export type GroupRow = Groups["rows"][number];
type Point = Trend["total"]["points"][number];

/** A period as an axis has it. */
export function periodLabel(begins: string, label: string, per: Per): string {
  return per === "MONTH" ? month(begins) : per === "DAY" ? day(begins) : label;
}

/** A series as it is drawn: counts, or rates where there is a base. */
export function toSeries(name: string, points: readonly Point[], per: Per, rates: boolean): Series {
  return {
    name,
    points: points.map((point) => ({
      x: point.begins,
      label: periodLabel(point.begins, point.label, per),
      y: (rates ? point.rate : point.count) ?? null,
      low: (rates ? point.rateLow : point.low) ?? null,
      high: (rates ? point.rateHigh : point.high) ?? null,
    })),
  };
}

/** The name of a series: its groups, one behind the other. */
export function nameOf({ groups }: { groups: readonly { label: string }[] }): string {
  return groups.map(({ label }) => label).join(" · ");
}

/** Whether a series is of those that have no value. */
export function isNone({ groups }: TrendSeries): boolean {
  return groups.some(({ value }) => value === null);
}

export interface Change {
  /** The last whole period and the one before. */
  now: number | null;
  before: number | null;
  /** How many times as much; null where nothing was before. */
  ratio: number | null;
}

/** How a series changed from one whole period to the next; a period that has not ended by `asOf` does not count. */
export function changeOf(series: Series, per: Per, asOf: string): Change {
  const whole = series.points.filter(({ x }) => endOf(x, per) <= asOf.slice(0, 10));
  const now = whole.at(-1)?.y ?? null;
  const before = whole.at(-2)?.y ?? null;
  return { now, before, ratio: now !== null && before ? now / before : null };
}

/** The groups of a series or row as conditions. */
export function conditionsOfGroups(by: readonly string[], groups: readonly { value?: unknown }[]): Condition[] {
  return by.map((one, index) => ({ by: one, value: writeValue(groups[index]?.value) }));
}

interface Money {
  amount: string;
  currency: string;
}

const isMoney = (value: unknown): value is Money => typeof value === "object" && value !== null && "amount" in value && "currency" in value;

/** A figure as a number, to be drawn and sorted by: of money the first currency's. Null where it is none. */
export function toNumber(value: unknown): number | null {
  if (typeof value === "number") return value;
  if (Array.isArray(value)) return value.length ? toNumber(value[0]) : null;
  return isMoney(value) ? Number(value.amount) : null;
}

/** A figure as people read it. */
export function writeFigure(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (Array.isArray(value)) return value.length ? value.map(writeFigure).join(", ") : "–";
  if (isMoney(value)) return money(value.amount, value.currency);
  if (typeof value === "number") return Number.isInteger(value) ? count(value) : decimal(value, Math.abs(value) < 10 ? 2 : 1);
  return /^\d{4}-\d{2}-\d{2}/.test(String(value)) ? day(String(value)) : String(value);
}

/** The currency that figures of a measure have first; empty: none. */
export function currencyOf(rows: readonly GroupRow[], drawn: number): string {
  for (const { figures } of rows) {
    const value: unknown = figures[drawn]?.value;
    const first: unknown = Array.isArray(value) ? value[0] : value;
    if (isMoney(first)) return first.currency;
  }
  return "";
}

/** Rows as bars: by the first grouping, with a series for each of the greatest groups of the second. */
export function toBars(rows: readonly GroupRow[], drawn: number, name: string, most = 15, parts = 4): Series[] {
  const points = (of: readonly GroupRow[]) =>
    of.flatMap(({ groups, figures }) => {
      const y = toNumber(figures[drawn]?.value);
      // Where there is nothing to measure there is no bar; what is withheld has no row at all.
      return y === null ? [] : [{ x: writeValue(groups[0]?.value) ?? NONE, label: groups[0]?.label ?? "", y }];
    });
  if (!rows[0] || rows[0].groups.length < 2) return [{ name, points: points(rows.slice(0, most)) }];
  const firsts = [...new Set(rows.map(({ groups }) => writeValue(groups[0]?.value)))].slice(0, most);
  const seconds = [...new Set(rows.map(({ groups }) => writeValue(groups[1]?.value)))].slice(0, parts);
  const shown = rows.filter(({ groups }) => firsts.includes(writeValue(groups[0]?.value)));
  return seconds.map((second) => {
    const of = shown.filter(({ groups }) => writeValue(groups[1]?.value) === second);
    return { name: of[0]?.groups[1]?.label ?? "", points: points(of) };
  });
}

/** The x of the bar of those that have no value: no value is written so. */
export const NONE = "\u0000";
